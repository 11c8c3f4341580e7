"""Which turns the running code is part of: remembered in its context, and so by tasks it starts."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flexiflow.deadlocks import DeadlockAware

__all__ = ["Turn", "innermost", "inside_a_turn"]


class Turn:
    """One turn of a component, or a task of an engine.

    Attributes:
        outer: the turn of another component around it; ``None`` if there is none.
        waits_for: the components whose turn code of this one waits for; each is the value of what
            exactly is awaited, as there may be many at once, and components that are equal.
        ended: it is over. Tasks that it started may live on, and are no part of it any more.
    """

    __slots__ = ("ended", "outer", "waits_for")

    def __init__(self, outer: Turn | None) -> None:
        self.ended: bool = False
        self.outer: Turn | None = outer
        self.waits_for: dict[object, DeadlockAware] = {}
        self._find_outer()

    def chain(self) -> Iterator[Turn]:
        """This turn and those around it, without those that have ended."""
        turn: Turn | None = self
        while turn is not None:
            if not turn.ended:
                yield turn

            turn = turn._find_outer()

    def _find_outer(self) -> Turn | None:
        """The next turn around this one that goes on; those between are forgotten.

        A task may start a turn that starts a task, and so on for ever: no turn keeps all of them.
        """
        while self.outer is not None and self.outer.ended:
            self.outer = self.outer.outer

        return self.outer


innermost: ContextVar[Turn | None] = ContextVar("flexiflow_turn", default=None)
"""The turn that the running code was started by; that may have ended, see :meth:`Turn.chain`."""


def inside_a_turn() -> bool:
    """Whether the running code is part of a turn, be it in a task that it started."""
    turn = innermost.get()
    return turn is not None and any(True for _ in turn.chain())
