"""Turns that end in other ways than by being done: the component lives on, and so does the loop."""

import asyncio
import copy
import gc
import pickle
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.engine import FlexiFlowEngine
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import InitialState, State, StateMachine, StateRegistry
from flexiflow.testing import ManualClock, capture_events
from flexiflow.turn_context import Turn
from tests.helpers.slow_component import PATIENCE, Slow, check_answers, slow

START = {"type": "start"}


async def test_whoever_has_the_turn_and_whoever_waits_are_cancelled_at_once() -> None:
    """As a time-out over a gather does."""
    component = slow()
    callers = [
        asyncio.ensure_future(component.handle_message({"type": "x", "seconds": 60}))
        for _ in range(3)
    ]
    await asyncio.sleep(0)
    for caller in callers:
        caller.cancel()

    await asyncio.wait(callers)
    assert component.pending == 0
    await check_answers(component)


async def test_a_task_group_that_breaks_off_leaves_the_component_free() -> None:
    """All its tasks are cancelled in one go."""
    component = slow()

    async def break_off() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(2):
                group.create_task(component.handle_message({"type": "x", "seconds": 60}))

            await asyncio.sleep(0)
            raise KeyError

    with pytest.raises(ExceptionGroup):
        await break_off()

    await check_answers(component)


async def test_a_component_that_is_stopped_before_its_task_began_lives_on() -> None:
    """The message that was posted is dropped, the turn is free."""
    component, engine = AsyncComponent("c"), FlexiFlowEngine()
    engine.register(component)
    await component.start()
    component.post(START)
    await engine.stop()
    assert component.state_name == "InitialState"
    await check_answers(component)
    await asyncio.wait_for(engine.drain(), PATIENCE)


async def test_an_engine_stops_components_that_send_to_each_other() -> None:
    """What one sends while the other is being stopped starts no task that is left."""

    class Chatty(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            try:
                await asyncio.sleep(0)
            finally:
                engine.post(message["to"], {"type": "x", "to": component.name})
            return False, self

    engine = FlexiFlowEngine()
    names = ["a", "b"]
    for name in names:
        engine.register(AsyncComponent(name, state_machine=StateMachine(Chatty())))

    before = asyncio.all_tasks()
    engine.post("a", {"type": "x", "to": "b"})
    for _ in range(10):
        await asyncio.sleep(0)

    await asyncio.wait_for(engine.stop(), PATIENCE)
    left = asyncio.all_tasks() - before
    assert not [task for task in left if task.get_name().startswith("turns")]
    for name in names:
        assert not engine.get(name).under_way


@pytest.mark.parametrize("callers", [1, 3])
@pytest.mark.parametrize("collected", [False, True])
def test_a_loop_that_is_closed_in_the_middle_of_a_turn_takes_it_along(
    callers: int, collected: bool
) -> None:
    """The component serves the next loop, whatever becomes of the tasks of the former one."""
    component = slow()
    loop = asyncio.new_event_loop()
    tasks = [
        loop.create_task(component.handle_message({"type": "x", "seconds": 60}))
        for _ in range(callers)
    ]
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    for task in tasks:
        task._log_destroy_pending = False  # it is what this is about

    if collected:
        del task
        tasks.clear()
        gc.collect()

    asyncio.run(check_answers(component))
    tasks.clear()
    gc.collect()
    asyncio.run(check_answers(component))


def test_a_message_that_is_thrown_away_unfinished_frees_the_turn() -> None:
    """A coroutine that is driven by hand may be closed at any time."""
    component = slow()
    handling = component.handle_message({"type": "x", "seconds": 60})

    async def begin_and_throw_away() -> None:
        handling.send(None)
        handling.close()
        await check_answers(component)

    asyncio.run(begin_and_throw_away())


async def test_a_copy_that_is_taken_in_the_middle_of_a_turn_is_idle() -> None:
    """Copied and pickled components are of use at once."""
    taken: list[AsyncComponent] = []

    async def take(_data: Any) -> None:
        taken.extend((copy.copy(component), copy.deepcopy(component)))
        bus, component.event_bus = component.event_bus, None
        taken.append(pickle.loads(pickle.dumps(component)))
        component.event_bus = bus

    machine = StateMachine(InitialState(), StateRegistry())
    component = AsyncComponent("c", state_machine=machine, event_bus=(bus := AsyncEventManager()))
    await bus.subscribe("state.changed", "copies", take)
    await asyncio.gather(component.handle_message(START), component.start())
    assert len(taken) == 3
    for taken_copy in taken:
        taken_copy.event_bus = None
        await asyncio.wait_for(taken_copy.handle_message({"type": "cancel"}), PATIENCE)
        assert taken_copy.state_name == "InitialState"


def test_a_registry_that_lies_below_others_can_be_pickled() -> None:
    """So can a component after flows have been loaded."""
    below = StateRegistry()
    below.register("Slow", Slow)
    above = StateRegistry(below)
    assert pickle.loads(pickle.dumps(below)).names() == ["Slow"]
    restored = pickle.loads(pickle.dumps(above))
    restored.parent.register("Other", Slow)
    assert restored.names() == ["Other", "Slow"]
    assert restored.label(Slow) == "Slow"


def turns_in_memory() -> int:
    """How many there are in the whole process: other tests leave some behind as well."""
    gc.collect()
    return sum(type(found) is Turn for found in gc.get_objects())


async def test_turns_that_have_ended_are_kept_by_nobody() -> None:
    """Each turn starts a task that sends the next message, on and on."""
    before = turns_in_memory()
    count = 300
    done = asyncio.Event()
    tasks = []

    class Chain(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            if message["left"]:
                following = {"type": "x", "left": message["left"] - 1}
                tasks.append(asyncio.ensure_future(component.handle_message(following)))
            else:
                done.set()

            await asyncio.sleep(0)
            return False, self

    component = AsyncComponent("c", state_machine=StateMachine(Chain()))
    await component.handle_message({"type": "x", "left": count})
    await asyncio.wait_for(done.wait(), PATIENCE)
    await asyncio.wait(tasks)
    tasks.clear()
    await asyncio.sleep(0)
    assert turns_in_memory() - before < 10


async def test_a_change_of_state_is_finished_though_its_caller_is_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is left of the entry actions is done, and the change is told before anything else."""
    begun = asyncio.Event()

    async def wait(_component: Any, _message: Any) -> None:
        begun.set()
        await asyncio.sleep(60)

    component = load_component(
        {
            "pack": "p",
            "states": {
                "A": None,
                "B": {
                    "entry": [
                        {"send": {"type": "sent"}},
                        {"call": f"{__name__}:wait_here"},
                        {"set": {"entered": True}},
                    ]
                },
            },
            "transitions": [
                {"from": "A", "message": "go", "to": "B"},
                {"from": "B", "message": "sent", "do": [{"set": {"sent": "context.entered"}}]},
            ],
        }
    )
    monkeypatch.setitem(globals(), "wait_here", wait)
    component.event_bus = AsyncEventManager()
    async with capture_events(component.event_bus) as events:
        caller = asyncio.ensure_future(component.handle_message({"type": "go"}))
        await begun.wait()
        caller.cancel()
        await asyncio.wait([caller])
        await component.settled()

    assert caller.cancelled()
    assert component.context == {"entered": True, "sent": True}
    assert [name for name, _ in events] == [
        "component.message.received",
        "state.changed",
        "component.message.received",
        "component.message.handled",
    ]


async def wait_here(_component: Any, _message: Any) -> None:
    """Replaced by the test that calls it."""


class Gated(State):
    """Writes down what it begins, and ends it when the gate is open."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.gate = asyncio.Event()

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        self.log.append(message["type"])
        await self.gate.wait()
        return False, self


def abandoned(component: AsyncComponent, *, granted: bool) -> asyncio.Task[None]:
    """A caller whose loop was closed: while the component started, or with the turn just his."""
    loop = asyncio.new_event_loop()
    caller = loop.create_task(component.handle_message({"type": "abandoned"}))
    caller._log_destroy_pending = False  # type: ignore[attr-defined]  # it is what this is about
    loop.run_until_complete(asyncio.sleep(0))
    if granted:
        loop.call_soon(component.release)
        loop.call_soon(loop.stop)
        loop.run_forever()

    loop.close()
    return caller


@pytest.mark.parametrize("granted", [True, False])
def test_a_caller_of_a_closed_loop_that_is_thrown_away_ends_no_turn_of_the_next_loop(
    granted: bool,
) -> None:
    """Whether he had just got his turn, or was starting the component."""
    component = load_component(STARTS_SLOWLY)
    if granted:
        component.mark_entered()
        asyncio.run(component.start())
        component.hold()

    caller = abandoned(component, granted=granted)
    component.state_machine.current_state = state = Gated()

    async def go_on() -> None:
        state.gate = asyncio.Event()
        callers = [asyncio.ensure_future(component.handle_message({"type": kind})) for kind in "ab"]
        await asyncio.sleep(0)
        caller.get_coro().close()  # type: ignore[union-attr]
        for _ in range(5):
            await asyncio.sleep(0)

        assert state.log == ["a"]
        state.gate.set()
        await asyncio.wait_for(asyncio.gather(*callers), PATIENCE)
        assert state.log == ["a", "b"]

    asyncio.run(go_on())


STARTS_SLOWLY = {
    "pack": "p",
    "states": {"A": {"entry": [{"call": f"{__name__}:rest_long"}]}},
    "transitions": [],
}


async def rest_long(_component: Any, _message: Any) -> None:
    """Takes longer than any test."""
    await asyncio.sleep(60)


@pytest.mark.parametrize("stops", [True, False])
def test_callers_of_a_closed_loop_keep_nobody_from_going_on(stops: bool) -> None:
    """Those who waited for their turn, or for what they had sent."""
    component = slow()
    loop = asyncio.new_event_loop()

    async def hold(data: Any) -> None:
        bus.unsubscribe_all(data["component"])
        component.hold()
        component.post({"type": "sent"})

    component.event_bus = bus = AsyncEventManager()
    loop.run_until_complete(bus.subscribe("state.changed", component.name, hold))
    loop.run_until_complete(component.start())
    callers = [loop.create_task(component.handle_message({"type": "x"})) for _ in range(3)]
    for caller in callers:
        caller._log_destroy_pending = False  # type: ignore[attr-defined]

    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()

    async def go_on() -> None:
        if stops:
            await component.stop()
            assert component.pending == 0
        else:
            component.post({"type": "y"})
            assert component.pending == 2

        async with capture_events(bus, ["component.message.received"]) as events:
            component.release()
            await asyncio.wait_for(component.settled(), PATIENCE)
            await check_answers(component)

        received = [data["message"]["type"] for _, data in events]
        assert received == [*([] if stops else ["sent", "y"]), "still there?"]

    asyncio.run(go_on())


async def test_a_step_ends_when_the_component_is_stopped_before_the_step_began() -> None:
    """Its message is dropped; nobody goes on waiting for it."""
    component = slow()
    component.hold()
    component.post({"type": "x"})
    step = asyncio.ensure_future(component.step())
    await asyncio.sleep(0)
    await component.stop()
    assert await asyncio.wait_for(step, PATIENCE)
    component.release()
    await check_answers(component)


async def test_a_timer_that_is_due_has_no_effect_once_its_component_is_unregistered() -> None:
    """Although its turn had been given to it."""
    engine = FlexiFlowEngine(clock=(clock := ManualClock()))
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None, "B": None},
            "transitions": [{"from": "A", "after": "1s", "to": "B"}],
        }
    )
    engine.register(component)
    await component.start()
    advancing = asyncio.ensure_future(clock.advance(1.0))
    await asyncio.sleep(0)
    engine.unregister(component.name)
    await advancing
    await component.settled()
    assert component.state_name == "A"
    await check_answers(component)


def test_releasing_without_a_loop_loses_nothing() -> None:
    """What waits needs a loop; it is held until there is one."""
    component = AsyncComponent("c")
    component.hold()

    async def post() -> None:
        component.post(START)

    async def release() -> None:
        component.release()
        await asyncio.wait_for(component.settled(), PATIENCE)

    asyncio.run(post())
    with pytest.raises(RuntimeError, match="no running event loop"):
        component.release()

    assert component.held
    asyncio.run(release())
    assert component.state_name == "AwaitingConfirmation"
