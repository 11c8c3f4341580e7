"""How a run begins and ends."""

import asyncio
import gc
import logging
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QTimer

from designer.run.controller import RunController, RunPhase, Speed
from designer.run.errors import NotRunningError, RunningError
from flexiflow.errors import FlexiFlowError
from tests.helpers.runs import SWITCH, RunWatch, events_of, flow_in, running, states_stored_in


async def test_a_run_goes_through_its_phases(qapp, tmp_path):
    """And each is announced."""
    run = RunController()
    watch = RunWatch(run)
    assert (run.phase, run.active, run.content, run.state_key) == (RunPhase.IDLE, False, None, None)

    content = flow_in(tmp_path)
    await run.start(content, name="lamp", base_dir=tmp_path)
    assert (run.active, run.content) == (True, content)
    run.pause()
    run.pause()
    run.resume()
    run.resume()
    await run.stop()

    assert watch.phases == ["starting", "running", "paused", "running", "stopping", "idle"]
    assert (run.content, run.context, run.elapsed, run.component_names) == (None, {}, 0.0, ())
    await run.close()


async def test_a_run_can_be_started_again(qapp, tmp_path):
    """With a log of its own."""
    run, content = RunController(), flow_in(tmp_path)
    for _ in range(2):
        await run.start(content, name="lamp", base_dir=tmp_path, database=tmp_path / "lamp.db")
        run.send(SWITCH)
        await run.idle()
        await run.stop()

    assert events_of(run).count("state.changed") == 1
    assert states_stored_in(tmp_path / "lamp.db") == ["Lit", "Lit"]
    await run.close()


async def test_a_second_start_is_refused(qapp, tmp_path):
    """While the first one starts, and while it runs."""
    run, content = RunController(), flow_in(tmp_path)
    first = asyncio.ensure_future(run.start(content, name="lamp", base_dir=tmp_path))
    await asyncio.sleep(0)

    with pytest.raises(RunningError):
        await run.start(content, name="lamp", base_dir=tmp_path)
    await first
    with pytest.raises(RunningError):
        await run.start(content, name="lamp", base_dir=tmp_path)

    assert run.phase is RunPhase.RUNNING
    await run.close()


async def test_a_flow_that_cannot_run_says_why(qapp, tmp_path):
    """And leaves nothing behind."""
    content = flow_in(tmp_path)
    first, *others = content.transitions
    content = replace(content, transitions=(replace(first, guard="1 +"), *others))
    run = RunController()

    with pytest.raises(FlexiFlowError):
        await run.start(content, name="lamp", base_dir=tmp_path)

    assert run.phase is RunPhase.IDLE
    await run.close()


async def test_a_cancelled_start_leaves_nothing(qapp, tmp_path):
    """Wherever it was."""
    run, content = RunController(), flow_in(tmp_path)
    for turns in range(6):
        starting = asyncio.ensure_future(run.start(content, name="lamp", base_dir=tmp_path))
        for _ in range(turns):
            await asyncio.sleep(0)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await run.stop()
        assert run.phase is RunPhase.IDLE

    await run.close()


async def test_stopping_while_it_starts_waits_for_the_start(qapp, tmp_path):
    """Then it stops."""
    run = RunController()
    starting = asyncio.ensure_future(run.start(flow_in(tmp_path), name="lamp", base_dir=tmp_path))
    await asyncio.sleep(0)

    await run.stop()

    assert run.phase is RunPhase.IDLE
    await starting
    await run.close()


async def test_a_cancelled_stop_still_stops(qapp, tmp_path):
    """And a second one waits for it."""
    run = RunController()
    await run.start(flow_in(tmp_path), name="lamp", base_dir=tmp_path, database=tmp_path / "a.db")
    run.send(SWITCH)
    await run.idle()
    stopping = asyncio.ensure_future(run.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    await asyncio.gather(stopping, return_exceptions=True)
    await run.stop()

    assert run.phase is RunPhase.IDLE
    assert states_stored_in(tmp_path / "a.db") == ["Lit"]
    await run.close()


async def test_stopping_without_a_run_does_nothing(qapp):
    """Neither does anything else but sending and restoring."""
    run = RunController()
    await run.stop()
    run.pause()
    run.resume()
    run.set_speed(Speed.FASTEST)
    run.apply_rules([{"a": 1}])
    assert not await run.step()
    with pytest.raises(NotRunningError):
        run.send(SWITCH)
    with pytest.raises(NotRunningError):
        await run.restore(1)
    await run.close()


async def test_nothing_is_left_of_a_run(qapp, tmp_path):
    """No task, no timer, no thread, no connection, no handler."""
    handlers = list(logging.getLogger("flexiflow").handlers)
    frozen = gc.get_freeze_count()
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.send(SWITCH)
        await run.idle()
        await run.store.flush()
        assert gc.get_freeze_count() > frozen

    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert [timer for timer in run.findChildren(QTimer) if timer.isActive()] == []
    assert "snapshot" not in " ".join(thread.name for thread in threading.enumerate())
    assert logging.getLogger("flexiflow").handlers == handlers
    assert gc.get_freeze_count() == 0


async def test_a_flow_without_a_file_has_its_database_in_a_temporary_folder(qapp, tmp_path):
    """It can be read after the run, and is gone when the flow is closed."""
    run = RunController()
    await run.start(flow_in(tmp_path), name="a/b: c", base_dir=tmp_path)
    run.send(SWITCH)
    await run.idle()
    await run.stop()

    path = run.store.path
    assert path.name == "a_b__c.snapshots.db"
    assert [row.state for row in (await run.store.list()).rows] == ["Lit"]
    await run.close()
    assert not path.parent.exists()


async def test_a_run_goes_on_without_a_database(qapp, tmp_path):
    """The error is told once."""
    (tmp_path / "file").touch()
    run = RunController()
    watch = RunWatch(run)
    database = tmp_path / "file" / "a.db"
    await run.start(flow_in(tmp_path), name="x", base_dir=tmp_path, database=database)
    for _ in range(3):
        run.send(SWITCH)
        await run.idle()
        await run.store.flush()

    assert run.state_key == "Lit"
    assert [error.what for error in watch.errors] == [
        "The run goes on, but its snapshots are not stored"
    ]
    await run.close()
