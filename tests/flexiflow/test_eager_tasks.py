"""Loops that start their tasks at once, as Python can since 3.12: all comes in the same order."""

import asyncio
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.engine import FlexiFlowEngine
from flexiflow.state_machine import State, StateMachine
from flexiflow.testing import capture_events


class Noted(State):
    """Writes down what it handles, with or without a pause in between."""

    def __init__(self, log: list[str]) -> None:
        self.log = log

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        self.log.append(f"{message['type']} begins")
        for _ in range(message.get("rests", 0)):
            await asyncio.sleep(0)

        self.log.append(f"{message['type']} ends")
        return False, self


@pytest.fixture(autouse=True)
async def eager() -> None:
    """The running loop starts its tasks at once."""
    factory = getattr(asyncio, "eager_task_factory", None)
    if factory is None:
        pytest.skip("this Python has no eager tasks")

    asyncio.get_running_loop().set_task_factory(factory)


async def test_what_is_posted_is_done_later() -> None:
    """Posting returns at once, and whatever comes then is handled too."""
    log: list[str] = []
    component = AsyncComponent("c", state_machine=StateMachine(Noted(log)))
    await component.start()
    component.post({"type": "a"})
    assert log == []
    await component.settled()
    assert log == ["a begins", "a ends"]
    assert not component.works_off
    log.clear()
    for kind in "bcd":
        component.post({"type": kind, "rests": 2})

    callers = [component.handle_message({"type": kind, "rests": 2}) for kind in "ef"]
    await asyncio.gather(*callers)
    assert log == [f"{kind} {what}" for kind in "bcdef" for what in ("begins", "ends")]


async def test_a_registration_is_told_after_it() -> None:
    """Its subscribers run when ``register`` has returned."""
    engine = FlexiFlowEngine()
    async with capture_events(engine.event_bus, ["engine.component.registered"]) as events:
        engine.register(AsyncComponent("c"))
        assert len(events) == 0
        await engine.drain()
        assert len(events) == 1
