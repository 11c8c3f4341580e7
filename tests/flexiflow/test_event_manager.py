"""The event bus: subscribing, delivery in both modes, failures, cancellation."""

import asyncio
import gc
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from flexiflow.event_manager import AsyncEventManager, Subscription, SubscriptionHandle

FAILED = "event.handler.failed"


class ErrorLog:
    """A logger that has nothing but ``error``."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def error(self, *args: Any) -> None:
        self.calls.append(args)


class Falsy(ErrorLog):
    """A logger that is false."""

    def __len__(self) -> int:
        return 0


@pytest.fixture
def log() -> ErrorLog:
    """A logger for the bus."""
    return ErrorLog()


@pytest.fixture
def bus(log: ErrorLog) -> AsyncEventManager:
    """A bus with a logger."""
    return AsyncEventManager(log)


def writer(calls: list[Any], name: Any) -> Callable[[Any], Awaitable[None]]:
    """A handler that writes down its name."""

    async def handle(_data: Any) -> None:
        calls.append(name)

    return handle


async def fail(_data: Any) -> None:
    """A handler that fails."""
    raise RuntimeError("broken")


async def fail_later(_data: Any) -> None:
    """A handler that fails after a while."""
    await asyncio.sleep(0)
    raise ValueError("later")


# Subscribing


async def test_handle_names_event_and_id(bus: AsyncEventManager) -> None:
    """A subscription is known by the event and a UUID4."""
    handle = await bus.subscribe("e", "me", fail)
    assert handle.event_name == "e"
    assert uuid.UUID(handle.subscription_id).version == 4
    assert handle == SubscriptionHandle("e", handle.subscription_id)
    assert hash(handle) == hash(SubscriptionHandle("e", handle.subscription_id))
    with pytest.raises(FrozenInstanceError):
        handle.event_name = "x"  # type: ignore[misc]  # the point of the test


def test_subscription_is_a_frozen_record() -> None:
    """A subscription record holds what was given, and has no filter by default."""
    record = Subscription("id", 3, "me", fail)
    assert record.filter_fn is None
    assert record == Subscription("id", 3, "me", fail, None)
    with pytest.raises(FrozenInstanceError):
        record.priority = 1  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize("priority", [0, 6, -1, 2.5, True, False, "3", None])
async def test_priority_outside_one_to_five_is_refused(
    bus: AsyncEventManager, priority: Any
) -> None:
    """Anything but an integer from 1 to 5 is refused, booleans too."""
    with pytest.raises(ValueError, match=r"^priority must be an integer between 1 and 5$"):
        await bus.subscribe("e", "me", fail, priority)


async def test_handler_and_filter_must_be_callable(bus: AsyncEventManager) -> None:
    """What cannot be called is noticed when subscribing."""
    with pytest.raises(TypeError, match="handler must be callable"):
        await bus.subscribe("e", "me", "no handler")  # type: ignore[arg-type]  # the point

    with pytest.raises(TypeError, match="filter_fn must be callable"):
        await bus.subscribe("e", "me", fail, filter_fn=1)  # type: ignore[arg-type]  # the point


async def test_same_handler_twice_is_delivered_twice(bus: AsyncEventManager) -> None:
    """Each subscription stands for itself."""
    calls: list[int] = []
    handler = writer(calls, 1)
    first = await bus.subscribe("e", "me", handler)
    second = await bus.subscribe("e", "me", handler)
    assert first != second
    await bus.publish("e")
    assert calls == [1, 1]


async def test_unsubscribe_tells_whether_there_was_one(bus: AsyncEventManager) -> None:
    """Removing again, or something unknown, gives False."""
    handle = await bus.subscribe("e", "me", fail)
    assert bus.unsubscribe(handle) is True
    assert bus.unsubscribe(handle) is False
    assert bus.unsubscribe(SubscriptionHandle("never", "x")) is False


async def test_unsubscribe_needs_event_and_id(bus: AsyncEventManager) -> None:
    """The id alone, with another event's name, removes nothing."""
    handle = await bus.subscribe("e", "me", fail)
    await bus.subscribe("other", "me", fail)
    assert bus.unsubscribe(SubscriptionHandle("other", handle.subscription_id)) is False
    assert bus.unsubscribe(SubscriptionHandle("e", handle.subscription_id)) is True


async def test_unsubscribe_all_counts_across_events(bus: AsyncEventManager) -> None:
    """All of one name go; those that went before are not counted, others stay."""
    calls: list[str] = []
    gone = await bus.subscribe("a", "me", writer(calls, "a"))
    await bus.subscribe("b", "me", writer(calls, "b"))
    await bus.subscribe("b", "you", writer(calls, "you"))
    bus.unsubscribe(gone)
    assert bus.unsubscribe_all("me") == 1
    assert bus.unsubscribe_all("me") == 0
    assert bus.unsubscribe_all("nobody") == 0
    await bus.publish("a")
    await bus.publish("b")
    assert calls == ["you"]


async def test_unsubscribing_costs_the_same_among_many(bus: AsyncEventManager) -> None:
    """Removing some thousand subscriptions takes no noticeable time, and nothing is left."""
    handles = [await bus.subscribe("e", f"component {number}", fail) for number in range(20_000)]
    start = time.perf_counter()
    for handle in handles[::2]:
        bus.unsubscribe(handle)

    for number in range(1, 20_000, 2):
        bus.unsubscribe_all(f"component {number}")

    assert time.perf_counter() - start < 2
    assert not bus._by_event
    assert not bus._by_component
    assert not bus._routes


# Publishing


@pytest.mark.parametrize(
    ("modes", "text"),
    [
        ({"delivery": "x"}, "delivery must be 'sequential' or 'concurrent'"),
        ({"on_error": "x"}, "on_error must be 'continue' or 'raise'"),
        ({"delivery": "x", "on_error": "x"}, "delivery must be 'sequential' or 'concurrent'"),
    ],
)
async def test_unknown_modes_are_refused_even_without_subscribers(
    bus: AsyncEventManager, modes: dict[str, str], text: str
) -> None:
    """Modes are checked first."""
    with pytest.raises(ValueError, match=f"^{text}$"):
        await bus.publish("nobody listens", **modes)


async def test_without_subscribers_nothing_happens(bus: AsyncEventManager, log: ErrorLog) -> None:
    """Publishing to nobody has no effect."""
    await bus.publish("e", {"x": 1})
    await bus.publish("e", delivery="concurrent", on_error="raise")
    assert vars(bus) == vars(AsyncEventManager(log))
    assert log.calls == []


@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_delivery_by_priority_then_by_subscription(
    bus: AsyncEventManager, delivery: str
) -> None:
    """1 comes first, 5 last; within one priority in order of subscription."""
    calls: list[str] = []
    for name, priority in (("5", 5), ("3a", 3), ("1a", 1), ("3b", 3), ("1b", 1), ("2", 2)):
        await bus.subscribe("e", "me", writer(calls, name), priority)

    await bus.publish("e", delivery=delivery)
    assert calls == ["1a", "1b", "2", "3a", "3b", "5"]


async def test_default_priority_is_three(bus: AsyncEventManager) -> None:
    """Without a priority a subscription is in the middle."""
    calls: list[str] = []
    await bus.subscribe("e", "me", writer(calls, "4"), 4)
    await bus.subscribe("e", "me", writer(calls, "default"))
    await bus.subscribe("e", "me", writer(calls, "2"), 2)
    await bus.publish("e")
    assert calls == ["2", "default", "4"]


async def test_data_is_the_only_argument(bus: AsyncEventManager) -> None:
    """A handler gets the very data, by default None."""
    seen: list[Any] = []

    async def handle(*args: Any) -> str:
        seen.append(args)
        return "ignored"

    await bus.subscribe("e", "me", handle)
    data = {"x": 1}
    await bus.publish("e", data)
    await bus.publish("e")
    assert seen == [(data,), (None,)]
    assert seen[0][0] is data


async def test_sequential_awaits_each_in_the_publishers_task(bus: AsyncEventManager) -> None:
    """One handler ends before the next begins, all in the publisher's own task."""
    calls: list[Any] = []

    async def slow(_data: Any) -> None:
        calls.append(asyncio.current_task())
        await asyncio.sleep(0.001)
        calls.append("slow ended")

    await bus.subscribe("e", "me", slow)
    await bus.subscribe("e", "me", writer(calls, "next"))
    await bus.publish("e")
    assert calls == [asyncio.current_task(), "slow ended", "next"]


async def test_concurrent_starts_a_task_for_each_and_waits(bus: AsyncEventManager) -> None:
    """Handlers run side by side, and publishing ends when all have ended."""
    ready = asyncio.Event()
    calls: list[str] = []

    async def waits(_data: Any) -> None:
        await ready.wait()
        calls.append("first in line, last to end")

    async def sets(_data: Any) -> None:
        ready.set()
        calls.append("second")

    await bus.subscribe("e", "me", waits, 1)
    await bus.subscribe("e", "me", sets, 2)
    await bus.publish("e", delivery="concurrent")
    assert calls == ["second", "first in line, last to end"]


@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_filters_are_asked_before_any_handler_runs(
    bus: AsyncEventManager, delivery: str
) -> None:
    """A filter gets event name and data; a falsy answer leaves its handler out."""
    calls: list[Any] = []

    def asks(answer: Any) -> Callable[[str, Any], bool]:
        def ask(event_name: str, data: Any) -> Any:
            calls.append(("asked", event_name, data))
            return answer

        return ask

    await bus.subscribe("e", "me", writer(calls, "yes"), filter_fn=asks("yes"))
    await bus.subscribe("e", "me", writer(calls, "no"), filter_fn=asks(0))
    await bus.subscribe("e", "me", writer(calls, "free"))
    await bus.publish("e", 7, delivery=delivery)
    assert calls == [("asked", "e", 7), ("asked", "e", 7), "yes", "free"]


@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_all_filtered_out_is_no_delivery(bus: AsyncEventManager, delivery: str) -> None:
    """When no filter lets the event through, nothing happens."""
    calls: list[str] = []

    def refuses(event_name: str, _data: Any) -> bool:
        calls.append(f"{event_name} refused")
        return False

    await bus.subscribe("e", "me", writer(calls, "delivered"), filter_fn=refuses)
    await bus.publish("e", delivery=delivery, on_error="raise")
    assert calls == ["e refused"]


async def test_subscriptions_of_a_delivery_come_too_late_for_it(bus: AsyncEventManager) -> None:
    """Who subscribes during a delivery gets the next event, not this one."""
    calls: list[str] = []

    async def subscribes(_data: Any) -> None:
        await bus.subscribe("e", "me", writer(calls, "new"))

    await bus.subscribe("e", "me", subscribes)
    await bus.publish("e")
    assert calls == []
    await bus.publish("e")
    assert calls == ["new"]


@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_an_unsubscribed_handler_is_not_started_any_more(
    bus: AsyncEventManager, delivery: str
) -> None:
    """A handler that an earlier one of the same delivery unsubscribes does not run."""
    calls: list[str] = []

    async def removes(_data: Any) -> None:
        assert bus.unsubscribe(later) is True

    await bus.subscribe("e", "me", removes, 1)
    later = await bus.subscribe("e", "me", writer(calls, "removed"), 2)
    await bus.subscribe("e", "me", writer(calls, "last"), 3)
    await bus.publish("e", delivery=delivery)
    assert calls == ["last"]


async def test_a_filter_that_unsubscribes_skips_nobody_else(bus: AsyncEventManager) -> None:
    """The others of the delivery still get the event."""
    calls: list[str] = []

    def remove_first(_name: str, _data: Any) -> bool:
        bus.unsubscribe(first)
        return True

    first = await bus.subscribe("e", "me", writer(calls, "first"))
    await bus.subscribe("e", "me", writer(calls, "second"), filter_fn=remove_first)
    await bus.subscribe("e", "me", writer(calls, "third"))
    await bus.publish("e")
    assert calls == ["second", "third"]


# Failures


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


# Handlers of every kind


class Awaitable_:  # noqa: N801 - an awaitable that is no coroutine
    """An awaitable of its own kind."""

    def __init__(self, calls: list[str]) -> None:
        self.calls = calls

    def __await__(self) -> Any:
        self.calls.append("awaited")
        return iter(())


@pytest.mark.parametrize("delivery", ["sequential", "concurrent"])
async def test_plain_functions_and_any_awaitable_are_fine(
    bus: AsyncEventManager, log: ErrorLog, delivery: str
) -> None:
    """Only what is awaitable is awaited."""
    calls: list[str] = []
    loop = asyncio.get_running_loop()

    def plain(_data: Any) -> None:
        calls.append("plain")

    def gives_future(_data: Any) -> Any:
        future = loop.create_future()
        future.set_result(calls.append("future"))
        return future

    await bus.subscribe("e", "me", plain)  # type: ignore[arg-type]  # the point of the test
    await bus.subscribe("e", "me", gives_future)
    await bus.subscribe("e", "me", lambda _data: Awaitable_(calls))
    await bus.subscribe("e", "me", writer(calls, "coroutine"))
    await bus.publish("e", delivery=delivery)
    assert calls == ["plain", "future", "awaited", "coroutine"]
    assert log.calls == []


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


# Cancellation


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


def test_one_bus_serves_one_loop_after_the_other() -> None:
    """Nothing in a bus is bound to a loop, and none is needed to make one."""
    bus = AsyncEventManager()
    calls: list[int] = []

    async def subscribe_and_publish(number: int) -> None:
        await bus.subscribe("e", "me", writer(calls, number))
        await bus.publish("e")
        await bus.publish("e", delivery="concurrent")

    asyncio.run(subscribe_and_publish(1))
    asyncio.run(subscribe_and_publish(2))
    assert calls == [1, 1, 1, 2, 1, 2]


class BusModel(RuleBasedStateMachine):
    """The bus against a list that is sorted for each event."""

    def __init__(self) -> None:
        super().__init__()
        self.bus = AsyncEventManager()
        self.calls: list[int] = []
        self.model: list[tuple[int, int, str, str, SubscriptionHandle]] = []
        self.number = 0

    @rule(
        event=st.sampled_from("ab"),
        name=st.sampled_from("xyz"),
        priority=st.integers(1, 5),
        filtered=st.booleans(),
    )
    def subscribe(self, event: str, name: str, priority: int, filtered: bool) -> None:
        self.number += 1
        handler = writer(self.calls, self.number)
        filter_fn = (lambda _name, _data: True) if filtered else None
        handle = asyncio.run(self.bus.subscribe(event, name, handler, priority, filter_fn))
        self.model.append((priority, self.number, event, name, handle))

    @rule(index=st.integers(0, 100))
    def unsubscribe(self, index: int) -> None:
        if self.model:
            entry = self.model.pop(index % len(self.model))
            assert self.bus.unsubscribe(entry[4]) is True
            assert self.bus.unsubscribe(entry[4]) is False

    @rule(name=st.sampled_from("xyz"))
    def unsubscribe_all(self, name: str) -> None:
        left = [entry for entry in self.model if entry[3] != name]
        assert self.bus.unsubscribe_all(name) == len(self.model) - len(left)
        self.model = left

    @rule(event=st.sampled_from("ab"), delivery=st.sampled_from(["sequential", "concurrent"]))
    def publish(self, event: str, delivery: str) -> None:
        self.calls.clear()
        asyncio.run(self.bus.publish(event, delivery=delivery))
        expected = sorted(entry for entry in self.model if entry[2] == event)
        assert self.calls == [entry[1] for entry in expected]


TestBusModel = BusModel.TestCase
TestBusModel.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


# Odd failures


async def noted_failures(bus: AsyncEventManager) -> list[str]:
    """The exceptions of all handlers and filters that fail from now on, as they are told."""
    failures: list[str] = []

    async def fail(data: Any) -> None:
        failures.append(data["exception"])

    await bus.subscribe(FAILED, "other", fail)
    return failures


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


@pytest.mark.parametrize("mode", [[], {}, None, 1])
async def test_whatever_is_no_mode_is_refused_alike(bus: AsyncEventManager, mode: Any) -> None:
    """Also what cannot be looked up."""
    with pytest.raises(ValueError, match="delivery must be 'sequential' or 'concurrent'"):
        await bus.publish("e", delivery=mode)

    with pytest.raises(ValueError, match="on_error must be 'continue' or 'raise'"):
        await bus.publish("e", on_error=mode)


async def test_what_a_bus_is_driven_by_need_be_no_loop(bus: AsyncEventManager) -> None:
    """A cancellation cannot be told from a failure there, so it goes on to the publisher."""

    async def cut_off(_data: Any) -> None:
        raise asyncio.CancelledError

    await bus.subscribe("e", "culprit", cut_off)

    def drive() -> None:
        bus.publish("e").send(None)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.to_thread(drive)
