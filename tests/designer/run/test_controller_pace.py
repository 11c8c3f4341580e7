"""A run that is held, goes step by step, or at another speed."""

import asyncio
import itertools

import pytest

from designer.host.asyncqt import next_emission
from designer.run.controller import RunController, RunPhase, Speed
from tests.helpers.runs import (
    LIGHTS,
    SWITCH,
    RunWatch,
    events_of,
    flow_in,
    running,
    states_stored_in,
)

# -- holding ---------------------------------------------------------------------------------


async def test_a_paused_run_lets_one_message_through_at_a_time(qapp, tmp_path):
    """The others wait in order."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.pause()
        for _ in range(3):
            run.send(SWITCH)

        assert run.state_key == "Dark"
        states = []
        while await run.step():
            states.append(run.state_key)
        assert states == ["Lit", "Dark", "Lit"]

        run.send(SWITCH)
        run.resume()
        await run.idle()
        assert run.state_key == "Dark"


async def test_pausing_in_a_burst_holds_it(qapp, tmp_path):
    """And it goes on where it was."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.send_many(dict(SWITCH) for _ in range(5_000))
        await next_emission(run.frame)
        run.pause()
        assert await run.step()
        before = events_of(run).count("component.message.received")
        assert await run.step()
        assert events_of(run).count("component.message.received") == before + 1 < 5_000

        run.resume()
        await run.idle()
        assert events_of(run).count("component.message.received") == 5_000


async def test_time_stands_still_while_paused(qapp, tmp_path):
    """However long one looks."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.pause()
        before = run.elapsed
        await asyncio.sleep(0)

        assert run.elapsed == before
        assert not await run.step()


async def test_stepping_as_fast_as_possible_goes_to_the_next_timer(qapp, tmp_path):
    """When no message waits."""
    async with running(flow_in(tmp_path), tmp_path, speed=Speed.FASTEST) as run:
        run.live.time_by_hand = True
        run.send(SWITCH)
        await run.idle()
        run.pause()
        run.live.time_by_hand = False

        assert await run.step()

        assert run.state_key == "Dark"
        assert run.elapsed == pytest.approx(3600)
        assert not await run.step()


async def test_a_paused_run_stops_at_once(qapp, tmp_path):
    """Messages that wait are dropped, and whoever steps is told."""
    run = RunController()
    await run.start(flow_in(tmp_path), name="lamp", base_dir=tmp_path)
    run.pause()
    run.send(SWITCH)
    run.send(SWITCH)
    waiting = asyncio.ensure_future(run.idle())
    await asyncio.sleep(0)

    await run.stop()
    await waiting

    assert events_of(run) == ["engine.component.registered"]
    await run.close()


async def test_a_state_that_hangs_is_stopped(qapp, tmp_path, python_flow):
    """Also while somebody waits for the next step."""
    run = RunController()
    await run.start(python_flow, name="x", base_dir=tmp_path, trust=True)
    run.send({"type": "hang"})
    while "component.message.received" not in events_of(run):
        await next_emission(run.frame)
    run.pause()
    stepping = asyncio.ensure_future(run.step())
    await asyncio.sleep(0)

    await run.stop()

    assert not await stepping
    await run.close()


# -- speed -----------------------------------------------------------------------------------


async def test_as_fast_as_possible_jumps_to_the_next_timer(qapp, tmp_path):
    """An hour takes no time once nothing else is to be done."""
    async with running(flow_in(tmp_path), tmp_path, speed=Speed.FASTEST) as run:
        run.send(SWITCH)
        await run.idle()

        assert run.state_key == "Dark"
        assert run.elapsed == pytest.approx(3600)
        assert events_of(run).count("state.changed") == 2


async def test_in_real_time_a_timer_takes_its_time(qapp, tmp_path):
    """Until somebody asks for more speed."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.send(SWITCH)
        await run.idle()
        assert run.state_key == "Lit"

        run.set_speed(Speed.FASTEST)
        await run.idle()

        assert run.state_key == "Dark"
        assert run.elapsed >= 3600


async def test_time_can_pass_tenfold(qapp, tmp_path):
    """A timer of a tenth of a second takes a hundredth."""
    pack = LIGHTS.replace("after: 1h", "after: 100ms")
    async with running(flow_in(tmp_path, pack=pack), tmp_path, speed=Speed.TENFOLD) as run:
        run.send(SWITCH)
        await run.idle()
        await run.live.wait(0.2)

        assert run.state_key == "Dark"
        assert run.live.clock.speed == 10


async def test_a_paused_run_stays_paused_at_any_speed(qapp, tmp_path):
    """Time stands still until it goes on."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.send(SWITCH)
        await run.idle()
        run.pause()
        for speed in Speed:
            run.set_speed(speed)
        await asyncio.sleep(0)
        assert run.state_key == "Lit"

        run.resume()
        await run.idle()
        assert run.state_key == "Dark"


ENDLESS = """
pack: lights
states: {Dark: , Lit: }
transitions:
  - {from: Dark, message: switch, to: Lit, do: [{send: {type: switch}}]}
  - {from: Lit, message: switch, to: Dark, do: [{send: {type: switch}}]}
"""


async def test_a_flow_that_never_rests_lets_the_window_have_its_turns(qapp, tmp_path):
    """Even when each message sends the next one; and it can be stopped."""
    run = RunController(rows=1_000)
    frames = RunWatch(run).frames
    await run.start(flow_in(tmp_path, pack=ENDLESS), name="lamp", base_dir=tmp_path)
    run.send({"type": "switch"})
    while len(frames) < 5 or not run.log.dropped:
        await next_emission(run.frame)
    await run.stop()

    assert run.phase is RunPhase.IDLE
    await run.close()


TICKING = """
pack: lights
states: {Dark: , Lit: }
transitions:
  - {from: Dark, after: 1s, to: Lit}
  - {from: Lit, after: 1s, to: Dark}
"""


async def test_timers_without_end_let_the_window_have_its_turns(qapp, tmp_path):
    """As fast as possible is no reason to hang."""
    run = RunController(rows=1_000)
    await run.start(
        flow_in(tmp_path, pack=TICKING), name="lamp", base_dir=tmp_path, speed=Speed.FASTEST
    )
    for _ in range(5):
        await next_emission(run.frame)
    assert run.elapsed > 10
    await run.stop()
    await run.close()


async def test_a_burst_without_end_stops_promptly(qapp, tmp_path):
    """And everything that had happened by then is stored."""
    run = RunController(rows=1_000)
    await run.start(flow_in(tmp_path), name="lamp", base_dir=tmp_path, database=tmp_path / "a.db")
    run.send_many(dict(SWITCH) for _ in itertools.count())
    for _ in range(5):
        await next_emission(run.frame)
    loop = asyncio.get_running_loop()
    before = loop.time()
    await run.stop()

    assert loop.time() - before < 2  # some 40 ms where nothing else keeps the machine busy
    last = run.log.rows_since()[-1]
    changes = run.store.stored_count
    assert len(states_stored_in(tmp_path / "a.db")) == changes
    assert last.number == run.log.total - 1
    await run.close()
