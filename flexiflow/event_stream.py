"""Events as a stream of text for HTTP clients: server-sent events."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import Any

from flexiflow.analysis import emitted_events
from flexiflow.component import EVENT_NAMES, AsyncComponent
from flexiflow.engine import FlexiFlowEngine
from flexiflow.json_text import to_json

__all__ = ["EventHub"]

_KEPT = 1_000
"""Events that wait for a slow client; the oldest are dropped, and their number is told."""

_PAUSE = 15.0
"""Seconds of silence after which a comment shows that the connection lives."""


class EventHub:
    """Hands the events of an engine on to any number of clients.

    Args:
        engine: the engine.
    """

    def __init__(self, engine: FlexiFlowEngine) -> None:
        self._engine = engine
        self._streams: set[_Stream] = set()
        self._closed = False

    async def stream(self, names: Iterable[str] = ()) -> AsyncIterator[str]:
        """The events from now on, each as a server-sent event; ends when the hub is closed.

        Args:
            names: only these events; by default the library's and those that actions publish.
        """
        stream = _Stream()
        self._streams.add(stream)
        bus = self._engine.event_bus
        handles = [
            await bus.subscribe(name, "event stream", stream.subscriber(name), 5)
            for name in dict.fromkeys(names) or self._known_events()
        ]
        try:
            yield ": events follow\n\n"
            while not self._closed:
                yield await stream.next_text()
        finally:
            self._streams.discard(stream)
            for handle in handles:
                bus.unsubscribe(handle)

    def close(self) -> None:
        """Ends all streams."""
        self._closed = True
        for stream in self._streams:
            stream.wake.set()

    def _known_events(self) -> list[str]:
        emitted: set[str] = set()
        for component in self._engine.components.values():
            if isinstance(component, AsyncComponent):
                emitted |= emitted_events(component.state_machine.registry)

        return [*EVENT_NAMES, *sorted(emitted.difference(EVENT_NAMES))]


class _Stream:
    """What one client has still to get."""

    def __init__(self) -> None:
        self.wake = asyncio.Event()
        self._waiting: deque[str] = deque()
        self._dropped = 0
        self._number = 0

    def subscriber(self, name: str) -> Any:
        # A line break in a name would end its field early.
        shown = " ".join(name.splitlines())

        async def note(data: Any) -> None:
            self._number += 1
            if len(self._waiting) == _KEPT:
                self._waiting.popleft()
                self._dropped += 1

            data_text = to_json(data)
            self._waiting.append(f"id: {self._number}\nevent: {shown}\ndata: {data_text}\n\n")
            self.wake.set()

        return note

    async def next_text(self) -> str:
        """All that waits; a comment after a while without any."""
        try:
            await asyncio.wait_for(self.wake.wait(), _PAUSE)
        except TimeoutError:
            return ": still here\n\n"

        self.wake.clear()
        text = "".join(self._waiting)
        self._waiting.clear()
        if self._dropped:
            text = f"event: flexiflow.dropped\ndata: {self._dropped}\n\n{text}"
            self._dropped = 0

        return text
