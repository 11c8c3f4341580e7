"""Scenarios played against the run in the window."""

import asyncio
from pathlib import Path

import pytest

from designer.run.controller import RunController, Speed
from designer.run.errors import NotRunningError
from designer.run.scenario import RunTarget, play_scenario
from flexiflow.errors import ExpectationError, StateError
from flexiflow.scenario import parse_scenario, read_scenario
from tests.helpers.runs import LIGHTS, flow_in, order_flow, running

STEPS = """
scenario: a lamp
steps:
  - send: {type: switch, level: 2}
  - expect: {state: Lit, context: {switched: 1}, events: [lamp.lit, state.changed]}
  - wait: 59m
  - expect: {state: Lit}
  - wait: 1m
  - expect: {state: Dark, events: [state.changed]}
"""


@pytest.mark.parametrize("scenario", ["order.scenario.yaml"])
async def test_the_bundled_scenario_is_played(qapp, tmp_path, scenario):
    """Along the happy path."""
    path = Path(__file__).parents[3] / "resources/examples" / scenario
    seen = []
    async with running(order_flow(), tmp_path, speed=Speed.FASTEST) as run:
        await play_scenario(run, read_scenario(path), lambda number, step: seen.append(number))

        assert run.state_key == "Delivered"
    assert seen == list(range(1, 15))


async def test_time_passes_in_the_waits_alone(qapp, tmp_path):
    """However fast the run is."""
    async with running(flow_in(tmp_path), tmp_path, speed=Speed.FASTEST) as run:
        await play_scenario(run, parse_scenario(STEPS))

        assert run.elapsed == pytest.approx(3600)
        assert not run.live.time_by_hand


async def test_in_real_time_a_wait_takes_its_time(qapp, tmp_path):
    """And what falls due meanwhile has happened afterwards."""
    pack = LIGHTS.replace("after: 1h", "after: 500ms")
    steps = STEPS.replace("59m", "5ms").replace("1m", "600ms")
    async with running(flow_in(tmp_path, pack=pack), tmp_path) as run:
        await play_scenario(run, parse_scenario(steps))

        assert run.elapsed >= 0.6


async def test_the_first_difference_ends_the_play(qapp, tmp_path):
    """With what was expected and what was found."""
    steps = "scenario: s\nsteps:\n- send: switch\n- expect: {state: Lit}\n- send: hit"
    async with running(flow_in(tmp_path), tmp_path) as run:
        with pytest.raises(ExpectationError, match=r"'Lit'.*'Dark'"):
            await play_scenario(run, parse_scenario(steps))


async def test_a_run_that_ends_ends_the_play(qapp, tmp_path):
    """In a wait, too."""
    steps = parse_scenario("scenario: s\nsteps:\n- wait: 1h")
    async with running(flow_in(tmp_path), tmp_path) as run:
        playing = asyncio.ensure_future(play_scenario(run, steps))
        await asyncio.sleep(0)
        await run.stop()

        with pytest.raises(NotRunningError):
            await playing


async def test_without_a_run_nothing_is_played(qapp):
    """The error says what to do."""
    run = RunController()

    with pytest.raises(NotRunningError):
        await play_scenario(run, parse_scenario(STEPS))
    await run.close()


async def test_the_component_may_be_named(qapp, tmp_path):
    """Another name is an error."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        with RunTarget(run) as target:
            assert target.state("lamp") == "Dark"
            with pytest.raises(StateError, match="Unknown component: 'other'"):
                target.context("other")


async def test_a_run_started_anew_is_another_one(qapp, tmp_path):
    """A play does not go on in it."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        with RunTarget(run) as target:
            await run.stop()
            await run.start(flow_in(tmp_path), name="lamp", base_dir=tmp_path)
            with pytest.raises(NotRunningError):
                target.state(None)
