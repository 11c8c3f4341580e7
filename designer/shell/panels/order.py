"""The panel of a transition's place among those that leave its state."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from designer.commands import transitions
from designer.commands.session import EditSession
from designer.document.elements import ElementId
from designer.host.resources import icon
from designer.host.theme import SPACE, Theme
from designer.shell.panels.field import reveal
from designer.shell.panels.panel import Panel

__all__ = ["OrderPanel", "ordinal"]


class OrderPanel(Panel):
    """Says when a transition is tried, and lets it be tried earlier or later."""

    def __init__(self, session: EditSession, transition_id: ElementId, theme: Theme) -> None:
        super().__init__(session, (transition_id,))
        self.words = QLabel()
        self.words.setProperty("role", "caption")
        self.words.setWordWrap(True)
        self.words.setToolTip("The first transition whose guard is true is taken")
        self.earlier = _button("Try earlier", "arrow-up", theme)
        self.later = _button("Try later", "arrow-down", theme)
        self.earlier.clicked.connect(partial(self._move, -1))
        self.later.clicked.connect(partial(self._move, 1))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE)
        line.addWidget(self.words, 1)
        line.addWidget(self.earlier)
        line.addWidget(self.later)
        self.add(row)
        self.refresh()

    def refresh(self) -> None:
        """Shows its place; nothing when it is the only one."""
        if not self.transitions:
            return

        place, number = transitions.place_among_siblings(self.document, self.ids[0])
        source = self.document.state_for(self.transitions[0].source).key
        self.words.setText(f"Tried {ordinal(place + 1)} of {number} from {source}")
        self.earlier.setEnabled(place > 0)
        self.later.setEnabled(place + 1 < number)
        reveal(self, shown=number > 1)

    def _move(self, by: int) -> None:
        if self.transitions:
            place, _ = transitions.place_among_siblings(self.document, self.ids[0])
            transitions.move_transition(self.session, self.ids[0], place + by)


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``3rd``, ``4th``, ... ``11th``."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    last = 0 if 10 <= number % 100 <= 20 else number % 10
    return f"{number}{endings.get(last, 'th')}"


def _button(text: str, name: str, theme: Theme) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name, theme, theme.muted))
    button.setToolTip(text)
    button.setAccessibleName(text)
    return button
