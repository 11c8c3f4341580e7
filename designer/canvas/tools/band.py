"""The rubber band: selects the states and transitions that it touches."""

from __future__ import annotations

from designer.canvas.desk import Desk
from designer.canvas.geometry import contains
from designer.canvas.items.draft_items import BandItem
from designer.canvas.routes import Rect
from designer.canvas.tools.tool import Pointer, Tool
from designer.document.elements import ElementId, Point

__all__ = ["BandTool"]


class BandTool(Tool):
    """Drags a rectangle over empty canvas; with Shift or Ctrl it adds to the selection."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._item = BandItem(desk.scene.canvas_style)
        self._from: Point = (0.0, 0.0)
        self._before = desk.scene.selected_ids()

    def start(self, pointer: Pointer) -> None:
        """One corner."""
        self._from = pointer.at
        self.desk.scene.addItem(self._item)

    def move(self, pointer: Pointer) -> None:
        """The other corner; the selection follows."""
        (x1, y1), (x2, y2) = self._from, pointer.at
        band = Rect(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))
        self._item.set_box(band)
        kept = self._before if pointer.adds else ()
        self.desk.scene.select([*kept, *self._touched(band)])

    def commit(self, pointer: Pointer) -> None:
        """The selection stays."""
        self.move(pointer)
        self.desk.scene.removeItem(self._item)

    def cancel(self) -> None:
        """The old selection returns."""
        self.desk.scene.removeItem(self._item)
        self.desk.scene.select(self._before)

    def _touched(self, band: Rect) -> list[ElementId]:
        """States that lie in the band even in part, and transitions that lie in it as a whole."""
        drawing = self.desk.scene.drawing
        states = [state_id for state_id, box in drawing.boxes.items() if box.overlaps(band)]
        lines = [
            transition_id
            for transition_id, route in drawing.routes.items()
            if all(contains(band, point) for point in (*route.points, route.label))
        ]
        return states + lines
