"""The event bus: who listens to what, and delivery to them.

A bus belongs to one event loop at a time and is not thread-safe; nothing in it is bound to a loop, so
one bus serves successive ``asyncio.run`` calls. Delivery is awaited inline: a slow subscriber delays
the publisher, a failing one does not.
"""

from __future__ import annotations

import asyncio
import inspect
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from types import FunctionType, MethodType
from typing import Any, Protocol

from flexiflow.code_facts import may_suspend

__all__ = [
    "HANDLER_FAILED",
    "AsyncEventManager",
    "ErrorLogger",
    "FilterFn",
    "Handler",
    "Subscription",
    "SubscriptionHandle",
]

Handler = Callable[[Any], Awaitable[Any]]
"""Called with the event's data. A plain function does as well; only what is awaitable is awaited."""

FilterFn = Callable[[str, Any], bool]
"""Called with event name and data; tells whether the handler shall get the event."""

HANDLER_FAILED = "event.handler.failed"

_LOG_FORMAT = "Error handling event %s: %s"


class ErrorLogger(Protocol):
    """What the bus needs of a logger."""

    def error(self, msg: str, /, *args: object) -> object:
        """Logs ``msg % args`` as an error."""
        ...


@dataclass(frozen=True)
class SubscriptionHandle:
    """Names one subscription, for ending it."""

    event_name: str
    subscription_id: str


@dataclass(frozen=True)
class Subscription:
    """One subscription as it was made."""

    subscription_id: str
    priority: int
    component_name: str
    handler: Handler
    filter_fn: FilterFn | None = None


class Recipient:
    """A subscription in the tables of a bus; ``live`` until it is ended."""

    __slots__ = (
        "component_name",
        "event_name",
        "filter_fn",
        "handler",
        "live",
        "priority",
        "quiet",
    )

    def __init__(self, event_name: str, subscription: Subscription) -> None:
        self.event_name = event_name
        self.component_name = subscription.component_name
        self.handler = subscription.handler
        self.filter_fn = subscription.filter_fn
        self.priority = subscription.priority
        self.live = True
        self.quiet = self.filter_fn is None and _never_waits(subscription.handler)


class Route(tuple[Recipient, ...]):
    """The recipients of one event in order of delivery; never changed, only replaced.

    Attributes:
        filtered: some have a filter.
        quiet: none has, and all are coroutine functions that never wait for anything: delivering to
            them needs no care about what else may run meanwhile.
    """

    filtered: bool
    quiet: bool

    def __new__(cls, recipients: Iterable[Recipient] = ()) -> Route:
        """Puts the recipients in order; those of one priority stay as they come."""
        route = super().__new__(cls, sorted(recipients, key=attrgetter("priority")))
        route.filtered = any(recipient.filter_fn is not None for recipient in route)
        route.quiet = all(recipient.quiet for recipient in route)
        return route


NOBODY = Route()


class AsyncEventManager:
    """An asynchronous event bus with priorities, filters and two modes of delivery.

    Args:
        logger: gets an ERROR line per failed handler; may be ``None``.
    """

    def __init__(self, logger: ErrorLogger | None = None) -> None:
        self.logger = logger
        self._by_event: dict[str, dict[str, Recipient]] = {}
        self._by_component: dict[str, dict[str, Recipient]] = {}
        self._routes: dict[str, Route | None] = {}  # None: to be worked out again

    async def subscribe(
        self,
        event_name: str,
        component_name: str,
        handler: Handler,
        priority: int = 3,
        filter_fn: FilterFn | None = None,
    ) -> SubscriptionHandle:
        """Subscribes a handler to an event; the same handler may be subscribed several times.

        Args:
            event_name: the event, matched by equality.
            component_name: in whose name, for :meth:`unsubscribe_all` and reports of failures.
            handler: called with the event's data as its one argument.
            priority: 1 (served first) to 5; those of one priority are served in order of subscription.
            filter_fn: decides, before any handler runs, whether this one gets the event.

        Raises:
            ValueError: the priority is no integer between 1 and 5.
            TypeError: handler or filter cannot be called.
        """
        if type(priority) is bool or not isinstance(priority, int) or not 1 <= priority <= 5:
            raise ValueError("priority must be an integer between 1 and 5")

        if not callable(handler):
            raise TypeError(f"handler must be callable, not {type(handler).__name__}")

        if filter_fn is not None and not callable(filter_fn):
            raise TypeError(f"filter_fn must be callable, not {type(filter_fn).__name__}")

        subscription_id = str(uuid.uuid4())
        subscription = Subscription(subscription_id, priority, component_name, handler, filter_fn)
        recipient = Recipient(event_name, subscription)
        self._by_event.setdefault(event_name, {})[subscription_id] = recipient
        self._by_component.setdefault(component_name, {})[subscription_id] = recipient
        self._routes[event_name] = None
        return SubscriptionHandle(event_name, subscription_id)

    def unsubscribe(self, handle: SubscriptionHandle) -> bool:
        """Ends a subscription; its handler is not started any more, not even by a delivery under way.

        Returns:
            Whether there was such a subscription.
        """
        recipient = self._by_event.get(handle.event_name, {}).get(handle.subscription_id)
        if recipient is None:
            return False

        self._remove(handle.subscription_id, recipient)
        return True

    def unsubscribe_all(self, component_name: str) -> int:
        """Ends all subscriptions made in this name, across events, and returns how many there were."""
        mine = self._by_component.get(component_name, {})
        count = len(mine)
        for subscription_id, recipient in list(mine.items()):
            self._remove(subscription_id, recipient)

        return count

    async def publish(
        self,
        event_name: str,
        data: Any = None,
        *,
        delivery: str = "sequential",
        on_error: str = "continue",
    ) -> None:
        """Delivers an event to those who are subscribed now, and waits until they are through.

        Args:
            event_name: the event.
            data: handed to each handler as it is.
            delivery: ``sequential`` awaits one handler after the other in this task; ``concurrent`` starts
                a task for each, in order, and waits for all.
            on_error: ``continue`` logs a failure, publishes ``event.handler.failed`` and goes on; ``raise``
                lets the (first) failure propagate.

        Raises:
            ValueError: an unknown mode.
        """
        if delivery not in {"sequential", "concurrent"}:
            raise ValueError("delivery must be 'sequential' or 'concurrent'")

        if on_error not in {"continue", "raise"}:
            raise ValueError("on_error must be 'continue' or 'raise'")

        route = self.route(event_name)
        if not route:
            return

        go_on = on_error == "continue"
        recipients = await self._select(event_name, data, route, go_on=go_on)
        if delivery == "sequential":
            await self._deliver_in_turn(event_name, data, recipients, go_on=go_on)
        else:
            await self._deliver_at_once(event_name, data, recipients, go_on=go_on)

    def route(self, event_name: str) -> Route:
        """Who gets an event now, in order of delivery."""
        route = self._routes.get(event_name, NOBODY)
        if route is None:
            route = self._routes[event_name] = Route(self._by_event[event_name].values())

        return route

    async def handler_failed(
        self, event_name: str, recipient: Recipient, error: BaseException
    ) -> None:
        """Logs a handler's failure and publishes it, unless it happened while publishing one."""
        self._log(event_name, error)
        if event_name != HANDLER_FAILED:
            failure = {
                "event_name": event_name,
                "component_name": recipient.component_name,
                "exception": repr(error),
            }
            await self.publish(HANDLER_FAILED, failure)

    def _remove(self, subscription_id: str, recipient: Recipient) -> None:
        """Takes a subscription out of all tables; leaves no empty table behind."""
        recipient.live = False
        of_component = self._by_component[recipient.component_name]
        del of_component[subscription_id]
        if not of_component:
            del self._by_component[recipient.component_name]

        of_event = self._by_event[recipient.event_name]
        del of_event[subscription_id]
        if of_event:
            self._routes[recipient.event_name] = None
        else:
            del self._by_event[recipient.event_name]
            del self._routes[recipient.event_name]

    async def _select(
        self, event_name: str, data: Any, route: Route, *, go_on: bool
    ) -> Iterable[Recipient]:
        """Those whose filter lets the event through; all filters are asked before any handler runs."""
        if not route.filtered:
            return route

        chosen = []
        failed: list[tuple[Recipient, Exception]] = []
        for recipient in route:
            try:
                if recipient.filter_fn is None or recipient.filter_fn(event_name, data):
                    chosen.append(recipient)
            except Exception as error:  # noqa: BLE001 - a filter is the subscriber's code
                if not go_on:
                    raise

                failed.append((recipient, error))

        for recipient, error in failed:
            await self.handler_failed(event_name, recipient, error)

        return chosen

    async def _deliver_in_turn(
        self, event_name: str, data: Any, recipients: Iterable[Recipient], *, go_on: bool
    ) -> None:
        for recipient in recipients:
            if not recipient.live:
                continue

            try:
                await _call(recipient.handler, data)
            except (Exception, asyncio.CancelledError) as error:
                if is_own_cancellation(error):
                    raise

                if not go_on:
                    self._log(event_name, error)
                    raise

                await self.handler_failed(event_name, recipient, error)

    async def _deliver_at_once(
        self, event_name: str, data: Any, recipients: Iterable[Recipient], *, go_on: bool
    ) -> None:
        """Starts a task per recipient and looks at the failures when all have ended."""
        started = [
            (recipient, asyncio.create_task(_call_if_live(recipient, data)))
            for recipient in recipients
        ]
        if not started:
            return

        await _finish([task for _, task in started])
        failures = [
            (recipient, error)
            for recipient, task in started
            if (error := _failure_of(task)) is not None
        ]
        for _, failure in failures:
            if not isinstance(failure, Exception | asyncio.CancelledError):
                raise failure

        if go_on:
            for recipient, failure in failures:
                await self.handler_failed(event_name, recipient, failure)

        elif failures:
            self._raise_first(event_name, [failure for _, failure in failures])

    def _raise_first(self, event_name: str, errors: list[BaseException]) -> None:
        """Raises the first of the errors; the others are logged too and noted on it."""
        for error in errors:
            self._log(event_name, error)

        first, *others = errors
        for other in others:
            if other is not first:
                first.add_note(f"another handler of {event_name} failed as well: {other!r}")

        raise first

    def _log(self, event_name: str, error: BaseException) -> None:
        if self.logger is not None:
            self.logger.error(_LOG_FORMAT, event_name, error)


def is_own_cancellation(error: BaseException) -> bool:
    """Whether the running task itself is being cancelled, other than something that it awaits."""
    if not isinstance(error, asyncio.CancelledError):
        return False

    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


async def _call(handler: Handler, data: Any) -> None:
    """Calls a handler; whatever goes wrong, be it before its first await, goes wrong in here."""
    result: object = handler(data)
    if inspect.isawaitable(result):
        await result


async def _call_if_live(recipient: Recipient, data: Any) -> None:
    if recipient.live:
        await _call(recipient.handler, data)


async def _finish(tasks: list[asyncio.Task[None]]) -> None:
    """Waits for all tasks; if the waiting is cancelled, cancels them and waits until they have ended."""
    try:
        await asyncio.wait(tasks)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()

        while pending := [task for task in tasks if not task.done()]:
            try:
                await asyncio.wait(pending)
            except asyncio.CancelledError:
                continue  # cancelled again: still nothing is left behind

        for task in tasks:
            _failure_of(task)  # looked at, so that nobody complains that it never was

        raise


def _failure_of(task: asyncio.Task[None]) -> BaseException | None:
    if task.cancelled():
        return asyncio.CancelledError()

    return task.exception()


def _never_waits(handler: object) -> bool:
    """Whether a handler is a coroutine function in whose code nothing is awaited."""
    function = handler.__func__ if isinstance(handler, MethodType) else handler
    return isinstance(function, FunctionType) and not may_suspend(function)
