"""One drawn state: knows its box, its words and its look, and nothing of the document."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.captions import StateFace, tool_tip
from designer.canvas.painting import StateLook, paint_state
from designer.canvas.routes import Rect
from designer.canvas.style import CanvasStyle, Ink, detail_for
from designer.document.elements import ElementId

__all__ = ["StateItem"]

#: Room around the box for halo and visit count, in px.
MARGIN = 22.0


class StateItem(QGraphicsItem):
    """A state; its position is its centre."""

    def __init__(self, element_id: ElementId, style: CanvasStyle) -> None:
        super().__init__()
        self.element_id = element_id
        self.face = StateFace(name="")
        self.look = StateLook()
        self._style = style
        self._box = QRectF()

    @property
    def box(self) -> Rect:
        """Where it stands in the scene."""
        box = self._box.translated(self.pos())
        return Rect(box.x(), box.y(), box.width(), box.height())

    def set_style(self, style: CanvasStyle) -> None:
        """Draws with other colours from now on."""
        self._style = style
        self.update()

    def set_face(self, face: StateFace) -> None:
        """Changes what it says."""
        if face != self.face:
            self.face = face
            self.setToolTip(tool_tip(face.name, face.caption) if face.caption else "")
            self.update()

    def set_box(self, box: Rect) -> None:
        """Changes where it stands, and how large it is."""
        size = QRectF(-box.width / 2, -box.height / 2, box.width, box.height)
        if size != self._box:
            self.prepareGeometryChange()
            self._box = size
        center = QPointF(*box.centre)
        if center != self.pos():
            self.setPos(center)

    def set_look(self, look: StateLook) -> None:
        """Changes how it looks at this moment."""
        if look != self.look:
            self.look = look
            self.setZValue(1 if look.selected or look.active or look.hovered else 0)
            self.update()

    def boundingRect(self) -> QRectF:
        """The box with its halo and counts."""
        return self._box.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws it in the detail the zoom can show."""
        detail = detail_for(painter.worldTransform().m11())
        paint_state(Ink(painter, self._style, detail), self._box, self.face, self.look)
