"""What stands in the toolbar besides buttons: the speed, and the way to the command palette."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from designer.host.theme import SPACE

__all__ = ["SearchButton", "SearchRoom", "SpeedBox"]

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
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(3 * SPACE, 0, 2 * SPACE, 0)
        self._words, self._keys = QLabel(text), QLabel(keys)
        for label, role in ((self._words, "muted"), (self._keys, "caption")):
            label.setProperty("role", role)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label)
        row.insertStretch(1, 1)
        self.clicked.connect(on_clicked)

    def sizeHint(self) -> QSize:
        """As wide as a search field."""
        return QSize(SEARCH_WIDTH, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for the words."""
        return QSize(self._words.sizeHint().width() + 5 * SPACE, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The keys are shown where there is room for them too; the tip has them in any case."""
        super().resizeEvent(event)
        room = self.width() - self.minimumSizeHint().width()
        self._keys.setVisible(room >= self._keys.sizeHint().width() + 4 * SPACE)


class SearchRoom(QWidget):
    """All the room that is left in the toolbar, with the search button at its right end.

    A toolbar that is too narrow makes every button smaller than its words; so this asks for no
    more than the button needs at least.
    """

    def __init__(self, button: SearchButton) -> None:
        super().__init__()
        self.setAccessibleName("Search")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = button
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(button)

    def sizeHint(self) -> QSize:
        """As little as may be."""
        return self._button.minimumSizeHint()
