"""Questions that have to be answered before anything else: a small dialog, awaited."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from designer.host.asyncqt import next_emission
from designer.host.theme import SPACE
from designer.shell.notices import Choice

__all__ = ["Question", "QuestionDialog", "ask"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        title: the question, in one line.
        text: what follows from the answers.
        choices: the buttons, left to right. Escape and closing answer "".
    """

    title: str
    text: str
    choices: tuple[Choice, ...]


class QuestionDialog(QDialog):
    """Shows a question; :attr:`answer` is the id of the choice, "" for none."""

    def __init__(self, question: Question, parent: QWidget) -> None:
        super().__init__(parent)
        self.answer = ""
        self.setWindowTitle("FlexiFlow Designer")
        self.setAccessibleName(question.title)
        self.setAccessibleDescription(question.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(5 * SPACE, 5 * SPACE, 5 * SPACE, 4 * SPACE)
        column.setSpacing(2 * SPACE)
        for text, role in ((question.title, "title"), (question.text, "muted")):
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setMinimumWidth(340)
            column.addWidget(label)
        column.addSpacing(2 * SPACE)
        row = QHBoxLayout()
        row.addStretch(1)
        for choice in question.choices:
            row.addWidget(self._button(choice))
        column.addLayout(row)

    def _button(self, choice: Choice) -> QPushButton:
        button = QPushButton(choice.text)
        button.setObjectName(choice.id)
        button.setDefault(choice.primary)
        button.setAutoDefault(choice.primary)
        if choice.primary:
            button.setProperty("role", "primary")
        button.clicked.connect(partial(self._on_clicked, choice.id))
        return button

    def _on_clicked(self, choice: str, *_: object) -> None:
        self.answer = choice
        self.accept()


async def ask(parent: QWidget, question: Question) -> str:
    """Asks, and waits for the answer while everything else goes on: a choice's id, or ""."""
    dialog = QuestionDialog(question, parent)
    try:
        dialog.open()
        await next_emission(dialog.finished)
        return dialog.answer
    finally:
        dialog.close()
        dialog.deleteLater()
