"""Whether two contents run alike, and whether one needs Python code to run."""

from __future__ import annotations

from collections.abc import Iterator

from designer.document.elements import PackOrigin
from designer.document.model import Content
from flexiflow.pack_records import Action, CallAction

__all__ = ["code_in", "same_meaning"]


def same_meaning(one: Content, other: Content) -> bool:
    """Whether both run alike: what differs at most is where states are drawn."""
    return (one.flow, one.packs, one.states, one.transitions) == (
        other.flow,
        other.packs,
        other.states,
        other.transitions,
    )


def code_in(content: Content) -> tuple[str, ...]:
    """The Python code that a flow names, as ``module:name``, each once and in order."""
    return tuple(dict.fromkeys(_iter_code(content)))


def _iter_code(content: Content) -> Iterator[str]:
    for pack in content.packs:
        if pack.origin is PackOrigin.PYTHON and pack.path:
            yield pack.path
    for state in content.states:
        if state.path:
            yield state.path
        yield from _calls((*state.entry, *state.exit))
    for transition in content.transitions:
        yield from _calls(transition.do)


def _calls(actions: tuple[Action, ...]) -> Iterator[str]:
    return (action.target for action in actions if isinstance(action, CallAction))
