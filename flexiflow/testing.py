"""Doubles for tests of flows: a clock moved by hand, and a record of events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from flexiflow.clock import VirtualClock
from flexiflow.component import EVENT_NAMES
from flexiflow.event_manager import AsyncEventManager

__all__ = ["CapturedEvents", "ManualClock", "capture_events"]

ManualClock = VirtualClock
"""A clock for tests: ``await clock.advance(30)`` lets 30 seconds pass."""


class CapturedEvents(list[tuple[str, Any]]):
    """(event name, data) in order of arrival."""

    def names(self) -> list[str]:
        """The names alone."""
        return [name for name, _ in self]

    def of(self, name: str) -> list[Any]:
        """The data of the events of that name."""
        return [data for found, data in self if found == name]


@asynccontextmanager
async def capture_events(
    bus: AsyncEventManager, names: Iterable[str] = EVENT_NAMES, *, priority: int = 1
) -> AsyncIterator[CapturedEvents]:
    """Records the events of a bus while the block runs.

    Args:
        bus: the bus.
        names: the events; by default all that the library itself publishes.
        priority: of the subscriptions.
    """
    captured = CapturedEvents()
    handles = [
        await bus.subscribe(name, "capture_events", _recorder(captured, name), priority)
        for name in names
    ]
    try:
        yield captured
    finally:
        for handle in handles:
            bus.unsubscribe(handle)


def _recorder(captured: CapturedEvents, name: str) -> Any:
    async def record(data: Any) -> None:
        captured.append((name, data))

    return record
