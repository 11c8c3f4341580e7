"""A labelled text field that checks as one types, and commits when one is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from designer.host.theme import SPACE, mono_font
from designer.shell.panels.editors import Editor, LineEditor, TextEditor

__all__ = [
    "TextField",
    "caption",
    "line_field",
    "reveal",
    "set_property",
    "show_words",
    "text_field",
    "words",
]

Check = Callable[[str], str | None]

VARIOUS = "various"


class TextField(QWidget):
    """A label, an editor, and beneath it what is wrong.

    Signals:
        committed(str): a person confirmed another text that may be, or left the field with it.
        typed(str): the text is another one, committed or not.

    Args:
        label: the words above it.
        editor: where one types.
        check: the sentence to show beneath, or None when the text may be.
        mono: for expressions and YAML.
    """

    committed = Signal(str)
    typed = Signal(str)

    def __init__(self, label: str, editor: Editor, check: Check, *, mono: bool = False) -> None:
        super().__init__()
        self.editor = editor
        self._check = check
        self._value: str | None = ""
        self._hint = ""
        self.label = caption(label, editor)
        self._error = words("", "error")
        self._top = QHBoxLayout()
        self._top.setSpacing(SPACE)
        self._top.addWidget(self.label, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE)
        self._column.addLayout(self._top)
        self._column.addWidget(editor)
        self._column.addWidget(self._error)
        editor.setAccessibleName(label)
        if mono:
            editor.setProperty("mono", True)
            editor.setFont(mono_font())
        editor.typed.connect(self._on_typed)
        editor.confirmed.connect(self.commit)
        editor.left.connect(self.commit)
        editor.cancelled.connect(self.revert)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.editor.text_now()

    @property
    def error(self) -> str:
        """What is said beneath it; "" while nothing is wrong."""
        return self._error.text()

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not committed."""
        return self.text != (self._value or "")

    def set_label(self, label: str) -> None:
        """Puts other words above it."""
        self.label.setText(label)
        self.editor.setAccessibleName(label)

    def set_hint(self, hint: str) -> None:
        """Shows grey words while it is empty."""
        self._hint = hint
        self._show_hint()

    def set_value(self, value: str | None, *, discard: bool = False) -> None:
        """Shows what the flow says; None says that several elements differ.

        Args:
            value: the text.
            discard: drops what was typed even when the flow says the same as before.
        """
        if value == self._value and not discard:
            return

        self._value = value
        self._show_hint()
        if self.dirty or discard:
            self.editor.show_text(value or "")
        self._on_typed()

    def commit(self) -> None:
        """Hands over what was typed, unless nothing was or something is wrong with it."""
        if self.dirty and not self.error:
            self.committed.emit(self.text)

    def revert(self) -> None:
        """Drops what was typed."""
        self.set_value(self._value, discard=True)

    def set_error(self, error: str | None) -> None:
        """Says what is wrong with the text."""
        show_words(self._error, error or "")
        self.editor.setAccessibleDescription(error or "")
        set_property(self.editor, "invalid", bool(error))

    def add_beneath(self, widget: QWidget) -> None:
        """Puts a widget under the field."""
        self._column.addWidget(widget)

    def add_beside_label(self, widget: QWidget) -> None:
        """Puts a small widget at the right of the label."""
        self._top.addWidget(widget)

    def _on_typed(self) -> None:
        self.editor.dirty = self.dirty
        self.set_error(self._check(self.text) if self.dirty else None)
        self.typed.emit(self.text)

    def _show_hint(self) -> None:
        self.editor.setPlaceholderText(VARIOUS if self._value is None else self._hint)


def line_field(label: str, check: Check, *, mono: bool = False) -> TextField:
    """A field of one line."""
    return TextField(label, LineEditor(), check, mono=mono)


def text_field(
    label: str, check: Check, *, lines: int = 1, mono: bool = False, enter_confirms: bool = True
) -> TextField:
    """A field of several lines."""
    editor = TextEditor(lines, enter_confirms=enter_confirms)
    return TextField(label, editor, check, mono=mono)


def caption(text: str, buddy: QWidget | None = None) -> QLabel:
    """The small words above a field."""
    label = QLabel(text)
    label.setProperty("role", "caption")
    if buddy is not None:
        label.setBuddy(buddy)
    return label


def words(text: str, role: str) -> QLabel:
    """Small words that wrap; hidden while there are none."""
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    reveal(label, shown=bool(text))
    return label


def show_words(label: QLabel, text: str) -> None:
    """Shows other words, or hides the label when there are none."""
    label.setText(text)
    reveal(label, shown=bool(text))


def reveal(widget: QWidget, *, shown: bool) -> None:
    """Shows or hides a widget; one that has no parent yet is left to be shown with it.

    Shown by itself it would be a window for a moment, and take the focus along.
    """
    if not shown or widget.parentWidget() is not None:
        widget.setVisible(shown)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Sets a dynamic property and lets the style sheet see it."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
