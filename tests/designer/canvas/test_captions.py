"""The words of states and transitions."""

from dataclasses import replace

import pytest

from designer.canvas.captions import (
    actions_phrase,
    face_for,
    label_for,
    tool_tip,
    transition_sentence,
)
from designer.document.elements import Pack, PackOrigin, State, Transition
from flexiflow.pack_records import Action, CallAction, EmitAction, SendAction, SetAction

PACK = Pack(id="p", name="main", origin=PackOrigin.INLINE)
STATE = State(id="s", pack="p", key="Paid")
ARROW = Transition(id="t", pack="p", source="s", target="s", message="pay")


def test_a_label_reads_message_guard_actions() -> None:
    """In this order, each in its own signs."""
    arrow = replace(
        ARROW, guard="context.items > 0", do=(SetAction({"items": 1}), EmitAction("order.paid"))
    )

    assert label_for(arrow).text == "pay [context.items > 0] / set items; emit order.paid"


def test_a_delay_reads_as_a_time() -> None:
    """And says that it is one."""
    label = label_for(replace(ARROW, message=None, after=900.0))

    assert label.text == "after 15m"
    assert label.timed


def test_a_state_shows_its_description() -> None:
    """On one line."""
    face = face_for(replace(STATE, description="Waits\n  for money."), PACK)

    assert face.caption == "Waits for money."


def test_a_state_without_description_shows_what_entering_does() -> None:
    """In the third person."""
    face = face_for(replace(STATE, entry=(EmitAction("order.paid"),)), PACK)

    assert face.caption == "emits order.paid"
    assert face.entry
    assert not face.exit


@pytest.mark.parametrize("origin", [PackOrigin.PYTHON, PackOrigin.BUILTIN, PackOrigin.ELSEWHERE])
def test_states_of_python_are_read_only(origin: PackOrigin) -> None:
    """They are drawn dashed."""
    assert face_for(STATE, replace(PACK, origin=origin)).read_only
    assert not face_for(STATE, PACK).read_only
    assert face_for(STATE, None).read_only


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (SetAction({"a": 1, "b": 2}), "set a, b"),
        (EmitAction("order.paid"), "emit order.paid"),
        (SendAction("pay"), "send pay"),
        (CallAction("shop.mail:thank"), "call thank"),
    ],
)
def test_actions_in_few_words(action: Action, words: str) -> None:
    """A verb and what it is about."""
    assert actions_phrase([action]) == words


def test_a_transition_in_a_sentence() -> None:
    """Which way it leads, or where it stays."""
    label = label_for(ARROW)

    assert transition_sentence(label, "Cart", "Paid") == "pay, from Cart to Paid"
    assert transition_sentence(label, "Cart", None) == "pay, in Cart"


def test_a_tooltip_shows_signs_as_they_are() -> None:
    """A guard with < is no markup."""
    assert tool_tip("a < b", "", "c") == "<qt>a &lt; b<br>c</qt>"
    assert tool_tip("") == ""
