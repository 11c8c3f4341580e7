"""The desk: holds the tool at work and gives tools what they work on."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QGraphicsView

from designer.canvas.scene import FlowScene
from designer.canvas.tools.tool import Pointer, Tool
from designer.commands.errors import EditError
from designer.commands.session import EditSession
from designer.document.elements import Point

__all__ = ["Desk"]


class Desk(QObject):
    """One gesture at a time, on one view of one scene.

    An edit that comes from elsewhere (an undo, a form) while a gesture is under way cancels it.

    Signals:
        refused(str): an edit may not be; the sentence says why.
        tool_changed(): a gesture began or ended.
    """

    refused = Signal(str)
    tool_changed = Signal()

    def __init__(self, view: QGraphicsView, scene: FlowScene) -> None:
        super().__init__(view)
        self.view = view
        self.scene = scene
        self._tool: Tool | None = None
        scene.document.applied.connect(self._on_applied)

    @property
    def session(self) -> EditSession:
        """Where tools push their edits."""
        return self.scene.session

    @property
    def tool(self) -> Tool | None:
        """The gesture under way."""
        return self._tool

    @property
    def zoom(self) -> float:
        """The view's zoom; 1.0 is 100 %."""
        return self.view.transform().m11()

    def begin(self, tool: Tool, pointer: Pointer) -> None:
        """Starts a gesture; one that is under way is cancelled."""
        self.cancel()
        self._tool = tool
        tool.start(pointer)
        self.tool_changed.emit()

    def move(self, pointer: Pointer) -> None:
        """Tells the gesture where the hand is."""
        if self._tool is not None:
            self._tool.move(pointer)

    def finish(self, pointer: Pointer) -> None:
        """Ends the gesture with its edit; what may not be is refused, and the gesture cancelled."""
        tool = self._take()
        if tool is None:
            return

        try:
            tool.commit(pointer)
        except EditError as error:
            tool.cancel()
            self.refused.emit(error.what)

    def cancel(self) -> None:
        """Ends the gesture and leaves nothing of it."""
        tool = self._take()
        if tool is not None:
            tool.cancel()

    def view_changed(self) -> None:
        """The view was scrolled or zoomed."""
        if self._tool is not None:
            self._tool.view_changed()

    def pointer_at(self, on_view: QPoint) -> Pointer:
        """The hand at a place of the view, with the modifier keys that are down now."""
        return Pointer(self.point_at(on_view), on_view, QApplication.keyboardModifiers())

    def point_at(self, on_view: QPoint) -> Point:
        """The point of the drawing at a place of the view."""
        point = self.view.mapToScene(on_view)
        return (point.x(), point.y())

    def set_cursor(self, shape: Qt.CursorShape | None) -> None:
        """Changes the pointer above the canvas; None is the usual one."""
        if shape is None:
            self.view.viewport().unsetCursor()
        else:
            self.view.viewport().setCursor(shape)

    def dispose(self) -> None:
        """Ends the gesture and lets go of the document."""
        self.cancel()
        self.scene.document.applied.disconnect(self._on_applied)

    def _on_applied(self) -> None:
        tool = self._take()
        if tool is not None:
            tool.abandon()

    def _take(self) -> Tool | None:
        tool, self._tool = self._tool, None
        if tool is not None:
            self.tool_changed.emit()
        return tool
