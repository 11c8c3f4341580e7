"""Whatever a program puts in the place of a method is called, for the first message and later."""

import asyncio
import logging
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec, patch

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import InitialState, State, StateMachine, StateRegistry

START = {"type": "start"}


class Recorder(AsyncEventManager):
    """A bus that only writes down, and does not call the constructor that it inherits."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    async def publish(self, event_name: str, data: Any = None, **modes: Any) -> None:
        self.events.append((event_name, data))


class Logged:
    """A mixin that looks at each message before the state does."""

    seen: list[Any]

    async def handle_message(self, message: Any, component: Any) -> Any:
        self.seen.append(message["type"])
        return await super().handle_message(message, component)


class Patient:
    """A mixin that takes its time."""

    async def handle_message(self, message: Any, component: Any) -> Any:
        await asyncio.sleep(0)
        return await super().handle_message(message, component)


class Door(State):
    """Opens once."""

    async def handle_message(self, message: Any, component: Any) -> Any:
        return message["type"] == "go", Opened()


class Opened(State):
    """Stays open."""

    async def handle_message(self, message: Any, component: Any) -> Any:
        return False, self


async def warm(state: Any = None, bus: Any = None) -> AsyncComponent:
    """A component that has handled a message already."""
    machine = StateMachine(InitialState() if state is None else state)
    component = AsyncComponent("c", state_machine=machine, event_bus=bus)
    await component.handle_message({"type": "warm up"})
    return component


async def test_a_machine_s_method_replaced_on_the_machine() -> None:
    """Its verdict counts."""
    component = await warm()
    component.state_machine.handle_message = AsyncMock(return_value=False)
    await component.handle_message(START)
    component.state_machine.handle_message.assert_awaited_once_with(START, component)
    assert component.state_name == "InitialState"


async def test_a_machine_s_method_replaced_on_the_class() -> None:
    """It is called, and what it raises is raised."""
    component = await warm()
    with (
        patch.object(StateMachine, "handle_message", AsyncMock(side_effect=RuntimeError("spy"))),
        pytest.raises(RuntimeError, match="spy"),
    ):
        await component.handle_message(START)

    await component.handle_message(START)
    assert component.state_name == "AwaitingConfirmation"


async def test_a_builtin_state_replaced_on_its_class_and_back() -> None:
    """A spy around the original sees each message and changes nothing."""
    component = await warm()
    original, seen = InitialState.handle_message, []

    async def spy(self: Any, message: Any, component: Any) -> Any:
        seen.append(message)
        return await original(self, message, component)

    with patch.object(InitialState, "handle_message", spy):
        await component.handle_message({"type": "other"})
        await component.handle_message(START)

    assert seen == [{"type": "other"}, START]
    assert component.state_name == "AwaitingConfirmation"


async def test_a_builtin_state_replaced_on_the_object_and_back() -> None:
    """Wrapped or not, it leads where it always does."""
    component = await warm()
    state = component.state_machine.current_state
    with patch.object(state, "handle_message", wraps=state.handle_message) as spy:
        await component.handle_message({"type": "other"})

    assert spy.await_count == 1
    await component.handle_message(START)
    assert component.state_name == "AwaitingConfirmation"


async def test_a_subclass_of_a_builtin_state_calls_what_it_inherits() -> None:
    """The table of moves is that of the builtin state."""

    class Careful(InitialState):
        async def handle_message(self, message: Any, component: Any) -> Any:
            return await super().handle_message(message, component)

    proceed, target = await Careful().handle_message(START, None)
    assert (proceed, type(target).__name__) == (True, "AwaitingConfirmation")


async def test_a_mixin_is_called_for_each_message() -> None:
    """Also where the class has no method of its own."""

    class Start(Logged, InitialState):
        seen: list[Any] = []

    component = await warm(Start())
    await component.handle_message({"type": "other"})
    await component.handle_message(START)
    assert Start.seen == ["warm up", "other", "start"]
    assert component.state_name == "AwaitingConfirmation"


async def test_a_stand_in_for_a_state_is_called() -> None:
    """It passes on what it is asked for, and has one method of its own."""
    seen = []

    class StandIn:
        def __init__(self, inner: State) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        async def handle_message(self, message: Any, component: Any) -> Any:
            seen.append(message["type"])
            return await self.inner.handle_message(message, component)

    component = await warm(StandIn(InitialState()))
    component.state_machine.current_state = StandIn(InitialState())
    await component.handle_message(START)
    assert seen == ["warm up", "start"]


def patient_door() -> State:
    """A state whose mixin awaits something."""

    class PatientDoor(Patient, Door):
        pass

    return PatientDoor()


def late_door() -> State:
    """A state whose class is told of by no ``__init_subclass__``."""

    class Silent(Door):
        def __init_subclass__(cls) -> None:
            pass

    class LateDoor(Silent):
        handle_message = slow_method

    return LateDoor()


async def slow_method(self: Any, message: Any, component: Any) -> Any:
    """As a method that awaits."""
    await asyncio.sleep(0)
    return message["type"] == "go", Opened()


def patched_door() -> State:
    """A state with a method of its own on the object."""
    door = Door()

    async def handle(message: Any, component: Any) -> Any:
        return await slow_method(door, message, component)

    door.handle_message = handle
    return door


@pytest.mark.parametrize("make", [patient_door, late_door, patched_door])
async def test_messages_never_meet_whatever_awaits(make: Any) -> None:
    """Two at once lead through the door once."""
    bus, changes = AsyncEventManager(), []

    async def note(change: Any) -> None:
        changes.append(change["to_state"])

    await bus.subscribe("state.changed", "test", note)
    component = await warm(make(), bus)
    await asyncio.gather(
        component.handle_message({"type": "go"}), component.handle_message({"type": "go"})
    )
    assert changes == ["Opened"]


async def test_a_class_that_is_replaced_to_await_lets_no_messages_meet() -> None:
    """What was known of the former method does not count any more."""
    bus, changes = AsyncEventManager(), []

    async def note(change: Any) -> None:
        changes.append(change["to_state"])

    await bus.subscribe("state.changed", "test", note)
    component = await warm(Door(), bus)
    with patch.object(Door, "handle_message", slow_method):
        await asyncio.gather(*(component.handle_message({"type": "go"}) for _ in range(2)))

    assert changes == ["Opened"]


@pytest.mark.parametrize("on", ["class", "object", "dictionary"])
async def test_a_bus_whose_publish_is_replaced(on: str) -> None:
    """Every event goes through it."""
    bus, publish = AsyncEventManager(), AsyncMock()
    component = await warm(bus=bus)
    if on == "class":
        with patch.object(AsyncEventManager, "publish", publish):
            await component.handle_message(START)
    else:
        if on == "object":
            bus.publish = publish
        else:
            vars(bus)["publish"] = publish

        await component.handle_message(START)

    assert [call.args[0] for call in publish.await_args_list] == [
        "component.message.received",
        "state.changed",
    ]


async def test_a_bus_that_inherits_no_constructor() -> None:
    """It is a bus like any other."""
    bus = Recorder()
    component = AsyncComponent("c", event_bus=bus)
    await component.handle_message({"type": "other"})
    await component.handle_message(START)
    assert [name for name, _ in bus.events] == [
        "component.message.received",
        "component.message.received",
        "state.changed",
    ]
    assert bus.unsubscribe_all("c") == 0


@pytest.mark.parametrize(
    "double", [MagicMock, AsyncMock, create_autospec], ids=["magic", "async", "autospec"]
)
async def test_a_double_of_the_bus_sees_the_events_of_the_contract(double: Any) -> None:
    """Though it says that it is an AsyncEventManager."""
    bus = double(AsyncEventManager) if double is create_autospec else double(spec=AsyncEventManager)
    bus.publish = AsyncMock()
    component = AsyncComponent("c", event_bus=bus)
    await component.handle_message({"type": "other"})
    bus.publish.assert_awaited_once_with(
        "component.message.received", {"component": "c", "message": {"type": "other"}}
    )


@pytest.mark.parametrize("double", [Mock, MagicMock, AsyncMock])
@pytest.mark.parametrize("spec", [State, InitialState])
async def test_a_double_of_a_state_is_a_state(double: Any, spec: Any) -> None:
    """It is asked, and nothing more is known of it."""
    state = double(spec=spec)
    state.handle_message = AsyncMock(return_value=(False, state))
    bus = Mock(publish=AsyncMock())
    component = AsyncComponent("c", state_machine=StateMachine(state), event_bus=bus)
    for _ in range(2):
        await component.handle_message({"type": "x"})

    assert state.handle_message.await_count == 2
    assert [call.args[0] for call in bus.publish.await_args_list] == [
        "component.message.received"
    ] * 2


async def test_a_double_of_a_registry_names_no_state() -> None:
    """States then have the names of their classes."""
    bus, changes = AsyncEventManager(), []

    async def note(change: Any) -> None:
        changes.append((change["from_state"], change["to_state"]))

    await bus.subscribe("state.changed", "test", note)
    machine = StateMachine(InitialState(), registry=MagicMock(spec=StateRegistry))
    component = AsyncComponent("c", state_machine=machine, event_bus=bus)
    await component.handle_message(START)
    await component.handle_message({"type": "cancel"})
    assert changes == [
        ("InitialState", "AwaitingConfirmation"),
        ("AwaitingConfirmation", "InitialState"),
    ]


@pytest.mark.parametrize("started", [False, True])
async def test_a_state_that_changes_what_its_component_has(started: bool) -> None:
    """The bus and the machine that it has in the end count, from the first message on."""
    bus, seen = AsyncEventManager(), []

    async def note(change: Any) -> None:
        seen.append(change["to_state"])

    class Leaves(State):
        async def handle_message(self, message: Any, component: Any) -> Any:
            if message["type"] == "bus":
                component.event_bus = None
            elif message["type"] == "machine":
                component.state_machine = StateMachine(Opened())

            return message["type"] != "warm up", Leaves()

    await bus.subscribe("state.changed", "test", note)
    component = AsyncComponent("c", state_machine=StateMachine(Leaves()), event_bus=bus)
    if started:
        await component.handle_message({"type": "warm up"})

    await component.handle_message({"type": "bus"})
    assert seen == []
    component.event_bus = bus
    await component.handle_message({"type": "machine"})
    assert seen == ["Opened"]


@pytest.mark.parametrize("started", [False, True])
async def test_content_that_cannot_be_compared_says_so(started: bool) -> None:
    """The first time and later."""

    class Odd:
        def __eq__(self, other: object) -> bool:
            raise KeyError("odd")

        __hash__ = None  # type: ignore[assignment]

    component = AsyncComponent("c")
    component.state_machine = StateMachine.from_name("AwaitingConfirmation")
    if started:
        await component.handle_message({"type": "warm up"})

    with pytest.raises(KeyError, match="odd"):
        await component.handle_message({"type": "confirm", "content": Odd()})


async def test_a_message_that_is_no_mapping_is_handed_on_as_it_is() -> None:
    """Nobody knows whether a copy of it would be equal."""

    class Letter:
        def get(self, key: str, default: Any) -> Any:
            return "start" if key == "type" else default

    bus, seen, letter = AsyncEventManager(), [], Letter()

    async def note(data: Any) -> None:
        seen.append(data["message"])

    await bus.subscribe("component.message.received", "test", note)
    component = await warm(bus=bus)
    await component.handle_message(letter)
    assert seen[1] is letter
    assert component.state_name == "AwaitingConfirmation"


async def test_a_message_whose_copy_fails_arrives() -> None:
    """Whatever it is made of."""

    class Stubborn(dict):
        def __copy__(self) -> Any:
            raise RuntimeError("no copies")

    component = await warm(bus=AsyncEventManager())
    await component.handle_message(Stubborn(START))
    assert component.state_name == "AwaitingConfirmation"


async def test_what_is_posted_goes_through_a_method_of_one_s_own() -> None:
    """A subclass that overrides ``handle_message`` gets posted messages too, in order."""
    seen = []

    class Own(AsyncComponent):
        async def handle_message(self, message: Any) -> None:
            seen.append(message["type"])
            await super().handle_message(message)

    component = Own("c")
    await component.start()
    component.post(START)
    component.post({"type": "confirm", "content": "confirmed"})
    await component.settled()
    assert seen == ["start", "confirm"]
    assert component.state_name == "ProcessingRequest"


@pytest.mark.parametrize("on", ["class", "object"])
async def test_a_logger_s_method_that_is_replaced_is_called(on: str) -> None:
    """Though the logger itself would be silent."""
    logger = logging.getLogger("flexiflow.tests.silent")
    logger.setLevel(logging.ERROR)
    component = await warm()
    component.logger = logger
    with patch.object(logging.Logger if on == "class" else logger, "info") as info:
        await component.handle_message(START)

    info.assert_called_once()
    assert info.call_args.args[-3:] == ("%s transitioned to %s", "c", "AwaitingConfirmation")
