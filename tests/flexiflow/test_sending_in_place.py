"""Messages that are handled in place, while code that awaits nothing sends, holds and steps."""

import asyncio
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.errors import StateError
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import State, StateMachine

NOTES = {
    "pack": "notes",
    "context": {"notes": []},
    "states": {"A": None, "B": {"entry": [{"set": {"notes": "context.notes + ['entered']"}}]}},
    "transitions": [
        {"from": "A", "message": "a", "do": [{"set": {"notes": "context.notes + ['a']"}}]},
        {"from": "A", "message": "b", "do": [{"set": {"notes": "context.notes + ['b']"}}]},
        {"from": "A", "message": "go", "to": "B"},
        {"from": "B", "message": "b", "do": [{"set": {"notes": "context.notes + ['b']"}}]},
    ],
}


async def subscribed(bus: AsyncEventManager, event: str, subscriber: Any) -> AsyncComponent:
    """A component that handles its next message in place."""
    component = load_component(NOTES)
    component.event_bus = bus
    await bus.subscribe(event, "test", subscriber)
    await component.handle_message({"type": "nothing"})
    return component


@pytest.fixture
def bus() -> AsyncEventManager:
    """A bus."""
    return AsyncEventManager()


@pytest.mark.parametrize("kind", ["a", "go"])
async def test_what_a_subscriber_sends_comes_after_the_message_that_it_is_told_of(
    bus: AsyncEventManager, kind: str
) -> None:
    """Right after it, and before the call returns."""

    async def send(data: Any) -> None:
        if data["message"]["type"] == kind:
            component.post({"type": "b"})

    component = await subscribed(bus, "component.message.received", send)
    await component.handle_message({"type": kind})
    assert component.context["notes"] == ["entered" if kind == "go" else kind, "b"]


@pytest.mark.parametrize("event", ["state.changed", "component.message.ignored"])
async def test_what_is_sent_at_the_end_of_a_message_is_done_when_the_call_returns(
    bus: AsyncEventManager, event: str
) -> None:
    """Whatever the message led to."""
    component = AsyncComponent("c", event_bus=bus)
    sent = [{"type": "start"}, {"type": "confirm", "content": "confirmed"}]

    async def send(_data: Any) -> None:
        while begun and sent:
            component.post(sent.pop(0))

    begun = False
    await bus.subscribe(event, "test", send)
    await component.handle_message({"type": "nothing"})
    begun = True
    await component.handle_message({"type": "start" if event == "state.changed" else "none"})
    assert component.state_name == "ProcessingRequest"


async def test_what_a_state_sends_is_handled_after_its_own_change(bus: AsyncEventManager) -> None:
    """Entry actions of the state that it leads to come first, and the events are in order."""
    events: list[str] = []

    class Sender(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            component.post({"type": "b"})
            return True, component.state_machine.registry.create("B")

    async def changed(data: Any) -> None:
        events.append(f"{data['from_state']} to {data['to_state']}")

    async def handled(data: Any) -> None:
        events.append(f"{data['message']['type']} handled")

    component = await subscribed(bus, "state.changed", changed)
    await bus.subscribe("component.message.handled", "test", handled)
    component.state_machine.current_state = Sender()
    await component.handle_message({"type": "x"})
    assert component.context["notes"] == ["entered", "b"]
    assert events == ["Sender to B", "b handled"]


async def test_a_state_that_moves_and_sends_is_done_when_the_call_returns() -> None:
    """Also where nobody listens."""
    seen: list[str] = []

    class Sender(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            seen.append(message["type"])
            if message["type"] == "a":
                component.post({"type": "b"})

            return message.get("move", False), Sender()

    component = AsyncComponent("c", state_machine=StateMachine(Sender()))
    await component.start()
    for move in (False, True):
        await component.handle_message({"type": "x"})
        await component.handle_message({"type": "a", "move": move})
        assert seen == ["x", "a", "b"]
        seen.clear()


@pytest.mark.parametrize("kind", ["a", "go"])
async def test_a_hold_lets_the_message_through_that_it_came_in(
    bus: AsyncEventManager, kind: str
) -> None:
    """It takes effect after that, so nothing is half done while it lasts."""

    async def hold(data: Any) -> None:
        if data["message"]["type"] == kind:
            component.post({"type": "b"})
            component.hold()

    component = await subscribed(bus, "component.message.received", hold)
    caller = asyncio.ensure_future(component.handle_message({"type": kind}))
    for _ in range(5):
        await asyncio.sleep(0)

    assert component.context["notes"] == ["entered" if kind == "go" else kind]
    assert component.pending == 1
    component.release()
    await caller
    assert component.context["notes"][1:] == ["b"]


async def test_what_a_state_sends_before_it_fails_is_handled_before_the_error_comes_out() -> None:
    """As it is where the message takes a turn, which the first one does."""
    seen: list[str] = []

    class Fails(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            seen.append(message["type"])
            if message["type"] == "a":
                component.post({"type": "b"})
                raise LookupError("a")

            return False, self

    component = AsyncComponent("c", state_machine=StateMachine(Fails()))
    for _ in range(2):
        with pytest.raises(LookupError):
            await component.handle_message({"type": "a"})

        assert seen == ["a", "b"]
        assert not component.under_way
        seen.clear()


async def test_a_bad_result_waits_for_what_was_sent_too() -> None:
    """It is an error of the same message."""
    seen: list[str] = []

    class Odd(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            seen.append(message["type"])
            if message["type"] == "a":
                component.post({"type": "b"})
                return None

            return False, self

    component = AsyncComponent("c", state_machine=StateMachine(Odd()))
    await component.start()
    with pytest.raises(StateError):
        await component.handle_message({"type": "a"})

    assert seen == ["a", "b"]
