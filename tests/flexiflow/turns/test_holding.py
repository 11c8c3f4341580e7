"""Components that are held, and go step by step."""

import asyncio
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import StateMachine
from tests.helpers.scripts import Script, message, sends, whole, yields


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
