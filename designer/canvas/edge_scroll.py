"""Scrolling by itself while a gesture reaches for what lies beyond the edge of the view."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect, QTimer

from designer.canvas.camera import Camera
from designer.canvas.desk import Desk

__all__ = ["EdgeScroll", "edge_step"]

#: The hand is at the edge within this distance, in px of the screen.
EDGE = 18
#: The furthest the view goes at once, in px of the screen.
LARGEST_STEP = 16
INTERVAL_MS = 25


class EdgeScroll(QObject):
    """Moves the view under a gesture while the hand stays at its edge."""

    def __init__(self, desk: Desk, camera: Camera) -> None:
        super().__init__(desk)
        self._desk = desk
        self._camera = camera
        self._hand = QPoint()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._step)
        desk.tool_changed.connect(self.stop)

    def follow(self, hand: QPoint) -> None:
        """The hand of a drag is there on the viewport."""
        self._hand = hand
        if edge_step(hand, self._desk.view.viewport().rect()).isNull():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """The drag is over."""
        self._timer.stop()

    def _step(self) -> None:
        step = edge_step(self._hand, self._desk.view.viewport().rect())
        self._camera.pan(-step.x(), -step.y())
        self._desk.move(self._desk.pointer_at(self._hand))


def edge_step(hand: QPoint, area: QRect) -> QPoint:
    """How far to go for a hand at a place of an area; the further out, the faster."""
    return QPoint(
        _axis_step(hand.x(), area.left(), area.right()),
        _axis_step(hand.y(), area.top(), area.bottom()),
    )


def _axis_step(place: int, low: int, high: int) -> int:
    if place < low + EDGE:
        return -min(LARGEST_STEP, (low + EDGE - place) // 2 + 1)
    if place > high - EDGE:
        return min(LARGEST_STEP, (place - high + EDGE) // 2 + 1)
    return 0
