"""The Snapshots dock: every state a run was in, to look at and to go back to."""

import asyncio
import sqlite3
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.commands.states import rename_state
from designer.host.theme import DARK, LIGHT
from designer.run import snapshots as store_module
from designer.shell.docks import snapshots as dock_module
from designer.shell.docks.snapshots import SnapshotsDock
from designer.shell.page import FlowSource
from flexiflow.extras.persist_sqlite import save_snapshots
from flexiflow.snapshot import ComponentSnapshot
from tests.helpers.docked import docked, start, until
from tests.helpers.runs import flow_in

SWITCH = {"type": "switch", "level": 5}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def dock(qapp):
    """The dock alone."""
    dock = SnapshotsDock(LIGHT)
    yield dock
    dock.close()
    dock.deleteLater()


def states(dock):
    """The states listed, newest first; ``damaged`` for a damaged row."""
    return [dock.model.index(row, 1).data() for row in range(dock.model.rowCount())]


def store(path, names, *, context=None):
    """Stores snapshots of these states, as an earlier run did."""
    connection = sqlite3.connect(path)
    rows = [(ComponentSnapshot("lamp", name, [], {}, context or {}), NOW) for name in names]
    save_snapshots(connection, rows)
    connection.close()


def spoil(path, snapshot_id):
    """Damages a row."""
    connection = sqlite3.connect(path)
    connection.execute(
        "UPDATE flexiflow_snapshots SET snapshot_json = '{' WHERE id = ?", (snapshot_id,)
    )
    connection.commit()
    connection.close()


async def settled(dock):
    """Waits until nothing is read or restored any more."""
    while waiting := [job for job in dock._jobs.values() if not job.done()]:
        await asyncio.wait(waiting)


async def fresh(dock, page):
    """Waits until the list shows what has been stored."""
    await page.run.idle()
    await page.run.store.flush()
    await settled(dock)
    await gathered(dock)


async def gathered(dock):
    """Waits until the list shows what has gathered, without the time that it is given for that."""
    dock._gather.stop()
    dock._on_gathered()
    await settled(dock)


def test_without_a_flow_it_says_what_it_is_for(dock):
    """And what to do first."""
    assert "Open a flow and run it (F5)" in dock._empty.text()
    assert dock._stack.currentWidget() is dock._empty


async def test_before_the_first_run_it_says_what_to_do(dock, tmp_path):
    """There is nothing to be listed."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml"):
        await settled(dock)

        assert "Run the flow (F5) and send it messages" in dock._empty.text()
        assert dock._stack.currentWidget() is dock._empty
        assert dock.count is None


async def test_each_change_of_state_is_listed(dock, tmp_path):
    """Newest first, soon after it happened; the number stands on the tab."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        page.run.send(SWITCH)
        page.run.send(SWITCH)
        await until(lambda: dock.count == 2, page.run.store.stored)
        await until(lambda: not dock._gather.isActive(), dock._gather.timeout)
        await settled(dock)

        assert states(dock) == ["Dark", "Lit"]
        assert [dock.model.index(row, 2).data() for row in range(2)] == ["Lit", "Dark"]
        assert dock.status.text() == "lamp.snapshots.db"
        assert dock._stack.currentWidget() is not dock._empty


async def test_the_last_run_is_listed_before_the_next(dock, tmp_path):
    """The database stands beside the flow."""
    store(tmp_path / "lamp.snapshots.db", ["Lit", "Dark"])
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml"):
        await settled(dock)

        assert states(dock) == ["Dark", "Lit"]
        assert dock.count == 2
        assert not dock.restore.isEnabled()


async def test_the_list_grows_as_one_scrolls(dock, tmp_path, monkeypatch):
    """Page by page."""
    monkeypatch.setattr(dock_module, "PAGE", 40)
    store(tmp_path / "lamp.snapshots.db", ["Lit"] * 100)
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml"):
        await settled(dock)
        bar = dock.table.verticalScrollBar()
        assert dock.model.rowCount() == 40
        for count in (80, 100):
            bar.setValue(bar.maximum())
            await until(lambda count=count: dock.model.rowCount() == count, dock.model.rowsInserted)

        assert [dock.model.row_for(row).id for row in range(100)] == list(range(100, 0, -1))


async def test_states_and_damaged_rows_can_be_listed_alone(dock, tmp_path):
    """Whoever wrote them."""
    database = tmp_path / "lamp.snapshots.db"
    store(database, ["Lit", "Dark", "Lit", "Dark"])
    spoil(database, 2)
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml"):
        await settled(dock)
        assert states(dock) == ["Dark", "Lit", "damaged", "Lit"]
        assert [dock.states.itemText(place) for place in range(dock.states.count())] == [
            "All states",
            "Damaged rows",
            "",
            "Broken",
            "Dark",
            "Lit",
        ]

        dock.states.setCurrentText("Lit")
        await settled(dock)
        assert states(dock) == ["Lit", "Lit"]
        dock.states.setCurrentText("Damaged rows")
        await settled(dock)
        assert states(dock) == ["damaged"]
        dock.states.setCurrentText("Broken")
        await settled(dock)
        assert states(dock) == []
        assert dock.status.text() == "No snapshot is like that."


async def test_the_choice_of_states_follows_the_flow(dock, tmp_path):
    """What was chosen stays chosen."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        dock.states.setCurrentText("Lit")
        rename_state(page.session, page.document.find_state("Broken").id, "Smashed")

        assert dock.states.findText("Smashed") > 0
        assert dock.states.currentText() == "Lit"
        await settled(dock)


async def test_a_whole_snapshot_is_shown(dock, tmp_path):
    """A damaged one says what is wrong with it."""
    database = tmp_path / "lamp.snapshots.db"
    store(database, ["Lit", "Dark"], context={"switched": 3})
    spoil(database, 1)
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml"):
        await settled(dock)
        dock.table.selectRow(0)
        await settled(dock)
        assert dock.details.shown["state"] == "Dark"
        assert dock.details.shown["context"] == {"switched": 3}

        dock.table.selectRow(1)
        await settled(dock)
        assert "No valid JSON" in dock.details.shown["damaged"]


async def test_enter_or_the_button_restores(dock, tmp_path):
    """Into the running component."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        for _ in range(2):
            page.run.send(SWITCH)
        await fresh(dock, page)
        dock.table.selectRow(1)
        QTest.keyClick(dock.table, Qt.Key.Key_Return)
        await settled(dock)

        assert page.run.state_key == "Lit"
        assert dock.status.text() == "Restored Lit from snapshot 1"
        await gathered(dock)
        assert dock.status.text() == "Restored Lit from snapshot 1"

        dock.table.selectRow(0)
        dock.restore.click()
        await settled(dock)
        assert page.run.state_key == "Dark"


async def test_a_double_click_restores(dock, tmp_path):
    """As in any list."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        for _ in range(2):
            page.run.send(SWITCH)
        await fresh(dock, page)
        dock.grab()  # lays out what has become visible just now
        place = dock.table.visualRect(dock.model.index(1, 1)).center()
        viewport = dock.table.viewport()
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
        await settled(dock)

        assert page.run.state_key == "Lit"


async def test_only_sound_rows_of_a_run_can_be_restored(dock, tmp_path):
    """The button says what is missing."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        page.run.send(SWITCH)
        page.run.send(SWITCH)
        await fresh(dock, page)
        spoil(tmp_path / "lamp.snapshots.db", 1)
        dock.reload()
        await settled(dock)

        dock.table.selectRow(1)
        assert not dock.restore.isEnabled()
        dock.restore_current()
        dock.table.selectRow(0)
        assert dock.restore.isEnabled()
        await page.run.stop()
        assert not dock.restore.isEnabled()
        assert "Start a run" in dock.restore.toolTip()
        await settled(dock)


async def test_a_snapshot_the_flow_cannot_be_in_says_so(dock, tmp_path):
    """In the dock; the run goes on."""
    database = tmp_path / "lamp.snapshots.db"
    store(database, ["Elsewhere"])
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        await settled(dock)
        dock.table.selectRow(0)
        dock.restore_current()
        await settled(dock)

        assert "Elsewhere" in dock.status.text()
        assert dock.status.property("role") == "error"
        assert page.run.state_key == "Dark"


async def test_new_rows_do_not_push_away_what_one_looks_at(dock, tmp_path):
    """A button brings the newest."""
    store(tmp_path / "lamp.snapshots.db", ["Lit"] * 100)
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        await settled(dock)
        dock.table.verticalScrollBar().setValue(50)
        page.run.send(SWITCH)
        await fresh(dock, page)
        assert dock.model.newest_id == 100
        assert dock.newest.isVisible()

        dock.newest.click()
        dock._on_gathered()
        await settled(dock)
        assert dock.model.newest_id == 101
        assert not dock.newest.isVisible()
        assert dock._gather.isActive()
        await gathered(dock)
        assert not dock.newest.isVisible()


async def test_a_database_that_cannot_be_read_says_so(dock, tmp_path):
    """And lists nothing."""
    (tmp_path / "lamp.snapshots.db").write_bytes(b"not a database, but something else" * 50)
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml"):
        await settled(dock)

        assert "cannot be read" in dock.status.text()
        assert dock.status.property("role") == "error"
        assert states(dock) == []


async def test_a_database_that_cannot_be_written_says_so(dock, tmp_path):
    """The run goes on."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        (tmp_path / "lamp.snapshots.db").mkdir()
        await start(page)
        page.run.send(SWITCH)
        await page.run.idle()
        await page.run.store.flush()

        assert page.run.state_key == "Lit"
        assert "snapshots are not stored" in dock.status.text()
        dock.reload()
        await settled(dock)
        assert "snapshots are not stored" in dock.status.text(), "it cannot be read either"


async def test_a_page_that_fails_to_come_can_be_asked_for_again(dock, tmp_path, monkeypatch):
    """The list stays as it is."""
    monkeypatch.setattr(dock_module, "PAGE", 40)
    database = tmp_path / "lamp.snapshots.db"
    store(database, ["Lit"] * 100)
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml"):
        await settled(dock)
        good = database.read_bytes()
        database.write_bytes(b"something else" * 100)
        bar = dock.table.verticalScrollBar()
        bar.setValue(bar.maximum())
        await settled(dock)
        assert "cannot be read" in dock.status.text()

        database.write_bytes(good)
        bar.setValue(0)
        bar.setValue(bar.maximum())
        await settled(dock)
        assert dock.model.rowCount() == 80


async def test_saving_elsewhere_shows_the_database_there(dock, tmp_path):
    """As long as nothing runs."""
    (tmp_path / "other").mkdir()
    store(tmp_path / "other" / "lamp.snapshots.db", ["Broken"])
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await settled(dock)
        page.set_source(FlowSource(tmp_path / "other" / "lamp.yaml"))
        await settled(dock)

        assert states(dock) == ["Broken"]


async def test_a_flood_is_shown_in_the_end(dock, tmp_path, monkeypatch):
    """However far the list fell behind."""
    monkeypatch.setattr(store_module, "_MOST_WAITING", 500)
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        page.run.send_many(dict(SWITCH) for _ in range(3_000))
        await page.run.idle()
        await page.run.store.flush()
        await settled(dock)
        dock._on_gathered()
        await settled(dock)

        assert dock.count == 3_000
        assert dock.model.newest_id == 3_000
        assert dock.table.verticalScrollBar().value() == 0


async def test_another_theme_reaches_the_list(dock, tmp_path):
    """Dark for a dark window."""
    store(tmp_path / "lamp.snapshots.db", ["Lit"])
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml"):
        await settled(dock)
        dock.set_theme(DARK)

        color = dock.model.index(0, 1).data(Qt.ItemDataRole.ForegroundRole).color()
        assert color == DARK.text


async def test_everything_has_a_name_and_can_be_reached_by_keys(dock, tmp_path):
    """For people who do not see it, or do not use a mouse."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml"):
        for part in (dock.table, dock.states, dock.details, dock.restore):
            assert part.accessibleName() or part.text()
            assert part.focusPolicy() & Qt.FocusPolicy.TabFocus
        await settled(dock)
