"""The form in which a message is composed, and sent once or many times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from designer.host.theme import SPACE
from designer.run.message_text import Draft, DraftError, draft_of, message_of

__all__ = ["MessageForm"]

#: A text of fields longer than this is looked at when it is sent, not while it is typed.
_CHECKED_LENGTH: Final = 20_000
_MOST_COPIES: Final = 1_000_000
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class MessageForm(QWidget):
    """Type, content, the fields that the flow reads, and any others as YAML.

    Signals:
        sent(object, int): a message (a dict) and how many times it is to be sent.
        type_changed(str): another type was typed or chosen.
        older_wanted(), newer_wanted(): an arrow key asks for a message sent before.
    """

    sent = Signal(object, int)
    type_changed = Signal(str)
    older_wanted = Signal()
    newer_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, QLineEdit] = {}
        self.type = _type_field()
        self.content = _line("Content", "A text, a number, true, [a list] or {a: mapping}")
        self.fields = QPlainTextEdit()
        self.fields.document().setDocumentMargin(2)  # as boxes of text in Properties have it
        self.fields.setAccessibleName("Further fields as YAML")
        self.fields.setPlaceholderText("price: 20\nitems: [a, b]")
        self.fields.setProperty("mono", True)
        self.fields.setTabChangesFocus(True)
        self.fault = QLabel()
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self.fault.hide()
        self.count = QSpinBox()
        self.count.setRange(1, _MOST_COPIES)
        self.count.setGroupSeparatorShown(True)
        self.count.setPrefix("\N{MULTIPLICATION SIGN} ")
        self.count.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.count.setAccessibleName("How many times to send it")
        self.count.setToolTip("How many times to send it, as fast as possible")
        self.send = QPushButton("Send")
        self.send.setProperty("role", "primary")
        self.send.setToolTip("Send the message (Enter; Ctrl+Enter from the YAML field)")
        self._lay_out()
        self._connect()

    @property
    def rows(self) -> tuple[str, ...]:
        """The names of the fields that have a row of their own."""
        return tuple(self._rows)

    @property
    def draft(self) -> Draft:
        """What has been typed."""
        return Draft(
            type=self.type.currentText(),
            content=self.content.text(),
            values={name: row.text() for name, row in self._rows.items()},
            fields=self.fields.toPlainText(),
        )

    def row_for(self, name: str) -> QLineEdit:
        """The row of a field; raises KeyError."""
        return self._rows[name]

    def set_types(self, types: tuple[str, ...]) -> None:
        """Offers these message types, best first; what has been typed stays."""
        if types == tuple(self.type.itemText(place) for place in range(self.type.count())):
            return
        text = self.type.currentText()
        with QSignalBlocker(self.type):
            self.type.clear()
            self.type.addItems(types)
            self.type.setEditText(text)

    def set_type(self, kind: str) -> None:
        """Chooses a type."""
        self.type.setEditText(kind)

    def set_rows(self, names: tuple[str, ...]) -> None:
        """Gives these fields a row each; what was typed for one that stays is kept."""
        names = tuple(name for name in names if name not in ("type", "content"))
        if names == self.rows:
            return
        typed = {name: row.text() for name, row in self._rows.items()}
        for name in self._rows:
            self._form.removeRow(self._rows[name])
        self._rows = {}
        last = self.content
        for name in names:
            row = _line(name, "")
            row.setText(typed.get(name, ""))
            self._watch(row)
            self._form.addRow(name, row)
            row.show()  # now, not in the loop's next turn: it may be given the focus at once
            QWidget.setTabOrder(last, row)
            self._rows[name] = last = row

    def show_message(self, message: Mapping[str, Any]) -> None:
        """Fills the form with a message."""
        self.set_type(str(message.get("type", "")))
        draft = draft_of(message, self.rows)
        self.content.setText(draft.content)
        for name, row in self._rows.items():
            row.setText((draft.values or {}).get(name, ""))
        self.fields.setPlainText(draft.fields)

    def focus_first_gap(self) -> None:
        """Puts the cursor where something is to be typed."""
        gaps = [row for row in self._rows.values() if not row.text()]
        field: QWidget = gaps[0] if gaps else self.content
        if not self.type.currentText().strip():
            field = self.type
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Sends the message, or says what is wrong with it and where."""
        try:
            message = message_of(self.draft)
        except DraftError as error:
            self._show_fault(error)
            self._widget_at(error.place).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._show_fault(None)
        self.sent.emit(message, self.count.value())

    # -- checking --------------------------------------------------------------------------

    def _check(self) -> None:
        draft = self.draft
        if not draft.type.strip() or len(draft.fields) > _CHECKED_LENGTH:
            self._show_fault(None)
            return
        try:
            message_of(draft)
        except DraftError as error:
            self._show_fault(error)
        else:
            self._show_fault(None)

    def _show_fault(self, error: DraftError | None) -> None:
        faulty = None if error is None else self._widget_at(error.place)
        for field in (self.type, self.content, self.fields, *self._rows.values()):
            invalid = field is faulty
            if bool(field.property("invalid")) != invalid:
                field.setProperty("invalid", invalid)
                field.style().polish(field)
        self.fault.setText("" if error is None else str(error))
        self.fault.setVisible(error is not None)

    def _widget_at(self, place: str) -> QWidget:
        fields: dict[str, QWidget] = {
            "type": self.type,
            "content": self.content,
            "fields": self.fields,
            **self._rows,
        }
        return fields[place]

    # -- widgets ---------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(3 * SPACE)
        self._form.setVerticalSpacing(SPACE)
        self._form.setLabelAlignment(_LEFT)
        self._form.addRow("Message", self.type)
        self._form.addRow("Content", self.content)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.count)
        buttons.addWidget(self.send)
        left = QVBoxLayout()
        left.setSpacing(SPACE)
        left.addLayout(self._form)
        left.addLayout(buttons)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(SPACE)
        caption = QLabel("Further fields, as YAML")
        caption.setProperty("role", "caption")
        caption.setBuddy(self.fields)
        right.addWidget(caption)
        right.addWidget(self.fields, 1)
        right.addWidget(self.fault)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4 * SPACE)
        whole.addLayout(left, 1)
        whole.addLayout(right, 1)

    def _connect(self) -> None:
        self.type.editTextChanged.connect(self.type_changed)
        self.type.editTextChanged.connect(self._check)
        self.fields.textChanged.connect(self._check)
        self.fields.installEventFilter(self)
        self.send.clicked.connect(self.submit)
        line = self.type.lineEdit()
        if line is not None:
            line.returnPressed.connect(self.submit)
        self.type.installEventFilter(self)
        self._watch(self.content)

    def _watch(self, row: QLineEdit) -> None:
        row.textChanged.connect(self._check)
        row.returnPressed.connect(self.submit)
        row.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys go through the messages sent; Ctrl+Enter sends from the YAML field."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if watched is self.fields:
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.submit()
                return True
        elif not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if event.key() == Qt.Key.Key_Up:
                self.older_wanted.emit()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.newer_wanted.emit()
                return True
        return super().eventFilter(watched, event)


def _type_field() -> QComboBox:
    field = QComboBox()
    field.setEditable(True)
    field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    field.setAccessibleName("Type of the message")
    field.setToolTip("Alt+Down shows all types; the arrow keys go through messages sent before")
    line = field.lineEdit()
    if line is not None:
        line.setPlaceholderText("Type of the message")
    completer = field.completer()
    if completer is not None:
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
    return field


def _line(name: str, placeholder: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setPlaceholderText(placeholder)
    return line
