"""Timers of states: armed on entering, cancelled on leaving, waiting their turn when due."""

import asyncio
from typing import Any

import pytest

from flexiflow.clock import LoopClock, VirtualClock
from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.engine import FlexiFlowEngine
from flexiflow.state_machine import State, StateMachine
from flexiflow.testing import ManualClock, capture_events

LAMP = {
    "pack": "lamp",
    "context": {"ticks": 0, "may_dim": True},
    "states": {"Off": None, "On": {"entry": [{"set": {"ticks": 0}}]}, "Dim": None},
    "transitions": [
        {"from": "Off", "message": "switch", "to": "On"},
        {"from": "On", "message": "switch", "to": "Off"},
        {"from": "On", "message": "again", "to": "On"},
        {"from": "On", "message": "touch", "do": [{"set": {"ticks": "context.ticks + 100"}}]},
        {"from": "On", "after": "1s", "do": [{"set": {"ticks": "context.ticks + 1"}}]},
        {"from": "On", "after": "5s", "to": "Dim", "guard": "context.may_dim"},
        {"from": "On", "after": "5s", "to": "Off"},
        {"from": "Dim", "after": "2s", "to": "Off"},
    ],
}


@pytest.fixture
def clock() -> VirtualClock:
    """Time that is moved by hand."""
    return ManualClock()


@pytest.fixture
def engine(clock: VirtualClock) -> FlexiFlowEngine:
    """An engine on that clock."""
    return FlexiFlowEngine(clock=clock)


@pytest.fixture
async def lamp(engine: FlexiFlowEngine) -> AsyncComponent:
    """A lamp that is on."""
    component = load_component(LAMP)
    await engine.register_async(component)
    await component.handle_message({"type": "switch"})
    return component


async def test_timers_take_their_transition_when_due(
    lamp: AsyncComponent, clock: VirtualClock, engine: FlexiFlowEngine
) -> None:
    """A state is left when its time is up, with the events of any transition."""
    async with capture_events(engine.event_bus) as events:
        await clock.advance(4.9)
        assert lamp.state_name == "On"
        await clock.advance(0.1)
        assert lamp.state_name == "Dim"
        await clock.advance(2)

    assert lamp.state_name == "Off"
    assert events.names() == ["component.message.handled", "state.changed", "state.changed"]
    assert clock.next_due() is None


async def test_one_advance_runs_through_several_states(
    lamp: AsyncComponent, clock: VirtualClock
) -> None:
    """A timer that a transition arms within the span comes due in it."""
    await clock.advance(100)
    assert lamp.state_name == "Off"
    assert clock.now() == 100


async def test_an_internal_timer_runs_once_and_keeps_the_others(
    lamp: AsyncComponent, clock: VirtualClock
) -> None:
    """It does its actions and stays."""
    await clock.advance(3)
    assert (lamp.state_name, lamp.context["ticks"]) == ("On", 1)
    await clock.advance(2)
    assert lamp.state_name == "Dim"


async def test_internal_transitions_keep_timers(lamp: AsyncComponent, clock: VirtualClock) -> None:
    """The state is not left."""
    await clock.advance(3)
    await lamp.handle_message({"type": "touch"})
    await clock.advance(2)
    assert lamp.state_name == "Dim"


async def test_leaving_a_state_cancels_its_timers(
    lamp: AsyncComponent, clock: VirtualClock
) -> None:
    """Nothing is left to come due."""
    await lamp.handle_message({"type": "switch"})
    assert clock.next_due() is None
    await clock.advance(100)
    assert lamp.state_name == "Off"


async def test_a_self_transition_starts_timers_anew(
    lamp: AsyncComponent, clock: VirtualClock
) -> None:
    """The state is left and entered."""
    await clock.advance(4)
    await lamp.handle_message({"type": "again"})
    await clock.advance(4)
    assert lamp.state_name == "On"
    await clock.advance(1)
    assert lamp.state_name == "Dim"


async def test_a_false_guard_spends_the_timer(lamp: AsyncComponent, clock: VirtualClock) -> None:
    """The next one of the same moment gets its chance."""
    lamp.context["may_dim"] = False
    await clock.advance(5)
    assert lamp.state_name == "Off"


async def test_a_failing_guard_of_a_timer_is_told(
    lamp: AsyncComponent, clock: VirtualClock, engine: FlexiFlowEngine
) -> None:
    """It counts as false; there is no message to tell."""
    del lamp.context["may_dim"]
    async with capture_events(engine.event_bus, ["guard.failed"]) as events:
        await clock.advance(5)

    assert events[0][1]["message"] == {}
    assert events[0][1]["guard"] == "context.may_dim"
    assert lamp.state_name == "Off"


async def test_a_due_timer_waits_while_held(lamp: AsyncComponent, clock: VirtualClock) -> None:
    """Like a message; a step lets it through."""
    lamp.hold()
    await clock.advance(1)
    assert lamp.pending == 1
    assert lamp.context["ticks"] == 0
    assert await lamp.step() is True
    assert lamp.context["ticks"] == 1
    await clock.advance(4)
    assert lamp.pending == 2
    await lamp.step()
    assert lamp.state_name == "Dim"
    assert lamp.pending == 0, "leaving the state cancels the timer that waits"
    lamp.release()
    await clock.advance(2)
    assert lamp.state_name == "Off"


async def test_a_due_timer_that_waits_is_void_once_the_state_is_left(
    lamp: AsyncComponent, clock: VirtualClock
) -> None:
    """A message before it in line leads elsewhere."""
    lamp.hold()
    caller = asyncio.create_task(lamp.handle_message({"type": "switch"}))
    await asyncio.sleep(0)
    await clock.advance(5)
    assert lamp.pending == 4
    lamp.release()
    await caller
    await lamp.settled()
    assert (lamp.state_name, lamp.context["ticks"]) == ("Off", 0)


async def test_a_timer_due_during_a_message_waits_for_its_end(
    lamp: AsyncComponent, clock: VirtualClock, engine: FlexiFlowEngine
) -> None:
    """Time that a subscriber lets pass does not lead to a message in a message."""
    seen: list[str] = []

    async def passes_time(data: Any) -> None:
        if data["message"]["type"] == "touch":
            await clock.advance(5)
            seen.append(lamp.state_name)

    await engine.event_bus.subscribe("component.message.received", "me", passes_time)
    await lamp.handle_message({"type": "touch"})
    await engine.drain()
    assert seen == ["On"]
    assert lamp.state_name == "Dim"


async def test_stop_cancels_timers(
    lamp: AsyncComponent, clock: VirtualClock, engine: FlexiFlowEngine
) -> None:
    """Nothing comes due any more."""
    await engine.stop()
    assert clock.next_due() is None


async def test_unregistering_cancels_timers(
    lamp: AsyncComponent, clock: VirtualClock, engine: FlexiFlowEngine
) -> None:
    """The component is on its own then."""
    assert engine.unregister("lamp") is True
    assert clock.next_due() is None
    assert lamp.clock is not clock


async def test_restoring_arms_the_restored_state(lamp: AsyncComponent, clock: VirtualClock) -> None:
    """Old timers are gone, new ones start from the beginning, and nothing is entered."""

    class Shot:
        current_state = "On"
        rules: list[Any] = []
        context: dict[str, Any] = {"ticks": 50, "may_dim": True}

    await clock.advance(4)
    await lamp.restore(Shot())
    assert lamp.context["ticks"] == 50
    await clock.advance(4.9)
    assert (lamp.state_name, lamp.context["ticks"]) == ("On", 51)
    await clock.advance(0.1)
    assert lamp.state_name == "Dim"
    await lamp.stop()


async def test_restoring_drops_delayed_messages(
    engine: FlexiFlowEngine, clock: VirtualClock
) -> None:
    """They belong to the life before."""
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None, "B": None},
            "transitions": [
                {"from": "A", "message": "m", "do": [{"send": {"type": "go", "after": "1s"}}]},
                {"from": "A", "message": "go", "to": "B"},
            ],
        }
    )
    engine.register(component)

    class Shot:
        current_state = "A"
        rules: list[Any] = []
        context: dict[str, Any] = {}

    await component.handle_message({"type": "m"})
    assert clock.next_due() == 1
    await component.restore(Shot())
    assert clock.next_due() is None
    await engine.drain()


async def test_the_starting_states_timers_run_from_the_start(
    engine: FlexiFlowEngine, clock: VirtualClock
) -> None:
    """Not from registering."""
    component = load_component({**LAMP, "states": {"On": None, "Off": None, "Dim": None}})
    await engine.register_async(component)
    assert clock.next_due() is None
    await component.start()
    await clock.advance(5)
    assert component.state_name == "Dim"
    await engine.stop()


async def test_two_packs_of_one_engine_share_its_time(
    engine: FlexiFlowEngine, clock: VirtualClock
) -> None:
    """What is due first comes first, whoever waits for it."""
    changes: list[tuple[str, float]] = []

    async def note(data: Any) -> None:
        changes.append((data["component"], clock.now()))

    await engine.event_bus.subscribe("state.changed", "me", note)
    for name, delay in (("slow", "3s"), ("fast", "2s")):
        component = load_component(
            {
                "pack": name,
                "states": {"A": None, "B": None},
                "transitions": [
                    {"from": "A", "after": delay, "to": "B"},
                    {"from": "B", "after": delay, "to": "A"},
                ],
            }
        )
        await engine.register_async(component)
        await component.start()

    await clock.advance(6)
    assert changes == [("fast", 2), ("slow", 3), ("fast", 4), ("slow", 6), ("fast", 6)]
    await engine.stop()


async def test_a_component_without_an_engine_has_real_time() -> None:
    """A clock of its own, made when it is needed; another one can be given."""
    component = load_component(LAMP)
    assert isinstance(component.clock, LoopClock)
    assert component.clock is component.clock
    clock = VirtualClock()
    component.clock = clock
    await component.handle_message({"type": "switch"})
    await clock.advance(5)
    assert component.state_name == "Dim"
    await component.stop()


async def test_timers_run_in_real_time() -> None:
    """On the loop's clock a state is left without anybody's help."""
    engine = FlexiFlowEngine(clock=LoopClock(speed=1000))
    component = load_component(LAMP)
    await engine.register_async(component)
    entered: list[str] = []
    changed = asyncio.Event()

    async def on_changed(data: Any) -> None:
        entered.append(data["to_state"])
        if data["to_state"] == "Off":
            changed.set()

    await engine.event_bus.subscribe("state.changed", "me", on_changed)
    await component.handle_message({"type": "switch"})
    await asyncio.wait_for(changed.wait(), 5)
    await engine.drain()
    await engine.stop()
    assert entered == ["On", "Dim", "Off"]


async def test_a_clock_given_when_loading_is_used() -> None:
    """By the component's timers, as long as no engine brings its own."""
    clock = VirtualClock()
    component = load_component(LAMP, clock=clock)
    assert component.clock is clock


async def test_time_goes_on_while_another_component_waits_for_it(
    lamp: AsyncComponent, clock: VirtualClock, engine: FlexiFlowEngine
) -> None:
    """A timer waits for the work that it woke, not for whatever else is under way."""
    rings = asyncio.Event()

    class Sleeper(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            clock.call_later(3, rings.set)
            await rings.wait()
            return False, self

    sleeper = AsyncComponent("sleeper", state_machine=StateMachine(Sleeper()))
    await engine.register_async(sleeper)
    sleeping = asyncio.create_task(sleeper.handle_message({}))
    await asyncio.sleep(0)
    await asyncio.wait_for(clock.advance(5), 5)
    assert lamp.state_name == "Dim"
    await sleeping
    await engine.stop()


async def test_a_timer_waits_for_those_that_its_work_has_sent_to(
    engine: FlexiFlowEngine, clock: VirtualClock
) -> None:
    """Messages to other components are handled before time goes on."""
    seen: list[tuple[str, float]] = []

    class Notes(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            await asyncio.sleep(0)
            seen.append((message["type"], clock.now()))
            return False, self

    sender = load_component(
        {
            "pack": "sender",
            "states": {"A": None, "B": None, "C": None},
            "transitions": [
                {
                    "from": "A",
                    "after": "1s",
                    "to": "B",
                    "do": [{"send": {"type": "one", "to": "n"}}],
                },
                {
                    "from": "B",
                    "after": "1s",
                    "to": "C",
                    "do": [{"send": {"type": "two", "to": "n"}}],
                },
            ],
        }
    )
    await engine.register_async(sender)
    await engine.register_async(AsyncComponent("n", state_machine=StateMachine(Notes())))
    await sender.start()
    await clock.advance(5)
    assert seen == [("one", 1), ("two", 2)]


async def test_a_clock_of_its_own_stays_its_own(engine: FlexiFlowEngine) -> None:
    """An engine's clock is for components that bring none."""
    clock = VirtualClock()
    component = load_component(LAMP, clock=clock)
    await engine.register_async(component)
    assert component.clock is clock
