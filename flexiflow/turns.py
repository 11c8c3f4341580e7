"""Run to completion: one piece of work of a component at a time, in order of arrival.

Work comes from three sides. A caller outside waits for its turn and does its work in its own task,
so cancelling the caller cancels just that. Work from inside the component's own processing is
queued before everything that waits, and done in a task of the component's own before the outermost
caller returns. Posted work (due timers, messages of other components) waits in line like callers
do, and is done in the component's task too.

Messages that a message sets off are handled before its outermost call returns. So that a flow that
sends to itself for ever neither holds up the event loop nor fills the memory, the loop gets a turn
now and then, and there is a limit to what one message may set off.

A message that can meet no other takes no turn: ``AsyncComponent.handle_message`` sees to that.
"""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic
from typing import Any

from flexiflow.deadlocks import DeadlockAware
from flexiflow.event_manager import is_own_cancellation
from flexiflow.pauses import next_pause, pause
from flexiflow.turn_context import Turn, innermost
from flexiflow.waiting import Job, Work, is_open, tidied

__all__ = ["Turns"]


_BREATH = 64
"""So many pieces of work are done until the event loop gets a turn, whether they await or not;
fewer where they take long."""

_OF_THE_MOMENT = frozenset(
    (
        "_open",
        "_busy",
        "_starting",
        "_held",
        "_credit",
        "_turn",
        "_inner",
        "_line",
        "_worker",
        "_given",
        "_settling",
        "_emptying",
        "_loop",
    )
)
"""What a copy does not take over: it is idle, whatever goes on in the original."""


class Turns(DeadlockAware):
    """Gives turns: the part of a component that knows nothing of messages."""

    # What an instance starts with; most components never need more than the first of these.
    _open = False  # a message may be handled without taking a turn
    _started = False
    _starting: list[asyncio.Future[None]] | None = None  # until it has started; None before, after
    _busy = False  # somebody has the turn
    _loop: asyncio.AbstractEventLoop | None = None  # where it is taken, if in any
    _worker: asyncio.Task[None] | None = None
    _given: Work | None = None  # what the worker begins with, until it does
    _settling: list[asyncio.Future[None]] | None = None  # until nothing is under way
    _emptying: list[asyncio.Future[None]] | None = None  # until no inner work is left

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles take over."""
        return {name: value for name, value in vars(self).items() if name not in _OF_THE_MOMENT}

    @property
    def under_way(self) -> bool:
        """Whether something is being handled that :meth:`settled` would wait for."""
        self._forget_closed_loop()
        return self._busy and not self._is_inside() and not self._would_wait_for_itself()

    @property
    def works_off(self) -> bool:
        """Whether posted work, or work from inside, is being done."""
        return self._worker is not None

    async def settled(self) -> None:
        """Waits until nothing is under way: all has been handled, or what is left is held.

        From inside the component's own processing it returns at once.
        """
        while self.under_way:
            self._settling = self._settling or []
            await self._wait(_new_waiter(self._settling))

    async def _take_turn(self, job: Job, *, urgent: bool = False) -> None:
        """Does the work in this task when its turn has come; from inside, queues it and returns.

        Args:
            job: the work.
            urgent: go before all others, through a hold, and before the component has started.

        Raises:
            StateError: from inside; too much is queued already.
        """
        if self._is_inside():
            self._queue_inside(Work(job))
            return

        self._forget_closed_loop()
        work = None
        if self._busy or (self._held and not urgent):
            if self._would_wait_for_itself():
                self._post(job)
                return

            work = await self._wait_in_line(urgent=urgent)
        else:
            self._occupy()

        if not (urgent or self._started):
            work = await self._begin(work)

        await self._use_turn(job, work, urgent=urgent)

    async def _go_on(self, job: Job) -> None:
        """Goes on as a turn with what began without one.

        What was sent meanwhile comes after it, and a hold that began meanwhile lets it through.
        """
        if self._busy and self._given is None:  # somebody has driven a coroutine by hand
            await self._take_turn(job, urgent=True)
            return

        self._take_inside()
        self._occupy()
        await self._use_turn(job, None, urgent=False)

    def _take_inside(self) -> None:
        """Makes work from inside of all that was posted while there was no turn to be inside of.

        The first of it may have been given to a task; that has not begun, and does not.
        """
        worker, given = self._worker, self._given
        self._worker = self._given = None
        if worker is not None:
            worker.cancel()

        if given is not None or self._line:
            first = () if given is None else (given,)
            self._inner = deque((*first, *(self._inner or ()), *(self._line or ())))
            self._line = None

    async def _use_turn(self, job: Job, work: Work | None, *, urgent: bool) -> None:
        """Does the work in the turn that this task has, and ends that."""
        await self._do_or_end(job, work, urgent=urgent)
        await self._finish_turn(work, urgent=urgent)

    async def _do_or_end(self, job: Job, work: Work | None, *, urgent: bool) -> None:
        """Does the work in the turn that this task has; ends that only if the work fails."""
        loop = self._loop
        try:
            await self._do(job)
        except GeneratorExit:  # thrown away unfinished, maybe long after its event loop was closed
            if self._loop is loop:
                self._end_turn(work)

            raise
        except Exception:
            await self._finish_turn(work, urgent=urgent)
            raise
        except BaseException:  # cancelled: waits for nothing, what is queued is done without it
            self._end_turn(work)
            raise

    async def _start_turns(self) -> None:
        """Starts the component, or waits for the end of the start that is under way."""
        if not self._started:
            await self._take_turn(self._ensure_started, urgent=True)
        elif self._starting is not None and self.under_way:
            await self._wait(_new_waiter(self._starting))

    async def _ensure_started(self) -> None:
        """What comes before the first message, once."""
        if self._started:
            return

        self._started, self._starting = True, []
        try:
            await self._enter_first()
        finally:
            starting, self._starting = self._starting, None
            _wake(starting)

    async def _enter_first(self) -> None:
        """What starting means."""

    async def _begin(self, work: Work | None) -> Work | None:
        """Starts the component, and lets what that has set off go first.

        Returns:
            The work that the caller has the turn for now.
        """
        await self._do_or_end(self._ensure_started, work, urgent=False)
        inner = tidied(self._inner)
        if not inner:
            return work

        behind = Work(granted=asyncio.get_running_loop().create_future())
        inner.append(behind)  # however full it is: this one has had its turn already
        self._end_turn(work)
        await self._wait_for_turn(behind)
        return behind

    def _post(self, job: Job) -> Work:
        """Queues work that nobody waits for; what goes wrong in it goes to the loop's handler.

        Raises:
            StateError: too much is queued already.
        """
        asyncio.get_running_loop()  # without one, nothing is queued that nobody would do
        work = Work(job)
        self._forget_closed_loop()
        if self._is_inside():
            self._queue_inside(work)
        elif self._busy or self._held:
            self._queue_in_line(work)
        else:
            self._occupy()
            self._give(work)

        return work

    async def _stop_turns(self) -> None:
        """Drops all that waits and ends the component's own task; waiting callers get an error."""
        self._forget_closed_loop()
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
        outer = innermost.get()
        self._turn = turn = Turn(outer)
        innermost.set(turn)
        try:
            await job()
        finally:
            turn.ended = True
            if self._turn is turn:
                self._turn = None

            if innermost.get() is turn:  # else it is closed from elsewhere, its loop being gone
                innermost.set(outer)

    def _occupy(self) -> None:
        """Takes the turn, which is free."""
        self._busy, self._open = True, False
        self._set_off = self._set_off_size = 0
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:  # driven by hand; good enough as long as nobody else comes
            self._loop = None

    def _forget_closed_loop(self) -> None:
        """Frees a turn that will never end, as the event loop that it was taken in is closed."""
        if self._busy and self._loop is not None and self._loop.is_closed():
            self._inner = self._line = self._settling = self._emptying = None
            self._worker = self._given = self._turn = self._starting = None
            self._credit = 0
            self._rest()

    async def _wait_in_line(self, *, urgent: bool) -> Work:
        """Returns when it is the caller's turn."""
        work = Work(granted=asyncio.get_running_loop().create_future(), urgent=urgent)
        self._queue_in_line(work)
        await self._wait_for_turn(work)
        return work

    async def _wait_for_turn(self, work: Work) -> None:
        """Returns when the work, which is in a queue, may be done."""
        granted = work.granted
        assert granted is not None  # noqa: S101 - callers have one
        try:
            await self._wait(granted)
        except BaseException:  # cancelled, dropped, or thrown away
            work.void = True
            was_given = granted.done() and not granted.cancelled() and granted.exception() is None
            if was_given and self._loop is granted.get_loop():
                self._end_turn(work)  # it was our turn already, and still is

            raise

    async def _finish_turn(self, work: Work | None, *, urgent: bool) -> None:
        """Ends the turn, and returns when the work that was queued in it has been done too."""
        if tidied(self._inner) and not (urgent and self._held):
            self._emptying = self._emptying or []
            emptied = _new_waiter(self._emptying)
            self._end_turn(work)
            await self._wait(emptied)
        else:
            self._end_turn(work)

    def _end_turn(self, work: Work | None) -> None:
        if self._loop is not None and self._loop.is_closed():
            self._forget_closed_loop()
            return

        if work is not None:
            work.finish()

        if self._emptying and not tidied(self._inner):
            _wake(self._emptying)  # the last inner work was that of a caller

        self._pass_on()

    def _pass_on(self) -> None:
        """Gives the turn to the next in line, or leaves it free."""
        work = self._next()
        if work is None:
            self._rest()
        else:
            if not self._busy:
                self._occupy()

            self._give(work)

    def _rest(self) -> None:
        """Leaves the turn free."""
        self._busy = False
        self._open = self._started and not self._held
        _wake(self._settling)

    def _give(self, work: Work) -> None:
        """Lets the work be done: by its caller, or by a task of the component's own."""
        if work.granted is not None:
            work.granted.set_result(None)
            return

        # Not by the loop's task factory: one that starts tasks at once would do it within post().
        loop = self._loop or asyncio.get_running_loop()
        name = f"turns of {self.name}"
        worker = asyncio.Task(self._work_off(), loop=loop, name=name)
        worker.add_done_callback(self._worker_ended)
        self._worker, self._given = worker, work

    async def _work_off(self) -> None:
        """Does what it was given and all further work that belongs to no caller."""
        work, self._given = self._given, None
        if work is not None and work.dead:  # since it was given
            work.finish()
            work = self._next()

        count, due = 0, next_pause()
        while work is not None and (job := work.job) is not None:
            count, current = count + 1, work
            try:
                if not self._started:
                    await self._do(self._ensure_started)
                    if inner := tidied(self._inner):  # what that has set off goes first
                        inner.append(work)
                        work = self._next()
                        continue

                await self._do(job)
                if count % _BREATH == 0 or monotonic() > due:
                    due = await pause()
            except (Exception, asyncio.CancelledError) as error:
                if is_own_cancellation(error):
                    raise

                self._report(error)
            finally:
                current.finish()

            if not tidied(self._inner):
                _wake(self._emptying)

            work = self._next()

        self._worker = None
        if work is None:
            self._rest()
        else:
            self._give(work)

    def _worker_ended(self, task: asyncio.Task[None]) -> None:
        """Looks whether the component's task ended before its work; then that stays undone."""
        if self._worker is not task:
            return

        for queue in (self._inner, self._line):
            for left in queue or ():
                left.void = left.void or left.job is not None

        _wake(self._emptying)
        given, self._worker, self._given = self._given, None, None
        self._end_turn(given)
        if not task.cancelled():
            task.exception()  # KeyboardInterrupt and the like have ended the loop itself

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
        if is_open(waiter):
            waiter.set_result(None)

    if waiters:
        waiters.clear()
