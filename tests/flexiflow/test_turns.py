"""Run to completion: one message at a time, in order, without deadlock or loss."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.errors import StateError
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import State, StateMachine
from flexiflow.testing import capture_events


class Script(State):
    """Does what ``do`` in the message says, and writes down when it begins and ends."""

    def __init__(self, log: list[Any]) -> None:
        self.log = log

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        name = message["type"]
        self.log.append(f"{name} begins")
        try:
            if (do := message.get("do")) is not None:
                await do(component)
        finally:
            self.log.append(f"{name} ends")

        return message.get("move", False), Script(self.log)


@pytest.fixture
def log() -> list[Any]:
    """What happened, in order."""
    return []


@pytest.fixture
def bus() -> AsyncEventManager:
    """A bus."""
    return AsyncEventManager()


@pytest.fixture
def component(log: list[Any], bus: AsyncEventManager) -> AsyncComponent:
    """A component that does what its messages say."""
    return AsyncComponent("c", state_machine=StateMachine(Script(log)), event_bus=bus)


@pytest.fixture
async def loop_errors() -> list[BaseException]:
    """Errors that reached the loop's exception handler."""
    errors: list[BaseException] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: errors.append(context["exception"]))
    return errors


def message(name: str, do: Any = None, **fields: Any) -> dict[str, Any]:
    """A message with something to do."""
    return {"type": name, "do": do, **fields}


def whole(*names: str) -> list[str]:
    """The log of messages that were handled one after the other."""
    return [f"{name} {what}" for name in names for what in ("begins", "ends")]


def sends(*messages: dict[str, Any]) -> Callable[[AsyncComponent], Awaitable[None]]:
    """Sends messages to the component from inside."""

    async def send(component: AsyncComponent) -> None:
        for each in messages:
            await component.handle_message(each)

    return send


async def yields(_component: Any) -> None:
    """Lets other code run for a while."""
    for _ in range(3):
        await asyncio.sleep(0)


async def fails(_component: Any) -> None:
    """Fails after a while."""
    await asyncio.sleep(0)
    raise RuntimeError("broken")


# From inside


async def test_a_state_may_send_to_its_own_component(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Messages from inside are handled after the one that sends them, before it returns."""
    await component.handle_message(message("a", sends(message("b"), message("c"))))
    assert log == whole("a", "b", "c")


async def test_messages_from_inside_may_send_further_ones(
    component: AsyncComponent, log: list[Any]
) -> None:
    """They go to the end of what was sent from inside."""
    inner = message("b", sends(message("d")))
    await component.handle_message(message("a", sends(inner, message("c"))))
    assert log == whole("a", "b", "c", "d")


@pytest.mark.parametrize("event", ["component.message.received", "state.changed"])
@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_a_subscriber_may_send_to_the_component(
    component: AsyncComponent,
    bus: AsyncEventManager,
    log: list[Any],
    event: str,
    delivery: str,
) -> None:
    """Also one that runs as a task of a concurrent delivery of its own."""

    async def relays(data: Any) -> None:
        await bus.publish("relayed", data, delivery=delivery)

    async def sends_once(data: Any) -> None:
        if "b begins" not in log and "sent" not in log:
            log.append("sent")
            await component.handle_message(message("b"))
            log.append("returned")

    await bus.subscribe(event, "relay", relays)
    await bus.subscribe("relayed", "me", sends_once)
    await component.handle_message(message("a", move=True))
    assert log.index("returned") == log.index("sent") + 1
    assert [entry for entry in log if " " in entry] == whole("a", "b")


WAYS: list[Callable[[AsyncComponent, dict[str, Any]], Awaitable[Any]]] = [
    lambda c, m: asyncio.wait_for(c.handle_message(m), 5),
    lambda c, m: asyncio.gather(c.handle_message(m)),
    lambda c, m: asyncio.create_task(c.handle_message(m)),
    lambda c, m: asyncio.shield(c.handle_message(m)),
]


@pytest.mark.parametrize("way", WAYS)
async def test_tasks_started_inside_are_inside(
    component: AsyncComponent,
    log: list[Any],
    way: Callable[[AsyncComponent, dict[str, Any]], Awaitable[Any]],
) -> None:
    """However a state or subscriber waits for its own message, it does not wait for itself."""

    async def send(component: AsyncComponent) -> None:
        await way(component, message("b"))
        log.append("sent")

    await asyncio.wait_for(component.handle_message(message("a", send)), 5)
    assert log == ["a begins", "sent", "a ends", *whole("b")]


async def test_a_task_that_outlives_its_turn_waits_like_others(
    component: AsyncComponent, log: list[Any]
) -> None:
    """What a turn has started is outside once the turn is over."""
    release = asyncio.Event()
    left: list[asyncio.Task[None]] = []

    async def later() -> None:
        await release.wait()
        await component.handle_message(message("late"))
        log.append("late returned")

    async def leaves(_component: Any) -> None:
        left.append(asyncio.create_task(later()))

    async def releases(_component: Any) -> None:
        release.set()
        await yields(None)

    await component.handle_message(message("a", leaves))
    await component.handle_message(message("b", releases))
    await left[0]
    assert log == [*whole("a", "b", "late"), "late returned"]


async def test_posting_from_inside_goes_before_those_who_wait(
    component: AsyncComponent, log: list[Any]
) -> None:
    """``post`` queues like a message from inside does."""

    async def posts(component: AsyncComponent) -> None:
        await yields(None)
        component.post(message("posted"))

    await asyncio.gather(
        component.handle_message(message("a", posts)),
        component.handle_message(message("b")),
    )
    assert log == whole("a", "posted", "b")


async def test_posting_from_outside_returns_at_once(
    component: AsyncComponent, log: list[Any]
) -> None:
    """It is handled soon, in order."""
    component.post(message("a", yields))
    component.post(message("b"))
    assert log == []
    await component.settled()
    assert log == whole("a", "b")


def test_posting_needs_a_loop(component: AsyncComponent) -> None:
    """Without one nothing is queued, and the component works on."""
    with pytest.raises(RuntimeError):
        component.post(message("a"))

    assert component.pending == 0
    assert not component.under_way
    asyncio.run(component.handle_message(message("b")))


# Callers


async def test_callers_are_served_in_order(component: AsyncComponent, log: list[Any]) -> None:
    """One message is over before the next begins, whatever it waits for."""
    await asyncio.gather(
        *(component.handle_message(message(name, yields)) for name in ("a", "b", "c", "d"))
    )
    assert log == whole("a", "b", "c", "d")


async def test_messages_from_inside_go_before_waiting_callers(
    component: AsyncComponent, log: list[Any]
) -> None:
    """They belong to what is going on."""

    async def waits_and_sends(component: AsyncComponent) -> None:
        await yields(None)
        await component.handle_message(message("inner"))

    await asyncio.gather(
        component.handle_message(message("a", waits_and_sends)),
        component.handle_message(message("b")),
    )
    assert log == whole("a", "inner", "b")


async def test_the_same_transition_is_not_taken_twice() -> None:
    """Two messages at the same time do not both see the old state."""

    class Second(State):
        async def handle_message(self, message: Any, component: Any) -> Any:
            return False, self

    class First(State):
        async def handle_message(self, message: Any, component: Any) -> Any:
            await asyncio.sleep(0)
            return True, Second()

    bus = AsyncEventManager()
    component = AsyncComponent("c", state_machine=StateMachine(First()), event_bus=bus)
    async with capture_events(bus, ["state.changed"]) as events:
        await asyncio.gather(component.handle_message({}), component.handle_message({}))

    assert len(events) == 1


async def test_events_of_one_message_stay_together(
    component: AsyncComponent, bus: AsyncEventManager
) -> None:
    """Observers that wait do not let the next message's events in between."""
    seen: list[tuple[str, str]] = []

    async def slow(data: Any) -> None:
        await asyncio.sleep(0)
        seen.append(("received", data["message"]["type"]))

    async def slower(data: Any) -> None:
        await yields(None)
        seen.append(("changed", "?"))

    await bus.subscribe("component.message.received", "me", slow)
    await bus.subscribe("state.changed", "me", slower)
    await asyncio.gather(
        *(component.handle_message(message(name, move=True)) for name in ("a", "b"))
    )
    assert seen == [("received", "a"), ("changed", "?"), ("received", "b"), ("changed", "?")]


async def test_errors_reach_their_own_caller_only(
    component: AsyncComponent, log: list[Any]
) -> None:
    """The queue goes on."""
    results = await asyncio.gather(
        component.handle_message(message("a", yields)),
        component.handle_message(message("b", fails)),
        component.handle_message(message("c")),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None), RuntimeError, type(None)]
    assert log == whole("a", "b", "c")


async def test_a_failing_message_lets_its_inner_ones_be_handled(
    component: AsyncComponent, log: list[Any]
) -> None:
    """They are handled before the error comes out."""

    async def sends_and_fails(component: AsyncComponent) -> None:
        await component.handle_message(message("inner"))
        await fails(component)

    with pytest.raises(RuntimeError, match=r"^broken$"):
        await component.handle_message(message("a", sends_and_fails))

    assert log == whole("a", "inner")


async def test_an_inner_error_goes_to_the_loop(
    component: AsyncComponent, log: list[Any], loop_errors: list[BaseException]
) -> None:
    """Nobody waits for that message any more; the outer caller and the queue are not concerned."""
    await component.handle_message(message("a", sends(message("b", fails), message("c"))))
    assert log == whole("a", "b", "c")
    assert [str(error) for error in loop_errors] == ["broken"]


async def test_a_cancelled_helper_of_inner_work_is_an_error(
    component: AsyncComponent, log: list[Any], loop_errors: list[BaseException]
) -> None:
    """It does not end the component's own task."""

    async def awaits_cancelled(_component: Any) -> None:
        task = asyncio.ensure_future(asyncio.sleep(60))
        task.cancel()
        await task

    await component.handle_message(
        message("a", sends(message("b", awaits_cancelled), message("c")))
    )
    assert log == whole("a", "b", "c")
    assert [type(error) for error in loop_errors] == [asyncio.CancelledError]


async def test_each_message_runs_in_its_callers_context(component: AsyncComponent) -> None:
    """Context variables, such as the correlation id, are those of the sender."""
    variable: ContextVar[str] = ContextVar("variable")
    seen: list[str] = []

    async def looks(_component: Any) -> None:
        seen.append(variable.get())
        await asyncio.sleep(0)

    async def caller(name: str) -> None:
        variable.set(name)
        await component.handle_message(message(name, looks))

    await asyncio.gather(caller("a"), caller("b"))
    assert seen == ["a", "b"]


# Cancelling


async def test_cancelling_a_waiting_caller_takes_its_message_away(
    component: AsyncComponent, log: list[Any]
) -> None:
    """The others are handled."""
    callers = [
        asyncio.create_task(component.handle_message(message(name, yields))) for name in "abc"
    ]
    await asyncio.sleep(0)
    callers[1].cancel()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(results[1], asyncio.CancelledError)
    assert log == whole("a", "c")
    assert component.pending == 0


async def test_cancelling_the_caller_being_served_ends_its_message_only(
    component: AsyncComponent, log: list[Any]
) -> None:
    """The state is untouched, and the queue goes on."""
    state = component.state_machine.current_state

    async def forever(_component: Any) -> None:
        await asyncio.sleep(60)

    first = asyncio.create_task(component.handle_message(message("a", forever, move=True)))
    second = asyncio.create_task(component.handle_message(message("b")))
    await yields(None)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first

    await second
    assert log == whole("a", "b")
    assert component.state_machine.current_state is state


async def test_a_caller_cancelled_as_its_turn_comes_passes_it_on(
    component: AsyncComponent, log: list[Any]
) -> None:
    """A turn that was given but not yet taken is not lost."""
    callers: list[asyncio.Task[None]] = []

    async def cancels_next(_component: Any) -> None:
        await yields(None)
        asyncio.get_running_loop().call_soon(callers[1].cancel)

    callers += [
        asyncio.create_task(component.handle_message(message("a", cancels_next))),
        asyncio.create_task(component.handle_message(message("b"))),
        asyncio.create_task(component.handle_message(message("c"))),
    ]
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(results[1], asyncio.CancelledError)
    assert log == whole("a", "c")


async def test_cancelling_after_the_own_message_leaves_inner_ones_be(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Inner messages are not the caller's own: they are handled although it is cancelled."""
    started, release = asyncio.Event(), asyncio.Event()

    async def waits(_component: Any) -> None:
        started.set()
        await release.wait()

    caller = asyncio.create_task(
        component.handle_message(message("a", sends(message("b", waits), message("c"))))
    )
    await started.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    release.set()
    await component.settled()
    assert log == whole("a", "b", "c")


async def test_a_cancelled_message_lets_its_inner_ones_be_handled(
    component: AsyncComponent, log: list[Any]
) -> None:
    """What it sent before it was cancelled is not lost."""
    started = asyncio.Event()

    async def sends_and_waits(component: AsyncComponent) -> None:
        await component.handle_message(message("inner"))
        started.set()
        await asyncio.sleep(60)

    caller = asyncio.create_task(component.handle_message(message("a", sends_and_waits)))
    await started.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    await component.settled()
    assert log == whole("a", "inner")


# Several components


def pair(log: list[Any]) -> tuple[AsyncComponent, AsyncComponent]:
    """Two components that do what their messages say."""
    return (
        AsyncComponent("one", state_machine=StateMachine(Script(log))),
        AsyncComponent("two", state_machine=StateMachine(Script(log))),
    )


async def test_a_message_may_come_back_through_another_component(log: list[Any]) -> None:
    """One sends to two, two sends to one: that is from inside one."""
    one, two = pair(log)

    async def back(_component: Any) -> None:
        await one.handle_message(message("c"))

    async def forth(_component: Any) -> None:
        await two.handle_message(message("b", back))

    await asyncio.wait_for(one.handle_message(message("a", forth)), 5)
    assert log == ["a begins", *whole("b"), "a ends", *whole("c")]


async def test_two_components_that_send_to_each_other_do_not_block(log: list[Any]) -> None:
    """When both wait for the other's turn, one of them goes on."""
    one, two = pair(log)
    both = asyncio.Barrier(2)

    def crosses(other: AsyncComponent, name: str) -> Any:
        async def cross(_component: Any) -> None:
            await both.wait()
            await other.handle_message(message(name))

        return cross

    await asyncio.wait_for(
        asyncio.gather(
            one.handle_message(message("a", crosses(two, "to two"))),
            two.handle_message(message("b", crosses(one, "to one"))),
        ),
        5,
    )
    await asyncio.gather(one.settled(), two.settled())
    assert sorted(log) == sorted(whole("a", "b", "to one", "to two"))


async def test_a_ring_of_components_does_not_block(log: list[Any]) -> None:
    """Nor when the ring is longer, and tasks are in between."""
    ring = [AsyncComponent(str(n), state_machine=StateMachine(Script(log))) for n in range(4)]
    all_in = asyncio.Barrier(4)

    def crosses(number: int) -> Any:
        async def cross(_component: Any) -> None:
            await all_in.wait()
            target = ring[(number + 1) % 4]
            await asyncio.wait_for(target.handle_message(message(f"from {number}")), 5)

        return cross

    await asyncio.gather(
        *(
            ring[number].handle_message(message(f"m{number}", crosses(number)))
            for number in range(4)
        )
    )
    await asyncio.gather(*(component.settled() for component in ring))
    assert len(log) == 16


async def test_waiting_behind_a_slow_component_is_no_ring(log: list[Any]) -> None:
    """A caller inside another component waits for its turn like anybody."""
    one, two = pair(log)
    release = asyncio.Event()

    async def waits(_component: Any) -> None:
        await release.wait()

    async def forth(_component: Any) -> None:
        await two.handle_message(message("b"))
        log.append("b returned")

    slow = asyncio.create_task(two.handle_message(message("slow", waits)))
    await asyncio.sleep(0)
    caller = asyncio.create_task(one.handle_message(message("a", forth)))
    await yields(None)
    assert "b begins" not in log
    release.set()
    await asyncio.gather(slow, caller)
    assert log.index("b ends") < log.index("b returned")


# Hold, release, step


async def test_a_held_component_lets_messages_wait(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Their callers wait, and are served in order on release."""
    component.hold()
    assert component.held
    callers = [asyncio.create_task(component.handle_message(message(name))) for name in "ab"]
    component.post(message("posted"))
    await yields(None)
    assert log == []
    assert component.pending == 3
    component.release()
    assert not component.held
    await asyncio.gather(*callers)
    await component.settled()
    assert log == whole("posted", "a", "b")
    assert component.pending == 0


async def test_a_message_under_way_is_finished_when_held(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Holding from inside takes effect after the current message."""

    async def holds(component: AsyncComponent) -> None:
        component.hold()
        await yields(None)

    await component.handle_message(message("a", holds))
    waiting = asyncio.create_task(component.handle_message(message("b")))
    await yields(None)
    assert log == whole("a")
    component.release()
    await waiting
    assert log == whole("a", "b")


async def test_a_step_lets_exactly_one_message_through(
    component: AsyncComponent, log: list[Any]
) -> None:
    """It returns when that message has been handled, and tells whether there was one."""
    component.hold()
    callers = [
        asyncio.create_task(component.handle_message(message(name, yields))) for name in "ab"
    ]
    await asyncio.sleep(0)
    assert await component.step() is True
    assert log == whole("a")
    assert callers[0].done() or await asyncio.wait_for(callers[0], 1) is None
    assert await component.step() is True
    assert log == whole("a", "b")
    assert await component.step() is False
    await asyncio.gather(*callers)


async def test_messages_from_inside_take_steps_of_their_own(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Their sender's caller waits until they have been let through as well."""
    component.hold()
    caller = asyncio.create_task(component.handle_message(message("a", sends(message("b")))))
    other = asyncio.create_task(component.handle_message(message("c")))
    await asyncio.sleep(0)
    await component.step()
    assert log == whole("a")
    assert component.pending == 2
    assert not caller.done()
    await component.step()
    await caller
    assert log == whole("a", "b")
    await component.step()
    await other
    assert log == whole("a", "b", "c")


async def test_two_steps_at_once_are_two_messages(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Steps follow each other."""
    component.hold()
    callers = [
        asyncio.create_task(component.handle_message(message(name, yields))) for name in "abc"
    ]
    await asyncio.sleep(0)
    await asyncio.gather(component.step(), component.step())
    assert log == whole("a", "b")
    component.release()
    await asyncio.gather(*callers)


async def test_a_step_from_inside_follows_the_current_message(
    component: AsyncComponent, log: list[Any]
) -> None:
    """It returns at once, and lets one more through."""

    async def steps(component: AsyncComponent) -> None:
        component.hold()
        await yields(None)
        log.append(await component.step())

    callers = [
        asyncio.create_task(component.handle_message(message(name, do)))
        for name, do in (("a", steps), ("b", None), ("c", None))
    ]
    await callers[1]
    await yields(None)
    assert log == ["a begins", True, "a ends", *whole("b")]
    component.release()
    await asyncio.gather(*callers)
    assert log[-2:] == whole("c")


async def test_a_step_may_be_cancelled(component: AsyncComponent, log: list[Any]) -> None:
    """The message that it has let through is handled all the same."""
    component.hold()
    component.post(message("a", yields))
    step = asyncio.create_task(component.step())
    await asyncio.sleep(0)
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step

    await component.settled()
    assert log == whole("a")


async def test_release_of_a_free_component_changes_nothing(component: AsyncComponent) -> None:
    """Nothing was held."""
    component.release()
    assert not component.held


async def test_cancelled_callers_are_not_stepped(component: AsyncComponent, log: list[Any]) -> None:
    """A step lets the next message through that somebody still waits for."""
    component.hold()
    callers = [asyncio.create_task(component.handle_message(message(name))) for name in "ab"]
    await asyncio.sleep(0)
    callers[0].cancel()
    await asyncio.sleep(0)
    assert component.pending == 1
    await component.step()
    assert log == whole("b")
    await asyncio.gather(*callers, return_exceptions=True)


async def test_settled_means_that_nothing_is_under_way(
    component: AsyncComponent, log: list[Any]
) -> None:
    """What is held does not count."""
    await component.settled()
    component.post(message("a", yields))
    assert component.under_way
    await component.settled()
    assert log == whole("a")
    component.hold()
    component.post(message("b"))
    await component.settled()
    assert log == whole("a")
    component.release()
    await component.settled()
    assert not component.under_way


async def test_settled_from_inside_returns_at_once(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Nobody waits for itself."""

    async def settles(component: AsyncComponent) -> None:
        assert not component.under_way
        await component.settled()

    await component.handle_message(message("a", settles))
    assert log == whole("a")


# Restore and stop


class Shot:
    """What a component is restored from."""

    current_state = "InitialState"
    rules: list[Any] = []
    context: dict[str, Any] = {}


async def test_restore_goes_before_all_that_waits(
    component: AsyncComponent, bus: AsyncEventManager, log: list[Any]
) -> None:
    """The current message is finished, the restored state gets the next one."""
    release = asyncio.Event()

    async def waits(_component: Any) -> None:
        await release.wait()

    callers = [
        asyncio.create_task(component.handle_message(message("a", waits))),
        asyncio.create_task(component.handle_message({"type": "start"})),
    ]
    await asyncio.sleep(0)
    restoring = asyncio.create_task(component.restore(Shot()))
    await yields(None)
    release.set()
    await restoring
    await asyncio.gather(*callers)
    assert log == whole("a")
    assert component.state_name == "AwaitingConfirmation"


async def test_restore_works_while_held(component: AsyncComponent, log: list[Any]) -> None:
    """Held messages stay held."""
    component.hold()
    caller = asyncio.create_task(component.handle_message({"type": "start"}))
    await asyncio.sleep(0)
    await component.restore(Shot())
    assert component.state_name == "InitialState"
    assert component.pending == 1
    component.release()
    await caller
    assert component.state_name == "AwaitingConfirmation"


async def test_restore_does_not_wait_for_held_messages_from_inside(
    component: AsyncComponent, log: list[Any]
) -> None:
    """A message that was sent from inside and is held does not hold up restoring."""
    component.hold()
    caller = asyncio.create_task(component.handle_message(message("a", sends(message("b")))))
    await asyncio.sleep(0)
    await component.step()
    await asyncio.wait_for(component.restore(Shot()), 5)
    assert component.pending == 1
    component.release()
    await caller


async def test_restore_from_inside_follows_the_current_message(
    component: AsyncComponent, log: list[Any]
) -> None:
    """It is queued like a message."""

    async def restores(component: AsyncComponent) -> None:
        await component.restore(Shot())
        log.append("asked")

    await component.handle_message(message("a", restores))
    assert log == ["a begins", "asked", "a ends"]
    assert component.state_name == "InitialState"


async def test_stop_tells_waiting_callers(component: AsyncComponent, log: list[Any]) -> None:
    """They get an error instead of waiting for ever."""
    component.hold()
    caller = asyncio.create_task(component.handle_message(message("a")))
    component.post(message("b"))
    await asyncio.sleep(0)
    await component.stop()
    with pytest.raises(StateError, match="Component 'c' was stopped"):
        await caller

    assert component.pending == 0
    component.release()
    await component.handle_message(message("c"))
    assert log == whole("c")


async def test_stop_ends_the_components_own_task(component: AsyncComponent, log: list[Any]) -> None:
    """Posted work under way is cancelled, what follows is dropped, nothing is left behind."""
    before = asyncio.all_tasks()

    async def forever(_component: Any) -> None:
        await asyncio.sleep(60)

    component.post(message("a", forever))
    component.post(message("b"))
    await yields(None)
    await component.stop()
    assert log == whole("a")
    assert asyncio.all_tasks() == before


async def test_stop_lets_a_caller_finish_its_message(
    component: AsyncComponent, log: list[Any]
) -> None:
    """A message that runs in its caller's task is the caller's affair."""
    caller = asyncio.create_task(component.handle_message(message("a", yields)))
    await asyncio.sleep(0)
    await component.stop()
    await caller
    assert log == whole("a")


async def test_stop_drops_what_an_outer_caller_waits_for(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Its own message was handled, so it just returns."""
    component.hold()
    caller = asyncio.create_task(component.handle_message(message("a", sends(message("b")))))
    await asyncio.sleep(0)
    await component.step()
    await component.stop()
    await caller
    assert log == whole("a")


async def test_stop_from_inside_does_not_wait_for_itself(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Neither in a caller's task nor in the component's own."""

    async def stops(component: AsyncComponent) -> None:
        await component.stop()

    await component.handle_message(message("a", stops))
    component.post(message("b", stops))
    await component.settled()
    assert log == whole("a", "b")


async def test_a_loop_that_ends_takes_the_components_task_along(log: list[Any]) -> None:
    """When every task is cancelled, callers go on and posted work is given up."""
    component = AsyncComponent("c", state_machine=StateMachine(Script(log)))

    async def forever(_component: Any) -> None:
        await asyncio.sleep(60)

    component.post(message("a", forever))
    component.post(message("b"))
    waiting = asyncio.create_task(component.handle_message(message("c")))
    await yields(None)
    worker = component._worker
    assert worker is not None
    worker.cancel()
    await waiting
    assert log == whole("a", "c")


def test_a_component_outlives_its_loop(log: list[Any]) -> None:
    """A loop that ends in the middle of posted work leaves a component that works."""
    component = AsyncComponent("c", state_machine=StateMachine(Script(log)))

    async def forever(_component: Any) -> None:
        await asyncio.sleep(60)

    async def leave() -> None:
        component.post(message("a", forever))
        component.post(message("b"))
        await yields(None)

    asyncio.run(leave())
    asyncio.run(component.handle_message(message("c")))
    assert log == whole("a", "c")


def test_an_interrupt_in_posted_work_leaves_a_component_that_works(
    log: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Ctrl+C ends the loop, not the component; asyncio logs the task that it came through."""
    component = AsyncComponent("c", state_machine=StateMachine(Script(log)))

    async def interrupts(_component: Any) -> None:
        raise KeyboardInterrupt

    async def leave() -> None:
        component.post(message("a", interrupts))
        await component.settled()

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(leave())

    gc.collect()
    asyncio.run(component.handle_message(message("c")))
    assert log == whole("a", "c")
    assert all(record.name == "asyncio" for record in caplog.records)


async def test_a_turn_that_is_thrown_away_elsewhere_ends(
    component: AsyncComponent, log: list[Any]
) -> None:
    """A coroutine that is closed in another context than its own gives its turn back."""
    turn = component.handle_message(message("a", yields))

    async def begin() -> None:
        turn.send(None)

    await asyncio.create_task(begin())
    assert component.under_way
    turn.close()
    assert not component.under_way
    await component.handle_message(message("b"))
    assert log == whole("a", "b")


# Against a model


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_mix_is_handled_like_by_a_model(data: st.DataObject) -> None:
    """Callers in order, each with what it sends from inside right after it."""
    counter = iter(range(1000))

    def draw_message(depth: int) -> dict[str, Any]:
        inner = [] if depth == 0 else data.draw(st.lists(st.just(depth - 1), max_size=2))
        messages = [draw_message(below) for below in inner]
        pause = data.draw(st.integers(0, 2))

        async def do(component: AsyncComponent) -> None:
            for each in messages:
                for _ in range(pause):
                    await asyncio.sleep(0)

                await component.handle_message(each)

        return message(f"m{next(counter)}", do, inner=messages)

    tops = [draw_message(2) for _ in range(data.draw(st.integers(1, 4)))]
    log: list[Any] = []

    async def run() -> None:
        component = AsyncComponent("c", state_machine=StateMachine(Script(log)))
        await asyncio.gather(*(component.handle_message(top) for top in tops))

    asyncio.run(run())
    expected: list[str] = []
    for top in tops:
        queue = [top]
        while queue:
            current = queue.pop(0)
            expected += whole(current["type"])
            queue += current["inner"]

    assert log == expected


class StepModel(RuleBasedStateMachine):
    """Holding, stepping and releasing against two lists: from inside, and in line."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.log: list[Any] = []
        self.component = AsyncComponent("c", state_machine=StateMachine(Script(self.log)))
        self.callers: list[asyncio.Task[None]] = []
        self.inner: list[dict[str, Any]] = []
        self.line: list[dict[str, Any]] = []
        self.expected: list[str] = []
        self.held = False
        self.number = 0

    def settle(self) -> None:
        """Lets the component do what it may."""

        async def pause() -> None:
            await self.component.settled()
            for _ in range(3):
                await asyncio.sleep(0)

            await self.component.settled()

        self.loop.run_until_complete(pause())

    def take(self) -> None:
        """What the component does with the next message."""
        queue = self.inner or self.line
        if queue:
            current = queue.pop(0)
            self.expected += whole(current["type"])
            self.inner += current["inner"]

    def new(self, count: int) -> dict[str, Any]:
        self.number += 1
        name = f"m{self.number}"
        inner = [message(f"{name}.{index}", inner=[]) for index in range(count)]
        return message(name, sends(*inner), inner=inner)

    @rule(count=st.integers(0, 2), by=st.sampled_from(["post", "caller"]))
    def send(self, count: int, by: str) -> None:
        sent = self.new(count)
        if by == "caller":
            self.callers.append(self.loop.create_task(self.component.handle_message(sent)))
        else:

            async def post() -> None:
                self.component.post(sent)

            self.loop.run_until_complete(post())

        self.line.append(sent)
        self.settle()
        while not self.held and (self.inner or self.line):
            self.take()

    @rule()
    def hold(self) -> None:
        self.component.hold()
        self.held = True

    @rule()
    def release(self) -> None:
        async def go() -> None:
            self.component.release()

        self.loop.run_until_complete(go())
        self.held = False
        self.settle()
        while self.inner or self.line:
            self.take()

    @rule()
    def step(self) -> None:
        stepped = self.loop.run_until_complete(self.component.step())
        assert stepped == (self.held and bool(self.inner or self.line))
        self.settle()
        if self.held:
            self.take()

    @invariant()
    def looks_alike(self) -> None:
        assert self.log == self.expected
        assert self.component.pending == len(self.inner) + len(self.line)
        assert self.component.held == self.held

    def teardown(self) -> None:
        self.release()
        for caller in self.callers:
            self.loop.run_until_complete(caller)

        self.loop.close()


TestStepModel = StepModel.TestCase
TestStepModel.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


class Snapshot(Shot):
    """One of a certain state."""

    def __init__(self, current_state: str) -> None:
        self.current_state = current_state


async def test_the_last_of_several_restorations_counts(component: AsyncComponent) -> None:
    """They are done in order of arrival, before all else that waits."""
    begun = asyncio.ensure_future(component.handle_message(message("a", yields)))
    await asyncio.sleep(0)
    names = ["ErrorHandling", "AwaitingConfirmation", "ProcessingRequest"]
    await asyncio.gather(*(component.restore(Snapshot(name)) for name in names), begun)
    assert component.state_name == "ProcessingRequest"


async def test_a_change_that_was_cut_short_is_finished_before_restoring() -> None:
    """What is left of it changes nothing that has been restored."""
    component = load_component(
        {
            "pack": "p",
            "states": {
                "A": None,
                "B": {"entry": [{"call": f"{__name__}:yields_long"}, {"set": {"entered": True}}]},
            },
            "transitions": [{"from": "A", "message": "go", "to": "B"}],
        }
    )
    component.event_bus = AsyncEventManager()
    async with capture_events(component.event_bus) as events:
        caller = asyncio.ensure_future(component.handle_message({"type": "go"}))
        await asyncio.sleep(0)
        restoring = asyncio.ensure_future(component.restore(Snapshot("A")))
        await asyncio.sleep(0)
        caller.cancel()
        await restoring

    assert component.context == {}
    names = ["component.message.received", "state.changed", "component.restored"]
    assert [name for name, _ in events] == names


async def yields_long(_component: Any, _message: Any) -> None:
    """Goes on until it is cancelled."""
    await asyncio.sleep(60)


async def test_a_step_that_is_asked_for_while_nothing_is_held_lets_nothing_through_later(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Holding begins afterwards, and holds all."""

    async def steps(component: AsyncComponent) -> None:
        log.append(await component.step())
        component.hold()
        component.post(message("b"))

    caller = asyncio.ensure_future(component.handle_message(message("a", steps)))
    await yields(None)
    await component.settled()
    assert log == ["a begins", False, "a ends"]
    component.release()
    await caller
    assert log[3:] == whole("b")


async def test_a_step_never_begins_a_second_message_beside_the_first(
    bus: AsyncEventManager, log: list[Any]
) -> None:
    """Not even where waiting for the first would be waiting for oneself."""
    one, two = (AsyncComponent(n, state_machine=StateMachine(Script(log))) for n in "12")
    go_on = asyncio.Event()

    async def steps_two(_component: Any) -> None:
        await go_on.wait()
        await two.step()
        await yields(None)

    async def asks_one(_component: Any) -> None:
        await one.handle_message(message("asked"))

    callers = []
    for component, each in (
        (one, message("a", steps_two)),
        (two, message("b", asks_one)),
        (two, message("c", yields)),
    ):
        callers.append(asyncio.ensure_future(component.handle_message(each)))
        await yields(None)

    go_on.set()
    await asyncio.wait_for(asyncio.gather(*callers), 5)
    assert log == ["a begins", "b begins", "a ends", *whole("asked"), "b ends", *whole("c")]


class NoTruth:
    """Comparing it gives nothing that is true or false, as with arrays."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> Any:
        raise ValueError("neither true nor false")


async def test_waiting_for_several_components_compares_none_of_them(log: list[Any]) -> None:
    """Nor their data."""
    others = [AsyncComponent("c", [NoTruth()], StateMachine(state)) for state in [Script(log)] * 2]
    callers = [
        asyncio.ensure_future(other.handle_message(message(name, yields)))
        for other, name in zip(others, "ab", strict=True)
    ]
    await asyncio.sleep(0)

    async def ask(_component: Any) -> None:
        await asyncio.gather(*(other.handle_message(message("x")) for other in reversed(others)))

    outer = AsyncComponent("outer", state_machine=StateMachine(Script(log)))
    await outer.handle_message(message("asks", ask))
    await asyncio.gather(*callers)
    assert log[-5:] == [*whole("x", "x"), "asks ends"]
