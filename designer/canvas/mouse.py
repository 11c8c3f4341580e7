"""The mouse above the canvas: which gesture a press begins, what hovers, what the wheel does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from designer.canvas.camera import Camera
from designer.canvas.desk import Desk
from designer.canvas.edge_scroll import EdgeScroll
from designer.canvas.hits import Hit, HitKind, hit_at
from designer.canvas.tools.create import create_state
from designer.canvas.tools.edit_label import EditLabelTool
from designer.canvas.tools.pan import PanTool
from designer.canvas.tools.select import SelectTool
from designer.canvas.tools.tool import Pointer

__all__ = ["Mouse"]

#: A wheel's notch zooms by this factor.
NOTCH_ZOOM = 1.15
NOTCH = 120.0

_CURSORS = {
    HitKind.BORDER: Qt.CursorShape.CrossCursor,
    HitKind.SOURCE_END: Qt.CursorShape.PointingHandCursor,
    HitKind.TARGET_END: Qt.CursorShape.PointingHandCursor,
}


class Mouse(QObject):
    """Turns events of a viewport into gestures of a desk.

    Signals:
        menu_requested(QPoint): the right button was pressed there (on the screen); what lies
            there is selected.

    Attributes:
        holds_space: Space is down: a drag moves the view.
        place: where the hand is on the viewport; None while it is elsewhere.
    """

    menu_requested = Signal(QPoint)

    def __init__(self, desk: Desk, camera: Camera) -> None:
        super().__init__(desk)
        self._desk = desk
        self._camera = camera
        self._held = Qt.MouseButton.NoButton
        self._edge = EdgeScroll(desk, camera)
        self.holds_space = False
        self.place: QPoint | None = None
        kind = QEvent.Type
        self._handlers: dict[QEvent.Type, Callable[..., bool]] = {
            kind.MouseButtonPress: self._press,
            kind.MouseMove: self._move,
            kind.MouseButtonRelease: self._release,
            kind.MouseButtonDblClick: self._double_click,
            kind.Wheel: self._wheel,
            kind.NativeGesture: self._pinch,
            kind.Enter: self._enter,
            kind.Leave: self._leave,
        }
        desk.view.viewport().installEventFilter(self)
        desk.view.viewport().setMouseTracking(True)

    def hit(self, on_view: QPoint) -> Hit:
        """What lies at a place of the viewport."""
        return hit_at(self._desk.scene, self._desk.point_at(on_view), self._desk.zoom)

    def forget_hand(self) -> None:
        """The hand is elsewhere: nothing is hovered."""
        self.place = None
        if self._desk.tool is None:
            self._desk.scene.set_hovered(None)

    def refresh(self) -> None:
        """Looks again at what is under a hand that did not move."""
        if self.place is not None and self._desk.tool is None:
            self._hover(self.place)

    def dispose(self) -> None:
        """Listens no longer."""
        self._desk.view.viewport().removeEventFilter(self)
        self._handlers.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 (Qt's)
        """Hands events to the one that knows what they mean."""
        handler = self._handlers.get(event.type())
        return handler is not None and handler(event)

    def _press(self, event: QMouseEvent) -> bool:
        tool = self._desk.tool
        pointer = _pointer(self._desk, event)
        if tool is not None and not tool.keeps_hand:
            return True  # another button, in the middle of a gesture
        if tool is not None:
            self._leave_tool(pointer)

        self._desk.view.setFocus(Qt.FocusReason.MouseFocusReason)
        button = event.button()
        pans = button is Qt.MouseButton.MiddleButton or (
            button is Qt.MouseButton.LeftButton and self.holds_space
        )
        if pans:
            self._held = button
            self._desk.begin(PanTool(self._desk), pointer)
        elif button is Qt.MouseButton.LeftButton:
            self._held = button
            self._desk.begin(SelectTool(self._desk, self.hit(pointer.on_view)), pointer)
        elif button is Qt.MouseButton.RightButton:
            self._ask_for_menu(event)
        return True

    def _move(self, event: QMouseEvent) -> bool:
        self.place = event.position().toPoint()
        tool = self._desk.tool
        if tool is not None and not tool.keeps_hand:
            self._desk.move(_pointer(self._desk, event))
            if tool.reaches:
                self._edge.follow(self.place)
        elif event.buttons() is Qt.MouseButton.NoButton:
            self._hover(self.place)
        return False

    def _release(self, event: QMouseEvent) -> bool:
        tool = self._desk.tool
        if event.button() is self._held:
            self._held = Qt.MouseButton.NoButton
            if tool is not None and not tool.keeps_hand:
                self._desk.finish(_pointer(self._desk, event))
                self.refresh()
        return True

    def _double_click(self, event: QMouseEvent) -> bool:
        if event.button() is not Qt.MouseButton.LeftButton or self.holds_space:
            return True

        pointer = _pointer(self._desk, event)
        if self._desk.tool is not None:
            self._leave_tool(pointer)
        hit = self.hit(pointer.on_view)
        if hit.id is None:
            create_state(self._desk, pointer.at)
        elif hit.id not in self._desk.scene.overlay.possible:
            self._desk.scene.select([hit.id])
            self._desk.begin(EditLabelTool(self._desk, hit.id), pointer)
        return True

    def _wheel(self, event: QWheelEvent) -> bool:
        turn, pixels = event.angleDelta(), event.pixelDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            notches = (turn.y() or turn.x()) / NOTCH
            self._camera.zoom_by(NOTCH_ZOOM**notches, event.position().toPoint())
            return True

        step = pixels if not pixels.isNull() else turn / 2
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and step.x() == 0:
            step = QPoint(step.y(), 0)
        self._camera.pan(step.x(), step.y())
        return True

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._camera.zoom_by(1.0 + event.value(), event.position().toPoint())
        return True

    def _enter(self, event: QEnterEvent) -> bool:
        self.place = event.position().toPoint()
        return False

    def _leave(self, event: QEvent) -> bool:  # noqa: ARG002 (leaving has no place)
        self.forget_hand()
        return False

    def _hover(self, on_view: QPoint) -> None:
        hit = self.hit(on_view)
        scene = self._desk.scene
        scene.set_hovered(hit.id, handles=hit.on_state)
        sends = hit.kind is HitKind.LABEL and hit.id in scene.overlay.possible
        hand = Qt.CursorShape.PointingHandCursor if sends else _CURSORS.get(hit.kind)
        if self.holds_space:
            hand = Qt.CursorShape.OpenHandCursor
        self._desk.set_cursor(hand)

    def _leave_tool(self, pointer: Pointer) -> None:
        """A press outside ends an editing: what may be is kept."""
        self._desk.finish(pointer)

    def _ask_for_menu(self, event: QMouseEvent) -> None:
        hit = self.hit(event.position().toPoint())
        scene = self._desk.scene
        if hit.id is not None and hit.id not in scene.selected_ids():
            scene.select([hit.id])
        self.menu_requested.emit(event.globalPosition().toPoint())


def _pointer(desk: Desk, event: QMouseEvent) -> Pointer:
    on_view = event.position().toPoint()
    return Pointer(desk.point_at(on_view), on_view, event.modifiers())
