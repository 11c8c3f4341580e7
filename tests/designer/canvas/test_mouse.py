"""The mouse and the touchpad above the canvas."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication

from designer.canvas.overlay import Overlay
from designer.document.model import Content
from tests.helpers.canvas_driver import CanvasDriver
from tests.helpers.contents import content_of

Open = Callable[[Content], CanvasDriver]


def pinch(canvas: CanvasDriver, kind: Qt.NativeGestureType, value: float) -> None:
    place = QPointF(200, 200)
    viewport = canvas.view.viewport()
    device = QPointingDevice.primaryPointingDevice()
    scene_place, screen_place = place, viewport.mapToGlobal(place)
    event = QNativeGestureEvent(
        kind, device, 2, place, scene_place, screen_place, value, QPointF(), 0
    )
    QApplication.sendEvent(viewport, event)


def test_a_pinch_zooms(canvas: CanvasDriver) -> None:
    """By as much as the fingers part."""
    pinch(canvas, Qt.NativeGestureType.ZoomNativeGesture, 0.25)

    assert canvas.view.zoom == pytest.approx(1.25)


def test_other_touchpad_gestures_are_left_alone(canvas: CanvasDriver) -> None:
    """The drawing is never turned."""
    pinch(canvas, Qt.NativeGestureType.RotateNativeGesture, 30.0)

    assert canvas.view.zoom == 1.0


def test_a_touchpad_scrolls_by_px(canvas: CanvasDriver) -> None:
    """In both directions at once."""
    viewport, place = canvas.view.viewport(), QPointF(200, 200)
    before = canvas.view.mapToScene(0, 0)
    event = QWheelEvent(
        place,
        viewport.mapToGlobal(place),
        QPoint(-7, -9),
        QPoint(-14, -18),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.ScrollUpdate,
        False,
    )
    QApplication.sendEvent(viewport, event)

    assert canvas.view.mapToScene(0, 0) - before == QPointF(7, 9)


def test_a_possible_message_shows_a_hand(canvas: CanvasDriver) -> None:
    """It can be clicked."""
    canvas.hover("t-0")
    assert canvas.view.viewport().cursor().shape() is Qt.CursorShape.ArrowCursor

    canvas.scene.set_overlay(Overlay(active="s-Cart", possible=frozenset({"t-0"})))
    canvas.hover("t-0")
    assert canvas.view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor


def test_a_double_click_on_a_possible_message_edits_nothing(canvas: CanvasDriver) -> None:
    """Two quick clicks send; they are no wish to rename."""
    canvas.scene.set_overlay(Overlay(active="s-Cart", possible=frozenset({"t-0"})))
    canvas.double_click("t-0")

    assert canvas.editor is None


def test_a_double_click_of_another_button_means_nothing(canvas: CanvasDriver) -> None:
    """Nothing is made."""
    canvas.click((200, 160), button=Qt.MouseButton.RightButton)
    canvas.click((200, 160), button=Qt.MouseButton.RightButton)

    assert canvas.keys == ["Cart", "Paying", "Paid"]


def test_leaving_the_canvas_hovers_nothing(canvas: CanvasDriver) -> None:
    """The handles go with the hand."""
    canvas.hover("Paying")
    canvas.hover(QPoint(canvas.view.width() - 30, canvas.view.height() - 30))

    assert not canvas.scene.item_for("s-Paying").look.hovered


def test_a_press_on_a_line_selects_it_and_a_drag_there_does_nothing(open_canvas: Open) -> None:
    """Lines are led by their ends, not by their middles."""
    canvas = open_canvas(content_of("A B C D", [("A", "go", "D")]))
    canvas.drag("t-0", (300, 200))

    assert canvas.selected == ["t-0"]
    assert canvas.steps == 0


def test_a_new_state_joins_the_pack_of_the_selection(canvas: CanvasDriver) -> None:
    """Without one, the first that can be edited."""
    canvas.click("Cart")
    canvas.double_click((200, 160))
    canvas.enter("OnHold")

    state = canvas.document.find_state("OnHold")
    assert state is not None
    assert state.pack == "p-main"
