"""The Event log dock: what happened in a run, filtered, followed, copied and exported."""

import asyncio
import json

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QFileDialog, QLineEdit

from designer.host.theme import DARK, LIGHT
from designer.run.event_model import EventModel
from designer.shell.docks.event_filter_bar import CHIPS
from designer.shell.docks.event_log import EventLogDock
from flexiflow.component import EVENT_NAMES
from tests.helpers.docked import docked, start, until
from tests.helpers.runs import flow_in

SWITCH = {"type": "switch", "level": 5}


@pytest.fixture
def dock(qapp):
    """The dock alone."""
    dock = EventLogDock(LIGHT)
    yield dock
    dock.close()
    dock.deleteLater()


def shown(dock):
    """The events in the table."""
    return [dock.model.row_for(row).event for row in range(dock.model.rowCount())]


async def send(page, *messages):
    """Lets the run handle messages and paint a frame."""
    for message in messages:
        page.run.send(message)
    await page.run.idle()


def fill(page, count):
    """Puts rows into the log of a page, as a run would."""
    for place in range(count):
        page.run.log.append("component.message.received", {"message": {"type": f"n{place}"}})
    page.run.frame.emit(None)


def press(table, key, modifiers=Qt.KeyboardModifier.NoModifier):
    """A key on the table."""
    QTest.keyClick(table, key, modifiers)


def test_without_a_flow_it_says_what_it_is_for(dock):
    """And what to do first."""
    dock.show()

    assert "Open a flow and run it (F5)" in dock._empty.text()
    assert dock._stack.currentWidget() is dock._empty


async def test_the_events_of_a_run_stand_in_order(dock, tmp_path):
    """As they happen; the number stands on the tab."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        assert dock._empty.isVisible()
        assert "Run the flow (F5)" in dock._empty.text()
        await start(page)
        await send(page, SWITCH, {"type": "sing"})
        await until(lambda: "component.message.ignored" in shown(dock), page.run.frame)

        assert shown(dock) == [
            "engine.component.registered",
            "component.message.received",
            "lamp.lit",
            "state.changed",
            "component.message.received",
            "component.message.ignored",
        ]
        assert dock.count == page.run.log.total
        assert "6 of 8 rows shown" in dock.bar.status.text()


async def test_a_new_run_begins_with_an_empty_table(dock, tmp_path):
    """Events of the last one are gone."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        for _ in range(2):
            await start(page)
            await send(page, SWITCH)
            await page.run.stop()

        assert shown(dock).count("state.changed") == 1


async def test_chips_hide_and_show_events(dock, tmp_path):
    """Those of the library's events without a chip are in the menu; so are a flow's own."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        await send(page, SWITCH)
        await until(lambda: "state.changed" in shown(dock), page.run.frame)

        dock.bar.chip_for("state.changed").click()
        dock.bar.action_for("lamp.lit").trigger()
        dock.bar.action_for("engine.component.registered").trigger()
        dock.bar.chip_for("log").click()

        assert shown(dock) == ["log", "component.message.received", "log"]
        offered = {*CHIPS, *dock.bar._others}
        assert {*EVENT_NAMES, "log", "lamp.lit"} <= offered


async def test_a_text_or_regular_expression_filters(dock, tmp_path):
    """A broken one says so beneath the field and changes nothing."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        await send(page, SWITCH, SWITCH)
        await until(lambda: shown(dock).count("state.changed") == 2, page.run.frame)

        dock.bar.text.setText("dark → lit")
        assert shown(dock) == ["state.changed"]
        dock.bar.text.setText("/(/")
        assert shown(dock) == ["state.changed"]
        assert "Not a regular expression" in dock.bar._fault.text()
        assert dock.bar._fault.isVisible()
        assert dock.bar.text.property("invalid")
        dock.bar.text.setText("/Lit.*Dark/")
        assert shown(dock) == ["state.changed"]
        assert not dock.bar._fault.isVisible()


def test_components_can_be_told_apart_when_there_are_several(dock):
    """With one alone there is nothing to choose."""
    dock.bar.add_components(["a"])
    assert dock.bar.components.isHidden()

    dock.bar.add_components(["a", "b", ""])
    dock.bar.components.setCurrentText("b")

    assert not dock.bar.components.isHidden()
    assert dock.bar.filter.component == "b"
    dock.bar.clear_components()
    assert dock.bar.filter.component == ""


async def test_the_newest_row_stays_in_view_until_somebody_looks_back(dock, tmp_path):
    """Scrolling up pauses, the end follows again."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        fill(page, 200)
        bar = dock.table.verticalScrollBar()
        assert bar.value() == bar.maximum() > 0

        bar.triggerAction(QAbstractSlider.SliderAction.SliderPageStepSub)
        before = bar.value()
        fill(page, 50)
        assert (dock.table.following, dock.follow.isChecked()) == (False, False)
        assert bar.value() == before < bar.maximum()

        press(dock.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        fill(page, 50)
        assert dock.follow.isChecked()
        assert bar.value() == bar.maximum()


async def test_the_wheel_pauses_too(dock, tmp_path):
    """As scrolling with the bar does."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        fill(page, 200)
        turn(dock.table, 240)
        assert not dock.table.following

        turn(dock.table, -4800)
        assert dock.table.following


def turn(table, angle):
    """Turns the wheel over the table."""
    viewport = table.viewport()
    event = QWheelEvent(
        QPointF(20, 20),
        QPointF(viewport.mapToGlobal(QPoint(20, 20))),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


async def test_following_can_be_switched(dock, tmp_path):
    """By its button, and the button beside it jumps."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        fill(page, 100)
        dock.follow.click()
        fill(page, 100)
        bar = dock.table.verticalScrollBar()
        await until(lambda: bar.value() < bar.maximum(), bar.rangeChanged)

        dock._newest.click()
        assert bar.value() == bar.maximum()
        assert dock.follow.isChecked()


async def test_rows_let_go_leave_the_view_where_it_is(dock, tmp_path):
    """The log says how many it let go."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        page.run.log.capacity = 200
        fill(page, 200)
        dock.follow.click()
        dock.table.verticalScrollBar().setValue(150)
        top = dock.table.indexAt(QPoint(5, 5)).data(EventModel.ROW_ROLE).number

        fill(page, 50)

        assert dock.table.indexAt(QPoint(5, 5)).data(EventModel.ROW_ROLE).number == top
        assert "50 older rows let go, 200 are kept" in dock.bar.status.text()


async def test_clearing_forgets_the_rows_and_the_run_goes_on(dock, tmp_path):
    """The count begins anew."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        await send(page, SWITCH)
        dock._clear_button.click()
        assert (shown(dock), dock.count) == ([], 0)

        await send(page, SWITCH)
        await until(lambda: "state.changed" in shown(dock), page.run.frame)
        assert page.run.state_key == "Dark"


async def test_a_row_shows_all_of_its_data(dock, tmp_path, qtbot):
    """Enter opens it; whoever listens is told which row it is."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        page.run.log.append(
            "state.changed", {"component": "lamp", "from_state": "Dark", "to_state": "Lit"}
        )
        page.run.frame.emit(None)
        with qtbot.waitSignal(dock.row_chosen) as chosen:
            dock.table.selectRow(0)
        press(dock.table, Qt.Key.Key_Return)

        assert chosen.args[0].state == "Lit"
        assert dock.details.isVisible()
        assert dock.details.shown["to_state"] == "Lit"
        assert dock._details_button.isChecked()
        dock._details_button.click()
        assert not dock.details.isVisible()


async def test_looking_at_an_old_row_pauses(dock, tmp_path):
    """The newest one does not."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        fill(page, 5)
        dock.table.selectRow(4)
        assert dock.table.following
        dock.table.selectRow(1)
        assert not dock.table.following


async def test_selected_rows_are_copied(dock, tmp_path):
    """As lines with tabs."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        fill(page, 5)
        dock.copy()
        dock.table.selectRow(1)
        press(dock.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        QGuiApplication.clipboard().clear()
        press(dock.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: "copied" in dock.notice.text(), QGuiApplication.clipboard().dataChanged)

        lines = QGuiApplication.clipboard().text().splitlines()
        assert [line.split("\t")[3] for line in lines] == ["n1", "n2"]
        assert dock.notice.text() == "2 rows copied"


@pytest.mark.parametrize("name", ["events.jsonl", "events.csv"])
async def test_the_rows_shown_are_exported(dock, tmp_path, name):
    """Into the file that was chosen, in the format of its ending."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        fill(page, 20)
        dock.bar.text.setText("n1")
        dock.export_to(str(tmp_path / name))
        await finished(page)

        text = (tmp_path / name).read_text(encoding="utf-8")
        assert f"11 rows written to {name}" in dock.notice.text()
        if name.endswith("jsonl"):
            assert [json.loads(line)["summary"] for line in text.splitlines()][:2] == ["n1", "n10"]
        else:
            assert text.splitlines()[0].startswith("number,time,event")


async def finished(page):
    """Waits until nothing is done in the background."""
    for task in page.run.tasks.tasks:
        await task


async def test_an_export_that_fails_says_why(dock, tmp_path):
    """In the dock; nothing else happens."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        fill(page, 1)
        dock.export_to(str(tmp_path))
        await finished(page)

        assert "cannot be saved" in dock.notice.text()
        assert dock.notice.property("role") == "error"


async def test_the_export_button_asks_for_a_file(dock, tmp_path):
    """A dialog that holds up nothing else."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        fill(page, 1)
        dock._export_button.click()
        (asking,) = page.run.tasks.tasks
        await asyncio.sleep(0)  # it begins in the next turn of the loop
        dialog = dock.findChild(QFileDialog)
        assert dialog.isVisible()
        dialog.setDirectory(str(tmp_path))
        dialog.findChild(QLineEdit).setText("chosen.jsonl")
        dialog.accept()
        await asking
        await finished(page)

        assert (tmp_path / "chosen.jsonl").exists()


async def test_a_large_log_is_filtered_in_turns(dock, tmp_path):
    """The rest comes in the next turns of the loop."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        fill(page, 30_000)
        dock.bar.text.setText("n29999")
        await until(lambda: not dock.model.behind, dock._catch_up.timeout)

        assert dock.model.rowCount() == 1


async def test_another_theme_reaches_table_and_buttons(dock, tmp_path):
    """The dot's colour as well."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        fill(page, 3)
        dock.set_theme(DARK)
        dock.table.viewport().grab()

        color = dock.model.index(0, 3).data(Qt.ItemDataRole.ForegroundRole).color()
        assert color == DARK.text
        assert dock.table._delegate.theme is DARK


async def test_everything_has_a_name_and_can_be_reached_by_keys(dock, tmp_path):
    """For people who do not see it, or do not use a mouse."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml"):
        parts = (dock.table, dock.bar.text, dock.follow, dock._newest, dock.bar._more)
        for part in parts:
            assert part.accessibleName() or part.text()
            assert part.focusPolicy() & Qt.FocusPolicy.TabFocus
