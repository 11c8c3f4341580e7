"""The event bus of a run: it shows every event that passes, whatever its name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from flexiflow.event_manager import AsyncEventManager, ErrorLogger

__all__ = ["Observer", "RunBus"]

Observer = Callable[[str, Any], Awaitable[None] | None]
"""Called with an event's name and data before it is delivered; what it returns is awaited."""


class RunBus(AsyncEventManager):
    """An event bus with an observer of all events.

    Subscriptions know names, and Python states may publish under any: only the bus sees them all.

    Args:
        logger: as for any bus.
        observer: sees each event before its subscribers do.
    """

    shows_all = True

    def __init__(self, logger: ErrorLogger | None, observer: Observer) -> None:
        super().__init__(logger)
        self._observer = observer

    async def publish(
        self,
        event_name: str,
        data: Any = None,
        *,
        delivery: str = "sequential",
        on_error: str = "continue",
    ) -> None:
        """Shows the event to the observer, then delivers it as every bus does."""
        pause = self._observer(event_name, data)
        if pause is not None:
            await pause
        await super().publish(event_name, data, delivery=delivery, on_error=on_error)
