"""What a gesture draws while it lasts: a half-made arrow, a state to come, a band, guide lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.captions import StateFace
from designer.canvas.guides import Guide
from designer.canvas.line_painting import HEAD_LENGTH, LineLook, arrow_head, paint_line
from designer.canvas.painting import StateLook, faded, paint_state
from designer.canvas.routes import Rect
from designer.canvas.style import CanvasStyle, Ink
from designer.document.elements import Point
from designer.host.theme import HALO_ALPHA

__all__ = ["BandItem", "DraftArrowItem", "GhostStateItem", "GuidesItem"]

Z_DRAFT = 20.0
MARGIN = 12.0


class DraftArrowItem(QGraphicsItem):
    """The arrow that follows the hand while a transition is drawn or led elsewhere."""

    def __init__(self, style: CanvasStyle) -> None:
        super().__init__()
        self._style = style
        self._path = QPainterPath()
        self._head = QPolygonF()
        self.setZValue(Z_DRAFT)

    def set_ends(self, start: Point, end: Point) -> None:
        """Draws it from there to there."""
        self.prepareGeometryChange()
        self._head = arrow_head((start, end), HEAD_LENGTH + 1)
        self._path = QPainterPath(QPointF(*start))
        self._path.lineTo(*end)

    def boundingRect(self) -> QRectF:
        """The arrow with its head."""
        return self._path.boundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws it."""
        paint_line(Ink(painter, self._style), self._path, self._head, LineLook(draft=True))


class GhostStateItem(QGraphicsItem):
    """The outline of the state that a drop would make; its position is its centre."""

    def __init__(self, style: CanvasStyle, name: str, size: tuple[float, float]) -> None:
        super().__init__()
        self._style = style
        self._face = StateFace(name=name)
        self._box = QRectF(-size[0] / 2, -size[1] / 2, *size)
        self.setZValue(Z_DRAFT - 1)

    def boundingRect(self) -> QRectF:
        """The box with its border."""
        return self._box.adjusted(-2, -2, 2, 2)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws it."""
        paint_state(Ink(painter, self._style), self._box, self._face, StateLook(ghost=True))


class BandItem(QGraphicsItem):
    """The rectangle that selects what it touches."""

    def __init__(self, style: CanvasStyle) -> None:
        super().__init__()
        self._style = style
        self._box = QRectF()
        self.setZValue(Z_DRAFT)

    def set_box(self, box: Rect) -> None:
        """Draws it there."""
        self.prepareGeometryChange()
        self._box = QRectF(*box)

    def boundingRect(self) -> QRectF:
        """The rectangle with its border."""
        return self._box.adjusted(-2, -2, 2, 2)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws it, with a border of one sharp px at any zoom."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        accent = self._style.theme.accent
        painter.setPen(QPen(accent, 0))
        painter.setBrush(faded(accent, HALO_ALPHA // 2))
        painter.drawRect(self._box)


class GuidesItem(QGraphicsItem):
    """The lines that show with what a dragged state is in line."""

    def __init__(self, style: CanvasStyle) -> None:
        super().__init__()
        self._style = style
        self._guides: tuple[Guide, ...] = ()
        self.setZValue(Z_DRAFT + 1)

    @property
    def guides(self) -> tuple[Guide, ...]:
        """The lines it shows."""
        return self._guides

    def set_guides(self, guides: Sequence[Guide]) -> None:
        """Shows these lines."""
        self.prepareGeometryChange()
        self._guides = tuple(guides)

    def boundingRect(self) -> QRectF:
        """All lines."""
        box = QRectF()
        for guide in self._guides:
            ends = QRectF(QPointF(*guide.start), QPointF(*guide.end)).normalized()
            box = box.united(ends.adjusted(-2, -2, 2, 2))
        return box

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws them, one sharp px wide at any zoom."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(self._style.theme.accent, 0))
        for guide in self._guides:
            painter.drawLine(QPointF(*guide.start), QPointF(*guide.end))
