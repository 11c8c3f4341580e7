"""The form for what is selected: which panels, in which order, under which heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.commands.session import EditSession
from designer.commands.wording import count_text, pack_text
from designer.document.elements import ElementId, FlowKind, Pack, State, Transition
from designer.host.theme import SPACE, Theme
from designer.shell.panels.actions import ActionsPanel
from designer.shell.panels.choices import EndsPanel, StartPanel
from designer.shell.panels.descriptions import DescriptionPanel, PackDescriptionPanel
from designer.shell.panels.field import caption, words
from designer.shell.panels.flags import FinalPanel, InitialPanel
from designer.shell.panels.guard import GuardPanel
from designer.shell.panels.mappings import FlowContextPanel, GuardsPanel, PackContextPanel
from designer.shell.panels.names import FlowNamePanel, KeyPanel, PackNamePanel
from designer.shell.panels.order import OrderPanel
from designer.shell.panels.panel import Panel
from designer.shell.panels.trigger import TriggerPanel

__all__ = ["Form"]


class Form(QWidget):
    """The panels of one selection.

    Attributes:
        ids: the elements it is about; empty for the flow.
        heading: what they are called together.
        panels: from top to bottom.
    """

    def __init__(self, session: EditSession, ids: Sequence[ElementId], theme: Theme) -> None:
        super().__init__()
        self._document = session.document
        self.ids = tuple(ids)
        self._packs = self._pack_ids()
        found = [element for element in map(session.document.find, ids) if element is not None]
        states = [element for element in found if isinstance(element, State)]
        transitions = [element for element in found if isinstance(element, Transition)]
        self.heading = _heading(states, transitions)
        self.panels: list[Panel] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, 3 * SPACE)
        self._column.setSpacing(3 * SPACE)
        for part in _parts(session, states, transitions, theme):
            self._column.addWidget(part)
            if isinstance(part, Panel):
                self.panels.append(part)
        self._column.addStretch(1)

    @property
    def fits(self) -> bool:
        """Whether it still is the form for its elements: none is gone, the packs are the same."""
        gone = any(self._document.find(element_id) is None for element_id in self.ids)
        return not gone and self._packs == self._pack_ids()

    def add_below(self, widget: QWidget) -> None:
        """Puts a widget beneath the panels."""
        self._column.insertWidget(self._column.count() - 1, widget)

    def refresh(self) -> None:
        """Shows what the flow says now."""
        for panel in self.panels:
            panel.refresh()

    def commit(self) -> None:
        """Hands over what was typed."""
        for panel in self.panels:
            panel.commit()

    def _pack_ids(self) -> tuple[ElementId, ...]:
        return tuple(pack.id for pack in self._document.packs)


def _heading(states: list[State], transitions: list[Transition]) -> str:
    if not states and not transitions:
        return "Flow"
    if not transitions:
        return "State" if len(states) == 1 else count_text(len(states), "state")
    if not states:
        return "Transition" if len(transitions) == 1 else f"{len(transitions)} transitions"
    return f"{count_text(len(states), 'state')}, {count_text(len(transitions), 'transition')}"


def _parts(
    session: EditSession, states: list[State], transitions: list[Transition], theme: Theme
) -> Iterator[QWidget]:
    document = session.document
    ids = [state.id for state in states] + [transition.id for transition in transitions]
    fixed = [state for state in states if not document.pack_for(state.pack).editable]
    if fixed:
        yield from _fixed_parts(fixed, document.pack_for(fixed[0].pack))
        if len(ids) == 1:
            yield InitialPanel(session, ids[0])
    elif not ids:
        yield from _flow_parts(session)
    elif states and transitions:
        yield DescriptionPanel(session, ids)
    elif states:
        yield from _state_parts(session, ids)
    else:
        yield from _transition_parts(session, ids, theme)


def _state_parts(session: EditSession, ids: list[ElementId]) -> Iterator[QWidget]:
    alone = len(ids) == 1
    if alone:
        yield KeyPanel(session, ids[0])
    yield DescriptionPanel(session, ids)
    yield FinalPanel(session, ids)
    if alone:
        yield InitialPanel(session, ids[0])
        yield ActionsPanel(session, ids, "entry")
        yield ActionsPanel(session, ids, "exit")


def _transition_parts(
    session: EditSession, ids: list[ElementId], theme: Theme
) -> Iterator[QWidget]:
    alone = len(ids) == 1
    if alone:
        yield EndsPanel(session, ids[0])
    yield TriggerPanel(session, ids)
    yield GuardPanel(session, ids)
    yield DescriptionPanel(session, ids)
    if alone:
        yield ActionsPanel(session, ids, "do")
        yield OrderPanel(session, ids[0], theme)


def _flow_parts(session: EditSession) -> Iterator[QWidget]:
    document = session.document
    packs = [pack for pack in document.packs if pack.editable]
    yield FlowNamePanel(session)
    yield StartPanel(session)
    if document.flow.kind is FlowKind.PACK:
        yield from _pack_parts(session, packs[0])
        return

    yield FlowContextPanel(session)
    for pack in packs:
        yield caption(f"Pack {pack.name}" + (f"  ·  {pack.path}" if pack.path else ""))
        if len(packs) > 1:
            yield PackNamePanel(session, pack.id)
        yield from _pack_parts(session, pack)


def _pack_parts(session: EditSession, pack: Pack) -> Iterator[QWidget]:
    yield PackDescriptionPanel(session, pack.id)
    yield GuardsPanel(session, pack.id)
    yield PackContextPanel(session, pack.id)


def _fixed_parts(states: list[State], pack: Pack) -> Iterator[QWidget]:
    """What is said of states that are not declared in YAML."""
    names = ", ".join(state.key for state in states)
    yield words(f"{names}: {pack_text(pack)}. It is drawn, and cannot be changed here.", "muted")
