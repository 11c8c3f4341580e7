"""The engine: components by name, and the one event bus and clock that they share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextvars import copy_context
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from flexiflow.clock import Clock, LoopClock
from flexiflow.component import AsyncComponent, unknown_component
from flexiflow.event_manager import AsyncEventManager
from flexiflow.event_names import COMPONENT_REGISTERED
from flexiflow.logger import get_logger
from flexiflow.state_machine import Message, StateMachine
from flexiflow.turn_context import Turn, innermost, inside_a_turn

if TYPE_CHECKING:
    from flexiflow.config_loader import ComponentConfig

__all__ = ["FlexiFlowEngine"]

_log = logging.getLogger(__name__)


class _Beginnings:
    """What an engine starts with, also one of a subclass whose constructor calls no other."""

    clock: Clock
    _tasks: set[asyncio.Task[None]]
    _registering: Any = None  # the component whose registration is published by who registers it

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        engine = super().__new__(cls)
        engine.clock = LoopClock()
        engine._tasks = set()
        return engine


@dataclass(init=False)
class FlexiFlowEngine(_Beginnings):
    """Holds components, and what they share.

    An engine belongs to one event loop at a time and is not thread-safe; after :meth:`stop` it can
    be used on another loop.

    Args:
        logger: for itself, its bus and the components that bring none; by default the logger
            ``flexiflow``.
        components: name -> component; a new mapping by default.
        clock: where timers take their time from; real time by default.

    Attributes:
        logger: its logger.
        event_bus: its bus; always one of its own.
        components: name -> component.
        clock: its clock.
    """

    logger: Any = None
    event_bus: AsyncEventManager = field(init=False)
    components: dict[str, Any] = field(default_factory=dict)

    def __init__(
        self,
        logger: Any = None,
        components: dict[str, Any] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.logger = logger
        self.components = {} if components is None else components
        if clock is not None:
            self.clock = clock

        self.__post_init__()

    def __post_init__(self) -> None:
        """Gives it a bus, and a logger if it has none; dataclasses made of this one call it too."""
        if self.logger is None:
            self.logger = get_logger("flexiflow")

        self.event_bus = AsyncEventManager(self.logger)

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles take over: its tasks go on without them."""
        return {name: value for name, value in vars(self).items() if name != "_tasks"}

    def register(self, component: Any) -> None:
        """Stores a component under its name, in place of one that had it before.

        It gets the engine's logger and bus where it has none. Its registration is published later,
        by a task; without a running event loop it is not published at all. Where
        the event matters, use :meth:`register_async`.

        Args:
            component: an ``AsyncComponent``, or any object with a ``name``.
        """
        self._adopt(component)
        if component is self._registering:
            return

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            _log.debug(
                "No event loop runs: the registration of %s is not published", component.name
            )
        else:
            self._spawn(self._announce(component.name))

    async def register_async(self, component: Any) -> None:
        """Stores a component like :meth:`register`, and returns when that has been published."""
        before, self._registering = self._registering, component
        try:
            self.register(component)  # which a subclass may have its own way of
        finally:
            self._registering = before

        await self._announce(component.name)

    def unregister(self, name: str) -> bool:
        """Removes a component, its timers, and the subscriptions made in its name.

        Returns:
            Whether there was a component of that name.
        """
        if name not in self.components:
            return False

        self._release(self.components.pop(name))
        self.event_bus.unsubscribe_all(name)
        return True

    def get(self, name: str) -> Any:
        """The component of that name; ``None`` for an unknown one."""
        try:
            return self.components.get(name)
        except TypeError:  # what cannot be a key is no name either
            return None

    def create_component(self, config: ComponentConfig) -> AsyncComponent:
        """Makes a component from a config, registers and returns it.

        Raises:
            StateError: the config's initial state is not registered.
        """
        component = AsyncComponent(
            name=config.name,
            rules=deepcopy(config.rules),
            state_machine=StateMachine.from_name(config.initial_state),
            context=deepcopy(config.context),
        )
        self.register(component)
        return component

    async def handle_message(self, name: str, message_type: str, content: Any = None) -> None:
        """Lets the component of that name handle a message.

        Args:
            name: the component's name.
            message_type: the message's ``type``.
            content: its ``content``; left out when ``None``.

        Raises:
            StateError: there is no such component.
        """
        component = self.components.get(name)
        if component is None:
            raise unknown_component(name)

        message = {"type": message_type}
        if content is not None:
            message["content"] = content

        await component.handle_message(message)

    def post(self, name: str, message: Message) -> bool:
        """Queues a message for the component of that name and returns at once.

        Needs a running event loop.

        Returns:
            Whether there is such a component.
        """
        component = self.components.get(name)
        if component is None:
            return False

        if isinstance(component, AsyncComponent):
            component.post(message)
        else:
            self._spawn(component.handle_message(message))

        return True

    async def drain(self) -> None:
        """Waits until nothing is under way: events are delivered, messages are handled or held.

        What the calling code itself is part of is not waited for. Neither are, from inside a turn
        or a task of the engine, other tasks of the engine, as those may wait for that very one.
        """
        waited = True
        while waited:
            waited = False
            tasks = set() if inside_a_turn() else self._tasks - {asyncio.current_task()}
            if tasks:
                waited = True
                await asyncio.wait(tasks)

            for component in self._own_components():
                if component.under_way:
                    waited = True
                    await component.settled()

    async def settle_posted(self) -> None:
        """Waits until components have done what was queued for them, and no caller waits for."""
        waited = True
        while waited:
            waited = False
            for component in self._own_components():
                if component.works_off and component.under_way:
                    waited = True
                    await component.settled()

    async def stop(self) -> None:
        """Cancels all timers, drops what waits, and ends the tasks of engine and components."""
        components = self._own_components()
        tasks = self._tasks - {asyncio.current_task()}
        while components or tasks:  # again those that others give something to before they end
            for component in components:
                await component.stop()

            for task in tasks:
                task.cancel()

            if tasks:
                await asyncio.wait(tasks)

            components = [found for found in self._own_components() if tasks or found.works_off]
            tasks = self._tasks - {asyncio.current_task()}

    def _own_components(self) -> list[AsyncComponent]:
        return [found for found in self.components.values() if isinstance(found, AsyncComponent)]

    def _adopt(self, component: Any) -> None:
        """Everything about a registration but its event."""
        if getattr(component, "logger", None) is None:
            component.logger = self.logger

        if getattr(component, "event_bus", None) is None:
            component.event_bus = self.event_bus

        former = self.components.get(component.name)
        if former is not None and former is not component:
            warn = getattr(self.logger, "warning", _log.warning)
            warn("Component %s replaces another one of that name", component.name)
            self._release(former)

        if isinstance(component, AsyncComponent):
            component.join(self)

        self.components[component.name] = component
        self.logger.info("Registered component: %s", component.name)

    def _release(self, component: Any) -> None:
        if isinstance(component, AsyncComponent):
            component.part(self)

    async def _announce(self, name: str) -> None:
        await self.event_bus.publish(COMPONENT_REGISTERED, {"component": name})

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Starts a task that the engine owns; soon, and not at once as a task factory may.

        It counts as a turn, though no component's: what is part of it can be told.
        """
        turn, context = Turn(innermost.get()), copy_context()
        context.run(innermost.set, turn)
        task = asyncio.Task(work, loop=asyncio.get_running_loop(), context=context)
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, turn))

    def _ended(self, turn: Turn, task: asyncio.Task[None]) -> None:
        turn.ended = True
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.logger.error("A task of the engine failed: %r", error)
