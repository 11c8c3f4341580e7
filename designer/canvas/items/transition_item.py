"""One drawn transition, without its label: a line of corners and an arrow head."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.line_painting import (
    HEAD_LENGTH,
    LineLook,
    arrow_head,
    paint_end_handles,
    paint_line,
    rounded_path,
)
from designer.canvas.routes import Route, RouteKind
from designer.canvas.style import CanvasStyle, Detail, Ink, detail_for
from designer.document.elements import ElementId, Point

__all__ = ["TransitionItem"]

#: Room around the line for its head, handles and flash, in px.
MARGIN = 9.0
Z_LINE = -5.0
Z_STRONG = -4.0
#: A line with the dots at its ends lies above the states these dots stand on.
Z_HANDLES = 3.0


class TransitionItem(QGraphicsItem):
    """The line of a transition, in coordinates of the scene."""

    def __init__(self, element_id: ElementId, style: CanvasStyle) -> None:
        super().__init__()
        self.element_id = element_id
        self.look = LineLook()
        self.route = Route((), (0.0, 0.0))
        self._style = style
        self._path = QPainterPath()
        self._plain = QPainterPath()
        self._head = QPolygonF()
        self.setZValue(Z_LINE)

    def set_style(self, style: CanvasStyle) -> None:
        """Draws with other colours from now on."""
        self._style = style
        self.update()

    def set_route(self, route: Route) -> None:
        """Changes the way it takes."""
        if route == self.route:
            return

        self.prepareGeometryChange()
        self.route = route
        headless = route.kind is RouteKind.INTERNAL
        self._head = QPolygonF() if headless else arrow_head(route.points)
        self._path = rounded_path(route.points if headless else _without_tip(route.points))
        self._plain = QPainterPath()
        self._plain.addPolygon(QPolygonF([QPointF(*corner) for corner in route.points]))

    def set_look(self, look: LineLook) -> None:
        """Changes how it looks at this moment."""
        if look != self.look:
            self.look = look
            strong = look.hovered or look.taken
            self.setZValue(Z_HANDLES if look.selected else Z_STRONG if strong else Z_LINE)
            self.update()

    def boundingRect(self) -> QRectF:
        """The line with its head."""
        return self._plain.boundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws it in the detail the zoom can show."""
        if not self.route.points or self._follows():
            return

        ink = Ink(painter, self._style, detail_for(painter.worldTransform().m11()))
        path = self._plain if ink.detail is Detail.BOXES else self._path
        paint_line(ink, path, self._head, self.look)
        if self.look.selected and self.route.kind is not RouteKind.INTERNAL:
            paint_end_handles(ink, self.route.points)

    def _follows(self) -> bool:
        """Whether another transition of its bundle draws this very line."""
        shared = self.route.bundle not in (None, self.element_id)
        return shared and self.look == LineLook()


def _without_tip(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The line, ending where its head begins: a thick line would show beside the tip."""
    if len(points) < 2:
        return points
    (x1, y1), (x2, y2) = points[-2:]
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1e-9)
    share = min((HEAD_LENGTH - 1.5) / length, 0.9)
    return (*points[:-1], (x2 + (x1 - x2) * share, y2 + (y1 - y2) * share))
