"""Drawing a transition from a state's border to a state, or to where a new one shall be."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt

from designer.canvas.captions import StateFace
from designer.canvas.desk import Desk
from designer.canvas.geometry import border_point, contains
from designer.canvas.guides import snapped_to_grid
from designer.canvas.items.draft_items import DraftArrowItem, GhostStateItem
from designer.canvas.routes import Rect
from designer.canvas.sizes import state_size
from designer.canvas.tools.edit_label import EditLabelTool
from designer.canvas.tools.tool import Pointer, Tool
from designer.commands.states import free_key
from designer.commands.transitions import add_state_with_transition, add_transition
from designer.document.elements import ElementId, Point

__all__ = ["ConnectTool", "state_under"]

#: A drop this near to where the drag began, in px of the screen, means nothing.
SHORTEST_DRAG = 12.0


class ConnectTool(Tool):
    """Drags an arrow out of a state.

    Dropped on a state it becomes a transition there, on its own state a self-loop; on empty canvas
    it makes a state too. The message is then in edit mode, all in one step.
    """

    def __init__(self, desk: Desk, source: ElementId) -> None:
        super().__init__(desk)
        scene = desk.scene
        self._source = source
        self._from: Point = (0.0, 0.0)
        self._target: ElementId | None = None
        self._arrow = DraftArrowItem(scene.canvas_style)
        name = free_key(desk.session.document)
        size = state_size(StateFace(name=name), scene.canvas_style)
        self._ghost = GhostStateItem(scene.canvas_style, name, size)
        self._ghost_size = size

    def start(self, pointer: Pointer) -> None:
        """The arrow begins on the border nearest to the hand."""
        self._from = pointer.at
        scene = self.desk.scene
        scene.addItem(self._arrow)
        scene.addItem(self._ghost)
        self._ghost.hide()
        self.desk.set_cursor(Qt.CursorShape.CrossCursor)

    def move(self, pointer: Pointer) -> None:
        """The arrow follows; what it would lead to is marked."""
        scene = self.desk.scene
        self._target = state_under(self.desk, pointer.at)
        scene.set_hovered(self._target or self._source)
        start = border_point(scene.drawing.boxes[self._source], pointer.at)
        outside = self._target is None and self._is_drop(pointer)
        self._ghost.setVisible(outside)
        place = self._place(pointer)
        self._ghost.setPos(*place)
        end = pointer.at
        if self._target is not None and self._target != self._source:
            end = border_point(scene.drawing.boxes[self._target], start)
        elif outside:
            end = border_point(Rect.around(place, *self._ghost_size), start)
        self._arrow.set_ends(start, end)

    def commit(self, pointer: Pointer) -> None:
        """Makes the transition, with a new state where there was none."""
        self.move(pointer)
        self._clear()
        if not self._is_drop(pointer):
            return

        session = self.desk.session
        if self._target is not None:
            new_id = add_transition(session, self._source, self._target)
            self.desk.scene.select([new_id])
        else:
            place = self._place(pointer)
            state_id, new_id = add_state_with_transition(session, self._source, place)
            self.desk.scene.select([state_id])
        self.desk.begin(EditLabelTool(self.desk, new_id, created=True), pointer)

    def cancel(self) -> None:
        """Takes the arrow away."""
        self._clear()

    def _is_drop(self, pointer: Pointer) -> bool:
        """Whether the hand has gone far enough to mean it."""
        return math.dist(self._from, pointer.at) * self.desk.zoom >= SHORTEST_DRAG

    def _place(self, pointer: Pointer) -> Point:
        return pointer.at if pointer.free else snapped_to_grid(pointer.at)

    def _clear(self) -> None:
        for item in (self._arrow, self._ghost):
            if item.scene() is not None:
                self.desk.scene.removeItem(item)
        self.desk.scene.set_hovered(None)
        self.desk.set_cursor(None)


def state_under(desk: Desk, point: Point) -> ElementId | None:
    """The state whose box, with a little room around it, holds the point."""
    boxes = desk.scene.drawing.boxes
    return next((id_ for id_, box in boxes.items() if contains(box.grown(6), point)), None)
