"""A component: a state machine with rules and data of its own, one message at a time."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Awaitable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from logging import INFO, Logger
from typing import Any, TypeGuard

from flexiflow.actions import Step, action_failure, run_actions
from flexiflow.clock import Clock
from flexiflow.context_size import LargeValues
from flexiflow.errors import ErrorContext, StateError
from flexiflow.event_manager import AsyncEventManager as Bus
from flexiflow.event_names import (
    ACTION_FAILED,
    EVENT_NAMES,
    MESSAGE_IGNORED,
    MESSAGE_RECEIVED,
    RESTORED,
    STATE_CHANGED,
)
from flexiflow.execution import copy_of, leave, take_choice
from flexiflow.protocols import Engine, EventBus, InfoLogger, Snapshot
from flexiflow.routes import LOUD, SILENT
from flexiflow.state_machine import (
    DEFAULT_REGISTRY,
    ENTERING,
    UNDECIDED,
    InitialState,
    Message,
    State,
    StateMachine,
    StateRegistry,
    Verdict,
    checked_result,
    create_stored,
    label_in,
)
from flexiflow.timers import Timers
from flexiflow.transitions import (
    Candidates,
    CompiledTransition,
    StateTable,
    merge_rules,
    needs_entering,
    table_of,
)
from flexiflow.waiting import Job

__all__ = [
    "EVENT_NAMES",
    "AsyncComponent",
    "EventBus",
    "InfoLogger",
    "Snapshot",
    "unknown_component",
]

_CHANGE_FORMAT = "%s transitioned to %s"


def _initial_machine() -> StateMachine:
    """The builtin start, whatever has been registered under its name."""
    return StateMachine(InitialState(), DEFAULT_REGISTRY)


class _Beginnings(Timers):
    """What a component starts with, also one of a subclass whose constructor calls no other."""

    _engine: Engine | None = None
    _entered = False
    _large_values: LargeValues | None = None
    _taken: tuple[CompiledTransition, State] | None = None


@dataclass
class AsyncComponent(_Beginnings):
    """A component: handles one message at a time, to completion.

    A message, with all the events it causes, is finished before the next one starts. Callers are
    served in order of arrival. A message that is sent from inside the component's own processing
    (by a state, an action, a subscriber to one of its events) is queued, and handled right after,
    before the outermost call returns or raises.

    Attributes:
        name: its name.
        rules: anything; YAML packs read those that are mappings. The list is kept, not copied.
        state_machine: its states.
        logger: gets a line for each change of state; may be ``None``.
        event_bus: gets its events; may be ``None``.
        context: its own data.
    """

    name: str
    rules: list[Any] = field(default_factory=list)
    state_machine: StateMachine = field(default_factory=_initial_machine)
    logger: InfoLogger | None = None
    event_bus: EventBus | None = None
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def state_name(self) -> str:
        """The name of the current state, as events and snapshots carry it."""
        return self._label(self.state_machine.current_state)

    @property
    def last_transition(self) -> CompiledTransition | None:
        """The transition that led to, or within, the current state; ``None`` for Python states."""
        if self._taken is None or self._taken[1] is not self.state_machine.current_state:
            return None

        return self._taken[0]

    async def add_rule(self, rule: Any) -> None:
        """Appends a rule."""
        self.rules.append(rule)

    async def update_rules(self, new_rules: Iterable[Any]) -> None:
        """Appends rules; nothing is replaced, and no event tells of it.

        Raises:
            TypeError: a text or a mapping, which would be taken apart.
        """
        if isinstance(new_rules, str | bytes | bytearray | Mapping):
            raise TypeError(f"new_rules must be a list of rules, not {type(new_rules).__name__}")

        self.rules.extend(new_rules)

    async def start(self) -> None:
        """Runs the entry actions of the state it is in and sets its timers.

        Does nothing the second time, but waits until the state is entered if the first one is still
        at it. The first message does it too.
        """
        await self._start_turns()

    async def handle_message(self, message: Message) -> None:  # noqa: C901, PLR0912, PLR0915, RET503 - see below
        """Handles a message; returns when that and all it has caused is done."""
        machine, bus, routes = self.state_machine, self.event_bus, SILENT
        state = machine.current_state
        try:
            facts, handle, react = state._engine_facts, state.handle_message, machine.handle_message
            known = handle.__func__ is facts.method and react.__func__ is _REACT  # type: ignore[attr-defined]
            if bus is not None:
                routes = bus.message_routes if bus.publish.__func__ is _PUBLISH else LOUD  # type: ignore[attr-defined]
        except AttributeError:  # whatever handles messages will do as a state, and so on
            known = False
        if not (known and self._open and routes.quiet):
            return await self._take_turn(partial(self._process, message))
        if routes.received:
            copied = message.copy() if type(message) is dict else copy_of(message)
            received = {"component": self.name, "message": copied}
            for recipient in routes.received:
                try:
                    await recipient.handler(received)
                except (Exception, CancelledError) as error:  # noqa: BLE001 - a bus handler
                    await routes.handler_failed(MESSAGE_RECEIVED, recipient, error)
            now = machine.current_state  # code of the user's may have changed all of it
            if now is not state or self.state_machine is not machine or not self._open:
                return await self._go_on(partial(self._react, message))
        if facts.moves is not None:
            kind = message.get("type", "")
            try:
                state_cls, content = facts.moves[kind]
            except (KeyError, TypeError):  # TypeError: a type that cannot be a key
                return await self._ignore(message)
            if content is not None and message.get("content") != content:
                return await self._ignore(message)
            target: Any = state_cls()
        else:
            try:
                if (decide := facts.decide) is not None:
                    target = decide(state, message, self)
                else:
                    target = self._judged(state, machine, await handle(message, self))
            except Exception as error:  # noqa: BLE001 - raised when what has been sent is done
                target = Verdict(error)
            if target is None or type(target) is Verdict:
                return await self._follow(target, state, message)
        machine.current_state = target
        if routes.stale or self.event_bus is not bus or not self._open:  # as above
            return await self._go_on(partial(self._arrive, state, message))
        if self.logger is not None and (pending := self._log_change(target)) is not None:
            await pending
        if routes.changed:
            labels = registry.labels if type(registry := machine.registry) is StateRegistry else {}
            left = labels.get(type(state)) or self._label(state)
            reached = labels.get(type(target)) or self._label(target)
            changed = {"component": self.name, "from_state": left, "to_state": reached}
            for recipient in routes.changed:
                try:
                    await recipient.handler(changed)
                except (Exception, CancelledError) as error:  # noqa: BLE001 - a bus handler
                    await routes.handler_failed(STATE_CHANGED, recipient, error)
        if not self._open:  # something has been sent meanwhile, or a hold has begun
            await self._go_on(_nothing)  # type: ignore[unreachable] # mypy: open once, open for ever

    def post(self, message: Message) -> None:
        """Queues a message and returns at once; needs a running event loop.

        What goes wrong goes to the loop's exception handler, as nobody waits for the message.

        Raises:
            StateError: too many messages wait for it already.
        """
        is_own = getattr(self.handle_message, "__func__", None) is _HANDLE
        self._post(partial(self._process if is_own else self.handle_message, message))

    async def restore(self, snapshot: Snapshot) -> None:
        """Takes state, rules and context of a snapshot in place of its own, and publishes that.

        Goes before all messages that wait, and also through a hold. Entry actions are not run; the
        timers of the former state are cancelled, those of the restored one start anew.

        Raises:
            StateError: the component knows no state of that name; nothing has changed then.
        """
        await self._take_turn(partial(self._become, snapshot), urgent=True)

    async def stop(self) -> None:
        """Cancels its timers, drops what waits, ends its task; callers who wait get an error."""
        self._cancel_timers()
        await self._stop_turns()

    def mark_entered(self) -> None:
        """Says that its state was entered in a former life: starting runs no entry actions."""
        self._entered = True

    def join(self, engine: Engine) -> None:
        """Makes the engine's clock and components known to it, unless it has an engine."""
        if self._engine is None:
            self._engine = engine

    def part(self, engine: Engine) -> None:
        """Ends what :meth:`join` began; its timers are cancelled."""
        if self._engine is engine:
            self._engine = None
            self._cancel_timers()

    # What follows runs as part of a turn.

    async def _enter_first(self) -> None:
        table = table_of(self.state_machine.current_state)
        if table is None:
            return

        if self._entered:
            self._arm(table)
        else:
            await self._enter(table, {})

    async def _process(self, message: Message) -> None:
        """One message, from the event of its arrival to that of its effect."""
        if _is_bus(self.event_bus):
            self.event_bus.find_message_routes()

        if self.event_bus is not None:
            received = {"component": self.name, "message": copy_of(message)}
            await self.event_bus.publish(MESSAGE_RECEIVED, received)

        await self._react(message)

    def _judged(self, state: State, machine: StateMachine, result: Any) -> Any:
        """Where a Python state leads, if anywhere; ``ENTERING`` if that has more to it."""
        proceed, target = checked_result(state, result)
        if not proceed:
            return None

        if self.state_machine is machine and not (self._state_timers or needs_entering(target)):
            return target

        machine.current_state = target
        return ENTERING

    async def _follow(self, verdict: Verdict | None, state: State, message: Message) -> None:
        """Does what is left to do when a message has not just led to another state."""
        if verdict is None:
            await self._ignore(message)
        elif verdict.error is not None:
            await self._go_on(partial(_fail, verdict.error))
        elif verdict is UNDECIDED:
            await self._go_on(partial(self._react, message))
        else:
            await self._go_on(partial(self._arrive, state, message))

    def _log_change(self, target: State) -> Awaitable[None] | None:
        """Logs a change of state, or gives back what fails when what has been sent is done."""
        logger = self.logger
        if logger is None:
            return None

        try:
            # One that would do nothing is spared the call, unless its method has been replaced.
            is_plain = getattr(logger.info, "__func__", None) is _INFO
            if not is_plain or logger.isEnabledFor(INFO):  # type: ignore[attr-defined]
                logger.info(_CHANGE_FORMAT, self.name, self._label(target))
        except Exception as error:  # noqa: BLE001 - raised when what has been sent is done
            return self._go_on(partial(_fail, error))

        return None

    async def _react(self, message: Message) -> None:
        machine = self.state_machine
        state = machine.current_state
        before, self._taken = self._taken, None
        try:
            proceeds = await machine.handle_message(message, self)
        except BaseException:
            if self._taken is None:
                self._taken = before

            raise

        if proceeds:
            await self._arrive(state, message)
        elif self._taken is None:
            self._taken = before
            await self._ignore(message)

    async def _react_to_timer(self, table: StateTable, transition: CompiledTransition) -> None:
        message: Message = {}
        state = self.state_machine.current_state
        if await take_choice(table, Candidates([transition]), message, self) is None:
            return

        target = await leave(table, transition, message, self)
        if target is not None:
            self.state_machine.current_state = target
            await self._arrive(state, message)

    async def _arrive(self, left: State, message: Message) -> None:
        """Everything that follows a change of state."""
        self._cancel_state_timers()
        tell = partial(self._tell_change, self._label(left), self.state_name)
        table = table_of(self.state_machine.current_state)
        if table is not None:
            await self._enter(table, message, tell)

        await tell()

    async def _tell_change(self, from_state: str, to_state: str) -> None:
        if self.logger is not None:
            self.logger.info(_CHANGE_FORMAT, self.name, to_state)

        if self.event_bus is not None:
            changed = {"component": self.name, "from_state": from_state, "to_state": to_state}
            await self.event_bus.publish(STATE_CHANGED, changed)

    async def _enter(self, table: StateTable, message: Message, tell: Job | None = None) -> None:
        """Runs entry actions and sets timers.

        Being cancelled cuts short the action that is under way. What is left then is done before
        anything else, ``tell`` included: the state has changed, and that is not half a change.
        """
        steps = iter(table.entry)
        try:
            await run_actions(steps, self, message, table.key)
        except CancelledError:
            rest = tuple(steps)
            self._queue_first(partial(self._finish_entering, table, message, rest, tell))
            raise
        finally:
            self._arm(table)

    async def _finish_entering(
        self, table: StateTable, message: Message, rest: Iterable[Step], tell: Job | None
    ) -> None:
        await run_actions(rest, self, message, table.key)
        if tell is not None:
            await tell()

    def _arm(self, table: StateTable) -> None:
        for transition in table.timers:
            delay = transition.spec.after or 0.0
            self._arm_state_timer(delay, partial(self._react_to_timer, table, transition))

    async def _ignore(self, message: Message) -> None:
        """Publishes that a message led nowhere.

        Of states that come from no YAML pack, only those who asked for it get that: a bus of
        another make that records what it is given sees just the events of the original.
        """
        state, bus = self.state_machine.current_state, self.event_bus
        is_wanted = _is_bus(bus) and (bus.shows_all or bool(bus.route(MESSAGE_IGNORED)))
        if is_wanted or (type(bus) is not Bus and table_of(state) is not None):
            ignored = {
                "component": self.name,
                "state": self._label(state),
                "message": copy_of(message),
            }
            await self._publish(MESSAGE_IGNORED, ignored)

        if not self._open and self._turn is None:
            await self._go_on(_nothing)

    async def _become(self, snapshot: Snapshot) -> None:
        machine = self.state_machine
        state = create_stored(machine.registry, snapshot.current_state)
        rules, context = deepcopy(snapshot.rules), deepcopy(snapshot.context)
        self._cancel_timers()
        machine.current_state = state
        self.rules[:] = rules
        self.context.clear()
        self.context.update(context)
        self._taken = None
        self._started = True
        table = table_of(state)
        if table is not None:
            self._arm(table)

        await self._publish(RESTORED, {"component": self.name, "state": self.state_name})

    # What actions use.

    def _merged_rules(self) -> dict[str, Any]:
        return merge_rules(self.rules)

    async def _publish(self, event_name: str, data: Any) -> None:
        if self.event_bus is not None:
            await self.event_bus.publish(event_name, data)

    def _send(self, message: Message, to: str | None, after: float | None, size: int = 0) -> None:
        if after is not None:
            self._call_later(after, partial(self._send_later, message, to), size)
            return

        self._weigh(size)
        if to is None or to == self.name:
            self.post(message)
        elif self._engine is None or not self._engine.post(to, message):
            raise unknown_component(to)

    def _send_later(self, message: Message, to: str | None) -> None:
        try:
            self._send(message, to, None)
        except StateError as error:
            action = {"send": {**message, "to": to}}
            failure = action_failure(self.name, self.state_name, action, error)
            self._post(partial(self._publish, ACTION_FAILED, failure))

    async def _settle_all(self) -> None:
        await self.settled()
        if self._engine is not None:
            await self._engine.settle_posted()

    def _default_clock(self) -> Clock | None:
        return None if self._engine is None else self._engine.clock

    def _label(self, state: Any) -> str:
        return label_in(getattr(self.state_machine, "registry", None), state)


async def _nothing() -> None:
    """What is left to do of a message that only has to wait for what was sent meanwhile."""


async def _fail(error: Exception) -> None:
    """What is left to do of a message that has failed."""
    raise error


def _is_bus(bus: object) -> TypeGuard[Bus]:
    """As isinstance(), which believes in test doubles."""
    return issubclass(type(bus), Bus)


def unknown_component(name: str) -> StateError:
    """The error for a name that no component has."""
    return StateError(
        f"Unknown component: '{name}'",
        why="A message was to be sent to a component that is not registered with the engine.",
        fix="Register it, or correct the name in 'to'.",
        context=ErrorContext({"component": name}),
    )


_INFO = Logger.info
_HANDLE = AsyncComponent.handle_message
_REACT = StateMachine.handle_message
_PUBLISH = Bus.publish
"""The methods whose work :meth:`AsyncComponent.handle_message` does in place, as calls cost most:
as long as nobody has replaced them, and where a message can meet no other."""
