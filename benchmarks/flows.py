"""The two flows that are measured, as FlexiFlow runs them: a plain round, and a guarded door."""

from __future__ import annotations

from typing import Any

from benchmarks import straightforward
from benchmarks.rounds import Contender
from flexiflow.component import AsyncComponent
from flexiflow.declarative import compile_pack
from flexiflow.event_manager import AsyncEventManager
from flexiflow.packfile import parse_pack
from flexiflow.state_machine import (
    DEFAULT_REGISTRY,
    AwaitingConfirmation,
    InitialState,
    Message,
    ProcessingRequest,
    State,
    StateMachine,
    StateRegistry,
)

ROUND: list[Message] = [
    {"type": "start"},
    {"type": "confirm", "content": "confirmed"},
    {"type": "complete"},
]
"""What leads the builtin states round."""

DOOR = """
pack: door
guards:
  may_open: message.code == context.lock
states: {Shut: , Open: , Busy: }
transitions:
  - {from: Shut, message: open, to: Open, guard: may_open}
  - {from: Open, message: use, to: Busy, guard: context.uses < context.limit}
  - {from: Busy, message: close, to: Shut}
"""
DOOR_MESSAGES: list[Message] = [{"type": "open", "code": 4711}, {"type": "use"}, {"type": "close"}]
DOOR_CONTEXT = {"lock": 4711, "uses": 3, "limit": 10}

Step = tuple[bool, State]


class Waiting(State):
    """The plain round, as somebody writes it in Python: its beginning."""

    async def handle_message(self, message: Message, component: Any) -> Step:
        """``start`` leads on."""
        if message.get("type") == "start":
            return True, Asked()

        return False, self


class Asked(State):
    """The plain round: its middle."""

    async def handle_message(self, message: Message, component: Any) -> Step:
        """``confirm`` leads on, with the right content."""
        if message.get("type") == "confirm" and message.get("content") == "confirmed":
            return True, Working()

        return False, self


class Working(State):
    """The plain round: its end."""

    async def handle_message(self, message: Message, component: Any) -> Step:
        """``complete`` leads back."""
        if message.get("type") == "complete":
            return True, Waiting()

        return False, self


class Shut(State):
    """The door by hand: shut."""

    async def handle_message(self, message: Message, component: Any) -> Step:
        """``open`` opens with the right code."""
        if message.get("type") == "open" and message["code"] == component.context["lock"]:
            return True, Open()

        return False, self


class Open(State):
    """The door by hand: open."""

    async def handle_message(self, message: Message, component: Any) -> Step:
        """``use`` uses it, so many times."""
        context = component.context
        if message.get("type") == "use" and context["uses"] < context["limit"]:
            return True, Busy()

        return False, self


class Busy(State):
    """The door by hand: somebody stands in it."""

    async def handle_message(self, message: Message, component: Any) -> Step:
        """``close`` shuts it."""
        if message.get("type") == "close":
            return True, Shut()

        return False, self


class Observer:
    """Counts what happens, as the cheapest subscriber there is."""

    def __init__(self) -> None:
        self.seen = 0

    async def __call__(self, _data: Any = None) -> None:
        """Counts."""
        self.seen += 1


def component_with(name: str, state: State, bus: AsyncEventManager | None = None) -> Contender:
    """A component that starts in a state."""
    messages = DOOR_MESSAGES if isinstance(state, Shut) else ROUND
    component = AsyncComponent(
        name, state_machine=StateMachine(state), event_bus=bus, context=dict(DOOR_CONTEXT)
    )
    return Contender(
        name,
        component.handle_message,
        messages,
        lambda: type(component.state_machine.current_state),
    )


async def observed(name: str, state: State, *, waits: bool = False) -> Contender:
    """The same with two subscribers."""
    bus = AsyncEventManager()
    observer = Observer()

    async def counts(data: Any) -> None:
        observer.seen += 1

    async def counts_and_waits(data: Any) -> None:
        await observer(data)

    handler = counts_and_waits if waits else counts
    await bus.subscribe("component.message.received", "benchmark", handler)
    await bus.subscribe("state.changed", "benchmark", handler)
    return component_with(name, state, bus)


def only_events(name: str) -> Contender:
    """What two observers take by themselves: two payloads, a copy of the message, two calls."""
    observer = Observer()

    async def counts(data: Any) -> None:
        observer.seen += 1

    async def send(message: Message) -> None:
        await counts({"component": name, "message": message.copy()})
        await counts({"component": name, "from_state": "Here", "to_state": "There"})

    return Contender(name, send, ROUND, state=None)


BARE_MOVES: dict[tuple[type[State], str], tuple[type[State], str | None]] = {
    (InitialState, "start"): (AwaitingConfirmation, None),
    (AwaitingConfirmation, "confirm"): (ProcessingRequest, "confirmed"),
    (ProcessingRequest, "complete"): (InitialState, None),
}


def bare_transition(name: str) -> Contender:
    """The round with nothing around it: nobody is told, no method may be another than it was."""
    machine = StateMachine(InitialState())

    async def send(message: Message) -> None:
        target, content = BARE_MOVES[type(machine.current_state), message["type"]]
        if content is None or message.get("content") == content:
            machine.current_state = target()

    return Contender(name, send, ROUND, lambda: type(machine.current_state))


def bare_observed(name: str) -> Contender:
    """The same with an observer of each event, always the same one, who never fails."""
    machine = StateMachine(InitialState())
    observer = Observer()

    async def counts(data: Any) -> None:
        observer.seen += 1

    async def send(message: Message) -> None:
        await counts({"component": name, "message": message.copy()})
        before = type(machine.current_state)
        target, content = BARE_MOVES[before, message["type"]]
        if content is not None and message.get("content") != content:
            return

        machine.current_state = target()
        change = {"component": name, "from_state": before.__name__, "to_state": target.__name__}
        await counts(change)

    return Contender(name, send, ROUND, lambda: type(machine.current_state))


def builtin() -> State:
    """The builtin states' beginning."""
    return InitialState()


def door_registry() -> StateRegistry:
    """The door's states, from YAML."""
    registry = StateRegistry(DEFAULT_REGISTRY)
    for key, state_cls in compile_pack(parse_pack(DOOR)).items():
        registry.register(key, state_cls)

    return registry


def declared(name: str) -> Contender:
    """The door from YAML."""
    machine = StateMachine.from_name("Shut", door_registry())
    component = AsyncComponent(name, state_machine=machine, context=dict(DOOR_CONTEXT))
    return Contender(
        name, component.handle_message, DOOR_MESSAGES, lambda: type(machine.current_state)
    )


def plainly_designed(name: str, *, observers: bool) -> Contender:
    """The plain round in the straightforward design."""
    bus = straightforward.Bus()
    observer = Observer()

    async def counts(data: Any) -> None:
        observer.seen += 1

    if observers:
        bus.subscribe("component.message.received", counts)
        bus.subscribe("state.changed", counts)

    machine = straightforward.Machine(Waiting())
    component = straightforward.Component(name, machine, bus)
    return Contender(name, component.handle_message, ROUND, lambda: type(machine.current_state))
