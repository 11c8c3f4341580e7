"""A drop-down list of states, and the panels made of it: where the flow starts, from and to."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QSizePolicy, QWidget

from designer.commands import states, transitions
from designer.commands.errors import EditError
from designer.commands.session import EditSession
from designer.document.elements import ElementId, FlowKind, State
from designer.host.theme import SPACE
from designer.shell.panels.field import caption, show_words, words
from designer.shell.panels.panel import Panel

__all__ = ["EndsPanel", "StartPanel", "StateChoice"]

#: Shown in place of a target.
INTERNAL = "stays here"


class StateChoice(QComboBox):
    """A drop-down list of states.

    Signals:
        chosen(object): a person chose the state of that id, or None.

    Args:
        name: its accessible name.
        nothing: the words of a first entry that stands for no state; "" for no such entry.
    """

    chosen = Signal(object)

    def __init__(self, name: str, nothing: str = "") -> None:
        super().__init__()
        self._nothing = nothing
        self._ids: list[ElementId | None] = []
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(4)
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.setSizeAdjustPolicy(adjust)
        self.activated.connect(self._on_activated)

    def show_states(self, found: Iterable[State], current: ElementId | None) -> None:
        """Lists these states and shows one of them."""
        found = list(found)
        ids = [*([None] if self._nothing else []), *(state.id for state in found)]
        keys = [*([self._nothing] if self._nothing else []), *(state.key for state in found)]
        with QSignalBlocker(self):
            if keys != [self.itemText(place) for place in range(self.count())]:
                self.clear()
                self.addItems(keys)
            self._ids = ids
            self.setCurrentIndex(ids.index(current) if current in ids else -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls the form, not the choice."""
        event.ignore()

    def _on_activated(self, place: int) -> None:
        self.chosen.emit(self._ids[place])


class StartPanel(Panel):
    """The state a flow starts in."""

    def __init__(self, session: EditSession) -> None:
        super().__init__(session)
        self.choice = StateChoice("Initial state")
        self.choice.setPlaceholderText("not chosen")
        self.error = words("", "error")
        self._column.setSpacing(SPACE)
        self.add(caption("Initial state", self.choice))
        self.add(self.choice)
        self.add(self.error)
        self.choice.chosen.connect(self._on_chosen)
        self.refresh()

    def refresh(self) -> None:
        """Lists the states it can be; those of the pack, when it is open by itself."""
        document = self.document
        own = document.flow.kind is FlowKind.PACK
        found = (s for s in document.states if not own or document.pack_for(s.pack).editable)
        self.choice.show_states(found, document.flow.initial)

    def _on_chosen(self, state_id: ElementId) -> None:
        try:
            states.set_initial(self.session, state_id)
        except EditError as error:
            show_words(self.error, error.what)
        else:
            show_words(self.error, "")
        self.refresh()


class EndsPanel(Panel):
    """Where a transition leaves and where it leads."""

    def __init__(self, session: EditSession, transition_id: ElementId) -> None:
        super().__init__(session, (transition_id,))
        self.source = StateChoice("From")
        self.target = StateChoice("To", INTERNAL)
        self.error = words("", "error")
        ends = QWidget()
        grid = QGridLayout(ends)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE)
        grid.setColumnStretch(1, 1)
        for row, (label, choice) in enumerate((("From", self.source), ("To", self.target))):
            grid.addWidget(caption(label, choice), row, 0)
            grid.addWidget(choice, row, 1)
        self.add(ends)
        self.add(self.error)
        self.source.chosen.connect(self._on_source)
        self.target.chosen.connect(self._on_target)
        self.refresh()

    def refresh(self) -> None:
        """Lists the states it can leave, and all it can lead to."""
        if not self.transitions:
            return

        document, transition = self.document, self.transitions[0]
        leavable = (s for s in document.states if document.pack_for(s.pack).editable)
        self.source.show_states(leavable, transition.source)
        self.target.show_states(document.states, transition.target)

    def _on_source(self, state_id: ElementId) -> None:
        self._edit(transitions.TransitionFields(source=state_id))

    def _on_target(self, state_id: ElementId | None) -> None:
        self._edit(transitions.TransitionFields(target=state_id))

    def _edit(self, fields: transitions.TransitionFields) -> None:
        try:
            transitions.edit_transition(self.session, self.ids[0], **fields)
        except EditError as error:
            show_words(self.error, error.what)
        else:
            show_words(self.error, "")
        self.refresh()
