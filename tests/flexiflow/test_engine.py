"""The engine: registering, events of it, removal, queues, and the end."""

import asyncio
import copy
import dataclasses
import logging
import typing
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from flexiflow.clock import LoopClock, VirtualClock
from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.config_loader import ComponentConfig
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import StateError
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import State, StateMachine
from flexiflow.testing import capture_events

REGISTERED = "engine.component.registered"


class Log:
    """A logger that writes down what it gets."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, tuple[Any, ...]]] = []

    def info(self, *args: Any) -> None:
        self.lines.append(("info", args))

    def warning(self, *args: Any) -> None:
        self.lines.append(("warning", args))

    def error(self, *args: Any) -> None:
        self.lines.append(("error", args))


@pytest.fixture
def log() -> Log:
    """A logger."""
    return Log()


@pytest.fixture
def engine(log: Log) -> FlexiFlowEngine:
    """An engine with a logger of the test."""
    return FlexiFlowEngine(log)


async def turns() -> None:
    """Lets tasks run for a while."""
    for _ in range(3):
        await asyncio.sleep(0)


# Making one


def test_fields_and_parameters() -> None:
    """Three fields; logger and components are parameters, the bus is not."""
    names = [field.name for field in dataclasses.fields(FlexiFlowEngine)]
    assert names == ["logger", "event_bus", "components"]
    components: dict[str, Any] = {}
    log = Log()
    engine = FlexiFlowEngine(log, components)
    assert engine.logger is log
    assert engine.components is components
    assert isinstance(engine.event_bus, AsyncEventManager)
    assert engine.event_bus.logger is log
    with pytest.raises(TypeError):
        FlexiFlowEngine(event_bus=AsyncEventManager())  # type: ignore[call-arg]  # the point


def test_defaults_are_new_for_each_engine() -> None:
    """Components and bus are its own; the logger is the library's."""
    one, other = FlexiFlowEngine(), FlexiFlowEngine(logger=None)
    assert one.components == {}
    assert one.components is not other.components
    assert one.event_bus is not other.event_bus
    assert one.logger is other.logger is logging.getLogger("flexiflow")
    assert isinstance(one.clock, LoopClock)
    assert one.clock is not other.clock


def test_the_clock_is_the_engines() -> None:
    """A given clock is used."""
    clock = VirtualClock()
    engine = FlexiFlowEngine(clock=clock)
    assert engine.clock is clock
    component = AsyncComponent("c")
    engine.register(component)
    assert component.clock is clock


# Registering


def test_registering_without_a_loop_tells_nobody(engine: FlexiFlowEngine, log: Log) -> None:
    """It stores, hands out logger and bus, and logs."""
    component = AsyncComponent("c")
    engine.register(component)
    assert engine.get("c") is component
    assert component.logger is log
    assert component.event_bus is engine.event_bus
    assert log.lines == [("info", ("Registered component: %s", "c"))]


def test_what_is_not_told_without_a_loop_stands_in_the_log(
    engine: FlexiFlowEngine, caplog: pytest.LogCaptureFixture
) -> None:
    """A line for whoever looks for the event."""
    with caplog.at_level(logging.DEBUG, "flexiflow.engine"):
        engine.register(AsyncComponent("c"))

    assert caplog.messages == ["No event loop runs: the registration of c is not published"]


def test_what_a_component_has_is_left_alone(engine: FlexiFlowEngine) -> None:
    """It keeps its logger and the bus of an earlier engine."""
    earlier = FlexiFlowEngine(Log())
    component = AsyncComponent("c")
    earlier.register(component)
    engine.register(component)
    assert component.logger is earlier.logger
    assert component.event_bus is earlier.event_bus


def test_any_object_with_a_name_may_be_registered(engine: FlexiFlowEngine) -> None:
    """It gets what it lacks, and nothing that it has is replaced, be it false."""

    class Falsy(AsyncEventManager):
        def __len__(self) -> int:
            return 0

    bus = Falsy()
    thing = SimpleNamespace(name="thing", event_bus=bus)
    engine.register(thing)
    assert engine.get("thing") is thing
    assert thing.logger is engine.logger
    assert thing.event_bus is bus


def test_unknown_names_give_none(engine: FlexiFlowEngine) -> None:
    """``get`` never raises."""
    assert engine.get("nobody") is None


async def test_registering_publishes_later_once(engine: FlexiFlowEngine) -> None:
    """Not before ``register`` returns."""
    async with capture_events(engine.event_bus) as events:
        engine.register(AsyncComponent("c"))
        assert events == []
        await engine.drain()

    assert events == [(REGISTERED, {"component": "c"})]


async def test_register_async_publishes_once_before_it_returns(engine: FlexiFlowEngine) -> None:
    """And never again."""
    async with capture_events(engine.event_bus) as events:
        await engine.register_async(AsyncComponent("c"))
        assert events == [(REGISTERED, {"component": "c"})]
        await turns()

    assert len(events) == 1
    assert engine.get("c") is not None


async def test_the_publishing_task_is_kept_and_looked_at(engine: FlexiFlowEngine, log: Log) -> None:
    """What goes wrong in it is logged."""

    class Broken(AsyncEventManager):
        async def publish(self, *args: Any, **kwargs: Any) -> None:
            raise RuntimeError("bus broken")

    engine.event_bus = Broken()
    engine.register(AsyncComponent("c"))
    assert len(engine._tasks) == 1
    await turns()
    assert engine._tasks == set()
    (line,) = [line for line in log.lines if line[0] == "error"]
    assert repr(line[1][1]) == "RuntimeError('bus broken')"


async def test_another_component_of_the_name_replaces_with_a_warning(
    engine: FlexiFlowEngine, log: Log
) -> None:
    """The same object again is no replacement."""
    first, second = AsyncComponent("c"), AsyncComponent("c")
    await engine.register_async(first)
    await engine.register_async(first)
    assert [kind for kind, _ in log.lines] == ["info", "info"]
    await engine.register_async(second)
    assert engine.get("c") is second
    assert ("warning", ("Component %s replaces another one of that name", "c")) in log.lines
    assert first.clock is not engine.clock


async def test_replacing_what_is_no_component(engine: FlexiFlowEngine, log: Log) -> None:
    """Any object can be replaced."""
    await engine.register_async(SimpleNamespace(name="c"))
    await engine.register_async(SimpleNamespace(name="c"))
    assert "warning" in [kind for kind, _ in log.lines]


async def test_a_logger_without_warnings_will_do(caplog: pytest.LogCaptureFixture) -> None:
    """The warning goes to the library's own logger then."""

    class Bare:
        def info(self, *args: Any) -> None: ...

    engine = FlexiFlowEngine(Bare())
    await engine.register_async(AsyncComponent("c"))
    await engine.register_async(AsyncComponent("c"))
    assert caplog.messages == ["Component c replaces another one of that name"]


# Removing


async def test_unregister_removes_component_and_subscriptions(engine: FlexiFlowEngine) -> None:
    """And tells whether there was one."""
    calls: list[Any] = []

    async def note(data: Any) -> None:
        calls.append(data)

    await engine.register_async(AsyncComponent("c"))
    await engine.event_bus.subscribe("e", "c", note)
    assert engine.unregister("c") is True
    assert engine.unregister("c") is False
    assert engine.get("c") is None
    await engine.event_bus.publish("e")
    assert calls == []


# Sending


async def test_create_component_from_a_config(engine: FlexiFlowEngine) -> None:
    """With a copy of the rules, registered, in the config's state."""
    config = ComponentConfig("c", [{"a": [1]}], "ErrorHandling")
    component = engine.create_component(config)
    await engine.drain()
    assert engine.get("c") is component
    assert component.state_name == "ErrorHandling"
    assert component.rules == config.rules
    component.rules[0]["a"].append(2)
    assert config.rules == [{"a": [1]}]


async def test_handle_message_by_name(engine: FlexiFlowEngine) -> None:
    """Type and content; an unknown name is an error of the library."""
    await engine.register_async(component := AsyncComponent("c"))
    await engine.handle_message("c", "start")
    await engine.handle_message("c", "confirm", content="confirmed")
    assert component.state_name == "ProcessingRequest"
    with pytest.raises(StateError, match="Unknown component: 'nobody'"):
        await engine.handle_message("nobody", "start")


async def test_post_queues_by_name(engine: FlexiFlowEngine) -> None:
    """It returns at once and tells whether there is such a component."""
    await engine.register_async(component := AsyncComponent("c"))
    assert engine.post("c", {"type": "start"}) is True
    assert engine.post("nobody", {"type": "start"}) is False
    assert component.state_name == "InitialState"
    await engine.drain()
    assert component.state_name == "AwaitingConfirmation"


async def test_post_to_an_object_of_another_kind(engine: FlexiFlowEngine) -> None:
    """It handles the message in a task of the engine's."""
    seen: list[Any] = []

    class Thing:
        name = "thing"
        logger = event_bus = object()

        async def handle_message(self, message: Any) -> None:
            seen.append(message)

    await engine.register_async(Thing())
    assert engine.post("thing", {"type": "x"}) is True
    await engine.drain()
    assert seen == [{"type": "x"}]


# Draining and stopping


class Waits(State):
    """Waits for an event that its message brings."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        await message["until"].wait()
        component.context["done"] = True
        return False, self


async def test_drain_waits_for_messages_under_way(engine: FlexiFlowEngine) -> None:
    """Held ones do not count, and neither does what drains."""
    component = AsyncComponent("c", state_machine=StateMachine(Waits()))
    await engine.register_async(component)
    until = asyncio.Event()
    engine.post("c", {"until": until})
    draining = asyncio.create_task(engine.drain())
    await turns()
    assert not draining.done()
    until.set()
    await draining
    assert component.context == {"done": True}
    component.hold()
    engine.post("c", {"until": until})
    await engine.drain()
    assert component.pending == 1
    await engine.stop()


async def test_drain_from_inside_does_not_wait_for_itself(engine: FlexiFlowEngine) -> None:
    """Neither in a subscriber nor in the engine's own tasks."""

    drained: list[str] = []

    async def drains(data: Any) -> None:
        await engine.drain()
        drained.append(data["component"])

    await engine.event_bus.subscribe(REGISTERED, "me", drains)
    await engine.event_bus.subscribe("state.changed", "me", drains)
    component = AsyncComponent("c")
    engine.register(component)
    await asyncio.wait_for(component.handle_message({"type": "start"}), 5)
    await asyncio.wait_for(engine.drain(), 5)
    assert drained == ["c", "c"]


async def test_stop_leaves_no_task_behind(engine: FlexiFlowEngine) -> None:
    """Whatever was under way."""
    before = asyncio.all_tasks()
    component = AsyncComponent("c", state_machine=StateMachine(Waits()))
    engine.register(component)
    engine.register(SimpleNamespace(name="other"))
    engine.post("c", {"until": asyncio.Event()})
    await turns()
    component.hold()
    waiting = asyncio.create_task(component.handle_message({}))
    await asyncio.sleep(0)
    engine.register(AsyncComponent("late"))
    await engine.stop()
    assert asyncio.all_tasks() - {waiting} == before
    with pytest.raises(StateError):
        await waiting

    await engine.stop()


async def test_stop_from_inside_the_engines_own_task(engine: FlexiFlowEngine) -> None:
    """A subscriber to the registration may stop the engine."""

    async def stops(_data: Any) -> None:
        await engine.stop()

    await engine.event_bus.subscribe(REGISTERED, "me", stops)
    engine.register(AsyncComponent("c"))
    await engine.drain()
    assert engine._tasks == set()


def test_one_engine_serves_one_loop_after_the_other(engine: FlexiFlowEngine) -> None:
    """Nothing is bound to a loop between runs."""

    async def run() -> str:
        component = AsyncComponent("c")
        await engine.register_async(component)
        await engine.handle_message("c", "start")
        await engine.drain()
        await engine.stop()
        return component.state_name

    assert asyncio.run(run()) == "AwaitingConfirmation"
    engine.unregister("c")
    assert asyncio.run(run()) == "AwaitingConfirmation"


# As a dataclass


async def test_a_copy_with_another_logger_has_the_same_components() -> None:
    """``dataclasses.replace`` knows the parameters of the constructor."""
    component, logger, clock = AsyncComponent("c"), Mock(), VirtualClock()
    engine = FlexiFlowEngine(clock=clock)
    engine.register(component)
    replaced = dataclasses.replace(engine, logger=logger)
    assert replaced.logger is logger
    assert replaced.components is engine.components
    assert replaced.event_bus is not engine.event_bus


async def test_a_dataclass_may_be_made_of_an_engine() -> None:
    """It has all that an engine has."""

    @dataclasses.dataclass
    class Numbered(FlexiFlowEngine):
        number: int = 0

    engine = Numbered(number=3)
    await engine.register_async(component := AsyncComponent("c"))
    engine.register(AsyncComponent("d"))
    await engine.drain()
    assert component.event_bus is engine.event_bus
    assert engine.logger.name == "flexiflow"
    assert [field.name for field in dataclasses.fields(FlexiFlowEngine)] == [
        "logger",
        "event_bus",
        "components",
    ]
    assert [field.init for field in dataclasses.fields(FlexiFlowEngine)] == [True, False, True]


async def test_an_engine_may_have_a_constructor_of_its_own() -> None:
    """What it does not set is there all the same."""

    class Own(FlexiFlowEngine):
        def __init__(self) -> None:
            self.logger = Mock()
            self.event_bus = AsyncEventManager()
            self.components = {}

    engine = Own()
    engine.register(component := AsyncComponent("c"))
    await engine.drain()
    assert component.event_bus is engine.event_bus
    assert component.clock is engine.clock
    await engine.stop()


async def test_an_engine_with_a_pending_registration_can_be_copied() -> None:
    """The copy has no task to wait for."""
    engine = FlexiFlowEngine()
    engine.register(AsyncComponent("c"))
    duplicate = copy.deepcopy(engine)
    await asyncio.wait_for(duplicate.drain(), 5)
    await engine.drain()
    assert list(duplicate.components) == ["c"]


async def test_a_subclass_may_have_its_own_way_of_registering() -> None:
    """It is asked in both ways, and the registration is told once in both."""

    class Own(FlexiFlowEngine):
        def register(self, component: Any) -> None:
            component.marked = True
            super().register(component)

    engine = Own()
    async with capture_events(engine.event_bus, [REGISTERED]) as events:
        await engine.register_async(first := AsyncComponent("a"))
        engine.register(second := AsyncComponent("b"))
        await engine.drain()

    assert first.marked
    assert second.marked
    assert [data["component"] for data in events.of(REGISTERED)] == ["a", "b"]


def test_asking_for_what_cannot_be_a_name_finds_nothing(engine: FlexiFlowEngine) -> None:
    """And does not fail."""
    assert engine.get([]) is None


@pytest.mark.parametrize("kind", [AsyncComponent, FlexiFlowEngine, StateMachine, AsyncEventManager])
def test_the_types_of_public_classes_can_be_asked_for(kind: type) -> None:
    """Tools do that with dataclasses."""
    assert typing.get_type_hints(kind)


async def test_stop_ends_what_a_registration_has_set_off() -> None:
    """No task and no timer is left of a subscriber who was sending a message just then."""

    async def send(data: Any) -> None:
        await engine.get(data["component"]).handle_message({"type": "go"})

    engine = FlexiFlowEngine()
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None, "B": {"entry": [{"call": f"{__name__}:rest_long"}]}},
            "transitions": [
                {"from": "A", "message": "go", "to": "B"},
                {"from": "B", "after": "100s", "to": "A"},
            ],
        }
    )
    await engine.event_bus.subscribe(REGISTERED, "test", send)
    engine.register(component)
    for _ in range(5):
        await asyncio.sleep(0)

    assert component.state_name == "B"
    await engine.stop()
    assert not component.works_off
    assert isinstance(engine.clock, LoopClock)
    assert engine.clock.next_due() is None


async def rest_long(_component: Any, _message: Any) -> None:
    """Goes on until it is cancelled."""
    await asyncio.sleep(60)


@pytest.mark.parametrize("in_tasks", [False, True])
async def test_subscribers_of_several_registrations_may_drain(in_tasks: bool) -> None:
    """They do not wait for each other, nor for the task that they are in."""
    drained = []

    async def drain(data: Any) -> None:
        await (asyncio.create_task(engine.drain()) if in_tasks else engine.drain())
        drained.append(data["component"])

    engine = FlexiFlowEngine()
    await engine.event_bus.subscribe(REGISTERED, "test", drain)
    for name in "ab":
        engine.register(AsyncComponent(name))

    await asyncio.wait_for(engine.drain(), 5)
    assert drained == ["a", "b"]


@pytest.mark.parametrize("clock", [LoopClock, VirtualClock])
async def test_copies_of_an_engine_have_no_timers(clock: Any) -> None:
    """Those that wait are the original's, as its tasks are."""
    engine = FlexiFlowEngine(clock=clock())
    delayed = [{"from": "A", "after": "100s", "to": "B"}]
    flow = {"pack": "p", "states": {"A": None, "B": None}, "transitions": delayed}
    component = load_component(flow)
    engine.register(component)
    await component.start()
    copied = copy.deepcopy(engine)
    assert copied.clock.next_due() is None
    assert engine.clock.next_due() is not None
    await engine.stop()
    await copied.clock.skip(100) if clock is LoopClock else await copied.clock.advance(100)
    assert copied.get(component.name).state_name == "A"
    copied.clock.call_later(1, lambda: None)
    assert copied.clock.next_due() is not None
    await copied.stop()
