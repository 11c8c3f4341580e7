"""How fast one component handles messages: python benchmarks/engine.py [MESSAGES].

Messages per second, and as a share of a loop that awaits an empty coroutine as often: what
remains of the speed of Python itself, on any machine.
"""

from __future__ import annotations

import asyncio
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from flexiflow.component import AsyncComponent
from flexiflow.declarative import compile_pack
from flexiflow.event_manager import AsyncEventManager
from flexiflow.packfile import parse_pack
from flexiflow.state_machine import DEFAULT_REGISTRY, State, StateMachine, StateRegistry

ROUNDS = 7

CYCLE: list[dict[str, Any]] = [
    {"type": "start"},
    {"type": "confirm", "content": "confirmed"},
    {"type": "complete"},
]

GUARDED = """
pack: door
guards:
  may_open: message.key == context.lock
states: {Shut: , Open: , Busy: }
transitions:
  - {from: Shut, message: open, to: Open, guard: may_open}
  - {from: Open, message: use, to: Busy, guard: context.uses < context.limit}
  - {from: Busy, message: close, to: Shut}
"""

GUARDED_CYCLE: list[dict[str, Any]] = [
    {"type": "open", "key": 4711},
    {"type": "use"},
    {"type": "close"},
]

CONTEXT = {"lock": 4711, "uses": 3, "limit": 10}


class Shut(State):
    """The guarded flow by hand."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> tuple[bool, State]:
        """As the pack says."""
        if message.get("type") == "open" and message["key"] == component.context["lock"]:
            return True, Open()

        return False, self


class Open(State):
    """The guarded flow by hand."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> tuple[bool, State]:
        """As the pack says."""
        context = component.context
        if message.get("type") == "use" and context["uses"] < context["limit"]:
            return True, Busy()

        return False, self


class Busy(State):
    """The guarded flow by hand."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> tuple[bool, State]:
        """As the pack says."""
        del component
        if message.get("type") == "close":
            return True, Shut()

        return False, self


async def empty() -> None:
    """What Python itself takes for a message."""


async def empty_loop(count: int) -> None:
    """Awaits an empty coroutine."""
    for _ in range(count):
        await empty()


def sender(
    component: AsyncComponent, messages: list[dict[str, Any]]
) -> Callable[[int], Awaitable[None]]:
    """Sends the messages round and round."""

    async def send(count: int) -> None:
        for _ in range(count // len(messages)):
            for message in messages:
                await component.handle_message(message)

    return send


async def observed() -> AsyncComponent:
    """A component with two subscribers to its events."""
    bus = AsyncEventManager()
    seen = [0, 0]

    async def on_received(_data: Any) -> None:
        seen[0] += 1

    async def on_changed(_data: Any) -> None:
        seen[1] += 1

    await bus.subscribe("component.message.received", "benchmark", on_received)
    await bus.subscribe("state.changed", "benchmark", on_changed)
    return AsyncComponent("observed", event_bus=bus)


async def waiting() -> AsyncComponent:
    """A component with two subscribers that wait for something."""
    bus = AsyncEventManager()

    async def on_event(_data: Any) -> None:
        await empty()

    await bus.subscribe("component.message.received", "benchmark", on_event)
    await bus.subscribe("state.changed", "benchmark", on_event)
    return AsyncComponent("observed", event_bus=bus)


def declared() -> AsyncComponent:
    """The guarded flow as a YAML pack."""
    registry = StateRegistry(DEFAULT_REGISTRY)
    for key, state_cls in compile_pack(parse_pack(GUARDED)).items():
        registry.register(key, state_cls)

    machine = StateMachine.from_name("Shut", registry)
    return AsyncComponent("declared", state_machine=machine, context=dict(CONTEXT))


def by_hand() -> AsyncComponent:
    """The guarded flow as Python states."""
    return AsyncComponent("by hand", state_machine=StateMachine(Shut()), context=dict(CONTEXT))


async def best(work: Callable[[int], Awaitable[None]], count: int) -> float:
    """Seconds of the fastest round."""
    fastest = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await work(count)
        fastest = min(fastest, time.perf_counter() - start)

    return fastest


async def memory() -> float:
    """Bytes of a component that has handled a message, without rules."""
    message = {"type": "start"}
    count = 10_000
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    components = [AsyncComponent(f"component {number}") for number in range(count)]
    for component in components:
        await component.handle_message(message)

    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return used / count


async def main(count: int) -> None:
    """Prints a line per case."""
    bare = await best(empty_loop, count)
    print(f"{'empty coroutine':<42} {count / bare:>12,.0f} /s")
    cases = {
        "builtin states": sender(AsyncComponent("plain"), CYCLE),
        "builtin states, 2 subscribers": sender(await observed(), CYCLE),
        "builtin states, 2 subscribers that wait": sender(await waiting(), CYCLE),
        "guarded flow, Python states": sender(by_hand(), GUARDED_CYCLE),
        "guarded flow, YAML pack": sender(declared(), GUARDED_CYCLE),
    }
    taken = {}
    for name, work in cases.items():
        taken[name] = await best(work, count)
        rate, share = count / taken[name], bare / taken[name]
        print(f"{name:<42} {rate:>12,.0f} /s   {share:.3f} of an empty coroutine")

    ratio = taken["guarded flow, Python states"] / taken["guarded flow, YAML pack"]
    print(f"YAML pack against Python states: {ratio:.2f}")
    print(f"memory per component: {await memory():,.0f} bytes")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 150_000))
