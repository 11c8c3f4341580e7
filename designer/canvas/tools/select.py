"""A press of the left button: a click selects, a drag becomes the gesture that begins there."""

from __future__ import annotations

from designer.canvas.desk import Desk
from designer.canvas.hits import Hit, HitKind
from designer.canvas.tools.band import BandTool
from designer.canvas.tools.connect import ConnectTool
from designer.canvas.tools.move import MoveTool
from designer.canvas.tools.retarget import RetargetTool
from designer.canvas.tools.tool import Pointer, Tool

__all__ = ["SelectTool"]

#: The hand trembles: a press that moves less than this, in px of the screen, is a click.
DRAG_DISTANCE = 4


class SelectTool(Tool):
    """Selects what was pressed; once the hand has moved, leaves the rest to another tool."""

    def __init__(self, desk: Desk, hit: Hit) -> None:
        super().__init__(desk)
        self._hit = hit
        self._pressed: Pointer | None = None
        self._selected_before = desk.scene.selected_ids()
        self._drag: Tool | None = None

    @property
    def drag(self) -> Tool | None:
        """The gesture the press has become, or None while it may be a click."""
        return self._drag

    @property
    def reaches(self) -> bool:
        """A drag may lead beyond the edge of the view."""
        return self._drag is not None

    def start(self, pointer: Pointer) -> None:
        """Selects at once what may be dragged next."""
        self._pressed = pointer
        fresh = self._hit.id not in self._selected_before
        if self._hit.id is not None and fresh and not pointer.adds and not self._sends():
            self.desk.scene.select([self._hit.id])

    def move(self, pointer: Pointer) -> None:
        """Far enough from the press, it is a drag."""
        if self._drag is None and self._pressed is not None and self._is_far(pointer):
            self._drag = self._drag_tool()
            if self._drag is not None:
                self._drag.start(self._pressed)
        if self._drag is not None:
            self._drag.move(pointer)

    def commit(self, pointer: Pointer) -> None:
        """It was a click, or the drag ends here."""
        if self._drag is not None:
            self._drag.commit(pointer)
        elif not self._is_far(pointer):
            self._click(pointer)

    def cancel(self) -> None:
        """Nothing was dragged, and what was selected before is selected."""
        if self._drag is not None:
            self._drag.cancel()
        self.desk.scene.select(self._selected_before)

    def _is_far(self, pointer: Pointer) -> bool:
        if self._pressed is None:
            return False
        way = pointer.on_view - self._pressed.on_view
        return way.manhattanLength() >= DRAG_DISTANCE

    def _click(self, pointer: Pointer) -> None:
        scene, element_id = self.desk.scene, self._hit.id
        if element_id is None:
            scene.select(scene.selected_ids() if pointer.adds else ())
        elif self._sends():
            scene.message_clicked.emit(element_id)
        elif pointer.adds:
            scene.toggle(element_id)
        else:
            scene.select([element_id])

    def _sends(self) -> bool:
        """Whether the press is on a message that the active state of a run can take."""
        possible = self.desk.scene.overlay.possible
        return self._hit.kind is HitKind.LABEL and self._hit.id in possible

    def _drag_tool(self) -> Tool | None:
        hit = self._hit
        if hit.id is None:
            return BandTool(self.desk)
        if hit.kind is HitKind.BORDER:
            return ConnectTool(self.desk, hit.id)
        if hit.kind in (HitKind.SOURCE_END, HitKind.TARGET_END):
            return RetargetTool(self.desk, hit.id, leads=hit.kind is HitKind.TARGET_END)
        if hit.kind is HitKind.STATE:
            scene = self.desk.scene
            scene.select(dict.fromkeys((*scene.selected_ids(), hit.id)))
            return MoveTool(self.desk, hit.id)
        return None
