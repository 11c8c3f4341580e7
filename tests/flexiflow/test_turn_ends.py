"""Turns that end in other ways than by being done: the component lives on, and so does the loop."""

import asyncio
import copy
import gc
import pickle
from typing import Any

import pytest

from flexiflow import timers, waiting
from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import StateError
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import InitialState, State, StateMachine, StateRegistry
from flexiflow.testing import ManualClock, capture_events
from flexiflow.turn_context import Turn

START = {"type": "start"}
PATIENCE = 20.0
"""In seconds: what hangs hangs longer."""


class Slow(State):
    """Takes its time, and moves on."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        await asyncio.sleep(message.get("seconds", 0))
        return True, Slow()


def slow() -> AsyncComponent:
    """A component that takes its time."""
    return AsyncComponent("slow", state_machine=StateMachine(Slow()))


async def check_answers(component: AsyncComponent) -> None:
    """The component handles a message."""
    await asyncio.wait_for(component.handle_message({"type": "still there?"}), PATIENCE)
    assert not component.under_way


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


LOOP = {
    "pack": "loop",
    "states": {"A": None, "B": {"entry": [{"send": {"type": "again"}}]}},
    "transitions": [
        {"from": "A", "message": "go", "to": "B"},
        {"from": "B", "message": "again", "to": "B"},
    ],
}


async def test_a_flow_that_sends_to_itself_for_ever_lets_others_run() -> None:
    """A time-out works, and so does stopping."""
    component = load_component(LOOP)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(component.handle_message({"type": "go"}), 0.05)

    assert component.under_way
    await asyncio.wait_for(component.stop(), PATIENCE)
    assert not component.under_way


async def test_a_flow_that_sends_to_itself_for_ever_is_told_when_it_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The action that sends one too many fails, and the outermost call returns."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 1_000)
    component = load_component(LOOP)
    component.event_bus = AsyncEventManager()
    async with capture_events(component.event_bus, ["state.changed", "action.failed"]) as events:
        await asyncio.wait_for(component.handle_message({"type": "go"}), PATIENCE)

    assert len(events.of("state.changed")) == 1_001
    (failure,) = events.of("action.failed")
    assert "Too many messages for component 'loop'" in failure["error"]
    await check_answers(component)


async def test_what_is_set_off_grows_no_further_than_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two for each one: without a limit, the memory would be full before anything ends."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 1_000)
    twice = [{"send": {"type": "x"}}, {"send": {"type": "x"}}]
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None},
            "transitions": [{"from": "A", "message": "x", "do": twice}],
        }
    )
    component.event_bus = AsyncEventManager()
    async with capture_events(component.event_bus, ["component.message.handled"]) as events:
        await asyncio.wait_for(component.handle_message({"type": "x"}), PATIENCE)

    assert len(events.of("component.message.handled")) == 1_001


async def test_what_is_set_off_slowly_grows_no_further_than_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However much time passes, there is an end to what waits."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 50)
    monkeypatch.setattr(waiting, "_AT_A_STRETCH", 0.0)
    twice = [{"send": {"type": "x"}}, {"send": {"type": "x"}}]
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None},
            "transitions": [{"from": "A", "message": "x", "do": twice}],
        }
    )
    component.event_bus = bus = AsyncEventManager()
    most, failed = [], asyncio.Event()

    async def look(_data: Any) -> None:
        most.append(component.pending)

    async def fail(_data: Any) -> None:
        if len(most) > 500:
            failed.set()

    await bus.subscribe("component.message.handled", "test", look)
    await bus.subscribe("action.failed", "test", fail)
    handling = asyncio.ensure_future(component.handle_message({"type": "x"}))
    await asyncio.wait_for(failed.wait(), PATIENCE)
    await component.stop()
    await asyncio.wait([handling])
    assert max(most) <= 2 * 50


async def test_large_messages_that_are_set_off_have_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each sends two that are as large as can be."""
    monkeypatch.setattr(waiting, "MAX_SENT_SIZE", 20_000)
    send = {"send": {"type": "x", "data": {"text": "context.text + '!'"}}}
    component = load_component(
        {
            "pack": "p",
            "context": {"text": "x" * 2_000},
            "states": {"A": None},
            "transitions": [{"from": "A", "message": "x", "do": [send, send]}],
        }
    )
    component.event_bus = AsyncEventManager()
    async with capture_events(component.event_bus, ["component.message.handled"]) as events:
        await asyncio.wait_for(component.handle_message({"type": "x"}), PATIENCE)
        first = len(events)
        await asyncio.wait_for(component.handle_message({"type": "x"}), PATIENCE)

    assert first == 1 + 20_000 // 2_006, "each has a key and a text of 2,001 characters"
    assert len(events) == 2 * first


@pytest.mark.parametrize(("most", "size"), [(5, 1_000_000), (1_000, 10_030)])
async def test_messages_that_wait_for_their_time_have_an_end(
    monkeypatch: pytest.MonkeyPatch, most: int, size: int
) -> None:
    """By number as by size; when some have come, there is room again."""
    monkeypatch.setattr(timers, "MAX_SET_OFF", most)
    monkeypatch.setattr(timers, "MAX_SENT_SIZE", size)
    send = {"send": {"type": "y", "data": {"text": "context.text"}, "after": "1s"}}
    component = load_component(
        {
            "pack": "p",
            "context": {"text": "x" * 2_000},
            "states": {"A": None},
            "transitions": [{"from": "A", "message": "x", "do": [send]}],
        }
    )
    component.clock = clock = ManualClock()
    component.event_bus = AsyncEventManager()
    names = ["action.failed", "component.message.ignored"]
    async with capture_events(component.event_bus, names) as events:
        for _ in range(7):
            await component.handle_message({"type": "x"})

        assert [event for event, _ in events] == ["action.failed"] * 2
        await clock.advance(1)
        await component.handle_message({"type": "x"})

    assert [event for event, _ in events[2:]] == ["component.message.ignored"] * 5
    await component.stop()


async def test_who_sends_to_itself_slowly_may_do_so_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only so many at a stretch are an endless loop."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 10)
    monkeypatch.setattr(waiting, "_AT_A_STRETCH", 0.0)
    seen = []

    class Clock(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            seen.append(message)
            if len(seen) < 50:
                component.post({"type": "tick"})

            return False, self

    component = AsyncComponent("c", state_machine=StateMachine(Clock()))
    await component.handle_message({"type": "tick"})
    assert len(seen) == 50


async def test_nobody_can_post_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who posts is told when too many wait, and those are handled."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 100)
    component = slow()
    await component.start()
    component.hold()
    for _ in range(100):
        component.post({"type": "x"})

    with pytest.raises(StateError, match="Too many messages for component 'slow'"):
        component.post({"type": "x"})

    assert component.pending == 100
    component.release()
    await component.settled()
    assert component.pending == 0


async def test_turns_that_have_ended_are_kept_by_nobody() -> None:
    """Each turn starts a task that sends the next message, on and on."""
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
    gc.collect()
    assert sum(type(found) is Turn for found in gc.get_objects()) < 10


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
