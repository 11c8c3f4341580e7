"""Panels of descriptions: of states and transitions, and of a pack."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from designer.commands import elements, flow, states, transitions
from designer.commands.session import EditSession
from designer.document.elements import ElementId
from designer.shell.panels.field import text_field
from designer.shell.panels.panel import TextPanel, common

__all__ = ["DescriptionPanel", "PackDescriptionPanel"]


class DescriptionPanel(TextPanel):
    """The description of states and transitions, one or several."""

    def __init__(self, session: EditSession, ids: Collection[ElementId]) -> None:
        super().__init__(session, ids, partial(text_field, "Description"))
        self.refresh()

    def read(self) -> str | None:
        """The description they share."""
        found = [state.description or "" for state in self.states]
        found += [transition.description or "" for transition in self.transitions]
        return common(found) if found else ""

    def push(self, text: str) -> None:
        """Describes them all."""
        if len(self.states) == len(self.ids):
            states.edit_states(self.session, self.ids, description=text)
        elif len(self.transitions) == len(self.ids):
            transitions.edit_transitions(self.session, self.ids, description=text)
        else:
            elements.edit(self.session, self.ids, description=text)


class PackDescriptionPanel(TextPanel):
    """The description of a pack."""

    def __init__(self, session: EditSession, pack_id: ElementId) -> None:
        super().__init__(session, (pack_id,), partial(text_field, "Description"))
        self.refresh()

    def read(self) -> str:
        """The description."""
        return self.document.pack_for(self.ids[0]).description or ""

    def push(self, text: str) -> None:
        """Describes the pack."""
        flow.edit_pack(self.session, self.ids[0], description=text)
