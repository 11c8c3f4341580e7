"""Time that runs, stands still, or is moved by hand."""

import asyncio
import math
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexiflow.clock import LoopClock, VirtualClock
from flexiflow.errors import FlexiFlowError


def recorder(calls: list[str], name: str) -> Callable[[], None]:
    """A callback that writes down its name."""
    return lambda: calls.append(name)


async def test_virtual_time_stands_still() -> None:
    """Nothing happens as long as nobody advances the clock."""
    clock = VirtualClock()
    calls: list[str] = []
    clock.call_later(0, recorder(calls, "a"))
    assert clock.now() == 0
    assert calls == []


async def test_advance_runs_due_timers_in_order() -> None:
    """Timers run by due time, equal ones in order of their making."""
    clock = VirtualClock()
    calls: list[str] = []
    for delay, name in ((3, "c"), (1, "a1"), (1, "a2"), (2, "b"), (9, "late")):
        clock.call_later(delay, recorder(calls, name))

    await clock.advance(3)
    assert calls == ["a1", "a2", "b", "c"]
    assert clock.now() == 3
    assert clock.next_due() == 9


async def test_a_timer_sees_its_own_time() -> None:
    """While a timer runs, it is the time at which it was due."""
    clock = VirtualClock()
    times: list[float] = []
    clock.call_later(1.5, lambda: times.append(clock.now()))
    await clock.advance(10)
    assert times == [1.5]
    assert clock.now() == 10


async def test_timers_set_by_timers_come_due_within_the_span() -> None:
    """A timer that another one sets runs in the same advance if it is due."""
    clock = VirtualClock()
    calls: list[float] = []

    def again() -> None:
        calls.append(clock.now())
        clock.call_later(1, again)

    clock.call_later(1, again)
    await clock.advance(3.5)
    assert calls == [1, 2, 3]


async def test_advance_awaits_what_a_timer_sets_going() -> None:
    """The next timer runs after the work of the one before."""
    clock = VirtualClock()
    calls: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0)
        calls.append("work of a")

    clock.call_later(1, work)
    clock.call_later(2, recorder(calls, "b"))
    await clock.advance(2)
    assert calls == ["work of a", "b"]


async def test_cancelled_timers_do_not_run() -> None:
    """A cancelled timer has no effect, and cancelling again is harmless."""
    clock = VirtualClock()
    calls: list[str] = []
    timer = clock.call_later(1, recorder(calls, "a"))
    timer.cancel()
    timer.cancel()
    assert clock.next_due() is None
    await clock.advance(2)
    assert calls == []
    timer.cancel()


async def test_many_cancelled_timers_are_thrown_out() -> None:
    """Timers that are set and cancelled again and again take no room."""
    clock = VirtualClock()
    kept = clock.call_later(1, lambda: None)
    for _ in range(1000):
        clock.call_later(5, lambda: None).cancel()

    assert len(clock._timers._heap) < 50
    assert clock.next_due() == 1
    kept.cancel()


async def test_time_does_not_go_back() -> None:
    """A negative span is refused."""
    with pytest.raises(ValueError, match="does not go back"):
        await VirtualClock().advance(-1)


async def test_small_steps_add_up() -> None:
    """Ten tenths are one second, and what is due then is due."""
    clock = VirtualClock()
    calls: list[str] = []
    clock.call_later(1, recorder(calls, "a"))
    for _ in range(10):
        await clock.advance(0.1)

    assert calls == ["a"]
    assert clock.now() == 1


async def test_time_has_no_end() -> None:
    """What is infinitely far away stays there, and all that is due before comes before."""
    clock = VirtualClock()
    calls: list[str] = []
    clock.call_later(1e9, recorder(calls, "a"))
    await clock.advance(math.inf)
    assert calls == ["a"]


@pytest.mark.parametrize("clock_type", [VirtualClock, LoopClock])
async def test_timers_without_end_are_an_error(
    clock_type: type[VirtualClock] | type[LoopClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timer that sets itself again at once would let no time pass, for ever."""
    monkeypatch.setattr("flexiflow.clock.MAX_TIMERS", 1_000)
    clock = clock_type()
    calls: list[float] = []

    def again() -> None:
        calls.append(clock.now())
        clock.call_later(0, again)

    clock.call_later(1, again)
    with pytest.raises(FlexiFlowError, match="3 seconds are too long"):
        await (clock.advance(3) if isinstance(clock, VirtualClock) else clock.skip(3))

    assert len(calls) == 1_000
    assert clock.now() < 3
    if isinstance(clock, LoopClock):
        clock.pause()


async def test_a_long_advance_lets_other_tasks_run() -> None:
    """A task that waits gets its turn between timers."""
    clock = VirtualClock()
    for second in range(1000):
        clock.call_later(second, lambda: None)

    seen: list[float] = []

    async def other() -> None:
        seen.append(clock.now())

    task = asyncio.create_task(other())
    await clock.advance(1000)
    await task
    assert seen[0] < 1000


async def test_advance_from_two_tasks_never_turns_time_back() -> None:
    """When two tasks advance the clock, the later time wins."""
    clock = VirtualClock()

    async def slow() -> None:
        await asyncio.sleep(0)

    clock.call_later(1, slow)
    await asyncio.gather(clock.advance(2), clock.advance(5))
    assert clock.now() == 6  # five seconds from the time at which the second one began


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=40), st.integers(0, 60))
def test_virtual_timers_run_like_a_sorted_list(timers: list[tuple[int, bool]], span: int) -> None:
    """Whatever is set and cancelled, what is due runs once, in order."""
    clock = VirtualClock()
    calls: list[str] = []
    expected: list[tuple[int, int]] = []
    for number, (delay, cancelled) in enumerate(timers):
        timer = clock.call_later(delay, recorder(calls, str(number)))
        if cancelled:
            timer.cancel()
        elif delay <= span:
            expected.append((delay, number))

    asyncio.run(clock.advance(span))
    assert calls == [str(number) for _, number in sorted(expected)]


async def next_call(clock: LoopClock, delay: float) -> float:
    """Waits for a timer and returns the clock's time when it rang."""
    rang = asyncio.get_running_loop().create_future()
    clock.call_later(delay, lambda: rang.set_result(clock.now()))
    return await rang


async def test_loop_clock_rings_after_the_delay() -> None:
    """A timer rings when its time has come, not before."""
    clock = LoopClock()
    start = clock.now()
    assert await next_call(clock, 0.01) - start >= 0.01


async def test_loop_clock_runs_at_its_speed() -> None:
    """An hour at a great speed takes no hour."""
    clock = LoopClock(speed=1_000_000)
    start = time.monotonic()
    assert await next_call(clock, 3600) >= 3600
    assert time.monotonic() - start < 5


async def test_a_change_of_speed_moves_waiting_timers() -> None:
    """A timer that would take an hour rings at once when time speeds up."""
    clock = LoopClock()
    waiting = asyncio.ensure_future(next_call(clock, 3600))
    await asyncio.sleep(0)
    clock.speed = 10_000_000
    assert await asyncio.wait_for(waiting, 5) >= 3600
    assert clock.speed == 10_000_000


async def test_a_paused_clock_stands_still() -> None:
    """No timer rings during a pause, and the time does not move."""
    clock = LoopClock(speed=1000)
    calls: list[str] = []
    clock.pause()
    assert clock.paused
    clock.call_later(0.001, recorder(calls, "a"))
    before = clock.now()
    await asyncio.sleep(0.01)
    clock.pause()
    assert clock.now() == before
    assert calls == []
    clock.resume()
    assert not clock.paused
    await asyncio.wait_for(next_call(clock, 0.002), 5)
    assert calls == ["a"]


async def test_resume_without_a_pause_changes_nothing() -> None:
    """Time goes on as before."""
    clock = LoopClock()
    before = clock.now()
    clock.resume()
    assert clock.now() >= before


async def test_loop_clock_keeps_order_and_honours_cancelling() -> None:
    """Timers due together run in order, but for one that the first of them cancels."""
    clock = LoopClock(speed=1000)
    calls: list[str] = []
    clock.pause()
    clock.call_later(1, lambda: (calls.append("a"), second.cancel()))
    second = clock.call_later(1, recorder(calls, "b"))
    clock.call_later(1, recorder(calls, "c"))
    clock.resume()
    await asyncio.wait_for(next_call(clock, 1.001), 5)
    assert calls == ["a", "c"]


async def test_a_failing_timer_holds_up_no_other() -> None:
    """The error goes to the loop's handler; the next timer runs."""
    clock = LoopClock(speed=1000)
    errors: list[BaseException] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: errors.append(context["exception"]))

    def fail() -> None:
        raise RuntimeError("broken")

    clock.call_later(0.5, fail)
    await asyncio.wait_for(next_call(clock, 1), 5)
    assert [str(error) for error in errors] == ["broken"]


def test_a_loop_clock_works_on_one_loop_after_the_other() -> None:
    """A timer of a loop that is over does not stop the next loop's timers."""
    clock = LoopClock(speed=1000)

    async def leave_one() -> None:
        clock.call_later(100_000, lambda: None)

    asyncio.run(leave_one())
    clock.speed = 2000
    assert asyncio.run(asyncio.wait_for(next_call(clock, 1), 5)) >= 1


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_speed_must_be_positive(speed: float) -> None:
    """Time neither stands still by speed nor runs backwards."""
    with pytest.raises(ValueError, match="above 0"):
        LoopClock(speed)

    clock = LoopClock()
    with pytest.raises(ValueError, match="above 0"):
        clock.speed = speed

    assert clock.speed == 1
