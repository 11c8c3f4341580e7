"""Labels as they are typed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.canvas.label_grammar import (
    LabelFields,
    editable_text,
    names_actions,
    parse_label,
    says_all,
)
from designer.document.elements import Transition

ARROW = Transition(id="t", pack="p", source="s", target="s", message="pay")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("pay", LabelFields("pay")),
        ("  pay  ", LabelFields("pay")),
        ("pay [paid_in_full]", LabelFields("pay", guard="paid_in_full")),
        ("pay [message.items[0] > 1]", LabelFields("pay", guard="message.items[0] > 1")),
        ("pay []", LabelFields("pay")),
        ("after 15m", LabelFields(after="15m")),
        ("after 0.5 s [late]", LabelFields(after="0.5s", guard="late")),
        ("after noon", LabelFields("after noon")),
        ("", LabelFields("")),
    ],
)
def test_a_typed_label_is_read(text: str, fields: LabelFields) -> None:
    """Message or delay, and the guard in brackets."""
    assert parse_label(text) == fields


def test_the_text_to_edit_is_the_label() -> None:
    """With the length of its first part, which typing replaces."""
    assert editable_text(replace(ARROW, guard="ok")) == ("pay [ok]", 3)
    assert editable_text(replace(ARROW, message=None, after=30.0)) == ("after 30s", 9)


@pytest.mark.parametrize(
    "arrow",
    [
        replace(ARROW, message="a [b]"),
        replace(ARROW, message="after 5s"),
        replace(ARROW, guard="a and\nb"),
    ],
)
def test_what_a_label_cannot_say_is_not_edited_there(arrow: Transition) -> None:
    """Only its message is."""
    assert not says_all(arrow)
    assert editable_text(arrow)[0] == arrow.message


@pytest.mark.parametrize(
    ("message", "looks_so"),
    [("pay / set", True), ("pay [x]/ set", True), ("a/b", False), ("pay", False), ("/pay", False)],
)
def test_a_label_with_actions_is_noticed(message: str, looks_so: bool) -> None:
    """As the canvas shows them; a path is none."""
    assert names_actions(message) is looks_so


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    """Typing never fails; exactly one of message and delay is found."""
    fields = parse_label(text)

    assert (fields.message is None) != (fields.after is None)


@given(st.text(max_size=30), st.one_of(st.none(), st.text(min_size=1, max_size=30)))
def test_what_a_label_says_it_means(message: str, guard: str | None) -> None:
    """An unchanged label changes nothing, whenever labels can say it all."""
    arrow = replace(ARROW, message=message, guard=guard)
    if says_all(arrow):
        assert parse_label(editable_text(arrow)[0]) == LabelFields(message, None, guard)
