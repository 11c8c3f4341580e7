"""Selecting by click, key and band."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from designer.canvas.items.draft_items import BandItem
from designer.canvas.overlay import Overlay
from tests.helpers.canvas_driver import CanvasDriver

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_click_selects_one(canvas: CanvasDriver) -> None:
    """And nothing else any more."""
    canvas.click("Cart")
    canvas.click("Paid")

    assert canvas.selected == ["Paid"]


def test_shift_and_ctrl_clicks_add_and_take_away(canvas: CanvasDriver) -> None:
    """States and transitions alike."""
    canvas.click("Cart")
    canvas.click("t-0", modifiers=SHIFT)
    canvas.click("Paid", modifiers=CONTROL)
    assert canvas.selected == ["Cart", "t-0", "Paid"]

    canvas.click("Cart", modifiers=CONTROL)
    assert canvas.selected == ["t-0", "Paid"]


def test_a_click_on_one_of_several_selects_it_alone(canvas: CanvasDriver) -> None:
    """Only a drag keeps them together."""
    canvas.key(Qt.Key.Key_A, CONTROL)
    canvas.click("Paid")

    assert canvas.selected == ["Paid"]


def test_ctrl_a_selects_everything(canvas: CanvasDriver) -> None:
    """States and transitions."""
    canvas.key(Qt.Key.Key_A, CONTROL)

    assert canvas.selected == ["Cart", "Paying", "Paid", "t-0", "t-1"]


def test_a_click_on_empty_canvas_selects_nothing(canvas: CanvasDriver) -> None:
    """The way out of any selection."""
    canvas.click("Cart")
    canvas.click((200, 160))

    assert canvas.selected == []


def test_a_click_near_a_line_means_the_line(canvas: CanvasDriver) -> None:
    """Within eight px."""
    points = canvas.scene.drawing.routes["t-1"].points
    x, y = canvas.center_of("t-1")
    left = points[0][0]
    canvas.click(((left + x) / 2 - 6, y + 6) if points[0][1] == y else (x, y))

    assert canvas.selected == ["t-1"]


def test_a_band_selects_what_it_touches(canvas: CanvasDriver) -> None:
    """States in part, transitions as a whole."""
    canvas.drag((-100, -60), (240, 60))

    assert canvas.selected == ["Cart", "Paying", "t-0"]


def test_a_band_with_shift_adds(canvas: CanvasDriver) -> None:
    """What was selected stays so."""
    canvas.click("Paid")
    canvas.drag((-100, -60), (20, 60), modifiers=SHIFT)

    assert canvas.selected == ["Paid", "Cart"]


def test_escape_takes_a_band_away_with_its_selection(canvas: CanvasDriver) -> None:
    """What was selected before is selected again."""
    canvas.click("Paid")
    canvas.press((-100, -60))
    canvas.move((240, 60))
    assert "Cart" in canvas.selected
    canvas.key(Qt.Key.Key_Escape)
    canvas.release((240, 60))

    assert canvas.selected == ["Paid"]
    assert not any(isinstance(item, BandItem) for item in canvas.scene.items())


def test_escape_without_a_gesture_selects_nothing(canvas: CanvasDriver) -> None:
    """The keyboard's click on empty canvas."""
    canvas.click("Paid")
    canvas.key(Qt.Key.Key_Escape)

    assert canvas.selected == []


def test_another_selection_is_told_once(canvas: CanvasDriver) -> None:
    """However many elements it holds."""
    told: list[None] = []
    canvas.scene.selection_ids_changed.connect(lambda: told.append(None))
    canvas.key(Qt.Key.Key_A, CONTROL)

    assert len(told) == 1


def test_delete_takes_a_state_with_its_transitions(canvas: CanvasDriver) -> None:
    """In one step."""
    canvas.click("Paying")
    canvas.key(Qt.Key.Key_Delete)

    assert canvas.keys == ["Cart", "Paid"]
    assert canvas.arrows == []
    assert canvas.selected == []
    assert canvas.steps == 1


def test_backspace_deletes_too(canvas: CanvasDriver) -> None:
    """A transition leaves its states alone."""
    canvas.click("t-0")
    canvas.key(Qt.Key.Key_Backspace)

    assert canvas.arrows == [("Paying", "confirm", "Paid")]
    assert canvas.keys == ["Cart", "Paying", "Paid"]


def test_a_click_on_a_possible_message_sends_it(canvas: CanvasDriver, qtbot: QtBot) -> None:
    """In a run its label is a button; the selection stays."""
    canvas.click("Cart")
    canvas.scene.set_overlay(Overlay(active="s-Cart", possible=frozenset({"t-0"})))
    with qtbot.waitSignal(canvas.scene.message_clicked) as told:
        canvas.click("t-0")

    assert told.args == ["t-0"]
    assert canvas.selected == ["Cart"]


def test_the_right_button_selects_and_asks_for_a_menu(canvas: CanvasDriver, qtbot: QtBot) -> None:
    """The menu is about what was clicked."""
    with qtbot.waitSignal(canvas.view.menu_requested):
        canvas.click("Paid", button=Qt.MouseButton.RightButton)

    assert canvas.selected == ["Paid"]
