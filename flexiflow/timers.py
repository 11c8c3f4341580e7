"""A component's timers: the delays of its state, and messages that it sends later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any

from flexiflow.clock import Clock, LoopClock, TimerHandle
from flexiflow.stepping import Stepping
from flexiflow.waiting import MAX_SENT_SIZE, MAX_SET_OFF, Job, Work

__all__ = ["Timers"]


class _Timer:
    """A timer that runs, or that is due and waits for its turn; ``size`` of what it will send."""

    __slots__ = ("handle", "size", "work")

    def __init__(self, size: int = 0) -> None:
        self.size = size
        self.handle: TimerHandle | None = None
        self.work: Work | None = None

    def cancel(self) -> None:
        """Keeps it from having any effect."""
        if self.handle is not None:
            self.handle.cancel()

        if self.work is not None:
            self.work.void = True


class _Settling:
    """Is done when everything that a timer has set going is; nobody needs to await it."""

    __slots__ = ("_settle",)

    def __init__(self, settle: Callable[[], Awaitable[None]]) -> None:
        self._settle = settle

    def __await__(self) -> Generator[Any, None, None]:
        return self._settle().__await__()


class Timers(Stepping):
    """Sets timers on the component's clock; one that is due waits for its turn like a message."""

    _clock: Clock | None = None
    _state_timers: list[_Timer] | None = None  # those of the current state
    _later: set[_Timer] | None = None  # those of delayed messages
    _later_size = 0  # ... and how large these are

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles take over: no timer, those go on in the original."""
        state = super().__getstate__()
        timers = ("_state_timers", "_later", "_later_size")
        return {name: state[name] for name in state if name not in timers}

    @property
    def clock(self) -> Clock:
        """Where its time comes from: a clock that it was given, its engine's, or real time."""
        clock = self._clock or self._default_clock()
        if clock is None:
            clock = self._clock = LoopClock()

        return clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self._clock = clock

    def _default_clock(self) -> Clock | None:
        """The clock of the engine."""
        return None

    def _now(self) -> float:
        return self.clock.now()

    async def _settle_all(self) -> None:
        """Waits until what a timer has woken is done."""
        await self.settled()

    def _arm_state_timer(self, delay: float, job: Job) -> None:
        """Does ``job`` as a turn after ``delay`` seconds, unless its state is left by then."""
        if self._state_timers is None:
            self._state_timers = []

        timer = _Timer()
        timer.handle = self.clock.call_later(delay, partial(self._state_timer_due, timer, job))
        self._state_timers.append(timer)

    def _state_timer_due(self, timer: _Timer, job: Job) -> Awaitable[None]:
        timer.handle = None
        timer.work = self._post(job)
        return _Settling(self._settle_all)

    def _cancel_state_timers(self) -> None:
        if self._state_timers:
            for timer in self._state_timers:
                timer.cancel()

            self._state_timers.clear()

    def _call_later(self, delay: float, callback: Callable[[], object], size: int = 0) -> None:
        """Calls ``callback`` after ``delay`` seconds, in whatever state it is by then.

        Args:
            delay: in seconds.
            callback: called without arguments.
            size: of the data that is kept until then, if that is large.

        Raises:
            StateError: too much waits for its time already.
        """
        if self._later is None:
            self._later = set()

        if len(self._later) >= MAX_SET_OFF or self._later_size + size > MAX_SENT_SIZE:
            raise self._too_many(
                f"At most {MAX_SET_OFF:,} messages may wait for their time, with at most "
                f"{MAX_SENT_SIZE:,} items and characters."
            )

        timer = _Timer(size)
        self._later_size += size
        timer.handle = self.clock.call_later(delay, partial(self._later_due, timer, callback))
        self._later.add(timer)

    def _later_due(self, timer: _Timer, callback: Callable[[], object]) -> Awaitable[None]:
        if self._later is not None:
            self._later.discard(timer)
            self._later_size -= timer.size

        callback()
        return _Settling(self._settle_all)

    def _cancel_timers(self) -> None:
        """Cancels all timers, those of delayed messages too."""
        self._cancel_state_timers()
        for timer in self._later or ():
            timer.cancel()

        self._later = None
        self._later_size = 0
