"""The same two flows in other libraries, each as its own documentation writes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sismic.interpreter import Interpreter
from sismic.io import import_from_yaml
from statemachine import State, StateMachine
from statemachine.io import load
from transitions.extensions.asyncio import AsyncMachine

from benchmarks.rounds import Contender

Event = tuple[str, dict[str, Any]]

ROUND: list[Event] = [("start", {}), ("confirm", {"content": "confirmed"}), ("complete", {})]
DOOR: list[Event] = [("open", {"code": 4711}), ("use", {}), ("close", {})]

# --- transitions


class Model:
    """What transitions moves."""

    state: str
    trigger: Callable[..., Any]


class DoorModel(Model):
    """A door: transitions has no YAML of its own, so its guards are methods."""

    lock, uses, limit = 4711, 3, 10

    def may_pass(self, code: int | None = None) -> bool:
        """Whether it is the right code."""
        return code == self.lock

    def may_be_used(self) -> bool:
        """Whether it is not worn out."""
        return self.uses < self.limit


ROUND_TRANSITIONS = [
    ["start", "Waiting", "Asked"],
    ["confirm", "Asked", "Working"],
    ["complete", "Working", "Waiting"],
    ["error", "Working", "Failed"],
    ["acknowledge", "Failed", "Waiting"],
]


async def _nothing(**_facts: Any) -> None:
    """Observes."""


def transitions_machine(model: Any, *, observers: bool = False) -> AsyncMachine:
    """The plain round."""
    observer = _nothing if observers else None
    return AsyncMachine(
        model,
        states=["Waiting", "Asked", "Working", "Failed"],
        transitions=ROUND_TRANSITIONS,
        initial="Waiting",
        auto_transitions=False,
        before_state_change=observer,
        after_state_change=observer,
    )


async def trigger(model: Any, event: Event) -> None:
    """Sends an event to a model of transitions."""
    await model.trigger(event[0], **event[1])


def transitions_contender(model: Any, machine: AsyncMachine, messages: list[Event]) -> Contender:
    """A model and its machine."""
    send = partial(trigger, model)
    return Contender("transitions", send, messages, lambda: model.state, machine)


def transitions_round(*, observers: bool = False) -> Contender:
    """The plain round."""
    model = Model()
    return transitions_contender(model, transitions_machine(model, observers=observers), ROUND)


def transitions_door() -> Contender:
    """The guarded door."""
    model = DoorModel()
    machine = AsyncMachine(
        model,
        states=["Shut", "Open", "Busy"],
        transitions=[
            {"trigger": "open", "source": "Shut", "dest": "Open", "conditions": "may_pass"},
            {"trigger": "use", "source": "Open", "dest": "Busy", "conditions": "may_be_used"},
            {"trigger": "close", "source": "Busy", "dest": "Shut"},
        ],
        initial="Shut",
        auto_transitions=False,
    )
    return transitions_contender(model, machine, DOOR)


# --- python-statemachine: asynchronous as soon as one callback is


class RoundMachine(StateMachine):
    """The plain round."""

    waiting = State(initial=True)
    asked = State()
    working = State()
    failed = State()
    start = waiting.to(asked)
    confirm = asked.to(working)
    complete = working.to(waiting)
    error = working.to(failed)
    acknowledge = failed.to(waiting)

    async def on_acknowledge(self) -> None:
        """Never called while it is measured."""


class ObservedRoundMachine(RoundMachine):
    """The same, observed."""

    async def before_transition(self) -> None:
        """Observes."""

    async def after_transition(self) -> None:
        """Observes."""


class DoorMachine(StateMachine):
    """The guarded door."""

    lock, uses, limit = 4711, 3, 10
    shut = State(initial=True)
    opened = State()
    busy = State()
    open = shut.to(opened, cond="may_pass")
    use = opened.to(busy, cond="may_be_used")
    close = busy.to(shut)
    repair = busy.to(shut)

    def may_pass(self, code: int | None = None) -> bool:
        """Whether it is the right code."""
        return code == self.lock

    def may_be_used(self) -> bool:
        """Whether it is not worn out."""
        return self.uses < self.limit

    async def on_repair(self) -> None:
        """Never called while it is measured."""


DOOR_CHART = """
name: door
datamodel: {lock: "4711", uses: "3", limit: "10"}
states:
  Shut:
    initial: true
    transitions: [{event: open, target: Open, cond: "_event.data.code == lock"}]
  Open:
    transitions: [{event: use, target: Busy, cond: "uses < limit"}]
  Busy:
    transitions: [{event: close, target: Shut}, {event: repair, target: Shut}]
"""


class AsyncListener:
    """Makes a machine from YAML an asynchronous one."""

    async def on_repair(self) -> None:
        """Never called while it is measured."""


async def send(machine: Any, event: Event) -> None:
    """Sends an event to a machine of python-statemachine."""
    await machine.send(event[0], **event[1])


async def statemachine_contender(name: str, machine: Any, messages: list[Event]) -> Contender:
    """A machine of python-statemachine in its first state."""
    await machine.activate_initial_state()
    send_to_it = partial(send, machine)
    return Contender(name, send_to_it, messages, lambda: next(iter(machine.configuration)))


async def statemachine_round(*, observers: bool = False) -> Contender:
    """The plain round."""
    machine = ObservedRoundMachine() if observers else RoundMachine()
    return await statemachine_contender("python-statemachine", machine, ROUND)


async def statemachine_door() -> Contender:
    """The guarded door as a class."""
    return await statemachine_contender("python-statemachine", DoorMachine(), DOOR)


async def statemachine_chart() -> Contender:
    """The guarded door from YAML."""
    machine = load(DOOR_CHART, format="yaml")(listeners=[AsyncListener()])
    return await statemachine_contender("python-statemachine, YAML", machine, DOOR)


# --- sismic: not asynchronous; its own format is YAML

ROUND_STATECHART = """
statechart:
  name: round
  root state:
    name: root
    initial: Waiting
    states:
      - {name: Waiting, transitions: [{event: start, target: Asked}]}
      - {name: Asked, transitions: [{event: confirm, target: Working}]}
      - name: Working
        transitions: [{event: complete, target: Waiting}, {event: error, target: Failed}]
      - {name: Failed, transitions: [{event: acknowledge, target: Waiting}]}
"""
DOOR_STATECHART = """
statechart:
  name: door
  root state:
    name: root
    initial: Shut
    states:
      - name: Shut
        transitions: [{event: open, target: Open, guard: event.code == lock}]
      - name: Open
        transitions: [{event: use, target: Busy, guard: uses < limit}]
      - name: Busy
        transitions: [{event: close, target: Shut}]
"""


async def execute(interpreter: Interpreter, event: Event) -> None:
    """Sends an event to an interpreter of sismic, which does not wait for anything."""
    interpreter.queue(event[0], **event[1]).execute()


def sismic_contender(name: str, interpreter: Interpreter, messages: list[Event]) -> Contender:
    """An interpreter in its first state."""
    interpreter.execute()
    send_to_it = partial(execute, interpreter)
    return Contender(name, send_to_it, messages, lambda: interpreter.configuration[-1])


def sismic_round(*, observers: bool = False) -> Contender:
    """The plain round."""
    interpreter = Interpreter(import_from_yaml(ROUND_STATECHART))
    if observers:
        interpreter.attach(lambda _event: None)

    return sismic_contender("sismic", interpreter, ROUND)


def sismic_door() -> Contender:
    """The guarded door from YAML."""
    context = {"lock": 4711, "uses": 3, "limit": 10}
    interpreter = Interpreter(import_from_yaml(DOOR_STATECHART), initial_context=context)
    return sismic_contender("sismic, YAML", interpreter, DOOR)
