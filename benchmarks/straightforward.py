"""The same engine in its straightforward design: what ours is measured against.

Components, states and a bus that do the same for a program without observers or with a few, in the
way that one writes it first: every event is published, subscribers are filtered and sorted at each
publish, and records are copied where they are handed on.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

Handler = Callable[[Any], Awaitable[None]]

_log = logging.getLogger("benchmarks.straightforward")


@dataclass(frozen=True)
class Subscription:
    """Who listens to what."""

    event: str
    handler: Handler
    priority: int = 3
    accepts: Callable[[Any], bool] | None = None


class Bus:
    """A list of subscriptions for each event."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, list[Subscription]] = {}

    def subscribe(self, event: str, handler: Handler) -> Subscription:
        """Adds a subscription."""
        subscription = Subscription(event, handler)
        self._subscriptions.setdefault(event, []).append(subscription)
        return replace(subscription)

    async def publish(self, event: str, data: Any) -> None:
        """Delivers by priority."""
        listening = [
            subscription
            for subscription in self._subscriptions.get(event, [])
            if subscription.accepts is None or subscription.accepts(data)
        ]
        for subscription in sorted(listening, key=lambda one: one.priority):
            try:
                await subscription.handler(data)
            except Exception:  # noqa: BLE001 - as a bus does
                _log.exception("Error handling event %s", event)


@dataclass
class Machine:
    """The current state."""

    current_state: Any

    async def handle_message(self, message: dict[str, Any], component: Component) -> bool:
        """Lets the state decide; whether it moved."""
        proceed, next_state = await self.current_state.handle_message(message, component)
        if proceed:
            self.current_state = next_state

        return bool(proceed)


@dataclass
class Component:
    """A named machine on a bus."""

    name: str
    machine: Machine
    bus: Bus
    rules: list[Any] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)

    async def handle_message(self, message: dict[str, Any]) -> None:
        """Publishes the arrival, lets the machine move, publishes the change."""
        arrival = {"component": self.name, "message": dict(message)}
        await self.bus.publish("component.message.received", arrival)
        before = type(self.machine.current_state).__name__
        if not await self.machine.handle_message(message, self):
            return

        after = type(self.machine.current_state).__name__
        change = {"component": self.name, "from_state": before, "to_state": after}
        await self.bus.publish("state.changed", change)
