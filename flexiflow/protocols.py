"""What a component needs of the objects that it is given; their shape is enough."""

from __future__ import annotations

from typing import Any, Protocol

__all__ = ["EventBus", "InfoLogger", "Snapshot"]


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
