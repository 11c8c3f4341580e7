"""Panels of what is so or not: whether a state is final, whether the flow starts in it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from designer.commands import states
from designer.commands.errors import EditError
from designer.commands.session import EditSession
from designer.document.elements import ElementId
from designer.shell.panels.field import show_words, words
from designer.shell.panels.panel import Panel, common

__all__ = ["FinalPanel", "InitialPanel"]


class FinalPanel(Panel):
    """Whether states are final."""

    def __init__(self, session: EditSession, ids: Collection[ElementId]) -> None:
        super().__init__(session, ids)
        self.box = QCheckBox("Final")
        self.box.setAccessibleName("Final")
        self.box.setToolTip("The flow ends here: no transition leaves a final state")
        self.error = words("", "error")
        self.add(self.box)
        self.add(self.error)
        self.box.clicked.connect(self._on_clicked)
        self.refresh()

    def refresh(self) -> None:
        """Shows what the states share; half when they differ."""
        found = self.states
        final = common(state.final for state in found) if found else False
        if final is None:
            self.box.setCheckState(Qt.CheckState.PartiallyChecked)
            return
        self.box.setTristate(False)
        self.box.setChecked(final)

    def _on_clicked(self) -> None:
        final = self.box.checkState() is not Qt.CheckState.Unchecked
        try:
            states.edit_states(self.session, self.ids, final=final)
        except EditError as error:
            show_words(self.error, error.what)
        self.refresh()


class InitialPanel(Panel):
    """Whether the flow starts in a state."""

    def __init__(self, session: EditSession, state_id: ElementId) -> None:
        super().__init__(session, (state_id,))
        self.box = QCheckBox("Initial")
        self.box.setAccessibleName("Initial")
        self.error = words("", "error")
        self.add(self.box)
        self.add(self.error)
        self.box.clicked.connect(self._on_clicked)
        self.refresh()

    def refresh(self) -> None:
        """Shows whether it is the one; then only another state can take its place."""
        initial = self.document.flow.initial == self.ids[0]
        self.box.setChecked(initial)
        self.box.setEnabled(not initial)
        self.box.setToolTip(
            "To start elsewhere, make another state initial" if initial else "Start the flow here"
        )

    def _on_clicked(self) -> None:
        try:
            states.set_initial(self.session, self.ids[0])
        except EditError as error:
            show_words(self.error, error.what)
        self.refresh()
