"""Messages that are sent while one is being handled."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.event_manager import AsyncEventManager
from tests.helpers.scripts import message, sends, whole, yields


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
