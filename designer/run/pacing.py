"""Keeps a busy run from holding up the window that it shares its thread with."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

__all__ = ["SLICE_SECONDS", "Pacing"]

#: How long a run works between two looks of the event loop at the window. Qt's loop takes far
#: longer for a turn than asyncio's own, so a turn for each message would be the greater part.
SLICE_SECONDS: Final = 0.008


class Pacing:
    """Tells a run when to pause for the window, or for the disk.

    Whoever works for long asks :attr:`due` often, and awaits :meth:`breathe` when it says so.

    Args:
        room: awaited in each pause: returns when there is room for what the run produces.
    """

    def __init__(self, room: Callable[[], Awaitable[None]]) -> None:
        self._room = room
        self._until = 0.0
        self.turns = 0

    @property
    def due(self) -> bool:
        """Whether the slice is over."""
        return time.perf_counter() >= self._until

    def begin(self) -> None:
        """Starts a slice: the loop has just been at work elsewhere."""
        self._until = time.perf_counter() + SLICE_SECONDS

    async def breathe(self) -> None:
        """Lets the window have a turn, then starts the next slice."""
        await asyncio.sleep(0)
        await self._room()
        self.turns += 1
        self.begin()
