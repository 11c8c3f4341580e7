"""Starting a component: once, and whoever asks for it waits until it is done."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.event_manager import AsyncEventManager
from flexiflow.snapshot import ComponentSnapshot


class Door:
    """An entry action that waits until somebody opens."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.open = asyncio.Event()
        self.send_on_leaving: dict[str, Any] | None = None

    async def enter(self, component: AsyncComponent, _message: Any) -> None:
        """Asks to start once more, from inside, and waits."""
        await component.start()
        self.reached.set()
        await self.open.wait()
        component.context["entered"] += 1
        if self.send_on_leaving is not None:
            component.post(self.send_on_leaving)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """What the entry action calls."""
    door = Door()
    monkeypatch.setattr("flexiflow.testing.door", door.enter, raising=False)
    return door


@pytest.fixture
def component(door: Door) -> AsyncComponent:
    """One that takes its time to start."""
    return load_component(
        {
            "pack": "slow",
            "context": {"entered": 0},
            "states": {"A": {"entry": [{"call": "flexiflow.testing:door"}]}},
            "transitions": [{"from": "A", "message": "m"}],
        }
    )


async def turns(count: int = 5) -> None:
    """Lets other tasks go on."""
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("first", ["start", "message"])
async def test_a_second_start_waits_for_the_first(
    component: AsyncComponent, door: Door, first: str
) -> None:
    """Whether that was asked for or came with a message; one from inside returns at once."""
    call = component.start() if first == "start" else component.handle_message({"type": "m"})
    begun = asyncio.ensure_future(call)
    await door.reached.wait()
    second = asyncio.ensure_future(component.start())
    await turns()
    assert not second.done()
    door.open.set()
    await asyncio.gather(begun, second)
    assert component.context["entered"] == 1
    await component.start()
    assert component.context["entered"] == 1


async def test_a_start_that_is_cancelled_lets_the_next_one_through(
    component: AsyncComponent, door: Door
) -> None:
    """The state is entered then, though its action was cut short."""
    begun = asyncio.ensure_future(component.start())
    await door.reached.wait()
    second = asyncio.ensure_future(component.start())
    await turns()
    begun.cancel()
    await asyncio.wait([begun])
    await second
    assert component.context["entered"] == 0
    assert not component.under_way


async def test_a_started_component_is_not_waited_for(component: AsyncComponent, door: Door) -> None:
    """However busy it is."""
    door.open.set()
    await component.start()
    door.open.clear()
    busy = asyncio.Event()

    async def subscriber(_data: Any) -> None:
        busy.set()
        await door.open.wait()

    component.event_bus = bus = AsyncEventManager()
    await bus.subscribe("component.message.received", "test", subscriber)
    message = asyncio.ensure_future(component.handle_message({"type": "m"}))
    await busy.wait()
    second = asyncio.ensure_future(component.start())
    await turns()
    assert second.done()
    door.open.set()
    await message


async def test_what_is_urgent_in_mid_start_comes_to_its_end(
    component: AsyncComponent, door: Door
) -> None:
    """Also where starting has sent something, which goes before the message that began it."""
    snapshot = ComponentSnapshot("slow", "A", [], {}, {"entered": 7})
    first = asyncio.ensure_future(component.handle_message({"type": "m"}))
    await door.reached.wait()
    door.send_on_leaving = {"type": "m"}
    restored = asyncio.ensure_future(component.restore(snapshot))
    await turns()
    door.open.set()
    await asyncio.wait_for(asyncio.gather(first, restored), 5)
    assert component.context["entered"] == 7
    assert not component.under_way
