"""From names of a run to ids of the canvas."""

import dataclasses

import pytest

from designer.shell.run_map import RunMap
from flexiflow.pack_records import EmitAction, SendAction, SetAction
from tests.helpers.contents import content_of, order_like


def with_transition(content, number, **fields):
    """The content with one transition changed."""
    transitions = list(content.transitions)
    transitions[number] = dataclasses.replace(transitions[number], **fields)
    return dataclasses.replace(content, transitions=tuple(transitions))


def with_state(content, key, **fields):
    """The content with one state changed."""
    states = [
        dataclasses.replace(state, **fields) if state.key == key else state
        for state in content.states
    ]
    return dataclasses.replace(content, states=tuple(states))


@pytest.fixture
def found():
    return RunMap(order_like())


def test_names_become_ids(found):
    """State keys, and transitions by pack and number."""
    assert found.find_state_id("Paying") == "s-Paying"
    assert found.find_state_id("Nowhere") is None
    assert found.find_state_id(None) is None
    assert found.find_transition_id(("main", 1)) == "t-1"
    assert found.find_transition_id(("main", 99)) is None
    assert found.find_transition_id(None) is None


def test_a_moment_becomes_an_overlay(found):
    """What the canvas shows follows from state, transition and visits."""
    overlay = found.overlay("Paying", ("main", 1), {"Cart": 1, "Paying": 2, "Gone": 3}, "waiting")

    assert overlay.active == "s-Paying"
    assert overlay.taken == "t-1"
    assert overlay.possible == {"t-2", "t-3", "t-4"}
    assert overlay.visits == {"s-Cart": 1, "s-Paying": 2}
    assert overlay.note == "waiting"


def test_a_timer_cannot_be_clicked():
    """Only what waits for a message is possible."""
    content = with_transition(order_like(), 2, message=None, after=3.0)

    assert RunMap(content).possible_ids("s-Paying") == {"t-3", "t-4"}
    assert RunMap(content).message_for("t-2") is None


def test_a_message_that_nothing_reads_needs_no_fields(found):
    """It can be sent at once."""
    assert found.message_for("t-1") == "submit"
    assert found.fields_for("t-1") == ()
    assert found.fields_for("t-unknown") == ()
    assert found.message_for("t-unknown") is None


def test_fields_are_those_guards_read():
    """Named guards and expressions, of every transition for the same message."""
    content = with_transition(order_like(), 3, guard="is_new")
    content = with_transition(content, 4, guard="message.reason == 'late'")
    packs = (dataclasses.replace(content.packs[0], guards={"is_new": "message.content == 'x'"}),)
    content = dataclasses.replace(content, packs=packs)

    assert RunMap(content).fields_for("t-3") == ("content", "reason")


def test_fields_are_those_actions_read():
    """Actions of the transition, exit actions of its source and entry actions of its target."""
    content = with_transition(order_like(), 1, do=(SetAction({"total": "message.price", "n": 3}),))
    content = with_state(content, "Cart", exit=(EmitAction("left", {"who": "message.who"}),))
    content = with_state(content, "Paying", entry=(SendAction("note", content="message.text"),))

    assert RunMap(content).fields_for("t-1") == ("price", "text", "who")


def test_an_internal_transition_runs_no_entry_or_exit():
    """It does not leave, so what exit actions read is not needed."""
    content = with_state(order_like(), "Cart", exit=(SetAction({"a": "message.left"}),))

    assert RunMap(content).fields_for("t-0") == ()


def test_what_cannot_be_compiled_reads_nothing():
    """A broken guard does not break the run's canvas."""
    content = with_transition(order_like(), 1, guard="message.", do=(SetAction({"a": "1 +"}),))

    assert RunMap(content).fields_for("t-1") == ()


def test_numbers_count_within_each_pack():
    """A second pack begins at 0 again."""
    content = content_of("A B", [("A", "x", "B"), ("B", "y", "A")])
    other = dataclasses.replace(content.packs[0], id="p-two", name="two")
    moved = dataclasses.replace(content.transitions[1], pack="p-two")
    content = dataclasses.replace(
        content, packs=(*content.packs, other), transitions=(content.transitions[0], moved)
    )

    assert RunMap(content).find_transition_id(("two", 0)) == "t-1"
