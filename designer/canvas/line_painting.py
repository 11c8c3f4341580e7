"""Draws transitions: rounded arrows, label pills, the dot before the initial state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from designer.canvas.captions import LabelText
from designer.canvas.painting import faded
from designer.canvas.sizes import CLOCK_WIDTH, LABEL_PADDING, PART_GAP, part_widths
from designer.canvas.style import Detail, Ink, TextRole
from designer.document.elements import Point
from designer.host.theme import LINE_ACTIVE, LINE_TAKEN, LINE_TRANSITION, Theme, mix

__all__ = [
    "LineLook",
    "arrow_head",
    "far_line_color",
    "line_color",
    "paint_end_handles",
    "paint_initial",
    "paint_label",
    "paint_line",
    "rounded_path",
]

CORNER_RADIUS = 8.0
HEAD_LENGTH = 9.0
HEAD_HALF_WIDTH = 4.2
DOT_RADIUS = 6.0
END_HANDLE_RADIUS = 4.5


@dataclass(frozen=True, slots=True)
class LineLook:
    """How a transition looks at this moment, apart from what it says.

    Attributes:
        taken: the run took it last.
        flash: 1 when it was taken just now, falling to 0.
        possible: the active state takes its message: the label is a button.
        draft: not part of the flow yet.
    """

    selected: bool = False
    hovered: bool = False
    taken: bool = False
    flash: float = 0.0
    possible: bool = False
    draft: bool = False


def rounded_path(points: Sequence[Point], radius: float = CORNER_RADIUS) -> QPainterPath:
    """The way through all points, with rounded corners."""
    path = QPainterPath()
    if not points:
        return path

    path.moveTo(*points[0])
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(radius, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        path.lineTo(*_toward(corner, before, reach))
        path.quadTo(*corner, *_toward(corner, after, reach))
    path.lineTo(*points[-1])
    return path


def arrow_head(points: Sequence[Point], length: float = HEAD_LENGTH) -> QPolygonF:
    """The triangle at the end of a line; empty when the line has no direction."""
    tip = points[-1]
    before = next((point for point in reversed(points[:-1]) if math.dist(point, tip) > 1e-6), None)
    if before is None:
        return QPolygonF()

    distance = math.dist(before, tip)
    dx, dy = (tip[0] - before[0]) / distance, (tip[1] - before[1]) / distance
    foot = (tip[0] - dx * length, tip[1] - dy * length)
    half = HEAD_HALF_WIDTH * length / HEAD_LENGTH
    return QPolygonF(
        [
            QPointF(*tip),
            QPointF(foot[0] - dy * half, foot[1] + dx * half),
            QPointF(foot[0] + dy * half, foot[1] - dx * half),
        ]
    )


def line_color(look: LineLook, theme: Theme) -> QColor:
    """The colour of a line in its present look."""
    if look.taken:
        return theme.ok
    if look.selected or look.draft:
        return theme.accent
    if look.hovered:
        return mix(theme.transition, theme.text, 0.5)
    return theme.transition


def far_line_color(look: LineLook, theme: Theme) -> QColor:
    """The colour of a line among hundreds, seen from far away, where states have to stand out."""
    plain = not (look.taken or look.selected or look.draft or look.hovered)
    return theme.state_border if plain else line_color(look, theme)


def paint_line(ink: Ink, path: QPainterPath, head: QPolygonF, look: LineLook) -> None:
    """Draws one arrow; an empty head leaves it out."""
    painter, theme = ink.painter, ink.theme
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if ink.detail is Detail.BOXES:
        painter.setPen(QPen(far_line_color(look, theme), 0))
        painter.drawPath(path)
        return

    color = line_color(look, theme)

    if look.flash > 0:
        painter.setPen(_round(QPen(faded(theme.ok, round(70 * look.flash)), 9)))
        painter.drawPath(path)

    pen = _round(QPen(color, _line_width(look)))
    if look.draft:
        pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    painter.drawPath(path)
    if not head.isEmpty():
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(head)


def paint_end_handles(ink: Ink, points: Sequence[Point]) -> None:
    """Draws the dots at both ends, by which a transition is led elsewhere."""
    painter, theme = ink.painter, ink.theme
    painter.setPen(QPen(theme.accent, 1.5))
    painter.setBrush(theme.surface)
    for point in (points[0], points[-1]):
        painter.drawEllipse(QPointF(*point), END_HANDLE_RADIUS, END_HANDLE_RADIUS)


def paint_label(ink: Ink, box: QRectF, label: LabelText, look: LineLook) -> None:
    """Draws one pill; below the detail of names, nothing."""
    if ink.detail in (Detail.COARSE, Detail.BOXES):
        return

    painter, style, theme = ink.painter, ink.style, ink.theme
    fill, text = _pill_colors(look, theme)
    painter.setBrush(fill)
    pen = QPen(theme.accent, 1.3) if look.possible else QPen(theme.canvas, 2.0)
    painter.setPen(pen)
    radius = box.height() / 2
    painter.drawRoundedRect(box, radius, radius)
    x = box.left() + LABEL_PADDING
    if label.timed:
        _paint_clock(painter, QPointF(x + 4.5, box.center().y()), text)
        x += CLOCK_WIDTH

    painter.setFont(style.fonts[TextRole.LABEL])
    quiet = text if look.possible or look.selected or look.taken else theme.muted
    for index, (part, width) in enumerate(zip(label.parts, part_widths(label, style), strict=True)):
        painter.setPen(text if index == 0 else quiet)
        place = QRectF(x, box.top(), width + 2, box.height())
        words = style.elided(TextRole.LABEL, part, width + 0.5)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        x += width + PART_GAP


def paint_initial(ink: Ink, dot: Point, tip: Point) -> None:
    """Draws the filled dot and its arrow to the initial state."""
    painter, theme = ink.painter, ink.theme
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.text)
    painter.drawEllipse(QPointF(*dot), DOT_RADIUS, DOT_RADIUS)
    head = arrow_head((dot, tip))
    if not head.isEmpty():
        painter.drawPolygon(head)
    painter.setPen(_round(QPen(theme.text, LINE_TRANSITION)))
    painter.drawLine(QPointF(*dot), QPointF(*_toward(tip, dot, HEAD_LENGTH)))


def _line_width(look: LineLook) -> float:
    if look.taken:
        return LINE_ACTIVE + (LINE_TAKEN - LINE_ACTIVE) * look.flash
    return LINE_ACTIVE if look.selected or look.draft else LINE_TRANSITION


def _pill_colors(look: LineLook, theme: Theme) -> tuple[QColor, QColor]:
    """Fill and words of a pill."""
    if look.possible:
        fill = mix(theme.accent_soft, theme.accent, 0.16) if look.hovered else theme.accent_soft
        return fill, theme.accent_text
    if look.taken:
        return theme.ok_soft, theme.ok_text
    if look.selected:
        return theme.accent_soft, theme.accent_text
    if look.hovered:
        return mix(theme.label_pill, theme.transition, 0.18), theme.text
    return theme.label_pill, theme.text


def _paint_clock(painter: QPainter, center: QPointF, color: QColor) -> None:
    painter.setPen(_round(QPen(color, 1.2)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(center, 4.5, 4.5)
    painter.drawPolyline([center + QPointF(0, -2.6), center, center + QPointF(2.0, 1.2)])


def _round(pen: QPen) -> QPen:
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _toward(start: Point, end: Point, reach: float) -> Point:
    """The point that far from the start on the way to the end."""
    distance = math.dist(start, end)
    if distance == 0:
        return start
    share = reach / distance
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
