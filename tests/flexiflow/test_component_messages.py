"""What a component does with a message, and what it tells of it."""

import asyncio
import dataclasses
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import StateError
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import (
    AwaitingConfirmation,
    InitialState,
    ProcessingRequest,
    State,
    StateMachine,
    StateRegistry,
)
from flexiflow.testing import capture_events
from tests.helpers.observed import Here, InfoLog, Recorder, There

START = {"type": "start"}


class Slow(Here):
    """Like ``Here``, but lets other code run before it answers."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        await asyncio.sleep(0)
        return await super().handle_message(message, component)


class Cold(Here):
    """Like ``Here``, for components that have not been started."""


def component_in(state: State, **options: Any) -> AsyncComponent:
    """A component in a state."""
    component = AsyncComponent("c", state_machine=StateMachine(state), **options)
    if not isinstance(state, Cold):
        component._started = component._open = True  # as ``start`` does

    return component


@pytest.fixture(params=[Here, Slow, Cold])
def here(request: pytest.FixtureRequest) -> State:
    """The state of tests: handled in place, as a turn, and as the first message."""
    state: State = request.param()
    return state


async def test_events_of_a_transition(here: State) -> None:
    """First the arrival, then the change, each with two positional arguments."""
    component = component_in(here, event_bus=(bus := Recorder()))
    message = {"type": "go", "n": 1}
    await component.handle_message(message)
    assert bus.calls == [
        (("component.message.received", {"component": "c", "message": message}), {}),
        (
            (
                "state.changed",
                {"component": "c", "from_state": type(here).__name__, "to_state": "There"},
            ),
            {},
        ),
    ]
    assert isinstance(component.state_machine.current_state, There)


async def test_a_message_without_effect_is_only_received(here: State) -> None:
    """A bus of another make hears of nothing else; nothing is logged."""
    log = InfoLog()
    component = component_in(here, logger=log, event_bus=(bus := Recorder()))
    await component.handle_message({"type": "nothing"})
    assert bus.names() == ["component.message.received"]
    assert log.calls == []


async def test_an_ignored_message_is_told_on_the_bus(here: State) -> None:
    """Our own bus tells that no transition took the message."""
    component = component_in(here, event_bus=(bus := AsyncEventManager()))
    async with capture_events(bus) as events:
        await component.handle_message({"type": "nothing"})

    ignored = {"component": "c", "state": type(here).__name__, "message": {"type": "nothing"}}
    assert events == [
        ("component.message.received", {"component": "c", "message": {"type": "nothing"}}),
        ("component.message.ignored", ignored),
    ]


@pytest.mark.parametrize("kind", ["again", "loop"])
async def test_a_transition_to_the_same_class_counts(here: State, kind: str) -> None:
    """Equal names are told when the state proceeds to itself or its like."""
    component = component_in(here, event_bus=(bus := AsyncEventManager()))
    async with capture_events(bus, ["state.changed"]) as events:
        await component.handle_message({"type": kind})

    target = type(component.state_machine.current_state).__name__
    assert events.of("state.changed") == [
        {"component": "c", "from_state": type(here).__name__, "to_state": target}
    ]


async def test_a_cancelled_helper_of_an_observer_is_its_failure(here: State) -> None:
    """It does not look like the sender's own cancellation."""
    component = component_in(here, event_bus=(bus := AsyncEventManager()))

    async def cancelled(_data: Any) -> None:
        raise asyncio.CancelledError

    await bus.subscribe("component.message.received", "culprit", cancelled)
    async with capture_events(bus, ["event.handler.failed"]) as events:
        bus.find_message_routes()
        await component.handle_message({"type": "go"})

    assert events[0][1]["exception"] == "CancelledError()"
    assert component.state_name == "There"


async def test_a_change_is_logged(here: State) -> None:
    """At INFO, with the component's name and the new state's."""
    component = component_in(here, logger=(log := InfoLog()))
    await component.handle_message({"type": "go"})
    assert log.calls == [("%s transitioned to %s", "c", "There")]


async def test_a_real_logger_writes_at_info(here: State, caplog: pytest.LogCaptureFixture) -> None:
    """A logger that is switched off stays silent."""
    logger = logging.getLogger("flexiflow.test.component")
    component = component_in(here, logger=logger)
    logger.setLevel(logging.WARNING)
    await component.handle_message({"type": "again"})
    assert caplog.messages == []
    logger.setLevel(logging.INFO)
    component.state_machine.current_state = here
    await component.handle_message({"type": "go"})
    assert caplog.messages == ["c transitioned to There"]
    assert caplog.records[0].levelno == logging.INFO


async def test_an_error_of_the_state_comes_out(here: State) -> None:
    """It is unchanged, nothing more is published, and the next message is handled."""
    component = component_in(here, event_bus=(bus := Recorder()))
    with pytest.raises(RuntimeError, match=r"^broken$"):
        await component.handle_message({"type": "break"})

    assert bus.names() == ["component.message.received"]
    assert component.state_machine.current_state is here
    await component.handle_message({"type": "go"})
    assert bus.names()[-1] == "state.changed"


async def test_a_malformed_result_is_a_state_error(here: State) -> None:
    """The state stays as it was."""
    component = component_in(here)
    with pytest.raises(StateError, match=rf"{type(here).__name__}.*None"):
        await component.handle_message({"type": "nonsense"})

    assert component.state_machine.current_state is here


async def test_observers_get_a_copy_of_the_message(here: State) -> None:
    """Whatever an observer does to its message, the state sees the one that was sent."""
    component = component_in(here, event_bus=(bus := AsyncEventManager()))

    async def spoils(data: Any) -> None:
        data["message"]["type"] = "break"

    for name in ("component.message.received", "component.message.ignored"):
        await bus.subscribe(name, "spoiler", spoils)

    sent = {"type": "nothing"}
    await component.handle_message(sent)
    assert sent == {"type": "nothing"}


async def test_the_builtin_cycle_with_observers() -> None:
    """Three messages lead round, each with its events."""
    component = AsyncComponent("c", event_bus=(bus := AsyncEventManager()))
    async with capture_events(bus) as events:
        for message in (START, {"type": "confirm", "content": "confirmed"}, {"type": "complete"}):
            await component.handle_message(message)

    assert events.names() == ["component.message.received", "state.changed"] * 3
    assert [data["to_state"] for data in events.of("state.changed")] == [
        "AwaitingConfirmation",
        "ProcessingRequest",
        "InitialState",
    ]


async def test_names_in_events_are_registry_keys_where_these_differ() -> None:
    """A class registered under just one other key goes by that."""
    registry = StateRegistry()
    registry.register("Begin", Here)
    registry.register("End", There)
    machine = StateMachine.from_name("Begin", registry)
    component = AsyncComponent("c", state_machine=machine, event_bus=(bus := AsyncEventManager()))
    assert component.state_name == "Begin"
    async with capture_events(bus, ["state.changed"]) as events:
        await component.handle_message({"type": "go"})

    assert events[0][1] == {"component": "c", "from_state": "Begin", "to_state": "End"}
    assert component.state_name == "End"


@pytest.mark.parametrize("registry", [None, SimpleNamespace()])
@pytest.mark.parametrize("kind", [StateMachine, SimpleNamespace])
async def test_machines_and_registries_of_another_make(kind, registry) -> None:
    """States then go by the names of their classes."""
    bus, log = AsyncEventManager(), InfoLog()
    machine = kind(current_state=InitialState(), registry=registry)
    if kind is SimpleNamespace:

        async def proceeds(_message: object, _component: object) -> bool:
            machine.current_state = AwaitingConfirmation()
            return True

        machine.handle_message = proceeds

    component = AsyncComponent("c", state_machine=machine, event_bus=bus, logger=log)
    await component.start()
    async with capture_events(bus, ["state.changed"]) as events:
        await component.handle_message(START)

    names = {"from_state": "InitialState", "to_state": "AwaitingConfirmation"}
    assert events[0][1] == {"component": "c", **names}
    assert component.state_name == "AwaitingConfirmation"


async def test_a_subclass_with_a_constructor_of_its_own() -> None:
    """It need not call this one's, nor what dataclasses call after it."""

    @dataclasses.dataclass
    class Counting(AsyncComponent):
        def __post_init__(self) -> None:
            self.count = 0

    class Short(AsyncComponent):
        def __init__(self, name: str) -> None:
            self.name, self.rules, self.context = name, [], {}
            self.state_machine = StateMachine.from_name("InitialState")
            self.logger = self.event_bus = None

    for component in (Counting("a"), Short("b")):
        engine = FlexiFlowEngine(InfoLog())
        await engine.register_async(component)
        await component.handle_message(START)
        await component.handle_message(START)
        assert component.state_name == "AwaitingConfirmation"
        assert component.last_transition is None
        await engine.stop()


async def test_a_bus_that_records_sees_the_events_of_python_states() -> None:
    """It is told of messages that lead nowhere if somebody, or it itself, wants to know."""

    class Recording(AsyncEventManager):
        def __init__(self) -> None:
            super().__init__()
            self.names: list[str] = []

        async def publish(self, event_name: str, data: Any = None, **modes: Any) -> None:
            self.names.append(event_name)
            await super().publish(event_name, data, **modes)

    class Curious(Recording):
        shows_all = True

    async def ignore(_data: object) -> None:
        pass

    plain, asked, curious = Recording(), Recording(), Curious()
    await asked.subscribe("component.message.ignored", "test", ignore)
    for bus in (plain, asked, curious):
        await AsyncComponent("c", event_bus=bus).handle_message({"type": "other"})

    both = ["component.message.received", "component.message.ignored"]
    assert (plain.names, asked.names, curious.names) == (both[:1], both, both)


async def test_a_logger_whose_method_is_replaced_is_told(monkeypatch) -> None:
    """Also when its level would keep it silent."""
    logger, told = logging.getLogger("silent"), InfoLog()
    monkeypatch.setattr(logger, "level", logging.ERROR)
    component = AsyncComponent("c", logger=logger)
    await component.handle_message(START)
    monkeypatch.setattr(logger, "info", told.info)
    await component.handle_message({"type": "cancel"})
    assert told.calls == [("%s transitioned to %s", "c", "InitialState")]


async def test_a_message_that_cannot_be_copied_arrives() -> None:
    """Observers then get the message itself."""

    class Single(dict[str, Any]):
        def __copy__(self) -> Any:
            raise TypeError("there is one only")

    component = AsyncComponent("c", event_bus=(bus := Recorder()))
    await component.handle_message(Single(START))
    assert bus.names() == ["component.message.received", "state.changed"]


async def test_last_transition_is_none_for_python_states(here: State) -> None:
    """Only packs have transitions that can be named."""
    component = component_in(here)
    component._taken = (object(), here)  # type: ignore[assignment]  # as after a pack's state
    await component.handle_message({"type": "go"})
    assert component.last_transition is None


async def test_a_failing_observer_disturbs_nothing(here: State) -> None:
    """The others hear of the event, the message is handled, the failure is published."""
    component = component_in(here, event_bus=(bus := AsyncEventManager()))

    async def fails(_data: Any) -> None:
        raise RuntimeError("observer broken")

    await bus.subscribe("component.message.received", "culprit", fails, 1)
    await bus.subscribe("state.changed", "culprit", fails, 1)
    async with capture_events(bus, priority=5) as events:
        await component.handle_message({"type": "loop"})
        await component.handle_message({"type": "go"})

    assert (
        events.names()
        == [
            "event.handler.failed",
            "component.message.received",
            "event.handler.failed",
            "state.changed",
        ]
        * 2
    )
    assert {data["component_name"] for data in events.of("event.handler.failed")} == {"culprit"}


async def test_a_handler_that_is_unsubscribed_meanwhile_does_not_run(here: State) -> None:
    """Not even in the delivery under way."""
    component = component_in(here, event_bus=(bus := AsyncEventManager()))
    calls: list[Any] = []

    async def removes(_data: Any) -> None:
        for handle in handles:
            bus.unsubscribe(handle)

    async def notes(data: Any) -> None:
        calls.append(data)

    events = ("component.message.received", "state.changed")
    for event in events:
        await bus.subscribe(event, "remover", removes, 1)

    handles = [await bus.subscribe(event, "me", notes, 2) for event in events]
    bus.find_message_routes()
    await component.handle_message({"type": "go"})
    assert calls == []


@pytest.mark.parametrize("event", ["component.message.received", "state.changed"])
async def test_an_observer_removed_by_the_very_event_does_not_run(event: str) -> None:
    """An earlier observer of the same event ends the later one."""
    component = component_in(Here(), event_bus=(bus := AsyncEventManager()))
    calls: list[Any] = []

    async def removes(_data: Any) -> None:
        bus.unsubscribe(handle)

    async def notes(data: Any) -> None:
        calls.append(data)

    await bus.subscribe(event, "remover", removes, 1)
    handle = await bus.subscribe(event, "me", notes, 2)
    bus.find_message_routes()
    await component.handle_message({"type": "go"})
    assert calls == []


async def test_an_observer_may_move_the_machine_before_the_state_sees_the_message() -> None:
    """The state that is current then gets the message, and the origin told is the true one."""
    component = component_in(Here(), event_bus=(bus := AsyncEventManager()))

    async def moves(_data: Any) -> None:
        component.state_machine.current_state = ProcessingRequest()

    handle = await bus.subscribe("component.message.received", "mover", moves)
    async with capture_events(bus, ["state.changed"]) as events:
        bus.find_message_routes()
        await component.handle_message({"type": "complete"})

    bus.unsubscribe(handle)
    assert events[0][1]["from_state"] == "ProcessingRequest"
    assert events[0][1]["to_state"] == "InitialState"


async def test_a_replaced_publish_gets_every_event() -> None:
    """A bus whose ``publish`` somebody has replaced is asked to publish."""
    component = AsyncComponent("c", event_bus=(bus := AsyncEventManager()))
    await component.handle_message(START)
    spy = Recorder()
    bus.publish = spy.publish  # type: ignore[method-assign]  # the point of the test
    await bus.subscribe("state.changed", "me", spy.publish)
    await component.handle_message({"type": "cancel"})
    assert spy.names() == ["component.message.received", "state.changed"]


async def test_a_bus_with_a_publish_of_its_own_gets_every_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither a subclass nor a changed class is passed over."""
    spy = Recorder()

    class Spying(AsyncEventManager):
        async def publish(self, *args: Any, **kwargs: Any) -> None:
            await spy.publish(*args, **kwargs)

    await AsyncComponent("c", event_bus=Spying()).handle_message(START)
    assert spy.names() == ["component.message.received", "state.changed"]
    monkeypatch.setattr(AsyncEventManager, "publish", lambda _self, *args: spy.publish(*args))
    await AsyncComponent("c", event_bus=AsyncEventManager()).handle_message(START)
    assert len(spy.calls) == 4


async def test_any_state_machine_will_do() -> None:
    """Something that handles messages like a machine is used like one."""
    calls: list[Any] = []

    class Machine:
        current_state = InitialState()

        async def handle_message(self, message: Any, component: Any) -> bool:
            calls.append((message, component))
            return False

    component = AsyncComponent("c", state_machine=Machine())  # type: ignore[arg-type]  # the point
    await component.handle_message(START)
    assert calls == [(START, component)]
    assert component.state_name == "InitialState"


async def test_a_machine_of_an_own_class_is_asked() -> None:
    """A subclass may do more than the base."""
    calls: list[Any] = []

    class Machine(StateMachine):
        async def handle_message(self, message: Any, component: Any) -> Any:
            calls.append(message)
            return await super().handle_message(message, component)

    component = AsyncComponent("c", state_machine=Machine(InitialState()))
    await component.handle_message(START)
    assert calls == [START]
    assert component.state_name == "AwaitingConfirmation"


async def test_states_need_not_derive_from_state() -> None:
    """Any object that handles messages may be the next state."""

    class Foreign:
        async def handle_message(self, message: Any, component: Any) -> Any:
            return True, InitialState()

    class Gives(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            return True, Foreign()

    component = component_in(Gives())
    await component.handle_message({})
    assert component.state_name == "Foreign"
    await component.handle_message({})
    assert component.state_name == "InitialState"


async def test_messages_of_any_mapping_are_copied_for_observers() -> None:
    """A message that is no dict reaches observers as its like."""

    class Other(dict[str, Any]):
        pass

    component = AsyncComponent("c", event_bus=(bus := AsyncEventManager()))
    async with capture_events(bus, ["component.message.received"]) as events:
        await component.handle_message(sent := Other(START))

    assert events[0][1]["message"] == sent
    assert type(events[0][1]["message"]) is Other
    assert events[0][1]["message"] is not sent


async def test_without_a_subscriber_nothing_is_copied(here: State) -> None:
    """A bus that nobody listens to costs nothing, and nothing goes wrong."""
    component = component_in(here, event_bus=AsyncEventManager())
    await component.handle_message({"type": "nothing"})
    await component.handle_message({"type": "go"})
    assert component.state_name == "There"
