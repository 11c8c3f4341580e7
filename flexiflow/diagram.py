"""What a diagram of a config shows, whatever language it is written in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flexiflow.explanation import ConfigExplanation

__all__ = ["Edge", "iter_edges", "unknown_states"]


class Edge(NamedTuple):
    """One transition, as it is drawn.

    Attributes:
        source: the state it leaves.
        target: the state it leads to.
        message: what triggers it.
        guard: its condition, if any.
    """

    source: str
    target: str
    message: str
    guard: str | None


def iter_edges(explanation: ConfigExplanation) -> Iterator[Edge]:
    """All transitions, pack by pack in their own order, duplicates kept."""
    for pack in explanation.packs:
        for spec in pack.transitions or ():
            guard = getattr(spec, "guard", None)
            shown = None if guard is None else str(guard)
            yield Edge(spec.from_state, spec.to_state, spec.on_message, shown)


def unknown_states(explanation: ConfigExplanation) -> list[str]:
    """The states that transitions refer to and that neither a pack nor the library provides."""
    known = {key for pack in explanation.packs for key in pack.provided_keys}
    known.update(explanation.builtin_states)
    ends = {end for edge in iter_edges(explanation) for end in (edge.source, edge.target)}
    return sorted(ends - known)
