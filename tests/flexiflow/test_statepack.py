"""What packs say about themselves."""

from dataclasses import FrozenInstanceError

import pytest

from flexiflow.statepack import MappingPack, StatePack, StateSpec, TransitionSpec


class Door:
    """Any class will do as a state."""


def test_state_spec_is_a_frozen_hashable_record() -> None:
    """Specs compare and hash by their fields, and do not change."""
    spec = StateSpec(Door)
    assert spec.description is None
    assert spec == StateSpec(Door, None)
    assert hash(spec) == hash(StateSpec(Door))
    assert spec != StateSpec(Door, "a door")
    with pytest.raises(FrozenInstanceError):
        spec.description = "x"  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (StateSpec(Door), "StateSpec(Door)"),
        (StateSpec(Door, ""), "StateSpec(Door)"),
        (StateSpec(Door, "it's"), 'StateSpec(Door, "it\'s")'),
        (StateSpec(42), "StateSpec(42)"),
    ],
)
def test_state_spec_text(spec: StateSpec, text: str) -> None:
    """The text names the class, and the description if there is one."""
    assert repr(spec) == text


def test_transition_spec_is_a_frozen_hashable_record() -> None:
    """Specs compare and hash by their fields, and do not change."""
    spec = TransitionSpec("Shut", "push", "Open")
    assert (spec.guard, spec.description) == (None, None)
    assert spec == TransitionSpec("Shut", "push", "Open")
    assert hash(spec) == hash(TransitionSpec("Shut", "push", "Open"))
    with pytest.raises(FrozenInstanceError):
        spec.guard = "x"  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (TransitionSpec("a", "m", "b"), "TransitionSpec('a' --[m]--> 'b')"),
        (TransitionSpec("a", "m", "b", "", "told"), "TransitionSpec('a' --[m]--> 'b')"),
        (
            TransitionSpec("a", "m", "b", "ok?", "told"),
            "TransitionSpec('a' --[m]--> 'b', guard='ok?')",
        ),
    ],
)
def test_transition_spec_text(spec: TransitionSpec, text: str) -> None:
    """The text shows the guard, never the description."""
    assert repr(spec) == text


def test_mapping_pack_provides_sorted_keys_anew() -> None:
    """Keys are sorted, specs bare, and every call gives a mapping of its own."""
    pack: StatePack = MappingPack({"b": Door, "a": Door})
    provided = pack.provides()
    assert list(provided) == ["a", "b"]
    assert provided["a"] == StateSpec(Door)
    assert pack.provides() is not provided


def test_mapping_pack_says_nothing_else() -> None:
    """It has a fixed name, no transitions and no needs."""
    pack = MappingPack({})
    assert pack.name == "mapping"
    assert pack.transitions() == []
    assert pack.depends_on() == set()
