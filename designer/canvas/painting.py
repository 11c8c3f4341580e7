"""Draws states: box, words, marks and halo, in the look the theme fixes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer.canvas.captions import StateFace
from designer.canvas.geometry import Side, side_middle
from designer.canvas.route_grid import LABEL_MARGIN
from designer.canvas.routes import Rect
from designer.canvas.style import CanvasStyle, Detail, Ink, TextRole
from designer.host.theme import HALO_ALPHA, LINE_ACTIVE, LINE_STATE, STATE_RADIUS, Theme, mix

__all__ = [
    "StateLook",
    "faded",
    "far_color",
    "paint_connect_handles",
    "paint_region",
    "paint_state",
    "visits_box",
]

#: The pill of a count: its height, the room beside its words, its distance from the corner.
VISITS_HEIGHT = 14.0
VISITS_PADDING = 4.0
VISITS_INSET = 4.0
#: The halo reaches this far beyond the border.
HALO_REACH = 5.0
#: How much further the halo of an active state swells.
PULSE_REACH = 5.0
#: Distance between the two borders of a final state.
FINAL_INSET = 4.0
HANDLE_RADIUS = 4.5
#: The multiplication sign before a count.
TIMES = "\N{MULTIPLICATION SIGN}"
#: Between a state's border and the text inside.
TEXT_MARGIN = 10.0


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state looks at this moment, apart from what it says.

    Attributes:
        pulse: 0 to 1, where an active state's halo is in its swelling.
        visits: how often a run entered it; 0 shows nothing.
        note: shown instead of the caption while active.
        ghost: not part of the flow yet.
        handles: the connect handles show.
    """

    selected: bool = False
    hovered: bool = False
    active: bool = False
    pulse: float = 0.0
    visits: int = 0
    note: str = ""
    ghost: bool = False
    handles: bool = False


def paint_state(ink: Ink, box: QRectF, face: StateFace, look: StateLook) -> None:
    """Draws one state into its box."""
    if ink.detail is Detail.BOXES:
        ink.painter.fillRect(box, far_color(look, ink.theme))
        return

    if look.selected or look.active:
        _paint_halo(ink, box, look)
    _paint_box(ink, box, face, look)
    _paint_words(ink, box, face, look)
    if ink.detail is Detail.FULL:
        _paint_badges(ink, box, face, look)
    if look.visits and ink.detail is not Detail.COARSE:
        _paint_visits(ink, box, look.visits)
    if look.handles:
        paint_connect_handles(ink, box)


def paint_connect_handles(ink: Ink, box: QRectF) -> None:
    """Draws the four dots from which a transition is dragged."""
    painter, theme = ink.painter, ink.theme
    painter.setPen(QPen(theme.accent, 1.5))
    painter.setBrush(theme.surface)
    frame = Rect(box.x(), box.y(), box.width(), box.height())
    for side in Side:
        painter.drawEllipse(QPointF(*side_middle(frame, side)), HANDLE_RADIUS, HANDLE_RADIUS)


def paint_region(ink: Ink, box: QRectF, title: str, color: QColor | None) -> None:
    """Draws the tinted, titled ground behind one pack's states."""
    painter, style, theme = ink.painter, ink.style, ink.theme
    tint = color or theme.accent
    painter.setPen(QPen(faded(tint, 60), 1.0))
    painter.setBrush(faded(tint, 13))
    painter.drawRoundedRect(box, 2 * STATE_RADIUS, 2 * STATE_RADIUS)
    painter.setFont(style.fonts[TextRole.LABEL])
    painter.setPen(theme.muted)
    words = style.elided(TextRole.LABEL, title, box.width() - 28)
    painter.drawText(box.adjusted(14, 8, -14, 0), Qt.AlignmentFlag.AlignLeft, words)


def faded(color: QColor, alpha: int) -> QColor:
    """The colour with an opacity of 0 to 255."""
    result = QColor(color)
    result.setAlpha(alpha)
    return result


def far_color(look: StateLook, theme: Theme) -> QColor:
    """The one colour of a state, for zooms at which its border is thinner than a pixel."""
    if look.active:
        return theme.ok
    return theme.accent if look.selected else theme.transition


def _paint_halo(ink: Ink, box: QRectF, look: StateLook) -> None:
    painter, theme = ink.painter, ink.theme
    painter.setPen(Qt.PenStyle.NoPen)
    color = theme.ok if look.active else theme.accent
    reaches = [HALO_REACH]
    if look.active:
        reaches.append(HALO_REACH + 2 + PULSE_REACH * look.pulse)

    for reach in reaches:
        painter.setBrush(faded(color, HALO_ALPHA))
        radius = STATE_RADIUS + reach
        painter.drawRoundedRect(box.adjusted(-reach, -reach, reach, reach), radius, radius)


def _paint_box(ink: Ink, box: QRectF, face: StateFace, look: StateLook) -> None:
    painter, theme = ink.painter, ink.theme
    border, width = _border(look, theme)
    pen = QPen(border, width)
    if face.read_only or look.ghost:
        pen.setStyle(Qt.PenStyle.DashLine)
        pen.setDashPattern([4.0, 3.0])

    painter.setPen(pen)
    painter.setBrush(theme.ok_soft if look.active else theme.state_fill)
    painter.drawRoundedRect(box, STATE_RADIUS, STATE_RADIUS)
    if face.final:
        inset = FINAL_INSET
        painter.setPen(QPen(border, LINE_STATE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = STATE_RADIUS - inset / 2
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius)

    color = QColor(face.color) if face.color else QColor()
    if color.isValid():
        inset = FINAL_INSET + 3 if face.final else 5.0
        stripe = QRectF(box.left() + inset, box.top() + 11, 3, box.height() - 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(stripe, 1.5, 1.5)


def _border(look: StateLook, theme: Theme) -> tuple[QColor, float]:
    if look.active:
        return theme.ok, LINE_ACTIVE
    if look.selected or look.ghost:
        return theme.accent, LINE_ACTIVE
    if look.hovered:
        return mix(theme.state_border, theme.text, 0.35), LINE_STATE + 0.3
    return theme.state_border, LINE_STATE


def _paint_words(ink: Ink, box: QRectF, face: StateFace, look: StateLook) -> None:
    painter, style, theme = ink.painter, ink.style, ink.theme
    caption = look.note if look.active and look.note else face.caption
    small = ink.detail is Detail.FULL and bool(caption)
    inner = box.adjusted(TEXT_MARGIN, 0, -TEXT_MARGIN, 0)
    upper = inner.adjusted(0, 5, 0, -box.height() / 2 + 3) if small else inner

    painter.setFont(style.fonts[TextRole.NAME])
    painter.setPen(theme.muted if look.ghost else theme.text)
    name = style.elided(TextRole.NAME, face.name, inner.width())
    painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, name)
    if small:
        lower = inner.adjusted(0, box.height() / 2 + 1, 0, -5)
        painter.setFont(style.fonts[TextRole.CAPTION])
        painter.setPen(theme.ok_text if look.active else theme.muted)
        words = style.elided(TextRole.CAPTION, caption, inner.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, words)


def _paint_badges(ink: Ink, box: QRectF, face: StateFace, look: StateLook) -> None:
    """The marks of entry (an arrow against a bar, left) and exit actions (out of a bar, right)."""
    painter, theme = ink.painter, ink.theme
    pen = QPen(theme.ok_text if look.active else theme.muted, 1.3)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    y = box.top() + 13
    inset = 14.0 if face.final or face.color else 10.0
    if face.entry:
        x = box.left() + inset
        _paint_arrow(painter, x, y, bar_x=x + 9)
    if face.exit:
        x = box.right() - inset - 9
        _paint_arrow(painter, x + 1, y, bar_x=x)


def _paint_arrow(painter: QPainter, x: float, y: float, *, bar_x: float) -> None:
    """A small arrow of 7 px to the right, and the bar it meets or leaves."""
    tip = QPointF(x + 7, y)
    painter.drawLine(QPointF(x, y), tip)
    painter.drawPolyline([QPointF(x + 4.2, y - 2.6), tip, QPointF(x + 4.2, y + 2.6)])
    painter.drawLine(QPointF(bar_x, y - 4), QPointF(bar_x, y + 4))


def visits_box(style: CanvasStyle, box: QRectF, visits: int) -> QRectF:
    """Where a state's count stands: on its upper right corner.

    It reaches no further out than labels stay away, so none of them ever covers it.
    """
    width = style.width(TextRole.LABEL, visits_text(visits)) + 2 * VISITS_PADDING
    top = box.top() - LABEL_MARGIN
    return QRectF(box.right() - VISITS_INSET - width, top, width, VISITS_HEIGHT)


def visits_text(visits: int) -> str:
    """A count, as it is written on a state."""
    return f"{TIMES}{visits:,}"


def _paint_visits(ink: Ink, box: QRectF, visits: int) -> None:
    painter, style = ink.painter, ink.style
    place = visits_box(style, box, visits)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.theme.ok_soft)
    painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
    painter.setFont(style.fonts[TextRole.LABEL])
    painter.setPen(style.theme.ok_text)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, visits_text(visits))
