"""Who waits for whom: what would wait for itself can be told, so that nothing waits for ever."""

from __future__ import annotations

import asyncio

from flexiflow.turn_context import Turn, innermost
from flexiflow.waiting import Waiting

__all__ = ["DeadlockAware"]


class DeadlockAware(Waiting):
    """Sees which turn the running code is part of, and what that turn waits for."""

    _turn: Turn | None = None  # the turn that is being taken

    def _is_inside(self) -> bool:
        """Whether the running code is part of this component's turn, maybe in a task of it."""
        turn, started_by = self._turn, innermost.get()
        return turn is not None and started_by is not None and turn in started_by.chain()

    async def _wait(self, future: asyncio.Future[None]) -> None:
        """Waits for something of this component's, and lets it be seen who does."""
        started_by = innermost.get()
        around = [] if started_by is None else list(started_by.chain())
        for turn in around:
            turn.waits_for[future] = self

        try:
            await future
        finally:
            for turn in around:
                del turn.waits_for[future]

    def _would_wait_for_itself(self) -> bool:
        """Whether the turn that we would wait for waits for one that we are part of."""
        started_by = innermost.get()
        if started_by is None:
            return False

        ours = set(started_by.chain())
        seen: set[int] = set()
        ahead: list[DeadlockAware] = [self]
        while ahead:
            turns = ahead.pop()
            turn = turns._turn
            if turn in ours:
                return True

            if turn is not None and id(turns) not in seen:
                seen.add(id(turns))
                ahead += turn.waits_for.values()

        return False
