"""The small map in the corner of the canvas: all states, and what of them the view shows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from designer.canvas.painting import faded
from designer.canvas.routes import Rect
from designer.canvas.scene import FlowScene
from designer.canvas.style import TextRole
from designer.host.theme import FIELD_RADIUS

__all__ = ["Minimap"]

SIZE = QSize(160, 100)
#: Room above the map for the zoom value.
VALUE_HEIGHT = 20
INSET = 10.0
#: A small flow is not drawn larger than this on the map.
LARGEST_SCALE = 0.2

#: What of the drawing is on the map, its scale, and where its corner lies.
Fitting = tuple[QRectF, float, QPointF]


class Minimap(QWidget):
    """Draws the whole flow small; a press or drag moves the view there.

    Signals:
        pointed_at(QPointF): the point of the drawing that shall be in the middle.
        entered(): the hand has come from the canvas onto the map.
    """

    pointed_at = Signal(QPointF)
    entered = Signal()

    def __init__(self, scene: FlowScene, parent: QWidget) -> None:
        super().__init__(parent)
        self._scene = scene
        self._shown = QRectF()
        self._zoom = 1.0
        self._states: QPixmap | None = None
        self.setFixedSize(SIZE.width(), SIZE.height() + VALUE_HEIGHT)
        self.setAccessibleName("Overview of the flow")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        scene.drawing_changed.connect(self._forget_states)
        scene.overlay_changed.connect(self.update)

    @property
    def map_rect(self) -> QRectF:
        """The map without the zoom value, in its own coordinates."""
        return QRectF(0.5, VALUE_HEIGHT + 0.5, SIZE.width() - 1, SIZE.height() - 1)

    def show_part(self, shown: QRectF, zoom: float) -> None:
        """Marks what of the drawing the view shows, and tells at which zoom."""
        if (shown, zoom) != (self._shown, self._zoom):
            self._shown, self._zoom = shown, zoom
            self.setAccessibleDescription(f"{zoom:.0%}")
            self.update()

    def point_at(self, position: QPointF) -> QPointF:
        """The point of the drawing that a point of the map stands for."""
        world, scale, corner = self._fitting()
        return world.topLeft() + (position - corner) / scale

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tells that the hand is on the map, and thus not on what lies below it."""
        super().enterEvent(event)
        self.entered.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Moves the view there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.pointed_at.emit(self.point_at(event.position()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drags the view along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.pointed_at.emit(self.point_at(event.position()))
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (all of it is small)
        """Draws panel, states, the part in view and the zoom."""
        style, theme = self._scene.canvas_style, self._scene.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.border, 1))
        painter.setBrush(faded(theme.raised, 235))
        painter.drawRoundedRect(self.map_rect, FIELD_RADIUS, FIELD_RADIUS)

        if self._states is None or self._states.devicePixelRatio() != self.devicePixelRatio():
            self._states = self._drawn_states()
        self._paint_shown(painter)
        painter.drawPixmap(0, 0, self._states)
        self._paint_active(painter)
        painter.setFont(style.fonts[TextRole.LABEL])
        painter.setPen(theme.muted)
        value = QRectF(0, 0, SIZE.width(), VALUE_HEIGHT - 2)
        painter.drawText(value, Qt.AlignmentFlag.AlignRight, f"{self._zoom * 100:.0f} %")

    def _forget_states(self) -> None:
        self._states = None
        self.update()

    def _drawn_states(self) -> QPixmap:
        """All states, drawn once until something changes."""
        ratio = self.devicePixelRatio()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._scene.theme.state_border)
        fitting = self._fitting()
        for box in self._scene.drawing.boxes.values():
            painter.drawRoundedRect(_small(box, fitting), 1.5, 1.5)
        painter.end()
        return pixmap

    def _paint_active(self, painter: QPainter) -> None:
        """The state a run is in, which changes far more often than the flow."""
        box = self._scene.drawing.boxes.get(self._scene.overlay.active or "")
        if box is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._scene.theme.ok)
            painter.drawRoundedRect(_small(box, self._fitting()), 1.5, 1.5)

    def _paint_shown(self, painter: QPainter) -> None:
        """The part in view, as far as it lies on the map."""
        world, scale, corner = self._fitting()
        place = (self._shown.topLeft() - world.topLeft()) * scale + corner
        shown = QRectF(place, self._shown.size() * scale)
        shown = shown.intersected(self.map_rect.adjusted(3, 3, -3, -3))
        accent = self._scene.theme.accent
        painter.setPen(QPen(accent, 1))
        painter.setBrush(faded(accent, 14))
        painter.drawRoundedRect(shown, 3, 3)

    def _fitting(self) -> Fitting:
        """What of the drawing is on the map, its scale, and where its corner lies."""
        world = self._scene.content_rect()
        area = self.map_rect.adjusted(INSET, INSET, -INSET, -INSET)
        scale = min(
            area.width() / max(world.width(), 1.0), area.height() / max(world.height(), 1.0)
        )
        scale = min(scale, LARGEST_SCALE)
        size = world.size() * scale
        return world, scale, area.center() - QPointF(size.width() / 2, size.height() / 2)


def _small(box: Rect, fitting: Fitting) -> QRectF:
    """A box of the drawing on the map; never too small to be seen."""
    world, scale, corner = fitting
    place = (QPointF(box.left, box.top) - world.topLeft()) * scale + corner
    return QRectF(place.x(), place.y(), max(box.width * scale, 2.0), max(box.height * scale, 2.0))
