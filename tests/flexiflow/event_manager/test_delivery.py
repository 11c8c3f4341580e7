"""Subscribing to the event bus, and how it delivers."""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from flexiflow.event_manager import AsyncEventManager, Subscription, SubscriptionHandle
from tests.helpers.buses import ErrorLog, fail, writer

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
