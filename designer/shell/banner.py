"""Banners: what happened, why and what to do, inside the window and never in its way."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from designer.host.asyncqt import next_emission
from designer.host.resources import icon
from designer.host.theme import ICON_PX, SPACE, Theme
from designer.shell.notices import Choice, Notice, Severity

__all__ = ["Banner", "BannerStack"]

_ICONS = {
    Severity.INFO: "info",
    Severity.WARNING: "triangle-alert",
    Severity.ERROR: "circle-alert",
}

#: Banners shown at a time; the oldest goes.
MOST_BANNERS = 3


class Banner(QFrame):
    """One notice with its buttons.

    Signals:
        chosen(str): the id of the choice that was pressed; "" when it was dismissed. Once.
    """

    chosen = Signal(str)

    def __init__(self, notice: Notice, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = notice
        self._answered = False
        self.setProperty("role", "banner")
        self.setProperty("severity", notice.severity.value)
        self.setAccessibleName(notice.what)
        self.setAccessibleDescription(notice.text)
        self._icon = QLabel()
        self._icon.setAccessibleName(notice.severity.value)
        self._close = QToolButton()
        self._close.setAccessibleName("Dismiss")
        self._close.setToolTip("Dismiss")
        self._close.clicked.connect(self.dismiss)
        self._build()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draws the icons in the theme's colours."""
        colors = {
            Severity.INFO: theme.accent_text,
            Severity.WARNING: theme.warning_text,
            Severity.ERROR: theme.error_text,
        }
        severity = self.notice.severity
        picture = icon(_ICONS[severity], theme, colors[severity])
        self._icon.setPixmap(picture.pixmap(QSize(ICON_PX, ICON_PX), self.devicePixelRatioF()))
        self._close.setIcon(icon("x", theme, theme.muted))

    def dismiss(self) -> None:
        """Goes away without an answer."""
        self._answer("")

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        row.setSpacing(2 * SPACE)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._words(), 1)
        for choice in self.notice.choices:
            row.addWidget(self._button(choice), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)

    def _words(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(_label(self.notice.what, "title"))
        rest = "  ".join(text for text in (self.notice.why, self.notice.fix) if text)
        for line in (*self.notice.details, rest):
            if line:
                column.addWidget(_label(line, ""))
        return column

    def _button(self, choice: Choice) -> QPushButton:
        button = QPushButton(choice.text)
        button.setObjectName(choice.id)
        if choice.primary:
            button.setProperty("role", "primary")
        # The button is a child of this banner, so the reference ends with both.
        button.clicked.connect(partial(self._answer, choice.id))
        return button

    def _answer(self, choice: str, *_: object) -> None:
        if not self._answered:
            self._answered = True
            self.chosen.emit(choice)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    if role:
        label.setProperty("role", role)
    return label


class BannerStack(QWidget):
    """The banners of one place, newest on top; takes no room while there are none.

    Signals:
        focus_lost(): the banner that went had the keyboard, which now belongs elsewhere.
    """

    focus_lost = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._banners: list[Banner] = []
        self.setAccessibleName("Notices")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    @property
    def banners(self) -> tuple[Banner, ...]:
        """The banners shown, newest first."""
        return tuple(self._banners)

    def show_notice(self, notice: Notice) -> Banner:
        """Shows a notice; one of the same key is replaced, and of too many the oldest goes."""
        self.dismiss(notice.key)
        banner = Banner(notice, self._theme)
        banner.chosen.connect(partial(self._remove, banner))
        self._banners.insert(0, banner)
        self._column.insertWidget(0, banner)
        for old in self._banners[MOST_BANNERS:]:
            old.dismiss()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(banner, QAccessible.Event.Alert))
        return banner

    async def ask(self, notice: Notice) -> str:
        """Shows a notice and waits for the answer: the id of a choice, "" when dismissed."""
        banner = self.show_notice(notice)
        (choice,) = await next_emission(banner.chosen)
        return str(choice)

    def dismiss(self, key: str) -> None:
        """Takes away the banner of that key, if there is one."""
        for banner in self.banners:
            if key and banner.notice.key == key:
                banner.dismiss()

    def dismiss_all(self) -> None:
        """Takes every banner away; who waits for an answer gets none."""
        for banner in self.banners:
            banner.dismiss()

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours."""
        self._theme = theme
        for banner in self._banners:
            banner.set_theme(theme)

    def _remove(self, banner: Banner, *_: object) -> None:
        had_focus = banner.isAncestorOf(self.window().focusWidget())  # of None, it is none
        self._banners.remove(banner)
        self._column.removeWidget(banner)
        banner.hide()
        banner.deleteLater()
        self.setVisible(bool(self._banners))
        if had_focus:
            self.focus_lost.emit()

    def minimumSizeHint(self) -> QSize:
        """Nothing: words that wrap would ask for far more, and the window would grow."""
        return QSize(0, 0)
