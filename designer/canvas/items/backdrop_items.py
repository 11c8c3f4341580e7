"""What stands around the states: the regions of packs and the mark of the initial state."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.line_painting import DOT_RADIUS, paint_initial
from designer.canvas.painting import paint_region
from designer.canvas.routes import Rect
from designer.canvas.style import CanvasStyle, Ink, detail_for
from designer.document.elements import ElementId, Point

__all__ = ["InitialItem", "RegionItem"]

Z_REGION = -20.0
Z_INITIAL = -3.0


class RegionItem(QGraphicsItem):
    """The titled ground behind the states of one pack."""

    def __init__(self, element_id: ElementId, style: CanvasStyle) -> None:
        super().__init__()
        self.element_id = element_id
        self._style = style
        self._box = QRectF()
        self._title = ""
        self._color: QColor | None = None
        self.setZValue(Z_REGION)

    @property
    def title(self) -> str:
        """The words at its upper left corner."""
        return self._title

    def set_style(self, style: CanvasStyle) -> None:
        """Draws with other colours from now on."""
        self._style = style
        self.update()

    def set_region(self, box: Rect, title: str, color: str | None) -> None:
        """Changes all that it shows."""
        self.prepareGeometryChange()
        self._box = QRectF(*box)
        self._title = title
        chosen = QColor(color) if color else QColor()
        self._color = chosen if chosen.isValid() else None
        self.update()

    def boundingRect(self) -> QRectF:
        """The ground with its border."""
        return self._box.adjusted(-1, -1, 1, 1)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws it in the detail the zoom can show."""
        ink = Ink(painter, self._style, detail_for(painter.worldTransform().m11()))
        paint_region(ink, self._box, self._title, self._color)


class InitialItem(QGraphicsItem):
    """The filled dot with an arrow to the initial state; nothing while there is none."""

    def __init__(self, style: CanvasStyle) -> None:
        super().__init__()
        self._style = style
        self._arrow: tuple[Point, Point] | None = None
        self.setZValue(Z_INITIAL)

    @property
    def arrow(self) -> tuple[Point, Point] | None:
        """The dot's centre and the arrow's tip."""
        return self._arrow

    def set_style(self, style: CanvasStyle) -> None:
        """Draws with other colours from now on."""
        self._style = style
        self.update()

    def set_arrow(self, arrow: tuple[Point, Point] | None) -> None:
        """Changes where it points; None draws nothing."""
        if arrow != self._arrow:
            self.prepareGeometryChange()
            self._arrow = arrow
            self.update()

    def boundingRect(self) -> QRectF:
        """Dot and arrow."""
        if self._arrow is None:
            return QRectF()
        (x1, y1), (x2, y2) = self._arrow
        margin = DOT_RADIUS + 1
        box = QRectF(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))
        return box.adjusted(-margin, -margin, margin, margin)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws it."""
        if self._arrow is not None:
            paint_initial(Ink(painter, self._style), *self._arrow)
