"""What stands in the toolbar besides buttons: the speed, and the way to the command palette."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from designer.host.theme import SPACE

__all__ = ["SearchButton", "SpeedBox", "spacer"]

SEARCH_WIDTH, SPEED_WIDTH = 280, 160


class SpeedBox(QComboBox):
    """Shows and sets the speed through the actions that the menu has too."""

    def __init__(self, actions: list[QAction]) -> None:
        super().__init__()
        self._choices = actions
        self.setAccessibleName("Speed of the run")
        self.setToolTip("How fast time passes in a run")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMaximumWidth(SPEED_WIDTH)
        for action in actions:
            self.addItem(action.iconText())
            action.toggled.connect(self._show)
        self._show()
        self.activated.connect(self._on_activated)

    def _show(self) -> None:
        for index, action in enumerate(self._choices):
            if action.isChecked():
                self.setCurrentIndex(index)

    def _on_activated(self, index: int) -> None:
        self._choices[index].trigger()


class SearchButton(QPushButton):
    """Looks like a search field and opens the command palette."""

    def __init__(self, text: str, keys: str, on_clicked: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("role", "search")
        self.setAccessibleName(text)
        self.setToolTip(f"{text}  ({keys})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * SPACE, 0, 2 * SPACE, 0)
        for words in (text, keys):
            label = QLabel(words)
            label.setProperty("role", "muted" if words is text else "caption")
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label)
            if words is text:
                row.addStretch(1)
        self.clicked.connect(on_clicked)

    def sizeHint(self) -> QSize:
        """As wide as a search field."""
        return QSize(SEARCH_WIDTH, super().sizeHint().height())


def spacer() -> QWidget:
    """Takes the room between what is left and what is right."""
    widget = QWidget()
    widget.setAccessibleName("Space")
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return widget
