"""Plain copies of a component's data."""

import json

import pytest

from designer.run.plain import plain_copy, plain_mapping


class Thing:
    """An object a Python state may keep."""

    def __repr__(self):
        return "<thing>"


def test_simple_data_is_copied_as_it_is():
    """The copy does not follow the original."""
    data = {"attempts": 1, "name": "x", "done": False, "none": None, "total": 2.5}

    copy = plain_mapping(data)
    data["attempts"] = 2

    assert copy == {"attempts": 1, "name": "x", "done": False, "none": None, "total": 2.5}


def test_nested_data_is_copied_all_the_way():
    """A list inside does not follow either."""
    data = {"items": [{"price": 1}], "pair": (1, 2)}

    copy = plain_mapping(data)
    data["items"][0]["price"] = 9

    assert copy == {"items": [{"price": 1}], "pair": [1, 2]}


@pytest.mark.parametrize(
    "value",
    [Thing(), {1, 2}, {Thing(): 1}, {2: "two"}, [1 << 100_000], 1 << 100_000, b"bytes", object],
    ids=["object", "set", "odd key", "number key", "list", "number", "bytes", "class"],
)
def test_anything_becomes_json(value):
    """Nothing a state keeps can make a snapshot fail."""
    json.dumps(plain_mapping({"value": value, 7: 1}))


def test_data_that_holds_itself_ends():
    """However deep it nests."""
    data = {}
    data["self"] = data

    text = json.dumps(plain_mapping(data))

    assert text.endswith("}" * 50)
    assert "..." in text


def test_objects_are_told_by_their_repr():
    """So that a person sees what it was."""
    assert plain_copy([Thing()]) == ["<thing>"]
