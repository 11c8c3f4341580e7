"""The run of a flow: what it does with messages, and what it shows."""

import asyncio
import logging
import sqlite3

import pytest
from PySide6.QtCore import QTimer

from designer.host.asyncqt import next_emission
from designer.run.controller import RunController, RunFrame, RunPhase
from designer.run.event_text import LOG_EVENT
from flexiflow.errors import FlexiFlowError, PackError, StateError
from tests.helpers.contents import pack_content_of
from tests.helpers.runs import (
    CONFIG,
    SWITCH,
    RunWatch,
    events_of,
    flow_in,
    order_flow,
    running,
    states_stored_in,
    summaries_of,
)

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
        assert events_of(run) == [
            "engine.component.registered",
            "component.message.received",
            "lamp.lit",
            "state.changed",
            "component.message.received",
            "component.message.handled",
            "component.message.received",
            "component.message.ignored",
        ]
        assert summaries_of(run, "state.changed") == ["Dark → Lit   context.switched 0 → 1"]
        assert summaries_of(run, LOG_EVENT) == [
            "Registered component: lamp",
            "lamp transitioned to Lit",
        ]
    assert states_stored_in(tmp_path / "lamp.db") == ["Lit"]


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

        assert "guard.failed" in events_of(run)
        assert run.state_key == "Dark"


async def test_events_of_any_name_are_rows(qapp, tmp_path, python_flow):
    """Python may publish what no file declares."""
    run = RunController()
    await run.start(python_flow, name="x", base_dir=tmp_path, trust=True)
    run.send({"type": "anything"})
    await run.idle()

    assert "from.python" in events_of(run)
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
    assert summaries_of(run, LOG_EVENT).count("ValueError: no good") == 2
    assert "from.python" in events_of(run)
    await run.close()


async def test_an_error_that_cannot_be_put_into_words_is_told_too(qapp, tmp_path, python_flow):
    """By its type."""
    run = RunController()
    watch = RunWatch(run)
    await run.start(python_flow, name="x", base_dir=tmp_path, trust=True)
    for kind in ("be_mute", "anything"):
        run.send({"type": kind})
    await run.idle()

    assert [type(error).__name__ for error in watch.errors] == ["MuteError"]
    assert any("MuteError" in summary for summary in summaries_of(run, LOG_EVENT))
    assert "from.python" in events_of(run)
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
    assert "from.python" in events_of(run)
    await run.close()


async def test_a_state_that_never_fails_alike_is_told_some_times(qapp, tmp_path, python_flow):
    """Nobody reads a thousand banners; the log has them all."""
    run = RunController()
    watch = RunWatch(run)
    await run.start(python_flow, name="x", base_dir=tmp_path, trust=True)
    run.send_many({"type": "fail", "why": f"no good: {number}"} for number in range(50))
    await run.idle()

    assert len(watch.errors) == 20
    assert len([line for line in summaries_of(run, LOG_EVENT) if "no good" in line]) == 50
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
        assert summaries_of(run, "component.restored") == ["back in Dark"]
        run.send(SWITCH)
        await run.idle()
        assert run.context == {"switched": 2}
        assert summaries_of(run, "state.changed")[-1] == "Dark → Lit   context.switched 1 → 2"


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
        assert "lamp has 1 new rules" in summaries_of(run, LOG_EVENT)


async def test_warnings_of_the_library_are_rows(qapp, tmp_path, caplog):
    """Whoever logs them, while the run lasts."""
    async with running(flow_in(tmp_path), tmp_path) as run:
        logging.getLogger("flexiflow.config_loader").warning("odd: %s", "thing")

        assert summaries_of(run, LOG_EVENT)[-1] == "odd: thing"
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
        assert "order.paid" in events_of(run)


def test_a_config_text_is_what_the_tests_run():
    """The lamp starts in the dark."""
    assert "initial_state: Dark" in CONFIG
