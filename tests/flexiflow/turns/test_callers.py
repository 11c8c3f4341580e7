"""Run to completion: callers get their turns in order, and may be cancelled at any time."""

import asyncio
from contextvars import ContextVar
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import State, StateMachine
from flexiflow.testing import capture_events
from tests.helpers.scripts import fails, message, sends, whole, yields

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
