"""Plain copies of a component's data."""

import gc
import json

import pytest

from designer.run.plain import freeze, frozen_field, plain_copy, plain_mapping, size_of, thaw


class Thing:
    """An object a Python state may keep."""

    def __repr__(self):
        return "<thing>"


def test_simple_data_is_copied_as_it_is():
    """The copy does not follow the original."""
    data = {"attempts": 1, "name": "x", "done": False, "none": None, "total": 2.5}

    copy, size = plain_mapping(data)
    data["attempts"] = 2

    assert size == 33

    assert copy == {"attempts": 1, "name": "x", "done": False, "none": None, "total": 2.5}


def test_nested_data_is_copied_all_the_way():
    """A list inside does not follow either."""
    data = {"items": [{"price": 1}], "pair": (1, 2)}

    copy, size = plain_mapping(data)
    data["items"][0]["price"] = 9

    assert copy == {"items": [{"price": 1}], "pair": [1, 2]}
    assert size == size_of(copy) > 0


@pytest.mark.parametrize(
    "value",
    [Thing(), {1, 2}, {Thing(): 1}, {2: "two"}, [1 << 100_000], 1 << 100_000, b"bytes", object],
    ids=["object", "set", "odd key", "number key", "list", "number", "bytes", "class"],
)
def test_anything_becomes_json(value):
    """Nothing a state keeps can make a snapshot fail."""
    copy, _size = plain_mapping({"value": value, 7: 1})

    assert json.loads(json.dumps(copy)) == copy
    assert copy.keys() == {"value", "7"}


def test_data_that_holds_itself_ends():
    """However deep it nests."""
    data = {}
    data["self"] = data

    text = json.dumps(plain_mapping(data)[0])

    assert text.endswith("}" * 50)
    assert "..." in text


def test_objects_are_told_by_their_repr():
    """So that a person sees what it was."""
    assert plain_copy([Thing()]) == ["<thing>"]


def test_frozen_data_comes_back():
    """As plain data, whatever was put in."""
    data = {"a": [1, {"b": None}, []], "c": {}, "d": (True, "{"), 5: Thing()}

    frozen = freeze(data)
    data["a"].append("later")

    assert thaw(frozen) == {"a": [1, {"b": None}, []], "c": {}, "d": [True, "{"], "5": "<thing>"}
    assert thaw(freeze("text")) == "text"
    assert thaw(freeze([])) == []


def test_frozen_data_is_left_alone_by_the_garbage_collector():
    """That is what it is for."""
    frozen = freeze({"component": "order", "message": {"type": "pay", "items": [1, 2]}})
    for _ in range(4):  # inner tuples first, then those that hold them
        gc.collect()

    assert not gc.is_tracked(frozen)


def test_data_that_holds_itself_can_be_frozen():
    """It ends somewhere."""
    data = {}
    data["self"] = data

    text = json.dumps(thaw(freeze(data)))

    assert text.endswith("}" * 50)
    assert "..." in text


def test_a_field_of_frozen_data_is_found():
    """Without bringing all of it back."""
    frozen = freeze({"a": 1, "b": {"c": 2}})

    assert frozen_field(frozen, "a") == 1
    assert thaw(frozen_field(frozen, "b")) == {"c": 2}
    assert frozen_field(frozen, "z") is None


def test_of_large_data_the_beginning_is_frozen():
    """And how much there was."""
    frozen = thaw(freeze({"text": "x" * 50_000, "rest": 1}))
    assert len(frozen["text"]) < 4_100
    assert frozen["text"].endswith("... (50,000 characters)")
    assert frozen["..."] == "1 more"

    items = thaw(freeze([{"n": number} for number in range(10_000)]))
    assert len(items) < 600
    assert items[-1] == f"... {10_000 - len(items) + 1:,} more"


@pytest.mark.parametrize(
    "value",
    [1 << 20_000, -(1 << 20_000), {1: 1 << 20_000}, {3, 4}],
    ids=["huge", "minus huge", "inside", "set"],
)
def test_anything_can_be_frozen_and_written(value):
    """Huge numbers and odd collections too."""
    assert json.loads(json.dumps(thaw(freeze(value)))) == plain_copy(value)
