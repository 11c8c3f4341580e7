"""What every dock is: a titled body that shows one flow at a time, or says what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPaintEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from designer.host.resources import icon
from designer.host.theme import SPACE, Theme

if TYPE_CHECKING:
    from designer.shell.page import FlowPage

__all__ = ["Dock", "DockTitle"]


class Dock(QDockWidget):
    """A dock that follows the current flow.

    A subclass gives its body to :meth:`set_body`, and overrides :meth:`wire` and :meth:`unwire`,
    which connect it to a page and disconnect it again.

    Signals:
        count_changed(): the number beside its title is another one.

    Args:
        title: its name, in the title bar or the tab.
        name: its name in the stored layout; never changed.
        theme: its colours.
    """

    count_changed = Signal()

    def __init__(self, title: str, name: str, theme: Theme) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetClosable
            | QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        self.theme = theme
        self.count: int | None = None
        self._page: FlowPage | None = None
        self._title = DockTitle(self)
        self.setTitleBarWidget(self._title)
        self._stack = QStackedWidget()
        self._stack.setAccessibleName(title)
        self._purpose = ""
        self._empty = _empty_label()
        self._stack.addWidget(self._empty)
        self.setWidget(self._stack)

    @property
    def page(self) -> FlowPage | None:
        """The flow it shows, or None."""
        return self._page

    def set_body(self, body: QWidget, *, empty: str) -> None:
        """Puts the body in; ``empty`` says what the dock is for while no flow is open."""
        self._stack.addWidget(body)
        self._purpose = empty
        self._empty.setText(empty)

    def set_empty(self, empty: str | None) -> None:
        """Shows words in place of the body, or the body again (None)."""
        if empty is not None:
            self._empty.setText(empty)
        self._stack.setCurrentIndex(0 if empty is not None else self._stack.count() - 1)

    def bind(self, page: FlowPage | None) -> None:
        """Shows another flow, or none."""
        if page is self._page:
            return

        if self._page is not None:
            self.unwire(self._page)
        self._page = page
        self.set_empty(self._purpose if page is None else None)
        if page is not None:
            self.wire(page)

    def wire(self, page: FlowPage) -> None:
        """Starts to follow a page; for subclasses."""

    def unwire(self, page: FlowPage) -> None:
        """Stops following a page: all that :meth:`wire` did is undone; for subclasses."""

    def set_heading(self, heading: str) -> None:
        """Shows other words in the title bar, such as what is selected; the dock's name stays."""
        self._title.set_heading(heading)

    def set_count(self, count: int | None) -> None:
        """Shows a number beside the title in its tab; None shows none."""
        if count != self.count:
            self.count = count
            self.count_changed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours; subclasses that draw themselves extend this."""
        self.theme = theme
        self._title.set_theme(theme)

    def set_tabbed(self, tabbed: bool) -> None:
        """Hides the title bar while a tab says the same."""
        self._title.set_folded(tabbed and not self.isFloating())


class DockTitle(QWidget):
    """The title bar of a dock: bold words, and two quiet buttons to float and to close it."""

    def __init__(self, dock: Dock) -> None:
        super().__init__(dock)
        self._folded = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * SPACE, SPACE, SPACE, SPACE)
        row.setSpacing(0)
        self._label = QLabel(dock.windowTitle())
        self._label.setProperty("role", "title")
        row.addWidget(self._label, 1)
        self._float = TitleButton("Float or dock", dock.windowTitle())
        self._float.clicked.connect(self._on_float)
        self._close = TitleButton("Close", dock.windowTitle())
        self._close.clicked.connect(dock.close)
        row.addWidget(self._float)
        row.addWidget(self._close)
        self._dock = dock
        self.set_theme(dock.theme)

    def set_heading(self, heading: str) -> None:
        """Shows other words."""
        self._label.setText(heading)

    def set_theme(self, theme: Theme) -> None:
        """Draws the buttons in the theme's colours."""
        self._float.setIcon(icon("picture-in-picture-2", theme, theme.muted))
        self._close.setIcon(icon("x", theme, theme.muted))

    def set_folded(self, folded: bool) -> None:
        """Takes no room, or room again."""
        if folded == self._folded:
            return

        self._folded = folded
        for part in (self._label, self._float, self._close):
            part.setVisible(not folded)
        self.setMaximumHeight(0 if folded else 16_777_215)
        self.updateGeometry()

    def _show_buttons(self, *, shown: bool) -> None:
        for button in (self._float, self._close):
            button.set_shown(shown=shown)

    def _on_float(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())

    def enterEvent(self, event: QEnterEvent) -> None:
        """The buttons come with the pointer."""
        super().enterEvent(event)
        self._show_buttons(shown=True)

    def leaveEvent(self, event: QEvent) -> None:
        """... and go with it."""
        super().leaveEvent(event)
        self._show_buttons(shown=False)

    def sizeHint(self) -> QSize:
        """Nothing while folded."""
        return QSize(0, 0) if self._folded else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Nothing while folded."""
        return QSize(0, 0) if self._folded else super().minimumSizeHint()


class TitleButton(QToolButton):
    """A button of a title bar, seen under the pointer and with the focus; it keeps its place."""

    def __init__(self, text: str, title: str) -> None:
        super().__init__()
        self._shown = False
        self.setIconSize(QSize(14, 14))
        self.setToolTip(text)
        self.setAccessibleName(f"{text}: {title}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_shown(self, *, shown: bool) -> None:
        """Shows or hides what it looks like; it can be clicked all the same."""
        self._shown = shown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it, or leaves its place empty; a floating dock has no other frame to go by."""
        floating = isinstance(self.window(), QDockWidget)
        if self._shown or floating or self.hasFocus():
            super().paintEvent(event)


def _empty_label() -> QLabel:
    label = QLabel()
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, SPACE)
    return label
