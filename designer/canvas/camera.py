"""The camera: zoom and place of a view, in steps, at a point, or fitted to what shall be seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Signal
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QGraphicsView

__all__ = ["MAX_ZOOM", "MIN_ZOOM", "Camera"]

MIN_ZOOM = 0.05
MAX_ZOOM = 4.0
STEP = 1.2
#: Fitting never enlarges beyond 100 %, and leaves this much room around, in px of the screen.
FIT_MARGIN = 36.0
#: Of what is drawn, at least this much stays in the view however far one pans, in px of the screen.
KEPT_IN_VIEW = 80.0


class Camera(QObject):
    """Looks through one view.

    Args:
        view: the view.
        content: tells the box around all that is drawn.

    Signals:
        zoom_changed(float): the new zoom; 1.0 is 100 %.
        moved(): the view shows another part of the drawing, or shows it at another size.
    """

    zoom_changed = Signal(float)
    moved = Signal()

    def __init__(self, view: QGraphicsView, content: Callable[[], QRectF]) -> None:
        super().__init__(view)
        self._view = view
        self._content = content

    @property
    def zoom(self) -> float:
        """The zoom; 1.0 is 100 %."""
        return self._view.transform().m11()

    def zoom_by(self, factor: float, at: QPoint | None = None) -> None:
        """Zooms around a point of the viewport that stays where it is; None is the middle."""
        self.zoom_to(self.zoom * factor, at)

    def zoom_to(self, zoom: float, at: QPoint | None = None) -> None:
        """Sets the zoom around a point of the viewport that stays where it is."""
        wanted = max(MIN_ZOOM, min(MAX_ZOOM, zoom))
        anchor = self._view.viewport().rect().center() if at is None else at
        point = self._view.mapToScene(anchor)
        if abs(wanted - self.zoom) > 1e-6:
            self._view.setTransform(QTransform.fromScale(wanted, wanted))
            self.keep_in_reach()
            self._bring(point, QPointF(anchor))
            self.zoom_changed.emit(wanted)
            self.moved.emit()

    def pan(self, dx: float, dy: float) -> None:
        """Moves the drawing under the view by px of the screen."""
        across, along = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        across.setValue(across.value() - round(dx))
        along.setValue(along.value() - round(dy))

    def center_on(self, point: QPointF) -> None:
        """Brings a point of the drawing to the middle."""
        self.keep_in_reach(QRectF(point, point))
        self._view.centerOn(point)
        self._arrive()

    def fit(self, rect: QRectF, covered: QRectF | None = None) -> None:
        """Shows a rectangle of the drawing as large as it gets, at most at 100 %.

        Args:
            rect: what shall be seen.
            covered: a part of the viewport, in its lower right corner, where something else lies.
        """
        whole = QRectF(self._view.viewport().rect())
        area = max(_areas(whole, rect, covered), key=lambda area: min(_scale(rect, area), 1.0))
        zoom = max(MIN_ZOOM, min(1.0, _scale(rect, area)))
        changed = abs(zoom - self.zoom) > 1e-6
        self._view.setTransform(QTransform.fromScale(zoom, zoom))
        self.keep_in_reach(rect)
        self._bring(rect.center(), area.center())
        if changed:
            self.zoom_changed.emit(zoom)
        self._arrive()

    def reveal(self, rect: QRectF) -> None:
        """Moves only as far as is needed to see a rectangle of the drawing."""
        self.keep_in_reach(rect)
        self._view.ensureVisible(rect, 40, 40)
        self._arrive()

    def keep_in_reach(self, also: QRectF | None = None) -> None:
        """Lets one pan until only the edge of what is drawn is left in the view."""
        view = self._view
        shown = view.mapToScene(view.viewport().rect()).boundingRect()
        area = self._content()
        wide, high = shown.width(), shown.height()
        left = KEPT_IN_VIEW / self.zoom
        area = area.adjusted(left - wide, left - high, wide - left, high - left)
        if also is not None:
            area = area.united(also.adjusted(-wide, -high, wide, high))
        view.setSceneRect(area.united(shown))

    def _arrive(self) -> None:
        """Takes back the room that was needed to get here."""
        self.keep_in_reach()
        self.moved.emit()

    def _bring(self, point: QPointF, to: QPointF) -> None:
        """Scrolls until a point of the drawing stands at a point of the viewport."""
        now = QPointF(self._view.mapFromScene(point))
        self.pan(to.x() - now.x(), to.y() - now.y())


def _scale(rect: QRectF, area: QRectF) -> float:
    """The zoom at which a rectangle of the drawing fills a part of the viewport."""
    wide = max(area.width() - 2 * FIT_MARGIN, 1.0) / max(rect.width(), 1.0)
    high = max(area.height() - 2 * FIT_MARGIN, 1.0) / max(rect.height(), 1.0)
    return min(wide, high)


def _areas(whole: QRectF, rect: QRectF, covered: QRectF | None) -> list[QRectF]:
    """The parts of the viewport to choose from, the best for equal zooms first.

    All of it, unless the drawing would then reach under what covers a corner; else what is left of
    that, or above it.
    """
    if covered is None or covered.isEmpty():
        return [whole]

    left = QRectF(whole.topLeft(), QPointF(covered.left(), whole.bottom()))
    above = QRectF(whole.topLeft(), QPointF(whole.right(), covered.top()))
    scale = min(_scale(rect, whole), 1.0)
    drawn = QRectF(0, 0, rect.width() * scale, rect.height() * scale)
    drawn.moveCenter(whole.center())
    return [left, above] if drawn.intersects(covered) else [whole, left, above]
