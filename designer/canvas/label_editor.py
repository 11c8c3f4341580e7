"""The field in which a name or a label is edited where it stands, with what is wrong beneath it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from designer.host.theme import FIELD_RADIUS, LABEL_PX, Theme

__all__ = ["LabelEditor"]

Check = Callable[[str], str | None]

MIN_WIDTH = 120
PADDING = 28
#: The editor keeps this distance from the view's edges, in px.
EDGE = 4

_SHEET = """
LabelEditor {{ background: transparent; }}
QLineEdit {{
    background: {surface}; color: {text}; border: 2px solid {border}; border-radius: {radius}px;
    padding: 2px 8px; selection-background-color: {selection}; selection-color: {text};
}}
QLabel {{
    background: {error_soft}; color: {error_text}; border: 1px solid {error};
    border-radius: {radius}px; padding: 3px 8px; font-size: {size}px;
}}
"""


class LabelEditor(QFrame):
    """A line of text over the canvas.

    Signals:
        committed(str): Enter, or the focus went elsewhere with a text that may be.
        cancelled(): Escape, or the focus went elsewhere with a text that may not be.

    Attributes:
        field: the line of text itself.
    """

    committed = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget, theme: Theme, *, name: str, check: Check) -> None:
        super().__init__(parent)
        self._room = parent
        self._theme = theme
        self._check = check
        self._over = False
        self._place = QRect()
        self.field = _Field(self)
        self.field.setAccessibleName(name)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._error = QLabel(self)
        self._error.setWordWrap(True)
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.hide()

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addWidget(self._error)
        self.field.textChanged.connect(self._show_error)
        self.field.escaped.connect(self._cancel)
        self.field.entered.connect(self._enter)
        self.field.left.connect(self.close_over)
        self.hide()

    @property
    def error(self) -> str:
        """What is wrong with the text; "" when nothing is."""
        return self._check(self.field.text()) or ""

    def open(self, text: str, selected: int, font: QFont, place: QRect) -> None:
        """Shows the text for editing.

        Args:
            text: what stands there now.
            selected: how many characters from the start are selected.
            font: the font it is drawn in.
            place: where it is drawn, in the parent's coordinates.
        """
        self._place = place
        self.show()
        self.raise_()
        self.field.setFont(font)
        self.field.setText(text)
        self.field.setSelection(0, selected)
        # Qt does not pass a changed style sheet on to children of a widget that was never shown.
        self._show_error()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def move_to(self, place: QRect) -> None:
        """Covers that place, inside the parent where possible."""
        self._place = place
        center = place.center()
        metrics = QFontMetrics(self.field.font())
        wanted = metrics.horizontalAdvance(self.field.text()) + PADDING
        room = self._room.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        width = max(MIN_WIDTH, min(max(wanted, place.width()), room.width()))
        height = self.field.sizeHint().height()
        if self._error.isVisibleTo(self):
            width = max(width, min(280, room.width()))
            height += 4 + self._error.heightForWidth(width)

        top = center.y() - self.field.sizeHint().height() // 2
        box = QRect(center.x() - width // 2, top, width, height)
        box.moveRight(min(box.right(), room.right()))
        box.moveLeft(max(box.left(), room.left()))
        self.setGeometry(box)

    def close_over(self) -> None:
        """The hand went elsewhere: keeps a text that may be, drops one that may not."""
        if self.error:
            self._cancel()
        else:
            self._commit()

    def _enter(self) -> None:
        if self.error:
            self._show_error()
        else:
            self._commit()

    def _commit(self) -> None:
        if not self._over:
            self._over = True
            self.committed.emit(self.field.text())

    def _cancel(self) -> None:
        if not self._over:
            self._over = True
            self.cancelled.emit()

    def _show_error(self) -> None:
        self._error.setText(self.error)
        self._error.setVisible(bool(self.error))
        self.field.setAccessibleDescription(self.error)
        self._dress()
        self.move_to(self._place)

    def _dress(self) -> None:
        theme = self._theme
        border = theme.error if self.error else theme.accent
        self.setStyleSheet(
            _SHEET.format(
                surface=theme.surface.name(),
                text=theme.text.name(),
                border=border.name(),
                selection=theme.accent_soft.name(),
                error=theme.error.name(),
                error_soft=theme.error_soft.name(),
                error_text=theme.error_text.name(),
                radius=FIELD_RADIUS,
                size=LABEL_PX,
            )
        )


class _Field(QLineEdit):
    """A line that tells how it was left."""

    escaped = Signal()
    entered = Signal()
    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Keeps Escape, Enter and Tab from being anybody else's shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up; Enter and Tab take the text."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving for another widget ends the editing; leaving for another window does not."""
        super().focusOutEvent(event)
        stays = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if event.reason() not in stays:
            self.left.emit()
