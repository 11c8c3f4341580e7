"""Leading an end of a transition to another state."""

from __future__ import annotations

from PySide6.QtCore import Qt

from designer.canvas.desk import Desk
from designer.canvas.geometry import border_point
from designer.canvas.items.draft_items import DraftArrowItem
from designer.canvas.tools.connect import state_under
from designer.canvas.tools.tool import Pointer, Tool
from designer.commands.transitions import retarget
from designer.document.elements import ElementId

__all__ = ["RetargetTool"]

#: How much of the old line still shows while its end is elsewhere.
DIMMED = 0.3


class RetargetTool(Tool):
    """Drags one end of a transition; dropped on empty canvas, everything stays as it was."""

    def __init__(self, desk: Desk, transition_id: ElementId, *, leads: bool) -> None:
        """Takes hold of the end that leads somewhere, or of the one it leaves from."""
        super().__init__(desk)
        self._id = transition_id
        self._leads = leads
        transition = desk.session.document.transition_for(transition_id)
        kept = transition.source if leads else transition.target
        self._kept = kept if kept is not None else transition.source
        self._aim: ElementId | None = None
        self._arrow = DraftArrowItem(desk.scene.canvas_style)

    def start(self, pointer: Pointer) -> None:  # noqa: ARG002 (the arrow begins where it is)
        """The old line steps back."""
        scene = self.desk.scene
        scene.addItem(self._arrow)
        scene.item_for(self._id).setOpacity(DIMMED)
        self.desk.set_cursor(Qt.CursorShape.CrossCursor)

    def move(self, pointer: Pointer) -> None:
        """The end follows the hand; the state it would get is marked."""
        scene = self.desk.scene
        self._aim = state_under(self.desk, pointer.at)
        scene.set_hovered(self._aim)
        fixed = border_point(scene.drawing.boxes[self._kept], pointer.at)
        loose = pointer.at
        if self._aim is not None and self._aim != self._kept:
            loose = border_point(scene.drawing.boxes[self._aim], fixed)
        start, end = (fixed, loose) if self._leads else (loose, fixed)
        self._arrow.set_ends(start, end)

    def commit(self, pointer: Pointer) -> None:
        """Leads it there, in one step."""
        self.move(pointer)
        self._clear()
        if self._aim is None:
            return

        session = self.desk.session
        if self._leads:
            retarget(session, self._id, target=self._aim)
        else:
            retarget(session, self._id, source=self._aim)

    def cancel(self) -> None:
        """Leaves it as it was."""
        self._clear()

    def _clear(self) -> None:
        scene = self.desk.scene
        if self._arrow.scene() is not None:
            scene.removeItem(self._arrow)
        if self.desk.session.document.find(self._id) is not None:
            scene.item_for(self._id).setOpacity(1.0)
        scene.set_hovered(None)
        self.desk.set_cursor(None)
