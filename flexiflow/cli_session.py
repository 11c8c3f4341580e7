"""A flow that runs for the command line: watched, and stored if wanted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from flexiflow.analysis import emitted_events
from flexiflow.clock import Clock
from flexiflow.component import EVENT_NAMES, AsyncComponent
from flexiflow.config_loader import load_component
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import FlexiFlowError
from flexiflow.event_names import STATE_CHANGED
from flexiflow.logger import get_logger, set_correlation_id
from flexiflow.snapshot import ComponentSnapshot, take_snapshot
from flexiflow.state_files import History

__all__ = ["Session", "open_session"]

Listener = Callable[[str, Any], None]
"""Told of each event: its name and data."""


class Session:
    """One component on an engine of its own.

    What a subscriber raises never reaches who caused the event. So a listener that fails because
    nobody reads its output, or because the disk is full, ends the session by cancelling its task.

    Args:
        component: the component.
        engine: its engine.
        history: where its snapshots go.

    Attributes:
        events: how many events there have been.
        listeners: told of each event.
        failure: what ended the session.
    """

    def __init__(
        self, component: AsyncComponent, engine: FlexiFlowEngine, history: History | None
    ) -> None:
        self.component = component
        self.engine = engine
        self.history = history
        self.events = 0
        self.listeners: list[Listener] = []
        self.failure: Exception | None = None
        self._task = asyncio.current_task()
        self._stored: ComponentSnapshot | None = None

    @property
    def event_names(self) -> list[str]:
        """All events that are known beforehand: the library's, and those that actions publish."""
        emitted = emitted_events(self.component.state_machine.registry)
        return [*EVENT_NAMES, *sorted(emitted.difference(EVENT_NAMES))]

    async def begin(self, *, go_on: bool = False, events: Iterable[str] = ()) -> None:
        """Registers and starts the component.

        Args:
            go_on: from the last stored state, if there is one.
            events: more events to watch for.
        """
        names = dict.fromkeys([*self.event_names, *sorted(events)])
        for name in names:
            await self.engine.event_bus.subscribe(name, "session", self._subscriber(name), 1)

        snapshot = self.history.load(self.component.name) if self.history and go_on else None
        await self.engine.register_async(self.component)
        if snapshot is not None:
            await self.component.restore(snapshot)

        await self.component.start()
        await self.engine.drain()

    def store(self) -> None:
        """Stores the component as it is, unless that is stored already."""
        if self.history is not None:
            snapshot = take_snapshot(self.component)
            if snapshot != self._stored:
                self.history.save(self.component)
                self._stored = snapshot

    def end(self, error: Exception) -> None:
        """Ends the session because of an error; only the first one counts."""
        if self.failure is None and self._task is not None:
            self.failure = error
            self._task.cancel()

    def _subscriber(self, name: str) -> Any:
        async def note(data: Any) -> None:
            self.events += 1
            try:
                for listener in self.listeners:
                    listener(name, data)

                if name == STATE_CHANGED:
                    self.store()
            except (OSError, FlexiFlowError) as error:
                self.end(error)

        return note


@asynccontextmanager
async def open_session(
    path: str, *, clock: Clock, imports: bool, database: str | None
) -> AsyncIterator[Session]:
    """A session for a flow's file; ended, and its last state stored, when the block is left.

    Raises:
        FlexiFlowError: the flow does not load, or the database fails.
        OSError: nobody reads the output any more.
    """
    set_correlation_id()
    component = load_component(path, trust=imports)
    # The events tell what happens; the log is for what goes wrong.
    engine = FlexiFlowEngine(logger=get_logger("flexiflow", logging.WARNING), clock=clock)
    history = None if database is None else History(database)
    session = Session(component, engine, history)
    try:
        yield session
        if session.failure is None:
            session.store()
    except asyncio.CancelledError:
        if session.failure is None:
            raise
    finally:
        await _close(session)

    if session.failure is not None:
        raise session.failure


async def _close(session: Session) -> None:
    if session.failure is not None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - coroutines run in tasks
        task.uncancel()

    await session.engine.stop()
    if session.history is not None:
        session.history.close()
