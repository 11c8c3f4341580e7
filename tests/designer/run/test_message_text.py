"""Messages as a person types them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.run.message_text import (
    Draft,
    DraftError,
    draft_of,
    message_of,
    text_of_value,
    value_of_text,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20", 20),
        (" -3 ", -3),
        ("15.5", 15.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("false", False),
        ("null", None),
        ("confirmed", "confirmed"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        ("1_000", "1_000"),
        ("a: b", "a: b"),
        ("- x", "- x"),
        ('"20"', "20"),
        ("'it'", "it"),
        ("[1, two]", [1, "two"]),
        ("{a: 1}", {"a": 1}),
    ],
)
def test_a_text_means_what_it_looks_like(text, value):
    """Numbers and quotes, and none of YAML's surprises."""
    assert value_of_text(text) == value
    assert type(value_of_text(text)) is type(value)


@pytest.mark.parametrize("text", ["[1", "'open", '{"a": }x', "[&a *a]", "{a: 1, a: 2}"])
def test_what_does_not_end_is_refused(text):
    """With a sentence that says why."""
    with pytest.raises(ValueError, match=r"\w"):
        value_of_text(text)


NAMES = st.text(st.characters(categories=["L"]), min_size=1, max_size=5)
ATOMS = st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.text(max_size=20)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@given(VALUES)
def test_a_value_comes_back_from_its_text(value):
    """So that a message can be sent again."""
    assert value_of_text(text_of_value(value)) == value


def test_a_message_is_made_of_all_fields():
    """What is left empty is left out."""
    draft = Draft(" pay ", "ok", {"amount": "35.5", "note": ""}, "items: [a, b]\nvip: true\n")

    assert message_of(draft) == {
        "type": "pay",
        "content": "ok",
        "amount": 35.5,
        "items": ["a", "b"],
        "vip": True,
    }


@pytest.mark.parametrize(
    ("draft", "place", "sentence"),
    [
        (Draft("  "), "type", "Choose or type"),
        (Draft("a", "[1"), "content", "YAML"),
        (Draft("a", values={"n": "{"}), "n", "YAML"),
        (Draft("a", fields="x: 1\ny: ["), "fields", "Line 3"),
        (Draft("a", fields="- x"), "fields", "as a mapping"),
        (Draft("a", fields="type: b"), "fields", "field of its own"),
        (Draft("a", fields="1: b"), "fields", "1 is no name"),
        (Draft("a", "x", fields="content: b"), "fields", "has a field of its own"),
        (Draft("a", values={"n": "1"}, fields="n: 2"), "fields", "has a field of its own"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(draft, place, sentence):
    """The form shows it beneath."""
    with pytest.raises(DraftError, match=sentence) as caught:
        message_of(draft)

    assert caught.value.place == place


def test_fields_may_be_empty_or_a_comment():
    """Nothing is added then."""
    assert message_of(Draft("a", fields="# nothing\n")) == {"type": "a"}


def test_a_message_becomes_a_draft_again():
    """Fields with a row of their own go there, the others into the YAML."""
    message = {"type": "pay", "content": "20", "amount": 3, "items": ["a"], "note": "x: y"}

    draft = draft_of(message, ("amount", "missing"))

    assert (draft.type, draft.content, draft.values) == ("pay", '"20"', {"amount": "3"})
    assert message_of(draft) == message
    assert draft_of({"type": "pay"}) == Draft("pay", "", {}, "")
