"""The card beneath a form that says what is wrong with the selection."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from designer.document.problems import FlowProblem, Severity
from designer.host.theme import SPACE
from designer.shell.panels.field import words

__all__ = ["ProblemCards"]

_SIGNS = {Severity.ERROR: "\N{BLACK CIRCLE}", Severity.WARNING: "\N{BLACK UP-POINTING TRIANGLE}"}


class ProblemCards(QWidget):
    """One card a problem."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2 * SPACE)
        self._problems: tuple[FlowProblem, ...] = ()
        self.setAccessibleName("Problems")

    @property
    def problems(self) -> tuple[FlowProblem, ...]:
        """What is shown."""
        return self._problems

    def show_problems(self, problems: Sequence[FlowProblem]) -> None:
        """Shows these problems instead."""
        if tuple(problems) == self._problems:
            return

        self._problems = tuple(problems)
        while item := self._column.takeAt(0):
            if (card := item.widget()) is not None:
                card.deleteLater()
        for problem in problems:
            self._column.addWidget(_card(problem))


def _card(problem: FlowProblem) -> QFrame:
    card = QFrame()
    card.setProperty("role", "banner")
    card.setProperty("severity", problem.severity.value)
    card.setAccessibleName(f"{problem.severity.value} {problem.code}: {problem.message}")
    column = QVBoxLayout(card)
    column.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
    column.setSpacing(SPACE // 2)
    column.addWidget(words(f"{_SIGNS[problem.severity]} {problem.code}", problem.severity.value))
    text = words(problem.message, "plain")
    column.addWidget(text)
    return card
