"""Work that takes long: the event loop gets a turn in it now and then."""

from __future__ import annotations

import asyncio
from time import monotonic

__all__ = ["LONGEST_STRETCH", "next_pause", "pause"]

LONGEST_STRETCH = 0.05
"""In seconds: who has worked for that long without a pause makes one, as soon as it can."""


def next_pause() -> float:
    """The moment, as ``time.monotonic`` tells it, from which on a pause is due."""
    return monotonic() + LONGEST_STRETCH


async def pause() -> float:
    """Gives the event loop a turn.

    Returns:
        The moment from which on the next pause is due.
    """
    await asyncio.sleep(0)
    return next_pause()
