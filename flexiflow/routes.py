"""Who gets an event, in order of delivery, worked out once and not for every event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from types import FunctionType, MethodType
from typing import Any, Self

from flexiflow.code_facts import may_suspend

__all__ = [
    "LOUD",
    "NOBODY",
    "SILENT",
    "STALE",
    "FilterFn",
    "Handler",
    "MessageRoutes",
    "Recipient",
    "Route",
    "Subscription",
]

Handler = Callable[[Any], Awaitable[Any]]
"""Called with the event's data. A plain function does as well: only awaitables are awaited."""

FilterFn = Callable[[str, Any], bool]
"""Called with event name and data; tells whether the handler shall get the event."""


@dataclass(frozen=True)
class Subscription:
    """One subscription as it was made."""

    subscription_id: str
    priority: int
    component_name: str
    handler: Handler
    filter_fn: FilterFn | None = None


async def _nothing(_data: Any) -> None:
    """In place of the handler of a subscription that has ended."""


class Recipient:
    """A subscription in the tables of a bus."""

    __slots__ = (
        "component_name",
        "event_name",
        "filter_fn",
        "handler",
        "priority",
        "quiet",
    )

    def __init__(self, event_name: str, subscription: Subscription) -> None:
        self.event_name = event_name
        self.component_name = subscription.component_name
        self.handler = subscription.handler
        self.filter_fn = subscription.filter_fn
        self.priority = subscription.priority
        self.quiet = self.filter_fn is None and _never_waits(subscription.handler)

    def end(self) -> None:
        """Sees to it that the handler is not called any more, by no delivery under way either."""
        self.handler = _nothing


class Route(tuple[Recipient, ...]):  # noqa: SLOT001 - a tuple with attributes cannot have slots
    """The recipients of one event in order of delivery; never changed, only replaced.

    Attributes:
        filtered: some have a filter.
        quiet: none has, and all are coroutine functions that never wait for anything: nothing else
            can run while an event is delivered to them.
    """

    filtered: bool
    quiet: bool

    def __new__(cls, recipients: Iterable[Recipient] = ()) -> Self:
        """Puts the recipients in order; those of one priority stay as they come."""
        route = super().__new__(cls, sorted(recipients, key=attrgetter("priority")))
        route.filtered = any(recipient.filter_fn is not None for recipient in route)
        route.quiet = all(recipient.quiet for recipient in route)
        return route


NOBODY = Route()


HandlerFailed = Callable[[str, Recipient, BaseException], Awaitable[None]]
"""Called with the event's name, the recipient and the error."""


class MessageRoutes:
    """The routes of the events that come with every message.

    Attributes:
        received: of ``component.message.received``.
        changed: of ``state.changed``.
        ignored: of ``component.message.ignored``.
        quiet: nothing else can run while these events are delivered, nor while a failure is.
        handler_failed: what the bus does about a handler's failure.
        stale: they are not the routes of today any more.
    """

    __slots__ = ("changed", "handler_failed", "ignored", "quiet", "received", "stale")

    def __init__(
        self,
        received: Route,
        changed: Route,
        ignored: Route,
        *,
        quiet: bool,
        handler_failed: HandlerFailed,
    ) -> None:
        self.received = received
        self.changed = changed
        self.ignored = ignored
        self.quiet = quiet
        self.handler_failed = handler_failed
        self.stale = False


async def _raise(_event_name: str, _recipient: Recipient, error: BaseException) -> None:
    raise error


SILENT = MessageRoutes(NOBODY, NOBODY, NOBODY, quiet=True, handler_failed=_raise)
"""For components without a bus."""

STALE = MessageRoutes(NOBODY, NOBODY, NOBODY, quiet=False, handler_failed=_raise)
"""To be worked out again."""

LOUD = MessageRoutes(NOBODY, NOBODY, NOBODY, quiet=False, handler_failed=_raise)
"""For buses that nothing is known of: every event goes through their ``publish``."""


def _never_waits(handler: object) -> bool:
    """Whether a handler is a coroutine function in whose code nothing is awaited."""
    function = handler.__func__ if isinstance(handler, MethodType) else handler
    return isinstance(function, FunctionType) and not may_suspend(function)
