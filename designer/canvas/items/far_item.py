"""The whole flow seen from far away: boxes and hairlines, drawn in a few strokes.

Thousands of items that each draw themselves cost more than a frame may take, and at such a zoom
nobody could tell the difference.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.items.state_item import StateItem
from designer.canvas.items.transition_item import TransitionItem
from designer.canvas.line_painting import far_line_color
from designer.canvas.painting import far_color
from designer.canvas.style import CanvasStyle

__all__ = ["FarItem"]

#: Above the regions of packs.
Z_FAR = -10.0


class FarItem(QGraphicsItem):
    """Stands in for the items of all states and transitions."""

    def __init__(self, style: CanvasStyle) -> None:
        super().__init__()
        self._style = style
        self._bounds = QRectF()
        self._boxes: dict[int, list[QRectF]] = {}
        self._lines: dict[int, list[QLineF]] = {}
        self.setZValue(Z_FAR)
        self.hide()

    def set_style(self, style: CanvasStyle) -> None:
        """Draws with other colours from the next :meth:`copy` on."""
        self._style = style

    def copy(self, states: Iterable[StateItem], lines: Iterable[TransitionItem]) -> None:
        """Takes over places and colours of what it stands in for."""
        theme = self._style.theme
        self._boxes, self._lines = {}, {}
        bounds = QRectF()
        for state in states:
            box = QRectF(*state.box)
            bounds = bounds.united(box)
            self._boxes.setdefault(far_color(state.look, theme).rgb(), []).append(box)

        for line in lines:
            color = far_line_color(line.look, theme).rgb()
            bounds = bounds.united(line.boundingRect())
            pieces = itertools.pairwise(line.route.points)
            self._lines.setdefault(color, []).extend(QLineF(*a, *b) for a, b in pieces)

        self.prepareGeometryChange()
        self._bounds = bounds
        self.update()

    def boundingRect(self) -> QRectF:
        """All that it stands in for."""
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws lines first and boxes over them, colour by colour."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for rgb, lines in self._lines.items():
            painter.setPen(QPen(QColor(rgb), 0))
            painter.drawLines(lines)

        painter.setPen(Qt.PenStyle.NoPen)
        for rgb, boxes in self._boxes.items():
            painter.setBrush(QColor(rgb))
            painter.drawRects(boxes)
