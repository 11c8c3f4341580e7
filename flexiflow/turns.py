"""Run to completion: one piece of work of a component at a time, in order of arrival.

Work comes from three sides. A caller outside waits for its turn and does its work in its own task,
so cancelling the caller cancels just that. Work from inside the component's own processing is
queued before everything that waits, and done in a task of the component's own before the outermost
caller returns. Posted work (due timers, messages of other components) waits in line like callers
do, and is done in the component's task too.

A message that can meet no other takes no turn: ``AsyncComponent.handle_message`` sees to that.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

from flexiflow.errors import ErrorContext, StateError
from flexiflow.event_manager import is_own_cancellation

__all__ = ["Job", "Turns", "Work", "inside_a_turn"]

Job = Callable[[], Awaitable[Any]]


class _Token:
    """One turn, as contexts remember it; ``outer`` is the turn of another component around it."""

    __slots__ = ("outer", "waits_for")

    def __init__(self, outer: _Token | None) -> None:
        self.outer = outer
        self.waits_for: list[Turns] = []

    def chain(self) -> Iterator[_Token]:
        """This turn and those around it."""
        token: _Token | None = self
        while token is not None:
            yield token
            token = token.outer


_innermost: ContextVar[_Token | None] = ContextVar("flexiflow_turn", default=None)
"""The turn that the running code is part of; tasks that a turn starts inherit it."""


def inside_a_turn() -> bool:
    """Whether the running code is part of any component's turn, be it in a task that it started."""
    return _innermost.get() is not None


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

    def finish(self) -> None:
        """Tells whoever waits for the end of this work."""
        if self.done is not None and not self.done.done():
            self.done.set_result(None)


class Turns:
    """Gives turns: the part of a component that knows nothing of messages."""

    name: str

    # What an instance starts with; most components never need more than the first of these.
    _open = False  # a message may be handled without taking a turn
    _started = False
    _busy = False  # somebody has the turn
    _held = False
    _credit = 0  # steps that were asked for from inside the turn
    _token: _Token | None = None  # the turn that is being taken
    _inner: deque[Work] | None = None  # from inside, first in line
    _line: deque[Work] | None = None  # everybody else
    _worker: asyncio.Task[None] | None = None
    _settling: list[asyncio.Future[None]] | None = None  # until nothing is under way
    _emptying: list[asyncio.Future[None]] | None = None  # until no inner work is left

    @property
    def held(self) -> bool:
        """Whether messages and timers wait until they are let through."""
        return self._held

    @property
    def pending(self) -> int:
        """How many messages and due timers wait for their turn."""
        waiting = (*(self._inner or ()), *(self._line or ()))
        return sum(not work.void for work in waiting)

    @property
    def under_way(self) -> bool:
        """Whether something is being handled that :meth:`settled` would wait for."""
        return self._busy and not self._is_inside() and not self._would_wait_for_itself()

    @property
    def works_off(self) -> bool:
        """Whether posted work, or work from inside, is being done."""
        return self._worker is not None

    def hold(self) -> None:
        """Lets nothing through any more; what is being handled is finished."""
        self._held = True
        self._open = False

    def release(self) -> None:
        """Lets everything through again, first what has been waiting."""
        if self._held:
            self._held = False
            self._credit = 0
            if not self._busy:
                self._pass_on()

    async def step(self) -> bool:
        """Lets exactly one waiting message or due timer through, and waits until it is handled.

        From inside the component's own processing it returns at once, and the one step follows when
        that is over.

        Returns:
            Whether something was let through.
        """
        if self._is_inside():
            self._credit += 1
            return self.pending > 0

        await self.settled()
        work = self._next(step=True)
        if work is None:
            return False

        work.done = asyncio.get_running_loop().create_future()
        self._busy, self._open = True, False
        self._give(work)
        await work.done
        return True

    async def settled(self) -> None:
        """Waits until nothing is under way: all has been handled, or what is left is held.

        From inside the component's own processing it returns at once.
        """
        while self.under_way:
            self._settling = self._settling or []
            await self._wait(_new_waiter(self._settling))

    def _is_inside(self) -> bool:
        """Whether the running code is part of this component's turn, maybe in a task of it."""
        token, innermost = self._token, _innermost.get()
        return token is not None and innermost is not None and token in innermost.chain()

    async def _take_turn(self, job: Job, *, urgent: bool = False) -> None:
        """Does the work in this task when its turn has come; from inside, queues it and returns.

        Args:
            job: the work.
            urgent: go before all others, and through a hold.
        """
        if self._is_inside():
            self._inner = self._inner or deque()
            self._inner.append(Work(job))
            return

        work = None
        if self._busy or (self._held and not urgent):
            if self._would_wait_for_itself():
                self._post(job)
                return

            work = await self._wait_in_line(urgent=urgent)
        else:
            self._busy, self._open = True, False

        try:
            await self._do(job)
        except Exception:
            await self._finish_turn(work, urgent=urgent)
            raise
        except BaseException:  # cancelled: waits for nothing, what is queued is done without it
            self._end_turn(work)
            raise

        await self._finish_turn(work, urgent=urgent)

    def _post(self, job: Job) -> Work:
        """Queues work that nobody waits for; what goes wrong in it goes to the loop's handler."""
        asyncio.get_running_loop()  # without one, nothing is queued that nobody would do
        work = Work(job)
        if self._is_inside():
            self._inner = self._inner or deque()
            self._inner.append(work)
        elif self._busy or self._held:
            self._line = self._line or deque()
            self._line.append(work)
        else:
            self._busy, self._open = True, False
            self._give(work)

        return work

    async def _stop_turns(self) -> None:
        """Drops all that waits and ends the component's own task; waiting callers get an error."""
        for queue in (self._inner, self._line):
            while queue:
                self._drop(queue.popleft())

        self._credit = 0
        _wake(self._emptying)
        worker = self._worker
        if worker is not None and not self._is_inside():
            worker.cancel()
            await asyncio.wait([worker])

    async def _do(self, job: Job) -> None:
        """Does work as part of a turn of its own."""
        self._token = token = _Token(_innermost.get())
        before = _innermost.set(token)
        try:
            await job()
        finally:
            self._token = None
            with suppress(ValueError):  # closed from elsewhere, as when the loop is gone
                _innermost.reset(before)

    async def _wait_in_line(self, *, urgent: bool) -> Work:
        """Returns when it is the caller's turn."""
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        work = Work(granted=granted, urgent=urgent)
        self._line = self._line or deque()
        if urgent:
            self._line.appendleft(work)
        else:
            self._line.append(work)

        try:
            await self._wait(granted)
        except asyncio.CancelledError:
            work.void = True
            if granted.done() and not granted.cancelled() and granted.exception() is None:
                self._end_turn(work)  # it was our turn already

            raise

        return work

    async def _wait(self, future: asyncio.Future[None]) -> None:
        """Waits for something of this component's, and lets it be seen who does."""
        innermost = _innermost.get()
        around = [] if innermost is None else list(innermost.chain())
        for token in around:
            token.waits_for.append(self)

        try:
            await future
        finally:
            for token in around:
                token.waits_for.remove(self)

    def _would_wait_for_itself(self) -> bool:
        """Whether the turn that we would wait for waits for one that we are part of."""
        innermost = _innermost.get()
        if innermost is None:
            return False

        ours = set(innermost.chain())
        seen: set[int] = set()
        ahead: list[Turns] = [self]
        while ahead:
            turns = ahead.pop()
            token = turns._token
            if token in ours:
                return True

            if token is not None and id(turns) not in seen:
                seen.add(id(turns))
                ahead += token.waits_for

        return False

    async def _finish_turn(self, work: Work | None, *, urgent: bool) -> None:
        """Ends the turn, and returns when the work that was queued in it has been done too."""
        if _tidied(self._inner) and not urgent:
            self._emptying = self._emptying or []
            emptied = _new_waiter(self._emptying)
            self._end_turn(work)
            await self._wait(emptied)
        else:
            self._end_turn(work)

    def _end_turn(self, work: Work | None) -> None:
        if work is not None:
            work.finish()

        self._pass_on()

    def _pass_on(self) -> None:
        """Gives the turn to the next in line, or leaves it free."""
        work = self._next()
        if work is None:
            self._rest()
        else:
            self._busy, self._open = True, False
            self._give(work)

    def _rest(self) -> None:
        """Leaves the turn free."""
        self._busy = False
        self._open = self._started and not self._held
        _wake(self._settling)

    def _next(self, *, step: bool = False) -> Work | None:
        """Takes the work out of the queues that may be done now."""
        line, inner = _tidied(self._line), _tidied(self._inner)
        if line and line[0].urgent:
            return line.popleft()

        if self._held and not step:
            if not self._credit:
                return None

            self._credit -= 1

        queue = inner or line
        return queue.popleft() if queue else None

    def _give(self, work: Work) -> None:
        """Lets the work be done: by its caller, or by a task of the component's own."""
        if work.granted is not None:
            work.granted.set_result(None)
        else:
            loop = asyncio.get_running_loop()
            self._worker = loop.create_task(self._work_off(work), name=f"turns of {self.name}")

    async def _work_off(self, work: Work | None) -> None:
        """Does this and all further work that belongs to no caller."""
        while work is not None and work.job is not None:
            try:
                await self._do(work.job)
            except (Exception, asyncio.CancelledError) as error:
                if is_own_cancellation(error):
                    self._give_up(work)
                    raise

                self._report(error)
            except BaseException:
                self._give_up(work)
                raise

            work.finish()
            if not _tidied(self._inner):
                _wake(self._emptying)

            work = self._next()

        self._worker = None
        if work is None:
            self._rest()
        else:
            self._give(work)

    def _give_up(self, work: Work) -> None:
        """The component's task ends early: what is left to it stays undone, callers go on."""
        for queue in (self._inner, self._line):
            for left in queue or ():
                left.void = left.void or left.job is not None

        _wake(self._emptying)
        self._worker = None
        self._end_turn(work)

    def _drop(self, work: Work) -> None:
        """Tells a caller who waits in vain."""
        work.void = True
        work.finish()
        if work.granted is not None and not work.granted.done():
            work.granted.set_exception(
                StateError(
                    f"Component '{self.name}' was stopped",
                    why="A message was still waiting for its turn when the component was stopped.",
                    fix="Send it before stopping, or to a component that runs.",
                    context=ErrorContext({"component": self.name}),
                )
            )

    def _report(self, error: BaseException) -> None:
        """Nobody waits for this work, so its error goes where those of callbacks go."""
        asyncio.get_running_loop().call_exception_handler(
            {"message": f"A queued message of component '{self.name}' failed", "exception": error}
        )


def _new_waiter(waiters: list[asyncio.Future[None]]) -> asyncio.Future[None]:
    waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    waiters.append(waiter)
    return waiter


def _wake(waiters: list[asyncio.Future[None]] | None) -> None:
    """Wakes all who wait, first come first."""
    for waiter in waiters or ():
        if not waiter.done():
            waiter.set_result(None)

    if waiters:
        waiters.clear()


def _tidied(queue: deque[Work] | None) -> deque[Work] | None:
    """The queue without void work at its head."""
    while queue and queue[0].void:
        queue.popleft()

    return queue
