"""Starting a component: once, and whoever asks for it waits until it is done."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from flexiflow import waiting
from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.event_manager import AsyncEventManager
from flexiflow.snapshot import ComponentSnapshot
from flexiflow.testing import capture_events
from tests.helpers.slow_component import PATIENCE, check_answers


class Door:
    """An entry action that waits until somebody opens."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.open = asyncio.Event()
        self.send_on_leaving: dict[str, Any] | None = None

    async def enter(self, component: AsyncComponent, _message: Any) -> None:
        """Asks to start once more, from inside and in a task that it waits for, and waits."""
        await component.start()
        await asyncio.ensure_future(component.start())
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


@pytest.mark.parametrize("posted", [False, True])
async def test_a_start_does_not_wait_for_the_message_that_began_it(
    component: AsyncComponent, door: Door, posted: bool
) -> None:
    """Which may wait for whoever starts."""
    component.event_bus = bus = AsyncEventManager()
    handled = asyncio.Event()

    async def subscriber(_data: Any) -> None:
        await handled.wait()

    await bus.subscribe("component.message.received", "test", subscriber)
    if posted:
        component.post({"type": "m"})
    else:
        handling = asyncio.ensure_future(component.handle_message({"type": "m"}))

    await door.reached.wait()
    second = asyncio.ensure_future(component.start())
    await turns()
    assert not second.done()
    door.open.set()
    await asyncio.wait_for(second, 5)
    assert component.under_way
    handled.set()
    await component.settled()
    if not posted:
        await handling


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


GREETING = {
    "pack": "greeting",
    "states": {"A": {"entry": [{"send": {"type": "go"}}]}, "B": None},
    "transitions": [
        {"from": "A", "message": "go", "to": "B"},
        {"from": "A", "message": "x", "do": [{"set": {"x": 1}}]},
    ],
}


async def test_starting_returns_when_what_it_sets_off_is_done() -> None:
    """As any other message does."""
    component = load_component(GREETING)
    await component.start()
    assert component.state_name == "B"


@pytest.mark.parametrize("posted", [False, True])
async def test_the_first_message_comes_after_what_starting_sets_off(posted: bool) -> None:
    """Whether the component was started by it or by hand."""
    component = load_component(GREETING)
    if posted:
        component.post({"type": "x"})
        await component.settled()
    else:
        await component.handle_message({"type": "x"})

    assert component.state_name == "B"
    assert component.context == {}


async def test_those_who_come_while_a_component_starts_keep_their_order() -> None:
    """The first to come is the first to be served, behind what starting has set off."""
    component = load_component(GREETING)
    component.event_bus = AsyncEventManager()
    async with capture_events(component.event_bus, ["component.message.received"]) as events:
        await asyncio.gather(*(component.handle_message({"type": kind}) for kind in "123"))

    received = events.of("component.message.received")
    assert [data["message"]["type"] for data in received] == ["go", "1", "2", "3"]


async def test_a_caller_who_is_cancelled_while_the_component_starts_holds_nobody_up() -> None:
    """Nor does his message go on."""
    component = load_component(GREETING)
    component.event_bus = bus = AsyncEventManager()
    seen, begun, go_on = [], asyncio.Event(), asyncio.Event()

    async def note(data: Any) -> None:
        seen.append(data["message"]["type"])
        begun.set()
        await go_on.wait()

    await bus.subscribe("component.message.received", "test", note)
    caller = asyncio.ensure_future(component.handle_message({"type": "x"}))
    await begun.wait()
    caller.cancel()
    await asyncio.wait([caller])
    go_on.set()
    await check_answers(component)
    assert seen == ["go", "still there?"]


async def test_starting_that_sends_as_much_as_may_be_leaves_the_component_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The message that started it is not one too many."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 10)
    fill = [{"send": {"type": "x"}}] * 10
    flow = {"pack": "p", "states": {"A": {"entry": fill}}, "transitions": []}
    for posted in (False, True):
        component = load_component(flow)
        component.event_bus = AsyncEventManager()
        async with capture_events(component.event_bus, ["component.message.received"]) as events:
            if posted:
                component.post({"type": "y"})
                await component.settled()
            else:
                await asyncio.wait_for(component.handle_message({"type": "y"}), PATIENCE)

        assert [data["message"]["type"] for _, data in events] == ["x"] * 10 + ["y"]
        await check_answers(component)
