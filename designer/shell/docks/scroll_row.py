"""A row of controls that scrolls sideways where there is no room for all of them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from designer.host.theme import SPACE

__all__ = ["ScrollRow"]

#: A row of pills, and a scroll bar beneath them.
_HEIGHT: Final = 9 * SPACE
_LEAST_WIDTH: Final = 15 * SPACE


class ScrollRow(QScrollArea):
    """Controls side by side; the one that gets the focus is brought into view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        self._row = QHBoxLayout(inner)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE)
        self._row.addStretch(1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        # The row is painted on whatever it lies on.
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)

    def add(self, widget: QWidget) -> None:
        """Adds a control at the end."""
        self._row.insertWidget(self._row.count() - 1, widget)

    def sizeHint(self) -> QSize:
        """Room for all, if there is any."""
        return QSize(self._row.sizeHint().width(), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Room for one."""
        return QSize(_LEAST_WIDTH, _HEIGHT)
