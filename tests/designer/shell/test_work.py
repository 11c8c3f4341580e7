"""What the menus do, action by action."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QTabBar

from designer.shell.dialogs.about import AboutDialog
from designer.shell.dialogs.shortcuts import ShortcutsDialog
from designer.shell.problem_menu import ProblemMenu
from tests.helpers.canvas_driver import CanvasDriver

TRAP = """\
pack: trap
states:
  Start:
  Lost:
  Island:
transitions:
- {from: Start, message: go, to: Lost}
layout:
  Start: [0, 0]
  Lost: [240, 0]
  Island: [480, 0]
"""


@pytest.fixture
def page(window, tmp_path):
    """A flow with two things wrong with it."""
    path = tmp_path / "trap.pack.yaml"
    path.write_text(TRAP)
    page = window.open(path)
    page.scene.animations = False
    return page


def select(page, *keys):
    """Selects states by name."""
    page.scene.select([page.document.find_state(key).id for key in keys])


def test_zooming(window, page):
    """In, out, 100 %, the flow, the selection."""
    page.view.zoom_reset()
    window.trigger("view.zoom_in")
    assert page.view.zoom > 1
    window.trigger("view.zoom_out")
    assert page.view.zoom == pytest.approx(1)
    window.trigger("view.zoom_in")
    window.trigger("view.zoom_reset")
    assert page.view.zoom == 1

    select(page, "Island")
    window.trigger("view.fit_selection")
    shown = page.view.mapToScene(page.view.viewport().rect()).boundingRect()
    assert shown.contains(480, 0)
    window.trigger("view.fit")
    shown = page.view.mapToScene(page.view.viewport().rect()).boundingRect()
    assert shown.contains(page.scene.content_rect())


def test_select_all_and_delete(window, page):
    """One step, which undo takes back."""
    window.trigger("edit.select_all")
    assert len(page.scene.selected_ids()) == 4

    window.trigger("edit.delete")
    assert page.document.states == ()

    window.trigger("edit.undo")
    assert len(page.document.states) == 3


def test_rename_edits_in_place(window, page):
    """The name is typed on the canvas."""
    select(page, "Lost")
    window.trigger("edit.rename")
    CanvasDriver(page.view).enter("Found")

    assert page.document.find_state("Found") is not None


def test_a_state_is_added_and_named(window, page):
    """The new state's name is in edit mode at once."""
    window.trigger("flow.add_state")
    CanvasDriver(page.view).enter("Fresh")

    assert page.document.find_state("Fresh") is not None


def test_a_transition_leads_to_a_new_state(window, page):
    """From the one selected state."""
    select(page, "Lost")
    window.trigger("flow.append")
    page.view.cancel_gesture()
    select(page, "Lost")
    window.trigger("flow.append")
    CanvasDriver(page.view).enter("on")

    assert any(item.message == "on" for item in page.document.transitions)


def test_the_canvas_has_a_menu(window, page, qtbot):
    """A right click offers what can be done there."""
    page.view.menu_requested.emit(QPoint(400, 300))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert window.action("edit.delete") in menu.actions()

    menu.close()


def test_problems_are_counted_and_lead_to_their_place(window, page, qtbot):
    """The status bar tells how many; the menu goes to each."""
    qtbot.waitUntil(lambda: len(page.problems) > 0)
    window.main.status.problems_clicked.emit()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, ProblemMenu)
    assert len(menu.actions()) == len(page.problems)

    menu.actions()[0].trigger()
    menu.close()
    assert page.scene.selected_ids()


def test_mending_a_problem_is_noticed(window, page, qtbot):
    """The count follows the edits."""
    qtbot.waitUntil(lambda: len(page.problems) > 0)
    before = len(page.problems)
    select(page, "Island")
    window.trigger("edit.delete")

    qtbot.waitUntil(lambda: len(page.problems) < before)


def test_help_is_a_click_away(window, qtbot):
    """Shortcuts and About open, and close with Escape."""
    for action_id, kind in (("help.shortcuts", ShortcutsDialog), ("help.about", AboutDialog)):
        window.trigger(action_id)
        dialog = window.main.findChild(kind)
        assert dialog.isVisible()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: window.main.findChild(QDialog) is None)


def test_a_question_mark_shows_the_shortcuts(window, qtbot):
    """The key of the sheet itself."""
    QTest.keyClick(window.main, Qt.Key.Key_Question)
    dialog = window.main.findChild(ShortcutsDialog)
    assert dialog is not None

    dialog.close()


def test_a_middle_click_closes_a_tab(window, page, qtbot):
    """As in a browser."""
    bar = next(bar for bar in window.main.findChildren(QTabBar) if bar.property("role") == "flows")
    middle = Qt.MouseButton.MiddleButton
    qtbot.mouseClick(bar, middle, pos=QPoint(bar.width() - 3, bar.height() + 30))
    assert window.main.page is page

    qtbot.mouseClick(bar, middle, pos=bar.tabRect(0).center())
    qtbot.waitUntil(lambda: window.main.page is None)


def test_a_new_flow_has_a_name_of_its_own(window):
    """A second one is not called like the first."""
    window.trigger("file.new")
    window.trigger("file.new")

    assert [page.title for page in window.main.area.pages] == ["new_flow", "new_flow_2"]


def test_sending_goes_to_the_messages(window, page):
    """Ctrl+M puts the cursor there."""
    window.run()
    window.trigger("run.send")

    assert window.main.messages.isVisible()
    assert not window.main.messages.visibleRegion().isEmpty()


def test_the_field_of_the_outline_leads_into_its_list(window, page, qtbot):
    """Down goes on, Escape empties, Enter in the list goes to the canvas."""
    outline = window.main.outline
    window.trigger("edit.find")
    qtbot.keyClicks(outline.field, "isl")
    qtbot.keyClick(outline.field, Qt.Key.Key_Escape)
    assert outline.field.text() == ""

    qtbot.keyClick(outline.field, Qt.Key.Key_Down)
    qtbot.waitUntil(outline.view.hasFocus)
    assert page.scene.selected_ids() == (page.document.find_state("Start").id,)

    qtbot.keyClick(outline.view, Qt.Key.Key_Return)
    qtbot.waitUntil(page.view.hasFocus)


def test_the_outline_follows_edits(window, page, qtbot):
    """A state that goes is listed no longer."""
    select(page, "Island")
    window.trigger("edit.delete")

    qtbot.waitUntil(lambda: "Island" not in [row.text for row in window.main.outline.model.rows])


def test_a_large_flow_is_checked_beside_the_window(window, tmp_path, qtbot):
    """What is found arrives later, and an edit meanwhile makes it old."""
    states = "".join(f"  S{number}:\n" for number in range(1_200))
    places = "".join(
        f"  S{number}: [{number % 40 * 200}, {number // 40 * 90}]\n" for number in range(1_200)
    )
    path = tmp_path / "large.pack.yaml"
    path.write_text(f"pack: large\nstates:\n{states}layout:\n{places}")
    page = window.open(path)

    qtbot.waitUntil(lambda: len(page.problems) >= 1_199, timeout=15_000)
