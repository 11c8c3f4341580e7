"""YAML packs as states: what is compiled, and what would happen."""

from typing import Any

import pytest

from flexiflow.declarative import CompiledTransition, DeclarativePack, DeclarativeState, plan
from flexiflow.errors import FlexiFlowError, StateError
from flexiflow.packfile import parse_pack
from flexiflow.state_machine import DEFAULT_REGISTRY, InitialState, State
from flexiflow.statepack import StatePack, StateSpec, TransitionSpec
from tests.helpers.doors import DOOR, compiled

# Compiling


def test_every_state_becomes_a_class_of_its_key() -> None:
    """In the pack's order; a class is an ordinary State, and describes itself."""
    classes = compiled()
    assert list(classes) == ["Shut", "Open", "Gone"]
    for key, state_cls in classes.items():
        assert state_cls.__name__ == key
        assert issubclass(state_cls, DeclarativeState)
        assert isinstance(state_cls(), State)

    assert classes["Shut"].__doc__ == "Nobody gets in."


def test_compiling_registers_nothing() -> None:
    """The default registry does not learn of a pack's states."""
    before = DEFAULT_REGISTRY.names()
    compiled()
    assert DEFAULT_REGISTRY.names() == before


def test_equal_packs_share_their_classes() -> None:
    """The same text gives the same classes, anything else others; the mapping is the caller's."""
    classes = compiled()
    assert compiled() == classes
    classes.clear()
    assert compiled()
    assert compiled(DOOR.replace("A door.", "Another."))["Shut"] is not compiled()["Shut"]
    assert compiled("pack: p\nstates: {A: }") != compiled("pack: q\nstates: {A: }")


def test_pack_is_a_state_pack() -> None:
    """Name, states, transitions and needs, as the metadata of a pack."""
    pack = DeclarativePack(parse_pack(DOOR))
    conforms: StatePack = pack
    assert conforms.name == "door"
    assert pack.first == "Shut"
    provided = pack.provides()
    assert list(provided) == ["Shut", "Open", "Gone"]
    assert provided["Shut"] == StateSpec(pack.classes["Shut"], "Nobody gets in.")
    assert pack.provides() == provided
    assert pack.depends_on() == {"InitialState", "Nowhere"}
    transitions = pack.transitions()
    assert transitions[0] == TransitionSpec("Shut", "push", "Open", "unlocked", "In.")
    assert transitions[2] == TransitionSpec("Shut", "knock", "Shut")
    assert transitions[6] == TransitionSpec("Open", "after 30s", "Shut")


def test_a_pack_without_states_has_no_first() -> None:
    """There is nothing to start in."""
    assert DeclarativePack(parse_pack("pack: p\nstates: {A: }")).first == "A"
    empty = parse_pack("pack: p\nstates: {A: }")
    object.__setattr__(empty, "states", ())
    assert DeclarativePack(empty).first is None


def test_compiled_transitions_know_their_place() -> None:
    """Pack, index and what was written, and a text to recognise them by."""
    table = compiled()["Open"]._engine_facts.table
    assert table is not None
    (timer,) = table.timers
    assert (timer.pack, timer.index, timer.spec.after) == ("door", 6, 30.0)
    assert repr(timer) == "<door[6] Open --[after 30s]--> Shut>"
    paint = table.candidates({"type": "paint"}).all[0]
    assert repr(paint) == "<door[5] Open --[paint]--> stays>"


# Planning


def decide(state: str, message: dict[str, Any], **context: Any) -> CompiledTransition | None:
    """The transition that a plan names."""
    return plan(compiled()[state], message, {"locked": False, **context}).transition


def test_plan_takes_the_first_true_guard() -> None:
    """Guards are asked in order; those after the one taken are not."""
    result = plan(compiled()["Shut"], {"type": "push", "hard": True}, {"locked": True})
    assert result.transition is not None
    assert result.transition.index == 1
    assert result.reason == "Its guard is the first that is true: message.hard"
    assert [(check.transition.index, check.passed) for check in result.checks] == [
        (0, False),
        (1, True),
    ]


def test_plan_works_with_instances_too() -> None:
    """A state or its class."""
    assert plan(compiled()["Shut"](), {"type": "knock"}, {}).transition is not None


def test_plan_tells_why_nothing_would_happen() -> None:
    """No transition for the message, none with a true guard, or a final state."""
    assert plan(compiled()["Shut"], {"type": "x"}, {}).reason == "Shut has no transition for 'x'."
    assert plan(compiled()["Gone"], {"type": "x"}, {}).reason == (
        "Gone is final: no message leaves it."
    )
    refused = plan(compiled()["Shut"], {"type": "push", "hard": 0}, {"locked": True})
    assert refused.transition is None
    assert refused.reason == "No guard is true."
    free = plan(compiled()["Shut"], {"type": "knock"}, {})
    assert free.reason == "It is the first without a guard that is false."


def test_plan_tells_of_a_message_whose_type_cannot_be_shown() -> None:
    """Callers may send any object as a type."""
    result = plan(compiled()["Shut"], {"type": 10**10_000}, {})
    assert result.reason == "Shut has no transition for <int>."


def test_plan_tells_which_guard_failed() -> None:
    """A guard that cannot be evaluated counts as false, with its error."""
    result = plan(compiled()["Shut"], {"type": "push"}, {})
    assert [check.passed for check in result.checks] == [False, False]
    assert result.checks[0].error == "The context has no key 'locked'"
    assert result.checks[1].error == "The message has no field 'hard'"


@pytest.mark.parametrize("rules", [[{"limit": 1}, "no mapping", {"limit": 3}], {"limit": 3}])
def test_plan_merges_rules(rules: Any) -> None:
    """All rule mappings count, later ones win; merged ones are taken as they are."""
    pack = """
pack: p
states: {A: , B: }
transitions: [{from: A, message: m, to: B, guard: rules.limit == 3 and now() == 7}]
"""
    result = plan(compiled(pack)["A"], {"type": "m"}, {}, rules, now=lambda: 7)
    assert result.transition is not None


def test_plan_knows_nothing_of_python_states() -> None:
    """Only running them tells."""
    with pytest.raises(TypeError, match="no YAML pack"):
        plan(InitialState(), {"type": "start"}, {})


def test_plan_changes_nothing() -> None:
    """Neither message nor context."""
    message, context = {"type": "push", "hard": True}, {"locked": True}
    decide("Shut", message, **context)
    assert (message, context) == ({"type": "push", "hard": True}, {"locked": True})


@pytest.mark.parametrize("kind", [["a", "list"], None, 3])
def test_odd_message_types_lead_nowhere(kind: Any) -> None:
    """Whatever the type is, it is looked up safely."""
    assert decide("Shut", {"type": kind}) is None
    assert decide("Shut", {}) is None


def test_errors_are_flexiflow_errors() -> None:
    """What a plan reports comes from the one tree of errors."""
    assert issubclass(StateError, FlexiFlowError)
