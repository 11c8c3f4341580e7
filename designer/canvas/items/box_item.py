"""What states and labels have in common: an id, a box around a centre, and colours."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem

from designer.canvas.routes import Rect
from designer.canvas.style import CanvasStyle
from designer.document.elements import ElementId

__all__ = ["BoxItem"]


class BoxItem(QGraphicsItem):
    """A drawn box; its position is its centre. A subclass says what is painted in it.

    Attributes:
        margin: how far its paint reaches beyond the box, in px.
    """

    margin = 0.0

    def __init__(self, element_id: ElementId, style: CanvasStyle) -> None:
        super().__init__()
        self.element_id = element_id
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

    def set_box(self, box: Rect) -> None:
        """Changes where it stands, and how large it is."""
        size = QRectF(-box.width / 2, -box.height / 2, box.width, box.height)
        if size != self._box:
            self.prepareGeometryChange()
            self._box = size
        center = QPointF(*box.centre)
        if center != self.pos():
            self.setPos(center)

    def boundingRect(self) -> QRectF:
        """The box with all that is painted around it."""
        return self._box.adjusted(-self.margin, -self.margin, self.margin, self.margin)
