"""The work that waits for a component's turn: from inside first, then in order of arrival."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from flexiflow.errors import ErrorContext, StateError

__all__ = ["MAX_SET_OFF", "Job", "Waiting", "Work", "is_open", "tidied"]

Job = Callable[[], Awaitable[Any]]

MAX_SET_OFF = 100_000
"""So many messages may a message set off within :data:`_AT_A_STRETCH`, and so many may wait."""

MAX_SENT_SIZE = 100_000_000
"""So many items and characters may the large ones among the messages have that a message sets off,
and so many those that wait for their time."""

_AT_A_STRETCH = 60.0
"""In seconds: who sends to itself more slowly than that is a clock, and no endless loop."""


class Work:
    """A piece of work in line.

    Attributes:
        job: does it; ``None`` for the work of a caller, who does it himself when ``granted``.
        granted: set when it is the caller's turn.
        urgent: goes before all others, and through a hold.
        void: not to be done any more.
        done: set when it has been done, where somebody wants to know.
    """

    __slots__ = ("done", "granted", "job", "urgent", "void")

    def __init__(
        self,
        job: Job | None = None,
        granted: asyncio.Future[None] | None = None,
        *,
        urgent: bool = False,
    ) -> None:
        self.job = job
        self.granted = granted
        self.urgent = urgent
        self.void = False
        self.done: asyncio.Future[None] | None = None

    @property
    def dead(self) -> bool:
        """Whether nobody will do it: it is void, or its caller was cancelled while he waited."""
        return self.void or not (self.granted is None or is_open(self.granted))

    def finish(self) -> None:
        """Tells whoever waits for the end of this work."""
        if self.done is not None and is_open(self.done):
            self.done.set_result(None)


class Waiting:
    """Two queues: work from inside the component's own processing, and everybody else's."""

    name: str

    # What an instance starts with; most components never need more.
    _held = False
    _credit = 0  # steps that were asked for from inside the turn
    _inner: deque[Work] | None = None  # from inside, first in line
    _line: deque[Work] | None = None  # everybody else
    _set_off = 0  # how much was queued from inside on behalf of one message
    _set_off_size = 0  # ... and how large that was
    _set_off_since = 0.0  # ... since then

    @property
    def pending(self) -> int:
        """How many messages and due timers wait for their turn."""
        waiting = (*(self._inner or ()), *(self._line or ()))
        return sum(not work.dead for work in waiting)

    def _queue_inside(self, work: Work) -> None:
        """Queues work that comes from inside the turn.

        Raises:
            StateError: the message has set off too much; as good as certainly, without an end.
        """
        self._inner = self._inner or deque()
        if not self._set_off:
            self._set_off_since = time.monotonic()
        elif self._set_off >= MAX_SET_OFF:
            now = time.monotonic()
            is_fast = now - self._set_off_since < _AT_A_STRETCH
            if is_fast or len(self._inner) >= MAX_SET_OFF:
                raise self._too_many(f"One message has set off {MAX_SET_OFF:,} others.")

            self._set_off, self._set_off_size, self._set_off_since = 0, 0, now

        self._set_off += 1
        self._inner.append(work)

    def _weigh(self, size: int) -> None:
        """Counts the size of a message that is sent from inside; that of a small one is 0.

        Raises:
            StateError: one message has set off too large ones.
        """
        if self._set_off_size + size > MAX_SENT_SIZE:
            raise self._too_many(
                f"One message has set off others of {MAX_SENT_SIZE:,} items and characters."
            )

        self._set_off_size += size

    def _queue_first(self, job: Job) -> None:
        """Queues work that goes before all other work, and through a hold."""
        self._line = self._line or deque()
        self._line.appendleft(Work(job, urgent=True))

    def _queue_in_line(self, work: Work) -> None:
        """Queues work of everybody else.

        Raises:
            StateError: too much that nobody waits for is queued already.
        """
        self._line = self._line or deque()
        if work.urgent:  # behind those that came before
            ahead = (place for place, other in enumerate(self._line) if not other.urgent)
            self._line.insert(next(ahead, len(self._line)), work)
            return

        if work.job is not None and len(self._line) >= MAX_SET_OFF:
            raise self._too_many(f"{MAX_SET_OFF:,} messages wait for it already.")

        self._line.append(work)

    def _too_many(self, why: str) -> StateError:
        return StateError(
            f"Too many messages for component '{self.name}'",
            why=why,
            fix="Look for messages that set each other off without end; let time pass in between.",
            context=ErrorContext({"component": self.name}),
        )

    def _next(self, *, step: bool = False) -> Work | None:
        """Takes the work out of the queues that may be done now."""
        line, inner = tidied(self._line), tidied(self._inner)
        if line and line[0].urgent:
            return line.popleft()

        if self._held and not step:
            if not self._credit:
                return None

            self._credit -= 1

        if inner:
            return inner.popleft()

        self._set_off = self._set_off_size = 0
        return line.popleft() if line else None

    def _drop(self, work: Work) -> None:
        """Tells a caller who waits in vain."""
        work.void = True
        work.finish()
        if work.granted is not None and is_open(work.granted):
            work.granted.set_exception(
                StateError(
                    f"Component '{self.name}' was stopped",
                    why="A message was still waiting for its turn when the component was stopped.",
                    fix="Send it before stopping, or to a component that runs.",
                    context=ErrorContext({"component": self.name}),
                )
            )


def is_open(future: asyncio.Future[None]) -> bool:
    """Whether somebody may still wait for it: it has no result, and its event loop goes on."""
    return not (future.done() or future.get_loop().is_closed())


def tidied(queue: deque[Work] | None) -> deque[Work] | None:
    """The queue without void work at its head."""
    while queue and queue[0].dead:
        queue.popleft()

    return queue
