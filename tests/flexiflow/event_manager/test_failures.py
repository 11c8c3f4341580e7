"""Handlers and filters of the event bus that fail."""

from typing import Any

import pytest

from flexiflow.event_manager import AsyncEventManager
from tests.helpers.buses import FAILED, ErrorLog, Falsy, fail, fail_later, noted_failures, writer


async def test_sequential_continue_reports_and_goes_on(
    bus: AsyncEventManager, log: ErrorLog
) -> None:
    """A failure is logged, published, and then comes the next handler."""
    calls: list[Any] = []

    async def on_failure(data: Any) -> None:
        calls.append(data)

    await bus.subscribe(FAILED, "watcher", on_failure)
    await bus.subscribe("e", "culprit", fail, 1)
    await bus.subscribe("e", "me", writer(calls, "next"), 2)
    await bus.publish("e")
    failure = {
        "event_name": "e",
        "component_name": "culprit",
        "exception": "RuntimeError('broken')",
    }
    assert calls == [failure, "next"]
    (call,) = log.calls
    assert call[:2] == ("Error handling event %s: %s", "e")
    assert isinstance(call[2], RuntimeError)


async def test_sequential_raise_stops_at_the_first_failure(
    bus: AsyncEventManager, log: ErrorLog
) -> None:
    """The failure is logged and raised; later handlers do not run, nothing is published."""
    calls: list[str] = []
    await bus.subscribe(FAILED, "watcher", writer(calls, "published"))
    await bus.subscribe("e", "me", fail, 1)
    await bus.subscribe("e", "me", writer(calls, "next"), 2)
    with pytest.raises(RuntimeError, match=r"^broken$"):
        await bus.publish("e", on_error="raise")

    assert calls == []
    assert len(log.calls) == 1


async def test_concurrent_continue_reports_in_order_after_all(
    bus: AsyncEventManager, log: ErrorLog
) -> None:
    """Failures are reported by priority when every handler has ended."""
    calls: list[Any] = []

    async def on_failure(data: Any) -> None:
        calls.append(data["exception"])

    await bus.subscribe(FAILED, "watcher", on_failure)
    await bus.subscribe("e", "a", fail_later, 1)
    await bus.subscribe("e", "b", fail, 2)
    await bus.subscribe("e", "c", writer(calls, "fine"), 3)
    await bus.publish("e", delivery="concurrent")
    assert calls == ["fine", "ValueError('later')", "RuntimeError('broken')"]
    assert len(log.calls) == 2


async def test_concurrent_raise_gives_the_first_by_priority(
    bus: AsyncEventManager, log: ErrorLog
) -> None:
    """All are awaited; the first failure by priority is raised, the others are noted on it."""
    calls: list[str] = []
    await bus.subscribe(FAILED, "watcher", writer(calls, "published"))
    await bus.subscribe("e", "a", fail_later, 1)
    await bus.subscribe("e", "b", fail, 2)
    await bus.subscribe("e", "c", writer(calls, "fine"), 3)
    with pytest.raises(ValueError, match=r"^later") as caught:
        await bus.publish("e", delivery="concurrent", on_error="raise")

    assert calls == ["fine"]
    assert len(log.calls) == 2
    assert "RuntimeError('broken')" in caught.value.__notes__[0]


async def test_concurrent_raise_of_one_shared_error_notes_nothing(bus: AsyncEventManager) -> None:
    """The same exception from two handlers is not its own note."""
    error = RuntimeError("shared")

    async def raises(_data: Any) -> None:
        raise error

    await bus.subscribe("e", "a", raises)
    await bus.subscribe("e", "b", raises)
    with pytest.raises(RuntimeError) as caught:
        await bus.publish("e", delivery="concurrent", on_error="raise")

    assert not hasattr(caught.value, "__notes__")


async def test_failing_failure_handlers_do_not_recurse(
    bus: AsyncEventManager, log: ErrorLog
) -> None:
    """One failing handler and one failing watcher of failures make two calls in all."""
    calls: list[str] = []

    async def watcher(_data: Any) -> None:
        calls.append("watcher")
        raise RuntimeError("watcher broken")

    async def handler(_data: Any) -> None:
        calls.append("handler")
        raise RuntimeError("broken")

    await bus.subscribe(FAILED, "watcher", watcher)
    await bus.subscribe("e", "me", handler)
    await bus.publish("e")
    assert calls == ["handler", "watcher"]
    assert [call[1] for call in log.calls] == ["e", FAILED]


async def test_failing_filter_of_the_failure_event_does_not_recurse(
    bus: AsyncEventManager, log: ErrorLog
) -> None:
    """A filter that fails while a failure is delivered is logged, and that is all."""

    def broken(_name: str, _data: Any) -> bool:
        raise RuntimeError("filter broken")

    await bus.subscribe(FAILED, "watcher", fail, filter_fn=broken)
    await bus.subscribe("e", "me", fail)
    await bus.publish("e")
    assert [call[1] for call in log.calls] == ["e", FAILED]


@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_failing_filter_counts_as_a_failure_of_its_subscription(
    bus: AsyncEventManager, log: ErrorLog, delivery: str
) -> None:
    """In continue mode a failing filter is logged and published, and does not match."""
    calls: list[Any] = []

    def broken(_name: str, _data: Any) -> bool:
        raise RuntimeError("filter broken")

    async def on_failure(data: Any) -> None:
        calls.append(data["component_name"])

    await bus.subscribe(FAILED, "watcher", on_failure)
    await bus.subscribe("e", "culprit", writer(calls, "culprit ran"), filter_fn=broken)
    await bus.subscribe("e", "me", writer(calls, "fine"))
    await bus.publish("e", delivery=delivery)
    assert calls == ["culprit", "fine"]
    assert len(log.calls) == 1


async def test_failing_filter_propagates_in_raise_mode(bus: AsyncEventManager) -> None:
    """In raise mode no handler runs."""
    calls: list[str] = []

    def broken(_name: str, _data: Any) -> bool:
        raise RuntimeError("filter broken")

    await bus.subscribe("e", "me", writer(calls, "ran"), 1)
    await bus.subscribe("e", "me", fail, 2, broken)
    with pytest.raises(RuntimeError, match="filter broken"):
        await bus.publish("e", on_error="raise")

    assert calls == []


async def test_a_bus_without_logger_still_publishes_failures() -> None:
    """The logger may be left out."""
    bus = AsyncEventManager()
    calls: list[str] = []
    await bus.subscribe(FAILED, "watcher", writer(calls, "published"))
    await bus.subscribe("e", "me", fail)
    await bus.publish("e")
    assert calls == ["published"]


async def test_a_logger_that_is_false_is_used_all_the_same() -> None:
    """Whether there is a logger is asked by comparison with None."""
    log = Falsy()
    bus = AsyncEventManager(log)
    await bus.subscribe("e", "me", fail)
    await bus.publish("e")
    assert len(log.calls) == 1


async def test_a_handler_that_fails_before_its_awaitable_is_one_failure(
    bus: AsyncEventManager, log: ErrorLog
) -> None:
    """Concurrent delivery is not upset by a plain function that raises at once."""
    calls: list[str] = []

    def raises(_data: Any) -> Any:
        raise RuntimeError("at once")

    await bus.subscribe("e", "me", writer(calls, "first"), 1)
    await bus.subscribe("e", "me", raises, 2)
    await bus.subscribe("e", "me", writer(calls, "last"), 3)
    await bus.publish("e", delivery="concurrent")
    assert calls == ["first", "last"]
    assert len(log.calls) == 1


async def test_an_exception_that_cannot_be_written_out_is_named(bus: AsyncEventManager) -> None:
    """It does not reach the publisher in its place."""

    class MuteError(Exception):
        def __repr__(self) -> str:
            raise RuntimeError("no words")

    async def mute(_data: Any) -> None:
        raise MuteError

    await bus.subscribe("e", "culprit", mute)
    failures = await noted_failures(bus)
    await bus.publish("e")
    assert failures == ["<MuteError>"]


async def test_an_exception_that_takes_no_notes_is_raised_all_the_same(
    bus: AsyncEventManager,
) -> None:
    """The others are lost to it, not it to them."""

    class ClosedError(Exception):
        def __setattr__(self, name: str, value: Any) -> None:
            raise AttributeError(name)

        def add_note(self, _note: str) -> None:
            raise AttributeError("notes")

    async def closed(_data: Any) -> None:
        raise ClosedError

    await bus.subscribe("e", "a", closed)
    await bus.subscribe("e", "b", closed)
    with pytest.raises(ClosedError):
        await bus.publish("e", delivery="concurrent", on_error="raise")
