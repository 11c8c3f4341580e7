"""The keys of the canvas, which act only while it has the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from designer.canvas.desk import Desk
from designer.canvas.geometry import Side
from designer.canvas.mouse import Mouse
from designer.canvas.tools.move import NudgeTool, selected_boxes
from designer.canvas.walking import next_element, next_in_direction
from designer.host.theme import GRID

if TYPE_CHECKING:
    from designer.canvas.view import FlowView  # whose keys these are

__all__ = ["Keyboard"]

#: Shift moves this many times further.
FAR = 5

_ARROWS = {
    Qt.Key.Key_Left: Side.LEFT,
    Qt.Key.Key_Right: Side.RIGHT,
    Qt.Key.Key_Up: Side.TOP,
    Qt.Key.Key_Down: Side.BOTTOM,
}
_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier


class Keyboard(QObject):
    """Turns key events of a view into what the view can do."""

    def __init__(self, view: FlowView, desk: Desk, mouse: Mouse) -> None:
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._mouse = mouse
        self._arrows_down: set[int] = set()
        key = Qt.Key
        self._actions: dict[tuple[int, Qt.KeyboardModifier], Callable[[], object]] = {
            (key.Key_N, _NONE): view.add_state,
            (key.Key_A, _NONE): view.append_state,
            (key.Key_A, _CONTROL): view.select_all,
            (key.Key_F2, _NONE): view.edit_selected,
            (key.Key_Return, _NONE): view.edit_selected,
            (key.Key_Enter, _NONE): view.edit_selected,
            (key.Key_Delete, _NONE): view.delete_selected,
            (key.Key_Backspace, _NONE): view.delete_selected,
        }
        kind = QEvent.Type
        self._handlers: dict[QEvent.Type, Callable[..., bool]] = {
            kind.ShortcutOverride: self._override,
            kind.KeyPress: self._press,
            kind.KeyRelease: self._release,
            kind.FocusOut: self._leave,
        }
        view.installEventFilter(self)

    def dispose(self) -> None:
        """Listens no longer."""
        self._view.removeEventFilter(self)
        self._handlers.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 (Qt's)
        """Hands events to the one that knows what they mean."""
        handler = self._handlers.get(event.type())
        return handler is not None and handler(event)

    def _override(self, event: QKeyEvent) -> bool:
        """Keeps the canvas's own keys from being shortcuts; an undo ends a gesture first."""
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(
            QKeySequence.StandardKey.Redo
        ):
            self._desk.cancel()
            return False
        if self._knows(event):
            event.accept()
            return True
        return False

    def _knows(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), _modifiers(event)
        if key == Qt.Key.Key_Escape:
            return self._desk.tool is not None or bool(self._desk.scene.selected_ids())
        arrow = key in _ARROWS and modifiers in (_NONE, _SHIFT, _ALT)
        return arrow or key == Qt.Key.Key_Space or (key, modifiers) in self._actions

    def _press(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), _modifiers(event)
        if key == Qt.Key.Key_Escape:
            return self._escape()
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and modifiers in (_NONE, _SHIFT):
            return self._walk(-1 if key == Qt.Key.Key_Backtab else 1)
        if key == Qt.Key.Key_Space and modifiers == _NONE:
            self._set_space(down=True)
            return True
        if key in _ARROWS and modifiers in (_NONE, _SHIFT, _ALT):
            return self._arrow(event, _ARROWS[Qt.Key(key)], modifiers)

        action = self._actions.get((key, modifiers))
        busy = self._desk.tool is not None
        if action is not None and not event.isAutoRepeat() and not busy:
            action()
        return action is not None

    def _release(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat():
            return False
        if event.key() == Qt.Key.Key_Space:
            self._set_space(down=False)
        self._arrows_down.discard(event.key())
        if not self._arrows_down and isinstance(self._desk.tool, NudgeTool):
            self._desk.finish(self._desk.pointer_at(QPoint()))
        return False

    def _leave(self, event: QEvent) -> bool:  # noqa: ARG002 (leaving has no key)
        self._set_space(down=False)
        self._arrows_down.clear()
        if isinstance(self._desk.tool, NudgeTool):
            self._desk.finish(self._desk.pointer_at(QPoint()))
        return False

    def _escape(self) -> bool:
        """Gives up the gesture; without one, selects nothing; without that, is nobody's."""
        if self._desk.tool is not None:
            self._desk.cancel()
            return True
        selected = bool(self._desk.scene.selected_ids())
        self._desk.scene.select([])
        return selected

    def _walk(self, step: int) -> bool:
        """Selects the next element; past the last one, the focus leaves the canvas."""
        if self._desk.tool is not None:
            return True
        found = next_element(self._desk.scene, step)
        if found is None:
            self._desk.scene.select([])
            return False
        self._view.show_element(found)
        return True

    def _arrow(self, event: QKeyEvent, side: Side, modifiers: Qt.KeyboardModifier) -> bool:
        if modifiers == _ALT:
            found = next_in_direction(self._desk.scene, side)
            if found is not None and self._desk.tool is None:
                self._view.show_element(found)
            return True

        dx, dy = side.value
        step = GRID * (FAR if modifiers == _SHIFT else 1)
        if not selected_boxes(self._desk):
            self._view.pan(-dx * 2 * step, -dy * 2 * step)
            return True
        if self._desk.tool is not None and not isinstance(self._desk.tool, NudgeTool):
            return True
        if self._desk.tool is None:
            self._desk.begin(NudgeTool(self._desk), self._desk.pointer_at(QPoint()))
        if isinstance(self._desk.tool, NudgeTool):
            self._arrows_down.add(event.key())
            self._desk.tool.nudge(dx * step, dy * step)
        return True

    def _set_space(self, *, down: bool) -> None:
        if self._mouse.holds_space != down:
            self._mouse.holds_space = down
            self._mouse.refresh()


def _modifiers(event: QKeyEvent) -> Qt.KeyboardModifier:
    """The modifiers that matter: a digit block's keys are keys like others."""
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
