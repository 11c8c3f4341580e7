"""The run of a flow."""

import asyncio
import gc
import itertools
import logging
import sqlite3
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QTimer

from designer.host.asyncqt import next_emission
from designer.run.controller import RunController, RunFrame, RunPhase, Speed
from designer.run.errors import NotRunningError, RunningError
from designer.run.event_text import LOG_EVENT
from flexiflow.errors import FlexiFlowError, PackError, StateError
from tests.helpers.contents import pack_content_of
from tests.helpers.runs import CONFIG, LIGHTS, RunWatch, flow_in, order_flow, running

SWITCH = {"type": "switch", "level": 5}


def events(run):
    """The names of the events, log records left out."""
    return [row.event for row in run.log.rows_since() if row.event != LOG_EVENT]


def summaries(run, event):
    """The summaries of the rows of an event."""
    return [row.summary for row in run.log.rows_since() if row.event == event]


def stored(path):
    """The states in a database, oldest first."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT json_extract(snapshot_json, '$.current_state') FROM flexiflow_snapshots ORDER BY id"
    ).fetchall()
    connection.close()
    return [row[0] for row in rows]


# -- messages --------------------------------------------------------------------------------


async def test_messages_drive_the_real_engine(qapp, tmp_path):
    """State, data, rows and snapshots follow."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        assert (run.state_key, run.component_names) == ("Dark", ("lamp",))

        run.send(SWITCH)
        run.send({"type": "dim", "level": 3})
        run.send({"type": "sing"})
        await run.idle()

        assert run.state_key == "Lit"
        assert run.context == {"switched": 1, "level": 3}
        assert events(run) == [
            "engine.component.registered",
            "component.message.received",
            "lamp.lit",
            "state.changed",
            "component.message.received",
            "component.message.handled",
            "component.message.received",
            "component.message.ignored",
        ]
        assert summaries(run, "state.changed") == ["Dark → Lit   context.switched 0 → 1"]
        assert summaries(run, LOG_EVENT) == [
            "Registered component: lamp",
            "lamp transitioned to Lit",
        ]
    assert stored(tmp_path / "lamp.db") == ["Lit"]


async def test_what_one_message_causes_shares_a_correlation_id(qapp, tmp_path):
    """So that rows can be told apart in a crowd."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.send(SWITCH)
        run.send({"type": "sing"})
        await run.idle()

        causes = {row.event: row.correlation_id for row in run.log.rows_since()}
        assert causes["lamp.lit"] == causes["state.changed"] == "m1"
        assert causes["component.message.ignored"] == "m2"
        assert causes["engine.component.registered"] == "-"


async def test_a_message_is_the_run_s_own(qapp, tmp_path):
    """Changing it after sending changes nothing."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        message = dict(SWITCH)
        run.send(message)
        message["type"] = "sing"
        await run.idle()

        assert run.state_key == "Lit"


async def test_a_guard_that_cannot_be_evaluated_is_a_row(qapp, tmp_path):
    """And the message is ignored."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.send({"type": "switch"})
        await run.idle()

        assert "guard.failed" in events(run)
        assert run.state_key == "Dark"


PYTHON_PACK = """
import asyncio
from flexiflow.state_machine import State
from flexiflow.statepack import MappingPack

class Plain(State):
    async def handle_message(self, message, component):
        if message["type"] == "fail":
            raise ValueError(message.get("why", "no good"))
        if message["type"] == "cancel":
            raise asyncio.CancelledError
        if message["type"] == "hang":
            await asyncio.Event().wait()
        await component.event_bus.publish("from.python", {"odd": object()})
        return False, self

def pack():
    return MappingPack("plain", {"Plain": Plain})
"""


@pytest.fixture
def python_flow(tmp_path, monkeypatch):
    """A flow whose one state is Python code."""
    (tmp_path / "plain_states.py").write_text(PYTHON_PACK)
    monkeypatch.syspath_prepend(tmp_path)
    config = "name: lamp\ninitial_state: plain_states:Plain\n"
    return flow_in(tmp_path, config=config)


async def test_events_of_any_name_are_rows(qapp, tmp_path, python_flow):
    """Python may publish what no file declares."""
    run = RunController()
    await run.start(python_flow, name="x", base_dir=tmp_path, trust=True)
    run.send({"type": "anything"})
    await run.idle()

    assert "from.python" in events(run)
    assert "from.python" in run.log.names
    await run.close()


async def test_a_state_that_fails_is_told_once_and_the_run_goes_on(qapp, tmp_path, python_flow):
    """Each failure is a row of the log."""
    run = RunController()
    watch = RunWatch(run)
    await run.start(python_flow, name="x", base_dir=tmp_path, trust=True)
    for kind in ("fail", "fail", "anything"):
        run.send({"type": kind})
    await run.idle()

    assert [repr(error) for error in watch.errors] == ["ValueError('no good')"]
    assert summaries(run, LOG_EVENT).count("ValueError: no good") == 2
    assert "from.python" in events(run)
    await run.close()


async def test_a_state_whose_own_work_was_cancelled_does_not_end_the_run(
    qapp, tmp_path, python_flow
):
    """It failed, as any other state may."""
    run = RunController()
    watch = RunWatch(run)
    await run.start(python_flow, name="x", base_dir=tmp_path, trust=True)
    run.send({"type": "cancel"})
    run.send({"type": "anything"})
    await run.idle()

    assert [type(error) for error in watch.errors] == [asyncio.CancelledError]
    assert "from.python" in events(run)
    await run.close()


async def test_a_state_that_never_fails_alike_is_told_some_times(qapp, tmp_path, python_flow):
    """Nobody reads a thousand banners; the log has them all."""
    run = RunController()
    watch = RunWatch(run)
    await run.start(python_flow, name="x", base_dir=tmp_path, trust=True)
    run.send_many({"type": "fail", "why": f"no good: {number}"} for number in range(50))
    await run.idle()

    assert len(watch.errors) == 20
    assert len([line for line in summaries(run, LOG_EVENT) if "no good" in line]) == 50
    await run.close()


async def test_what_keeps_a_pack_from_running_is_told_by_its_own_file(qapp, tmp_path):
    """The list of packs that a run is made of is nothing a person ever sees."""
    run = RunController()
    content = pack_content_of("A B", [("A", "go", "B"), ("B", "back", "A")], final="B")

    with pytest.raises(PackError) as caught:
        await run.start(content, name="x", base_dir=tmp_path)

    assert [problem.at for problem in caught.value.problems] == ["transitions[1].from"]
    await run.close()


async def test_code_is_not_imported_without_trust(qapp, tmp_path, python_flow):
    """The flow does not start then."""
    run = RunController()

    with pytest.raises(FlexiFlowError):
        await run.start(python_flow, name="x", base_dir=tmp_path)

    assert run.phase is RunPhase.IDLE
    await run.close()


# -- lifetime --------------------------------------------------------------------------------


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

    assert events(run).count("state.changed") == 1
    assert stored(tmp_path / "lamp.db") == ["Lit", "Lit"]
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
    assert stored(tmp_path / "a.db") == ["Lit"]
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
        before = events(run).count("component.message.received")
        assert await run.step()
        assert events(run).count("component.message.received") == before + 1 < 5_000

        run.resume()
        await run.idle()
        assert events(run).count("component.message.received") == 5_000


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

    assert events(run) == ["engine.component.registered"]
    await run.close()


async def test_a_state_that_hangs_is_stopped(qapp, tmp_path, python_flow):
    """Also while somebody waits for the next step."""
    run = RunController()
    await run.start(python_flow, name="x", base_dir=tmp_path, trust=True)
    run.send({"type": "hang"})
    while "component.message.received" not in events(run):
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
        assert events(run).count("state.changed") == 2


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
    assert len(stored(tmp_path / "a.db")) == changes
    assert last.number == run.log.total - 1
    await run.close()


# -- frames ----------------------------------------------------------------------------------


async def test_a_frame_shows_the_moment(qapp, tmp_path):
    """Active state, transition taken, visits, and how much has been written."""
    async with running(flow_in(tmp_path), tmp_path, rows=3) as run:
        run.send(SWITCH)
        run.send(SWITCH)
        run.send(SWITCH)
        await run.idle()
        (frame,) = await next_emission(run.frame)

        assert isinstance(frame, RunFrame)
        assert (frame.active, frame.taken) == ("Lit", ("lights", 0))
        assert frame.visits == {"Dark": 2, "Lit": 2}
        assert frame.events == run.log.total
        assert frame.dropped == frame.events - 3


async def test_an_internal_transition_is_taken_too(qapp, tmp_path):
    """Though the state stays."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.send(SWITCH)
        run.send({"type": "dim", "level": 2})
        await run.idle()
        (frame,) = await next_emission(run.frame)

        assert (frame.active, frame.taken) == ("Lit", ("lights", 2))
        assert frame.visits == {"Dark": 1, "Lit": 1}


async def test_nothing_ticks_when_nothing_happens(qapp, tmp_path):
    """A resting run costs nothing."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        await next_emission(run.frame)

        assert [timer for timer in run.findChildren(QTimer) if timer.isActive()] == []


# -- changing what runs ----------------------------------------------------------------------


async def test_a_snapshot_is_restored_into_the_running_component(qapp, tmp_path):
    """State and data, as they were."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        for message in (SWITCH, SWITCH, SWITCH):
            run.send(message)
        await run.idle()
        await run.store.flush()
        rows = (await run.store.list()).rows
        assert [row.state for row in rows] == ["Lit", "Dark", "Lit"]
        assert [row.came_from for row in rows] == ["Dark", "Lit", "Dark"]

        await run.restore(rows[1].id)

        assert (run.state_key, run.context) == ("Dark", {"switched": 1})
        assert summaries(run, "component.restored") == ["back in Dark"]
        run.send(SWITCH)
        await run.idle()
        assert run.context == {"switched": 2}
        assert summaries(run, "state.changed")[-1] == "Dark → Lit   context.switched 1 → 2"


async def test_a_paused_run_can_be_restored(qapp, tmp_path):
    """It stays paused."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.send(SWITCH)
        await run.idle()
        await run.store.flush()
        run.send({"type": "hit"})
        await run.idle()
        run.pause()

        await run.restore(1)

        assert (run.state_key, run.phase) == ("Lit", RunPhase.PAUSED)


async def test_a_snapshot_of_another_flow_is_refused(qapp, tmp_path):
    """The run stays where it was."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        run.send(SWITCH)
        await run.idle()
        await run.store.flush()
        connection = sqlite3.connect(tmp_path / "lamp.db")
        connection.execute(
            "UPDATE flexiflow_snapshots "
            "SET snapshot_json = replace(snapshot_json, '\"Lit\"', '\"Up\"')"
        )
        connection.commit()
        connection.close()

        with pytest.raises(StateError, match="Up"):
            await run.restore(1)

        assert run.state_key == "Lit"


async def test_rules_reach_the_running_component(qapp, tmp_path):
    """Guards read the new ones from the next message on."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        rules = [{"least": 10}]
        run.apply_rules(rules)
        rules[0]["least"] = 0
        run.send(SWITCH)
        await run.idle()

        assert run.state_key == "Dark"
        assert "lamp has 1 new rules" in summaries(run, LOG_EVENT)


async def test_warnings_of_the_library_are_rows(qapp, tmp_path, caplog):
    """Whoever logs them, while the run lasts."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        logging.getLogger("flexiflow.config_loader").warning("odd: %s", "thing")

        assert summaries(run, LOG_EVENT)[-1] == "odd: thing"
        assert run.log.rows_since()[-1].level == "warning"


async def test_the_order_flow_runs_along_its_happy_path(qapp, tmp_path):
    """With one declined payment."""
    async with running(order_flow(), tmp_path) as run:
        for message in (
            {"type": "add_item", "price": 20},
            {"type": "checkout"},
            {"type": "pay"},
            {"type": "payment_failed"},
            {"type": "payment_ok", "amount": 20},
            {"type": "pick"},
            {"type": "ship"},
            {"type": "deliver"},
        ):
            run.send(message)
        await run.idle()

        assert run.state_key == "Delivered"
        assert "order.paid" in events(run)


def test_a_config_text_is_what_the_tests_run():
    """The lamp starts in the dark."""
    assert "initial_state: Dark" in CONFIG
