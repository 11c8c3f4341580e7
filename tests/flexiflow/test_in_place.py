"""Messages handled in place and as turns have the same effect."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexiflow.component import EVENT_NAMES, AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import State, StateMachine

FLOWS = Path(__file__).parents[2] / "resources" / "examples"


class Red(State):
    """Leads to green and, on ``flow``, into a pack."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        match message.get("type"):
            case "go":
                return True, Green()
            case "flow":
                return True, component.state_machine.registry.create("Cart")
            case "break":
                raise RuntimeError("broken")

        return False, self


class Green(State):
    """Leads to red."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        return message.get("type") == "stop", Red()


BUILTIN = ["start", "confirm", "confirmed", "cancel", "complete", "error", "acknowledge", "other"]
LIGHTS = ["go", "stop", "break", "other"]
ORDER = [
    "add_item", "bad_item", "checkout", "back", "pay", "payment_ok", "payment_failed", "approve",
    "reject", "pick", "cancel", "ship", "out_of_stock", "lost", "refund", "reship", "other",
]  # fmt: skip

MESSAGES: dict[str, dict[str, Any]] = {
    "confirmed": {"type": "confirm", "content": "confirmed"},
    "add_item": {"type": "add_item", "price": 200},
    "bad_item": {"type": "add_item", "price": "free"},
    "payment_ok": {"type": "payment_ok", "amount": 400},
}


async def subscribe(bus: AsyncEventManager, seen: list[Any], *, waits: bool) -> None:
    """Records all events, with or without waiting for something."""

    def recorder(name: str) -> Any:
        async def record(data: Any) -> None:
            seen.append((name, data))

        async def record_and_wait(data: Any) -> None:
            seen.append((name, data))
            await asyncio.sleep(0)

        return record_and_wait if waits else record

    for name in EVENT_NAMES:
        await bus.subscribe(name, "recorder", recorder(name))


async def run(component: AsyncComponent, names: list[str], *, waits: bool | None) -> list[Any]:
    """What is to be seen of a component that gets these messages."""
    seen: list[Any] = []
    component.event_bus = bus = AsyncEventManager()
    if waits is not None:
        await subscribe(bus, seen, waits=waits)

    results = []
    for name in names:
        message = dict(MESSAGES.get(name, {"type": name}))
        try:
            await component.handle_message(message)
        except RuntimeError as error:
            results.append(str(error))

        last = component.last_transition
        results.append((component.state_name, last and last.index, message))

    await component.stop()
    return [results, dict(component.context), seen]


def builtin() -> AsyncComponent:
    """A component of builtin states."""
    return AsyncComponent("c")


def lights() -> AsyncComponent:
    """A component of Python states."""
    return AsyncComponent("c", state_machine=StateMachine(Red()))


def order() -> AsyncComponent:
    """A component of a pack."""
    return load_component(FLOWS / "order.yaml")


@pytest.mark.parametrize(("make", "names"), [(builtin, BUILTIN), (lights, LIGHTS), (order, ORDER)])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_both_ways_look_the_same(make: Any, names: list[str], data: st.DataObject) -> None:
    """States, transitions, context, errors and events, whether observers wait or not."""
    sent = data.draw(st.lists(st.sampled_from(names), max_size=25))
    in_place = asyncio.run(run(make(), sent, waits=False))
    assert asyncio.run(run(make(), sent, waits=True)) == in_place
    assert asyncio.run(run(make(), sent, waits=None))[:2] == in_place[:2]


async def test_a_python_state_leads_into_a_pack_in_place() -> None:
    """Entry actions and timers of the pack's state are not forgotten."""
    component = load_component(
        {
            "pack": "p",
            "states": {
                "Cart": {"entry": [{"set": {"entered": 1}}]},
                "Left": None,
            },
            "transitions": [{"from": "Cart", "after": "1h", "to": "Left"}],
        }
    )
    await component.start()
    component.state_machine.current_state = Red()
    component.context.clear()
    await component.handle_message({"type": "flow"})
    assert component.context == {"entered": 1}
    assert len(component._state_timers or ()) == 1
    component.state_machine.current_state = Red()
    await component.handle_message({"type": "go"})
    assert component.state_name == "Green"
    assert not component._state_timers, "a Python state that is left cancels timers too"
    await component.stop()


async def test_nothing_else_runs_while_a_message_is_handled_in_place() -> None:
    """Sending many messages does not give way to other tasks."""
    component = AsyncComponent("c", event_bus=(bus := AsyncEventManager()))
    await component.start()
    await subscribe(bus, seen := [], waits=False)
    await component.handle_message({"type": "start"})
    other = asyncio.ensure_future(asyncio.sleep(0))
    for _ in range(100):
        await component.handle_message({"type": "cancel"})
        await component.handle_message({"type": "start"})

    assert not other.done()
    assert len(seen) == 402
    await other
