"""A clock of real time that is moved by hand."""

import pytest

from flexiflow.clock import LoopClock


@pytest.fixture
def clock():
    """A clock that stands still unless it is moved."""
    clock = LoopClock()
    clock.pause()
    return clock


async def test_the_next_timer_can_be_fired_at_once(clock):
    """Time is at its moment then, and what its callback gives comes back."""
    clock.call_later(900, lambda: "later")
    clock.call_later(5, lambda: "soon")
    start = clock.now()
    assert clock.next_due() == start + 5

    assert clock.fire_next() == "soon"

    assert clock.now() == start + 5
    assert clock.fire_next() == "later"
    assert clock.now() == start + 900


async def test_without_timers_nothing_is_fired(clock):
    """A cancelled one is none."""
    clock.call_later(5, lambda: "soon").cancel()

    assert clock.next_due() is None
    assert clock.fire_next() is None


async def test_skipping_fires_what_comes_due_in_order(clock):
    """Also a timer that another one sets, each at its own moment."""
    seen, start = [], clock.now()

    def again():
        seen.append(clock.now() - start)
        clock.call_later(10, again)

    clock.call_later(10, again)

    await clock.skip(35)

    assert seen == [10, 20, 30]
    assert clock.now() == start + 35


async def test_skipping_waits_for_what_a_timer_wakes(clock):
    """The next timer comes when the work of the one before is done."""
    seen = []

    async def work():
        seen.append("worked")

    clock.call_later(1, work)
    clock.call_later(2, lambda: seen.append("second"))

    await clock.skip(2)

    assert seen == ["worked", "second"]


async def test_many_timers_leave_the_loop_its_turns(clock):
    """A long skip does not hold up other tasks."""
    seen = []
    for number in range(200):
        clock.call_later(number, lambda: seen.append(1))

    await clock.skip(200)

    assert len(seen) == 200


async def test_a_running_clock_skips_as_well():
    """Real time goes on from there."""
    clock = LoopClock()
    start = clock.now()

    await clock.skip(100)

    assert 100 <= clock.now() - start < 160


async def test_time_does_not_go_back(clock):
    """A negative span is refused."""
    with pytest.raises(ValueError, match="does not go back"):
        await clock.skip(-1)
