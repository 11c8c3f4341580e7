"""A row of buttons for the messages that the active state can take."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from designer.host.theme import SPACE
from designer.shell.docks.scroll_row import ScrollRow

__all__ = ["MessageChips"]

_MOST: Final = 24


class MessageChips(QWidget):
    """The possible messages as buttons; they are used again when others become possible.

    Signals:
        chosen(str): the type of the message whose button was pressed.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._types: tuple[str, ...] = ()
        self._buttons: list[QPushButton] = []
        self._label = QLabel()
        self._label.setProperty("role", "caption")
        self._row = ScrollRow()
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * SPACE)
        whole.addWidget(self._label)
        whole.addWidget(self._row, 1)
        self.set_types((), "")

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """The buttons in use."""
        return tuple(self._buttons[: len(self._types)])

    def set_types(self, types: tuple[str, ...], state: str) -> None:
        """Offers these message types, which ``state`` can take."""
        self._types = types[:_MOST]
        self._label.setText(
            f"{state} takes" if types else f"{state} takes no message" if state else ""
        )
        while len(self._buttons) < len(self._types):
            self._add_button()
        for place, button in enumerate(self._buttons):
            used = place < len(self._types)
            if used and button.text() != self._types[place]:
                button.setText(self._types[place])
                button.setAccessibleName(f"Send {self._types[place]}")
                button.setToolTip(f"Send {self._types[place]}")
            button.setVisible(used)

    def _add_button(self) -> None:
        button = QPushButton()
        button.setProperty("role", "filter")
        # The button is a child of this row, so the reference ends with both.
        button.clicked.connect(partial(self._on_clicked, len(self._buttons)))
        self._row.add(button)
        self._buttons.append(button)

    def _on_clicked(self, place: int, *_: object) -> None:
        if place < len(self._types):
            self.chosen.emit(self._types[place])
