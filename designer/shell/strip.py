"""A row of controls that may be narrower than all of them need: it then scrolls sideways."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

__all__ = ["Strip"]

#: The least width of a strip, in px.
LEAST_WIDTH = 240


class Strip(QScrollArea):
    """Shows a row; the wheel, and the focus as it moves on, bring what is hidden into view."""

    def __init__(self, row: QWidget) -> None:
        super().__init__()
        self._row = row
        self.setAccessibleName(row.accessibleName())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWidget(row)
        row.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A row that needs another height gets it."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return False

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls sideways, whichever way the wheel turns."""
        turn = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (turn.x() or turn.y()) // 2)
        event.accept()

    def sizeHint(self) -> QSize:
        """What the row wants."""
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As high as the row, and hardly as wide."""
        return QSize(LEAST_WIDTH, self._row.minimumSizeHint().height())
