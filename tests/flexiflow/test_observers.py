"""Whatever observers of a component do, its messages are handled, in order and truthfully."""

import asyncio
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.event_manager import AsyncEventManager
from flexiflow.testing import capture_events

RECEIVED, CHANGED, FAILED = (
    "component.message.received",
    "state.changed",
    "event.handler.failed",
)
START = {"type": "start"}


@pytest.fixture
def component() -> AsyncComponent:
    """A component at its start, on a bus."""
    return AsyncComponent("c", event_bus=AsyncEventManager())


@pytest.fixture
def bus(component: AsyncComponent) -> AsyncEventManager:
    """The component's bus."""
    bus = component.event_bus
    assert isinstance(bus, AsyncEventManager)
    return bus


@pytest.mark.parametrize("event", [RECEIVED, CHANGED])
@pytest.mark.parametrize("started", [False, True])
async def test_a_failing_filter_keeps_no_message_away(
    component: AsyncComponent, bus: AsyncEventManager, event: str, started: bool
) -> None:
    """The message is handled, the other observers hear of it, and the failure is told."""
    if started:
        await component.start()

    def broken(_name: str, _data: Any) -> bool:
        raise RuntimeError("filter broken")

    async def never(_data: Any) -> None:
        raise AssertionError("its filter has failed")

    await bus.subscribe(event, "culprit", never, 1, broken)
    async with capture_events(bus, [RECEIVED, CHANGED, FAILED]) as events:
        await component.handle_message(START)

    assert component.state_name == "AwaitingConfirmation"
    assert {name for name, _ in events} == {RECEIVED, CHANGED, FAILED}
    assert [failure["component_name"] for failure in events.of(FAILED)] == ["culprit"]


async def test_what_an_observer_sends_is_told_from_where_it_began(
    component: AsyncComponent, bus: AsyncEventManager
) -> None:
    """It is handled after the message that is under way, and each change tells its true origin."""

    async def confirms(data: Any) -> None:
        if data["message"] == START:
            await component.handle_message({"type": "confirm", "content": "confirmed"})

    await bus.subscribe(RECEIVED, "me", confirms)
    async with capture_events(bus, [CHANGED]) as events:
        await component.handle_message(START)

    assert [(change["from_state"], change["to_state"]) for change in events.of(CHANGED)] == [
        ("InitialState", "AwaitingConfirmation"),
        ("AwaitingConfirmation", "ProcessingRequest"),
    ]


async def test_a_message_waits_for_its_observers(
    component: AsyncComponent, bus: AsyncEventManager
) -> None:
    """Delivery is inline: a slow observer delays the message, and nothing is told too early."""
    ready = asyncio.Event()

    async def slow(_data: Any) -> None:
        await ready.wait()

    await bus.subscribe(RECEIVED, "slow", slow)
    handling = asyncio.create_task(component.handle_message(START))
    await asyncio.sleep(0)
    assert component.state_name == "InitialState"
    ready.set()
    await handling
    assert component.state_name == "AwaitingConfirmation"
