"""What lies behind a flow: the dots of the grid, and on an empty canvas what to do first."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QPolygonF

from designer.canvas.style import CanvasStyle, TextRole
from designer.host.theme import GRID, Theme

__all__ = ["HINTS", "grid_step", "paint_grid", "paint_hint"]

#: Dots stand no closer than this, in px of the screen.
CLOSEST_DOTS = 11.0
DOT_WIDTH = 1.6

HINTS = (
    "Double-click to add the first state",
    "Drag from a state's border to draw a transition",
    "Ctrl+wheel zooms, Space and drag moves the view, ? shows every shortcut",
)


def grid_step(zoom: float) -> float:
    """The distance of the dots that are drawn at a zoom, in px of the drawing."""
    step = float(GRID)
    while step * zoom < CLOSEST_DOTS:
        step *= 2
    return step


def paint_grid(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Fills a part of the drawing with the canvas and its dots."""
    painter.fillRect(rect, theme.canvas)
    zoom = painter.worldTransform().m11()
    step = grid_step(zoom)
    left, top = math.floor(rect.left() / step), math.floor(rect.top() / step)
    right, bottom = math.ceil(rect.right() / step), math.ceil(rect.bottom() / step)
    dots = QPolygonF(
        [
            QPointF(column * step, row * step)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
    )
    pen = QPen(theme.grid, DOT_WIDTH * max(1.0, min(zoom, 1.5)))
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(dots)


def paint_hint(painter: QPainter, area: QRectF, style: CanvasStyle) -> None:
    """Says in the middle of an area what to do first."""
    title = QFont(style.fonts[TextRole.NAME])
    title.setPixelSize(15)
    line = QFont(style.fonts[TextRole.LABEL])
    line.setPixelSize(12)
    place = QRectF(area.left(), area.center().y() - 40, area.width(), 24)
    for number, words in enumerate(HINTS):
        painter.setFont(title if number == 0 else line)
        painter.setPen(style.theme.text if number == 0 else style.theme.muted)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        place.translate(0, 26)
