"""Moving states: by dragging them, with snapping, and by the arrow keys."""

from __future__ import annotations

from designer.canvas.desk import Desk
from designer.canvas.geometry import union
from designer.canvas.guides import snap
from designer.canvas.items.draft_items import GuidesItem
from designer.canvas.routes import Rect
from designer.canvas.tools.tool import Pointer, Tool
from designer.commands.states import move_states
from designer.document.elements import ElementId, Point

__all__ = ["MoveTool", "NudgeTool", "selected_boxes"]

#: Neighbours draw over this distance, in px of the screen.
SNAP_REACH = 6.0


class MoveTool(Tool):
    """Drags the selected states; one edit when they are let go."""

    def __init__(self, desk: Desk, grabbed: ElementId) -> None:
        super().__init__(desk)
        scene = desk.scene
        self._boxes = selected_boxes(desk)
        self._grabbed = scene.drawing.boxes[grabbed]
        self._others = [
            box for state_id, box in scene.drawing.boxes.items() if state_id not in self._boxes
        ]
        self._around = union(self._boxes.values()) or self._grabbed
        self._guides = GuidesItem(scene.canvas_style)
        self._from: Point = (0.0, 0.0)

    def start(self, pointer: Pointer) -> None:
        """Takes hold of them."""
        self._from = pointer.at
        self.desk.scene.addItem(self._guides)

    def move(self, pointer: Pointer) -> None:
        """Drags them along."""
        dx, dy = pointer.at[0] - self._from[0], pointer.at[1] - self._from[1]
        if pointer.free:
            self._guides.set_guides(())
        else:
            box, grabbed = _moved(self._around, dx, dy), _moved(self._grabbed, dx, dy)
            reach = SNAP_REACH / self.desk.zoom
            found = snap(box, grabbed.centre, self._others, reach)
            dx, dy = dx + found.dx, dy + found.dy
            self._guides.set_guides(found.guides)

        self.desk.scene.preview(
            {state_id: _moved(box, dx, dy).centre for state_id, box in self._boxes.items()}
        )

    def commit(self, pointer: Pointer) -> None:
        """Lets them go: one edit."""
        self.move(pointer)
        self.desk.scene.removeItem(self._guides)
        places = {id_: self.desk.scene.drawing.boxes[id_].centre for id_ in self._boxes}
        if not move_states(self.desk.session, places):
            self.desk.scene.end_preview()

    def cancel(self) -> None:
        """Puts them back."""
        if self._guides.scene() is not None:
            self.desk.scene.removeItem(self._guides)
        self.desk.scene.end_preview()


class NudgeTool(Tool):
    """Moves the selected states by the arrow keys: one edit when the keys are let go."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._boxes = selected_boxes(desk)
        self._by = (0.0, 0.0)

    def start(self, pointer: Pointer) -> None:
        """Takes hold of them."""

    def move(self, pointer: Pointer) -> None:
        """The hand on the mouse means nothing here."""

    def nudge(self, dx: float, dy: float) -> None:
        """Moves them that much further."""
        self._by = (self._by[0] + dx, self._by[1] + dy)
        self.desk.scene.preview(
            {state_id: _moved(box, *self._by).centre for state_id, box in self._boxes.items()}
        )

    def commit(self, pointer: Pointer) -> None:  # noqa: ARG002 (the keys moved them)
        """Lets them go: one edit."""
        places = {id_: _moved(box, *self._by).centre for id_, box in self._boxes.items()}
        if not move_states(self.desk.session, places):
            self.desk.scene.end_preview()

    def cancel(self) -> None:
        """Puts them back."""
        self.desk.scene.end_preview()


def selected_boxes(desk: Desk) -> dict[ElementId, Rect]:
    """The boxes of the selected states, by id."""
    boxes = desk.scene.drawing.boxes
    return {id_: boxes[id_] for id_ in desk.scene.selected_ids() if id_ in boxes}


def _moved(box: Rect, dx: float, dy: float) -> Rect:
    return Rect(box.left + dx, box.top + dy, box.width, box.height)
