"""The event bus: who listens to what, and delivery to them.

A bus belongs to one event loop at a time and is not thread-safe; nothing in it is bound to a loop,
so one bus serves successive ``asyncio.run`` calls. Delivery is awaited inline: a slow subscriber
delays the publisher, a failing one does not.
"""

from __future__ import annotations

import asyncio
import inspect
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from types import CoroutineType
from typing import Any, Protocol, Self

from flexiflow.event_names import (
    HANDLER_FAILED,
    MESSAGE_IGNORED,
    MESSAGE_RECEIVED,
    STATE_CHANGED,
)
from flexiflow.routes import (
    NOBODY,
    STALE,
    FilterFn,
    Handler,
    MessageRoutes,
    Recipient,
    Route,
    Subscription,
)
from flexiflow.safe_text import safe_repr

__all__ = [
    "AsyncEventManager",
    "ErrorLogger",
    "FilterFn",
    "Handler",
    "Subscription",
    "SubscriptionHandle",
    "is_own_cancellation",
]

_MESSAGE_EVENTS = (MESSAGE_RECEIVED, STATE_CHANGED, MESSAGE_IGNORED, HANDLER_FAILED)

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


class AsyncEventManager:
    """An asynchronous event bus with priorities, filters and two modes of delivery.

    Args:
        logger: gets an ERROR line per failed handler; may be ``None``.

    Attributes:
        shows_all: ``publish`` of a subclass wants to see events that nobody is subscribed to too.
    """

    shows_all = False

    logger: ErrorLogger | None
    message_routes: MessageRoutes
    _by_event: dict[str, dict[str, Recipient]]
    _by_component: dict[str, dict[str, Recipient]]
    _routes: dict[str, Route | None]  # None: to be worked out again

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        """A bus without subscriptions, also of a subclass whose constructor calls no other."""
        bus = super().__new__(cls)
        bus.logger = None
        bus._by_event, bus._by_component, bus._routes = {}, {}, {}
        bus.message_routes = STALE
        return bus

    def __init__(self, logger: ErrorLogger | None = None) -> None:
        self.logger = logger

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
            priority: 1 (served first) to 5; among equals first come, first served.
            filter_fn: decides, before any handler runs, whether this one gets the event.

        Raises:
            ValueError: the priority is no integer between 1 and 5.
            TypeError: handler or filter cannot be called.
        """
        if not _is_priority(priority):
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
        self._route_again(event_name)
        return SubscriptionHandle(event_name, subscription_id)

    def unsubscribe(self, handle: SubscriptionHandle) -> bool:
        """Ends a subscription; not even a delivery under way starts its handler any more.

        Returns:
            Whether there was such a subscription.
        """
        recipient = self._by_event.get(handle.event_name, {}).get(handle.subscription_id)
        if recipient is None:
            return False

        self._remove(handle.subscription_id, recipient)
        return True

    def unsubscribe_all(self, component_name: str) -> int:
        """Ends all subscriptions made in this name, of all events, and returns how many."""
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
            delivery: ``sequential`` awaits one handler after the other in this task; ``concurrent``
                starts a task for each, in order, and waits for all.
            on_error: ``continue`` logs a failure, publishes ``event.handler.failed`` and goes on;
                ``raise`` lets the (first) failure propagate.

        Raises:
            ValueError: an unknown mode.
        """
        if delivery not in ("sequential", "concurrent"):
            raise ValueError("delivery must be 'sequential' or 'concurrent'")

        if on_error not in ("continue", "raise"):
            raise ValueError("on_error must be 'continue' or 'raise'")

        route = self.route(event_name)
        if not route:
            return

        go_on = on_error == "continue"
        recipients: Iterable[Recipient] = route
        if route.filtered:
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

    def find_message_routes(self) -> None:
        """Works :attr:`message_routes` out, if need be."""
        if self.message_routes is not STALE:
            return

        received, changed, ignored, failed = map(self.route, _MESSAGE_EVENTS)
        quiet = received.quiet and changed.quiet and ignored.quiet and failed.quiet
        self.message_routes = MessageRoutes(
            received, changed, ignored, quiet=quiet, handler_failed=self.handler_failed
        )

    async def handler_failed(
        self, event_name: str, recipient: Recipient, error: BaseException
    ) -> None:
        """Logs a handler's failure and publishes it, unless it happened while publishing one.

        Raises:
            CancelledError: it is no failure, but the running task is being cancelled.
        """
        if is_own_cancellation(error):
            raise error

        await self._report(event_name, recipient, error)

    async def _report(self, event_name: str, recipient: Recipient, error: BaseException) -> None:
        self._log(event_name, error)
        if event_name != HANDLER_FAILED:
            failure = {
                "event_name": event_name,
                "component_name": recipient.component_name,
                "exception": safe_repr(error),
            }
            await self.publish(HANDLER_FAILED, failure)

    def _remove(self, subscription_id: str, recipient: Recipient) -> None:
        """Takes a subscription out of all tables; leaves no empty table behind."""
        recipient.end()
        of_component = self._by_component[recipient.component_name]
        del of_component[subscription_id]
        if not of_component:
            del self._by_component[recipient.component_name]

        of_event = self._by_event[recipient.event_name]
        del of_event[subscription_id]
        self._route_again(recipient.event_name)
        if not of_event:
            del self._by_event[recipient.event_name]
            del self._routes[recipient.event_name]

    def _route_again(self, event_name: str) -> None:
        self._routes[event_name] = None
        if event_name in _MESSAGE_EVENTS and self.message_routes is not STALE:
            self.message_routes.stale = True
            self.message_routes = STALE

    async def _select(
        self, event_name: str, data: Any, route: Route, *, go_on: bool
    ) -> Iterable[Recipient]:
        """Those whose filter lets the event through; all are asked before any handler runs."""
        chosen = []
        failed: list[tuple[Recipient, BaseException]] = []
        for recipient in route:
            try:
                if recipient.filter_fn is None or recipient.filter_fn(event_name, data):
                    chosen.append(recipient)
            except (Exception, asyncio.CancelledError) as error:
                if not go_on or is_own_cancellation(error):
                    raise

                failed.append((recipient, error))

        for recipient, failure in failed:
            await self.handler_failed(event_name, recipient, failure)

        return chosen

    async def _deliver_in_turn(
        self, event_name: str, data: Any, recipients: Iterable[Recipient], *, go_on: bool
    ) -> None:
        for recipient in recipients:
            try:
                await _call(recipient, data)
            except (Exception, asyncio.CancelledError) as error:
                if not go_on:
                    if not is_own_cancellation(error):
                        self._log(event_name, error)

                    raise

                await self.handler_failed(event_name, recipient, error)

    async def _deliver_at_once(
        self, event_name: str, data: Any, recipients: Iterable[Recipient], *, go_on: bool
    ) -> None:
        """Starts a task per recipient and looks at the failures when all have ended."""
        started = [
            (recipient, asyncio.create_task(_call(recipient, data))) for recipient in recipients
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
                await self._report(event_name, recipient, failure)

        elif failures:
            self._raise_first(event_name, [failure for _, failure in failures])

    def _raise_first(self, event_name: str, errors: list[BaseException]) -> None:
        """Raises the first of the errors; the others are logged too and noted on it."""
        for error in errors:
            self._log(event_name, error)

        first, *others = errors
        for other in others:
            if other is not first:
                with suppress(Exception):  # some let nothing be added to them
                    first.add_note(
                        f"another handler of {event_name} failed as well: {safe_repr(other)}"
                    )

        raise first

    def _log(self, event_name: str, error: BaseException) -> None:
        if self.logger is not None:
            self.logger.error(_LOG_FORMAT, event_name, error)


def _is_priority(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5


def is_own_cancellation(error: BaseException) -> bool:
    """Whether the running task itself is being cancelled, other than something that it awaits."""
    if not isinstance(error, asyncio.CancelledError):
        return False

    try:
        task = asyncio.current_task()
    except RuntimeError:  # no loop runs, so it cannot be told
        return True

    return task is None or task.cancelling() > 0


async def _call(recipient: Recipient, data: Any) -> None:
    """Calls the handler; whatever goes wrong does so in here."""
    result: Any = recipient.handler(data)
    if type(result) is CoroutineType or inspect.isawaitable(result):
        await result


async def _finish(tasks: list[asyncio.Task[None]]) -> None:
    """Waits for all tasks; when cancelled, cancels them and waits until they have ended."""
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
    try:
        return task.exception()
    except asyncio.CancelledError as error:
        return error
