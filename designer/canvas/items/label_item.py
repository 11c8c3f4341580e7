"""The pill on a transition; in a run, a button while its message can be taken."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.captions import LabelText
from designer.canvas.line_painting import LineLook, paint_label
from designer.canvas.routes import Rect
from designer.canvas.style import CanvasStyle, Ink, detail_for
from designer.document.elements import ElementId

__all__ = ["LabelItem"]

MARGIN = 3.0
Z_LABEL = 5.0
Z_STRONG = 6.0


class LabelItem(QGraphicsItem):
    """The label of the transition whose id it carries; its position is its centre."""

    def __init__(self, element_id: ElementId, style: CanvasStyle) -> None:
        super().__init__()
        self.element_id = element_id
        self.label = LabelText(head="")
        self.look = LineLook()
        self._style = style
        self._box = QRectF()
        self.setZValue(Z_LABEL)

    @property
    def box(self) -> Rect:
        """Where it lies in the scene."""
        box = self._box.translated(self.pos())
        return Rect(box.x(), box.y(), box.width(), box.height())

    def set_style(self, style: CanvasStyle) -> None:
        """Draws with other colours from now on."""
        self._style = style
        self.update()

    def set_label(self, label: LabelText, tool_tip: str) -> None:
        """Changes what it says."""
        if label != self.label:
            self.label = label
            self.update()
        if tool_tip != self.toolTip():
            self.setToolTip(tool_tip)

    def set_box(self, box: Rect) -> None:
        """Changes where it lies, and how large it is."""
        size = QRectF(-box.width / 2, -box.height / 2, box.width, box.height)
        if size != self._box:
            self.prepareGeometryChange()
            self._box = size
        center = QPointF(*box.centre)
        if center != self.pos():
            self.setPos(center)

    def set_look(self, look: LineLook) -> None:
        """Changes how it looks at this moment."""
        if look != self.look:
            self.look = look
            self.setZValue(Z_LABEL if look == LineLook() else Z_STRONG)
            self.update()

    def boundingRect(self) -> QRectF:
        """The pill with its border."""
        return self._box.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws it in the detail the zoom can show."""
        ink = Ink(painter, self._style, detail_for(painter.worldTransform().m11()))
        paint_label(ink, self._box, self.label, self.look)
