"""What a component needs of the objects that it is given; their shape is enough."""

from __future__ import annotations

from typing import Any, Protocol

from flexiflow.clock import Clock

__all__ = ["Engine", "EventBus", "InfoLogger", "Snapshot"]


class InfoLogger(Protocol):
    """What a component needs of a logger."""

    def info(self, msg: str, /, *args: object) -> object:
        """Logs ``msg % args``."""
        ...


class EventBus(Protocol):
    """What a component needs of an event bus."""

    async def publish(self, event_name: str, data: Any, /) -> None:
        """Delivers an event."""
        ...


class Engine(Protocol):
    """What a component needs of its engine."""

    clock: Clock

    def post(self, name: str, message: dict[str, Any]) -> bool:
        """Queues a message for another component; tells whether there is one of that name."""
        ...

    async def settle_posted(self) -> None:
        """Waits until components have done what was queued for them."""
        ...


class Snapshot(Protocol):
    """What a component is restored from."""

    @property
    def current_state(self) -> str:
        """The name of the state."""
        ...

    @property
    def rules(self) -> list[Any]:
        """The rules."""
        ...

    @property
    def context(self) -> dict[str, Any]:
        """The data."""
        ...
