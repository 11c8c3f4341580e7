"""One drawn state: knows its box, its words and its look, and nothing of the document."""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from designer.canvas.captions import StateFace, tool_tip
from designer.canvas.items.box_item import BoxItem
from designer.canvas.painting import StateLook, paint_state
from designer.canvas.style import CanvasStyle, Ink, detail_for
from designer.document.elements import ElementId

__all__ = ["StateItem"]


class StateItem(BoxItem):
    """A state; its position is its centre."""

    #: Room for halo and visit count.
    margin = 22.0

    def __init__(self, element_id: ElementId, style: CanvasStyle) -> None:
        super().__init__(element_id, style)
        self.face = StateFace(name="")
        self.look = StateLook()

    def set_face(self, face: StateFace) -> None:
        """Changes what it says."""
        if face != self.face:
            self.face = face
            self.setToolTip(tool_tip(face.name, face.caption) if face.caption else "")
            self.update()

    def set_look(self, look: StateLook) -> None:
        """Changes how it looks at this moment."""
        if look != self.look:
            self.look = look
            self.setZValue(1 if look.selected or look.active or look.hovered else 0)
            self.update()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws it in the detail the zoom can show."""
        detail = detail_for(painter.worldTransform().m11())
        paint_state(Ink(painter, self._style, detail), self._box, self.face, self.look)
