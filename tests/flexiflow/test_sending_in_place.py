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


class Busy(State):
    """Sends messages to its own component, then does what its message says."""

    def __init__(self, seen: list[str]) -> None:
        self.seen = seen

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        if message.get("holds"):
            component.hold()

        for kind in message.get("sends", ()):
            component.post({"type": kind})

        match message["type"]:
            case "raise":
                raise RuntimeError("broken")
            case "no pair":
                return None
            case "move":
                return True, Patient(self.seen)

        return False, self


class Patient(State):
    """Takes its time, and writes down when it has done something."""

    def __init__(self, seen: list[str]) -> None:
        self.seen = seen

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        for _ in range(3):
            await asyncio.sleep(0)

        self.seen.append(message["type"])
        return False, self


class Broken:
    """A logger that fails."""

    def info(self, *_args: Any) -> None:
        """Fails."""
        raise RuntimeError("no room for the log")


async def busy(*, in_place: bool) -> tuple[AsyncComponent, list[str]]:
    """A component that is busy in place, or the same in turns; and what it does in the end."""
    seen: list[str] = []
    state = Busy(seen)
    component = AsyncComponent("c", state_machine=StateMachine(state))
    await component.start()
    if not in_place:

        async def handle(message: dict[str, Any], component: Any) -> Any:
            return await Busy.handle_message(state, message, component)

        state.handle_message = handle  # type: ignore[method-assign]

    return component, seen


BOTH_WAYS = pytest.mark.parametrize("in_place", [True, False])


@BOTH_WAYS
@pytest.mark.parametrize(
    ("kind", "error"), [("raise", RuntimeError), ("no pair", StateError), ("move", RuntimeError)]
)
async def test_an_error_comes_out_when_what_was_sent_has_been_handled(
    kind: str, error: type[Exception], in_place: bool
) -> None:
    """Whether the state, the machine or the logger fails."""
    component, seen = await busy(in_place=in_place)
    component.logger = Broken() if kind == "move" else None
    sent = []

    async def note(data: Any) -> None:
        sent.append(data["message"]["type"])

    component.event_bus = bus = AsyncEventManager()
    await bus.subscribe("component.message.received", "test", note)
    await component.handle_message({"type": "first"})  # finds out who listens
    with pytest.raises(error):
        await component.handle_message({"type": kind, "sends": ["a", "b"]})

    assert sent == ["first", kind, "a", "b"]
    assert seen == (["a", "b"] if kind == "move" else [])
    assert not component.under_way


@BOTH_WAYS
async def test_all_that_was_sent_is_done_when_the_call_returns(in_place: bool) -> None:
    """Also the last one, and though it takes its time."""
    component, seen = await busy(in_place=in_place)
    await component.handle_message({"type": "move", "sends": "abc"})
    assert seen == ["a", "b", "c"]
    assert not component.under_way


@BOTH_WAYS
@pytest.mark.parametrize("kind", ["move", "stay"])
async def test_what_is_sent_in_a_hold_that_began_before_is_waited_for(
    kind: str, in_place: bool
) -> None:
    """The call returns when it has been let through and handled."""
    component, seen = await busy(in_place=in_place)
    message = {"type": kind, "holds": True, "sends": "ab"}
    caller = asyncio.ensure_future(component.handle_message(message))
    for _ in range(5):
        await asyncio.sleep(0)

    assert component.pending == 2
    assert not caller.done()
    component.release()
    await caller
    assert seen == (["a", "b"] if kind == "move" else [])
    assert not component.under_way


@BOTH_WAYS
async def test_what_is_sent_comes_before_callers_who_came_meanwhile(in_place: bool) -> None:
    """They are served behind all of it."""
    component, seen = await busy(in_place=in_place)
    calls = [{"type": "move", "sends": "ab"}, {"type": "c"}]
    await asyncio.gather(*(component.handle_message(message) for message in calls))
    assert seen == ["a", "b", "c"]


async def test_errors_of_starting_come_out_when_what_was_sent_has_been_handled() -> None:
    """The first message starts the component; a clock that sets no timer fails it."""

    class NoClock:
        def now(self) -> float:
            return 0.0

        def call_later(self, *_args: Any) -> Any:
            raise RuntimeError("no timers today")

    seen: list[str] = []
    component = load_component(
        {
            "pack": "p",
            "states": {"A": {"entry": [{"send": {"type": "sent"}}]}},
            "transitions": [{"from": "A", "after": "1s", "do": []}],
        }
    )

    async def note(data: Any) -> None:
        await asyncio.sleep(0)
        seen.append(data["message"]["type"])

    component.clock = NoClock()  # type: ignore[assignment]
    component.event_bus = bus = AsyncEventManager()
    await bus.subscribe("component.message.received", "test", note)
    with pytest.raises(RuntimeError, match="no timers"):
        await component.handle_message({"type": "x"})

    assert seen == ["sent"]
    assert not component.under_way
