"""10,000 components at once: making them, sending to each in turn, their memory, and leaving."""

from __future__ import annotations

import gc
import logging
import tracemalloc
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any

from sismic.interpreter import Interpreter
from sismic.io import import_from_yaml

from benchmarks import peers
from benchmarks.flows import DOOR_CONTEXT, DOOR_MESSAGES, ROUND, door_registry
from flexiflow.component import AsyncComponent
from flexiflow.engine import FlexiFlowEngine
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import StateMachine

BUILTIN = "FlexiFlow, builtin states"
YAML = "FlexiFlow, YAML pack"

QUIET = logging.getLogger("benchmarks")
"""Writes nothing below warnings; components ask it at each change all the same."""

Members = list[Any]


@dataclass(frozen=True)
class Crowd:
    """How to make so many members, and how to send them messages that lead them round."""

    name: str
    make: Callable[[int], Awaitable[Members]]
    send: Callable[[Any, Any], Awaitable[object]]
    messages: Sequence[Any]


@dataclass(frozen=True)
class CrowdResult:
    """What a member of a crowd takes.

    Attributes:
        name: how tables call the crowd.
        making: seconds to make it.
        beginning: seconds for its first message.
        handling: seconds for a later one.
        size: bytes.
    """

    name: str
    making: float
    beginning: float
    handling: float
    size: float


async def make_components(count: int) -> Members:
    """Components in one engine, in the builtin states."""
    engine = FlexiFlowEngine(QUIET)
    for number in range(count):
        await engine.register_async(AsyncComponent(f"component {number}"))

    return list(engine.components.values())


async def make_doors(count: int) -> Members:
    """Components in one engine, in the YAML pack's states, each with data of its own."""
    engine, registry = FlexiFlowEngine(QUIET), door_registry()
    for number in range(count):
        machine = StateMachine.from_name("Shut", registry)
        door = AsyncComponent(f"door {number}", state_machine=machine, context=dict(DOOR_CONTEXT))
        await engine.register_async(door)

    return list(engine.components.values())


async def make_models(count: int) -> Members:
    """Models of one machine of transitions, which is its way for many."""
    models = [peers.Model() for _ in range(count)]
    peers.transitions_machine(models)
    return models


async def make_machines(count: int) -> Members:
    """Machines of one class of python-statemachine."""
    machines = [peers.RoundMachine() for _ in range(count)]
    for machine in machines:
        await machine.activate_initial_state()

    return machines


async def make_interpreters(count: int) -> Members:
    """Interpreters of one statechart of sismic."""
    chart = import_from_yaml(peers.ROUND_STATECHART)
    interpreters = [Interpreter(chart) for _ in range(count)]
    for interpreter in interpreters:
        interpreter.execute()

    return interpreters


CROWDS = (
    Crowd(BUILTIN, make_components, AsyncComponent.handle_message, ROUND),
    Crowd(YAML, make_doors, AsyncComponent.handle_message, DOOR_MESSAGES),
    Crowd("transitions", make_models, peers.trigger, peers.ROUND),
    Crowd("python-statemachine", make_machines, peers.send, peers.ROUND),
    Crowd("sismic", make_interpreters, peers.execute, peers.ROUND),
)


async def measure(count: int, rounds: int) -> list[CrowdResult]:
    """Makes each crowd in each round and leads it round twice; then looks at its memory."""
    taken: dict[str, list[tuple[float, float, float]]] = {crowd.name: [] for crowd in CROWDS}
    for _ in range(rounds):
        for crowd in CROWDS:
            taken[crowd.name].append(await _round(crowd, count))

    return [
        CrowdResult(
            crowd.name,
            *(median(column) for column in zip(*taken[crowd.name], strict=True)),
            size=await _size(crowd, count),
        )
        for crowd in CROWDS
    ]


async def _round(crowd: Crowd, count: int) -> tuple[float, float, float]:
    gc.collect()
    begin = process_time()
    members = await crowd.make(count)
    made = process_time()
    await _send_all(crowd, members, crowd.messages[:1])
    begun = process_time()
    await _send_all(crowd, members, crowd.messages[1:])
    been_round = process_time()
    await _send_all(crowd, members, crowd.messages)
    handled = (process_time() - been_round) / len(crowd.messages)
    return (made - begin) / count, (begun - made) / count, handled / count


async def _send_all(crowd: Crowd, members: Members, messages: Sequence[Any]) -> None:
    for message in messages:
        for member in members:
            await crowd.send(member, message)


async def _size(crowd: Crowd, count: int) -> float:
    """Bytes of a member that has been round, the list of all included."""
    await crowd.make(1)  # what is made once for all is not counted
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    members = await crowd.make(count)
    await _send_all(crowd, members, crowd.messages)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return used / len(members)


async def unsubscribing(count: int) -> float:
    """Seconds to end one subscription among so many, each of another component."""
    bus = AsyncEventManager()

    async def handler(_data: Any) -> None:
        """Hears of it."""

    handles = [
        await bus.subscribe("state.changed", f"component {number}", handler)
        for number in range(count)
    ]
    gc.collect()
    begin = process_time()
    for handle in handles:
        bus.unsubscribe(handle)

    return (process_time() - begin) / count
