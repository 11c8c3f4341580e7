"""Moving the view by dragging the canvas: with the middle button, or with Space held down."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from designer.canvas.desk import Desk
from designer.canvas.tools.tool import Pointer, Tool

__all__ = ["PanTool"]


class PanTool(Tool):
    """Drags the view; it edits nothing, so a cancel only stops it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._last = QPoint()

    def start(self, pointer: Pointer) -> None:
        """Takes hold of the canvas."""
        self._last = pointer.on_view
        self.desk.set_cursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, pointer: Pointer) -> None:
        """The canvas goes along with the hand."""
        step = pointer.on_view - self._last
        self._last = pointer.on_view
        view = self.desk.view
        view.horizontalScrollBar().setValue(view.horizontalScrollBar().value() - step.x())
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() - step.y())

    def commit(self, pointer: Pointer) -> None:
        """Lets go."""
        self.move(pointer)
        self.desk.set_cursor(None)

    def cancel(self) -> None:
        """Lets go where it is."""
        self.desk.set_cursor(None)
