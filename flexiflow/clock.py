"""Time as the engine sees it: the real one at any speed, or one that is moved by hand."""

from __future__ import annotations

import asyncio
import heapq
import inspect
import time
from collections.abc import Callable
from typing import Any, Protocol

from flexiflow.errors import FlexiFlowError

__all__ = ["MAX_TIMERS", "Clock", "LoopClock", "TimerCallback", "TimerHandle", "VirtualClock"]

TimerCallback = Callable[[], object]
"""A plain function. What it returns may be an awaitable that is done when all that it set going is;
a clock that is moved by hand awaits it, one of real time drops it."""

_YIELD_EVERY = 64
"""A long advance lets other tasks run once in so many timers."""

MAX_TIMERS = 1_000_000
"""Timers that may come due in one span; more of them set each other without end."""

_NANO = 1_000_000_000
_END_OF_TIME = 1e18
"""Seconds that count as for ever."""


class TimerHandle(Protocol):
    """What a clock gives back for a timer."""

    def cancel(self) -> None:
        """Makes sure that the callback is not called any more; harmless when it has been."""
        ...


class Clock(Protocol):
    """Where an engine takes its time from."""

    def now(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...

    def call_later(self, delay: float, callback: TimerCallback) -> TimerHandle:
        """Calls ``callback`` once, ``delay`` seconds from now; those due together in order."""
        ...


class _Timer:
    """One timer in a queue."""

    __slots__ = ("callback", "due", "number", "queue")

    def __init__(
        self, due: float, number: int, callback: TimerCallback, queue: _TimerQueue
    ) -> None:
        self.due = due
        self.number = number
        self.callback: TimerCallback | None = callback
        self.queue = queue

    def __lt__(self, other: _Timer) -> bool:
        return (self.due, self.number) < (other.due, other.number)

    def cancel(self) -> None:
        if self.callback is not None:
            self.callback = None
            self.queue.forget()

    def fire(self) -> object:
        """Calls the callback unless the timer has been cancelled meanwhile."""
        callback, self.callback = self.callback, None
        return callback() if callback is not None else None


class _TimerQueue:
    """Timers in order of due time, first made first among equals; cancelling is constant time."""

    __slots__ = ("_cancelled", "_heap", "_made")

    def __init__(self) -> None:
        self._heap: list[_Timer] = []
        self._made = 0
        self._cancelled = 0

    def __reduce__(self) -> Any:
        """Copies are empty: the timers are those of what the original belongs to."""
        return type(self), ()

    def add(self, due: float, callback: TimerCallback) -> _Timer:
        self._made += 1
        timer = _Timer(due, self._made, callback, self)
        heapq.heappush(self._heap, timer)
        return timer

    def forget(self) -> None:
        """Counts a cancelled timer; they are thrown out together once they are the greater part."""
        self._cancelled += 1
        if self._cancelled > 16 and self._cancelled * 2 > len(self._heap):
            self._heap = [timer for timer in self._heap if timer.callback is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def first(self) -> _Timer | None:
        """The next timer, without taking it out."""
        while self._heap and self._heap[0].callback is None:
            heapq.heappop(self._heap)
            self._cancelled -= 1

        return self._heap[0] if self._heap else None

    def take_due(self, now: float) -> _Timer | None:
        """Takes the next timer out if it is due."""
        timer = self.first()
        if timer is None or timer.due > now:
            return None

        return heapq.heappop(self._heap)


class LoopClock:
    """Real time on the running event loop, at any speed; can stand still.

    Args:
        speed: how many of its seconds pass in one real second; above 0.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._timers = _TimerQueue()
        self._speed = _checked_speed(speed)
        self._paused = False
        self._base = 0.0  # our time ...
        self._base_real = time.monotonic()  # ... at this real one
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_due = 0.0

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles take over: the time, and no loop."""
        return vars(self) | {"_loop": None, "_alarm": None}

    @property
    def speed(self) -> float:
        """How many of its seconds pass in one real second; timers that wait follow a change."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        checked = _checked_speed(speed)
        self._rebase()
        self._speed = checked
        self._set_alarm()

    @property
    def paused(self) -> bool:
        """Whether time stands still."""
        return self._paused

    def now(self) -> float:
        """Seconds since the clock was made, pauses left out and speed taken into account."""
        if self._paused:
            return self._base

        return self._base + (time.monotonic() - self._base_real) * self._speed

    def pause(self) -> None:
        """Stops time: no timer comes due before :meth:`resume`."""
        self._rebase()
        self._paused = True
        self._set_alarm()

    def resume(self) -> None:
        """Lets time go on where it stopped."""
        if self._paused:
            self._base_real = time.monotonic()
            self._paused = False
            self._set_alarm()

    def call_later(self, delay: float, callback: TimerCallback) -> TimerHandle:
        """Calls ``callback`` on the running loop, ``delay`` of this clock's seconds from now."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._alarm = loop, None  # the former loop is over, and its alarm with it

        timer = self._timers.add(self.now() + max(delay, 0.0), callback)
        if self._alarm is None or timer.due < self._alarm_due:
            self._set_alarm()

        return timer

    def next_due(self) -> float | None:
        """The time (as of :meth:`now`) at which the next timer is due; ``None`` without timers."""
        first = self._timers.first()
        return None if first is None else first.due

    def fire_next(self) -> object:
        """Skips the time up to the next timer and calls that one, also while paused.

        Returns:
            What its callback returned; ``None`` without timers.
        """
        first = self._timers.first()
        if first is None:
            return None

        self._skip_to(first.due)
        timer = self._timers.take_due(first.due)
        self._set_alarm()
        return timer.fire() if timer is not None else None

    async def skip(self, seconds: float) -> None:
        """Skips ``seconds``, also while paused: does what :meth:`VirtualClock.advance` does.

        Raises:
            ValueError: for a negative span.
            FlexiFlowError: more than :data:`MAX_TIMERS` come due in it.
        """
        if not seconds >= 0:
            raise ValueError(f"time does not go back: {seconds!r}")

        target = self.now() + seconds
        fired = 0
        while (due := self.next_due()) is not None and due <= target:
            woken = self.fire_next()
            if inspect.isawaitable(woken):
                await woken

            fired += 1
            await _rest(fired, seconds)

        self._skip_to(target)
        self._set_alarm()

    def _skip_to(self, moment: float) -> None:
        self._base += max(moment - self.now(), 0.0)

    def _rebase(self) -> None:
        self._base, self._base_real = self.now(), time.monotonic()

    def _set_alarm(self) -> None:
        """Asks the loop to wake us for the first timer, in place of what was asked before."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

        first = self._timers.first()
        if first is None or self._paused or self._loop is None or self._loop.is_closed():
            return

        self._alarm_due = first.due
        delay = max(first.due - self.now(), 0.0) / self._speed
        self._alarm = self._loop.call_later(delay, self._ring)

    def _ring(self) -> None:
        """Hands every due timer to the loop, so that one that fails holds up no other."""
        self._alarm = None
        loop = asyncio.get_running_loop()
        while (timer := self._timers.take_due(self.now())) is not None:
            loop.call_soon(timer.fire)

        self._set_alarm()


class VirtualClock:
    """Time that stands still until :meth:`advance` moves it: for simulations and tests.

    It counts whole nanoseconds, so that ten steps of a tenth make one second.
    """

    def __init__(self) -> None:
        self._timers = _TimerQueue()
        self._now = 0  # nanoseconds

    def now(self) -> float:
        """Seconds that have been advanced so far."""
        return self._now / _NANO

    def call_later(self, delay: float, callback: TimerCallback) -> TimerHandle:
        """Calls ``callback`` when time has been advanced by ``delay`` seconds from now."""
        return self._timers.add(self._now + _nanoseconds(max(delay, 0.0)), callback)

    def next_due(self) -> float | None:
        """The time (as of :meth:`now`) at which the next timer is due; ``None`` without timers."""
        first = self._timers.first()
        return None if first is None else first.due / _NANO

    async def advance(self, seconds: float) -> None:
        """Lets ``seconds`` pass: runs each timer that comes due at its own time, in order.

        The components that a timer wakes finish their work before the next timer runs, so a timer
        that such work sets within the span comes due as well. A component whose message waits for
        this very clock keeps its timers waiting: where one comes due before what the message waits
        for, this never returns.

        Raises:
            ValueError: for a negative span.
            FlexiFlowError: more than :data:`MAX_TIMERS` come due in it.
        """
        if not seconds >= 0:
            raise ValueError(f"time does not go back: {seconds!r}")

        target = self._now + _nanoseconds(seconds)
        fired = 0
        while (timer := self._timers.take_due(target)) is not None:
            self._now = max(self._now, round(timer.due))
            woken = timer.fire()
            if inspect.isawaitable(woken):
                await woken

            fired += 1
            await _rest(fired, seconds)

        self._now = max(self._now, target)


async def _rest(fired: int, seconds: float) -> None:
    """Lets other tasks run between the timers of a long span, which has to have an end."""
    if fired % _YIELD_EVERY == 0:
        await asyncio.sleep(0)

    if fired >= MAX_TIMERS:
        raise FlexiFlowError(
            f"{seconds:g} seconds are too long: {MAX_TIMERS:,} timers came due, and more follow",
            why="Timers that set each other again keep time from passing.",
            fix="Make their delays longer, or let less time pass at once.",
        )


def _nanoseconds(seconds: float) -> int:
    return round(min(seconds, _END_OF_TIME) * _NANO)


def _checked_speed(speed: float) -> float:
    if not speed > 0:
        raise ValueError(f"speed must be above 0: {speed!r}")

    return speed
