"""The two kinds of text fields: one line, and a box that grows with its lines.

Both say what a person does in the same words: typed, confirmed (Enter), cancelled (Escape), left.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

__all__ = ["Editor", "LineEditor", "TextEditor"]

#: Lines of a box before it scrolls.
MOST_LINES = 9

#: Room around the text, in px.
_MARGIN = 2

_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_COMMAND_MODIFIERS = _CONTROL | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class LineEditor(QLineEdit):
    """A field of one line.

    Signals:
        typed(): its text is another one.
        confirmed(): Enter, or the shortcut of a command, which should find what was typed.
        cancelled(): Escape.
        left(): the focus went elsewhere.
    """

    typed = Signal()
    confirmed = Signal()
    cancelled = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dirty = False
        self.textChanged.connect(self.typed)

    def text_now(self) -> str:
        """What stands in it."""
        return self.text()

    def show_text(self, text: str) -> None:
        """Shows a text, with nothing to undo."""
        self.setText(text)
        self.setCursorPosition(0)

    def event(self, event: QEvent) -> bool:
        """Leaves undo to the window while nothing was typed."""
        if _leaves_undo(event, dirty=self.dirty):
            return False
        handled = super().event(event)
        if _is_command(event):
            self.confirmed.emit()
        return handled

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter confirms, Escape cancels."""
        if event.key() in _ENTER:
            self.confirmed.emit()
        elif event.key() == Qt.Key.Key_Escape and self.dirty:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Says that it was left."""
        super().focusOutEvent(event)
        self.left.emit()


class TextEditor(QPlainTextEdit):
    """A box of several lines that is as high as its text.

    Args:
        least_lines: how many lines it shows when it is empty.
        enter_confirms: Enter confirms and Shift+Enter begins a line; otherwise Enter begins a line
            and Ctrl+Enter confirms.

    Signals:
        typed(), confirmed(), cancelled(), left(): as those of a field of one line.
    """

    typed = Signal()
    confirmed = Signal()
    cancelled = Signal()
    left = Signal()

    def __init__(
        self, least_lines: int, *, enter_confirms: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.dirty = False
        self._least_lines = least_lines
        self.document().setDocumentMargin(_MARGIN)
        self._enter_confirms = enter_confirms
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self.typed)
        self.textChanged.connect(self._fit)
        self._fit()

    def text_now(self) -> str:
        """What stands in it."""
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Shows a text, with nothing to undo."""
        self.setPlainText(text)

    def event(self, event: QEvent) -> bool:
        """Leaves undo to the window while nothing was typed."""
        if _leaves_undo(event, dirty=self.dirty):
            return False
        handled = super().event(event)
        if _is_command(event):
            self.confirmed.emit()
        return handled

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Ctrl+Enter confirms, Escape cancels."""
        if event.key() in _ENTER and self._confirms(event):
            self.confirmed.emit()
        elif event.key() == Qt.Key.Key_Escape and self.dirty:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Says that it was left."""
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks the lines elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def _confirms(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers()
        if self._enter_confirms:
            return not modifiers & _SHIFT
        return bool(modifiers & _CONTROL)

    def _fit(self) -> None:
        """As high as the text, within reason."""
        line = self.fontMetrics().lineSpacing()
        chrome = max(self.height() - self.viewport().height(), 0) if self.isVisible() else 8
        least, most = (lines * line + 2 * _MARGIN for lines in (self._least_lines, MOST_LINES))
        needed = self._text_height()
        height = chrome + min(max(needed, least), most) + 1
        # Qt would show a bar as soon as a pixel is missing.
        fits = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        policy = fits if needed <= most else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
        if height != self.height():
            self.setFixedHeight(height)

    def _text_height(self) -> int:
        """How high all that is said there is at this width; the editor lays out what it shows."""
        if self.blockCount() >= MOST_LINES:
            return (self.blockCount() + 1) * self.fontMetrics().lineSpacing() + 2 * _MARGIN

        whole = QTextDocument(self.toPlainText() or self.placeholderText())
        whole.setDocumentMargin(_MARGIN)
        whole.setDefaultFont(self.font())
        whole.setDefaultTextOption(self.document().defaultTextOption())
        whole.setTextWidth(self.viewport().width())
        return math.ceil(whole.size().height())


Editor = LineEditor | TextEditor


def _leaves_undo(event: QEvent, *, dirty: bool) -> bool:
    """Whether Ctrl+Z is for the flow: nothing was typed that it could take back."""
    if dirty or event.type() is not QEvent.Type.ShortcutOverride:
        return False
    return isinstance(event, QKeyEvent) and (
        event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
    )


def _is_command(event: QEvent) -> bool:
    """Whether a key goes to the window's shortcuts, such as Ctrl+S or F5."""
    if event.type() is not QEvent.Type.ShortcutOverride or event.isAccepted():
        return False
    if not isinstance(event, QKeyEvent):
        return False
    if Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
        return True
    modifiers_only = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta)
    return bool(event.modifiers() & _COMMAND_MODIFIERS) and event.key() not in modifiers_only
