"""What ends a handler of the event bus, or its publisher, from outside."""

import asyncio
import gc
from typing import Any

import pytest

from flexiflow.event_manager import AsyncEventManager
from tests.helpers.buses import FAILED, ErrorLog, noted_failures, writer


async def awaits_cancelled_task(_data: Any) -> None:
    """A handler whose own helper is cancelled by somebody."""
    task = asyncio.ensure_future(asyncio.sleep(60))
    task.cancel()
    await task


@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_a_handlers_cancelled_helper_is_that_handlers_failure(
    bus: AsyncEventManager, log: ErrorLog, delivery: str
) -> None:
    """It does not look like the publisher's own cancellation."""
    calls: list[Any] = []

    async def on_failure(data: Any) -> None:
        calls.append(data["exception"])

    await bus.subscribe(FAILED, "watcher", on_failure)
    await bus.subscribe("e", "me", awaits_cancelled_task, 1)
    await bus.subscribe("e", "me", writer(calls, "next"), 2)
    await bus.publish("e", delivery=delivery)
    assert sorted(calls) == ["CancelledError()", "next"]
    assert len(log.calls) == 1


@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_a_handlers_cancelled_helper_is_raised_in_raise_mode(
    bus: AsyncEventManager, log: ErrorLog, delivery: str
) -> None:
    """In raise mode the CancelledError comes out like any failure."""
    await bus.subscribe("e", "me", awaits_cancelled_task)
    with pytest.raises(asyncio.CancelledError):
        await bus.publish("e", delivery=delivery, on_error="raise")

    assert len(log.calls) == 1


async def test_cancelling_the_publisher_propagates_in_sequential_mode(
    bus: AsyncEventManager, log: ErrorLog
) -> None:
    """The publisher's own cancellation is no failure of a handler."""
    started = asyncio.Event()
    calls: list[str] = []

    async def waits(_data: Any) -> None:
        started.set()
        await asyncio.sleep(60)

    await bus.subscribe("e", "me", waits, 1)
    await bus.subscribe("e", "me", writer(calls, "next"), 2)
    for on_error in ("continue", "raise"):
        started.clear()
        publisher = asyncio.create_task(bus.publish("e", on_error=on_error))
        await started.wait()
        publisher.cancel()
        with pytest.raises(asyncio.CancelledError):
            await publisher

    assert calls == []
    assert log.calls == []


async def test_cancelling_a_concurrent_publish_ends_its_tasks(
    bus: AsyncEventManager, log: ErrorLog
) -> None:
    """Handler tasks are cancelled and waited for; none is left behind."""
    started = asyncio.Event()
    calls: list[str] = []

    async def tidies_up(_data: Any) -> None:
        started.set()
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            calls.append("tidied up")

    async def fails_in_the_end(_data: Any) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            raise RuntimeError("on the way out")

    await bus.subscribe("e", "me", tidies_up)
    await bus.subscribe("e", "me", fails_in_the_end)
    before = asyncio.all_tasks()
    publisher = asyncio.create_task(bus.publish("e", delivery="concurrent"))
    await started.wait()
    publisher.cancel()
    await asyncio.sleep(0)
    publisher.cancel()
    with pytest.raises(asyncio.CancelledError):
        await publisher

    assert calls == ["tidied up"]
    assert asyncio.all_tasks() == before
    del publisher
    gc.collect()


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_interrupts_always_propagate(kind: type[BaseException]) -> None:
    """Ctrl+C and exit are nobody's failure."""

    async def interrupts(_data: Any) -> None:
        raise kind

    async def publish(delivery: str) -> None:
        bus = AsyncEventManager()
        await bus.subscribe("e", "me", interrupts)
        await bus.publish("e", delivery=delivery)

    for delivery in ("sequential", "concurrent"):
        with pytest.raises(kind):
            asyncio.run(publish(delivery))


class Odd(BaseException):
    """Neither an Exception nor one of Python's own."""


@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_other_base_exceptions_propagate(bus: AsyncEventManager, delivery: str) -> None:
    """What is no Exception is no failure of a handler."""

    async def raises(_data: Any) -> None:
        raise Odd

    await bus.subscribe("e", "me", raises)
    with pytest.raises(Odd):
        await bus.publish("e", delivery=delivery)


async def test_a_filter_that_is_cut_off_is_a_failed_filter(bus: AsyncEventManager) -> None:
    """The publisher is not cancelled, the other subscribers get the event."""
    seen = []

    async def note(data: Any) -> None:
        seen.append(data)

    def cut_off(_name: str, _data: Any) -> bool:
        raise asyncio.CancelledError("filter")

    await bus.subscribe("e", "culprit", note, filter_fn=cut_off)
    await bus.subscribe("e", "other", note)
    failures = await noted_failures(bus)
    await bus.publish("e", 1)
    assert seen == [1]
    assert failures == ["CancelledError('filter')"]


@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_a_handler_that_is_cut_off_is_told_as_it_was(
    bus: AsyncEventManager, delivery: str
) -> None:
    """With what its CancelledError says, and the very same one where it is raised."""
    error = asyncio.CancelledError("hello")

    async def cut_off(_data: Any) -> None:
        raise error

    await bus.subscribe("e", "culprit", cut_off)
    failures = await noted_failures(bus)
    await bus.publish("e", delivery=delivery)
    assert failures == ["CancelledError('hello')"]
    with pytest.raises(asyncio.CancelledError, match="hello"):
        await bus.publish("e", delivery=delivery, on_error="raise")
