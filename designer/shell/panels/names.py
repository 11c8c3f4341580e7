"""Panels of names: of a state, of the flow, of a pack."""

from __future__ import annotations

from functools import partial

from designer.commands import flow, states
from designer.commands.checks import check_key, check_name
from designer.commands.session import EditSession
from designer.document.elements import ElementId
from designer.shell.panels.field import line_field
from designer.shell.panels.panel import TextPanel

__all__ = ["FlowNamePanel", "KeyPanel", "PackNamePanel"]


class KeyPanel(TextPanel):
    """A state's name."""

    def __init__(self, session: EditSession, state_id: ElementId) -> None:
        super().__init__(session, (state_id,), partial(line_field, "Name"))
        self.refresh()

    def read(self) -> str:
        """The name; the one before while the state is gone."""
        return self.states[0].key if self.states else self.field.text

    def check(self, text: str) -> str | None:
        """An identifier that no other state bears."""
        return check_key(self.document, text.strip(), self.ids[0])

    def push(self, text: str) -> None:
        """Renames the state."""
        states.rename_state(self.session, self.ids[0], text.strip())


class FlowNamePanel(TextPanel):
    """The component's name."""

    def __init__(self, session: EditSession) -> None:
        super().__init__(session, (), partial(line_field, "Component name"))
        self.refresh()

    def read(self) -> str:
        """The name."""
        return self.document.flow.name

    def check(self, text: str) -> str | None:
        """Not empty."""
        return check_name(text)

    def push(self, text: str) -> None:
        """Renames the flow."""
        flow.edit_flow(self.session, name=text)


class PackNamePanel(TextPanel):
    """A pack's name."""

    def __init__(self, session: EditSession, pack_id: ElementId) -> None:
        super().__init__(session, (pack_id,), partial(line_field, "Pack name"))
        self.refresh()

    def read(self) -> str:
        """The name."""
        return self.document.pack_for(self.ids[0]).name

    def check(self, text: str) -> str | None:
        """Not empty."""
        return check_name(text)

    def push(self, text: str) -> None:
        """Renames the pack."""
        flow.edit_pack(self.session, self.ids[0], name=text)
