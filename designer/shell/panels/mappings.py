"""Panels of mappings as YAML text: starting context, and the named guards of a pack."""

from __future__ import annotations

from functools import partial

from designer.commands import flow
from designer.commands.checks import check_guards, check_mapping
from designer.commands.session import EditSession
from designer.document.elements import ElementId
from designer.exchange.data_text import mapping_from_text, mapping_to_text
from designer.shell.panels.field import TextField, text_field
from designer.shell.panels.panel import TextPanel

__all__ = ["FlowContextPanel", "GuardsPanel", "PackContextPanel"]

_YAML = partial(text_field, mono=True, enter_confirms=False)


class FlowContextPanel(TextPanel):
    """The context a component starts with."""

    def __init__(self, session: EditSession) -> None:
        super().__init__(session, (), partial(_YAML, "Starting context"))
        _tell(self.field, "such as  attempts: 0")
        self.refresh()

    def read(self) -> str:
        """The context as text."""
        return mapping_to_text(self.document.flow.context)

    def check(self, text: str) -> str | None:
        """A mapping."""
        return check_mapping(text)

    def push(self, text: str) -> None:
        """Starts with that context."""
        flow.edit_flow(self.session, context=mapping_from_text(text))


class PackContextPanel(TextPanel):
    """The context a pack starts with, unless the component says otherwise."""

    def __init__(self, session: EditSession, pack_id: ElementId) -> None:
        super().__init__(session, (pack_id,), partial(_YAML, "Context by default"))
        _tell(self.field, "such as  attempts: 0")
        self.refresh()

    def read(self) -> str:
        """The context as text."""
        return mapping_to_text(self.document.pack_for(self.ids[0]).context)

    def check(self, text: str) -> str | None:
        """A mapping."""
        return check_mapping(text)

    def push(self, text: str) -> None:
        """Starts with that context."""
        flow.edit_pack(self.session, self.ids[0], context=mapping_from_text(text))


class GuardsPanel(TextPanel):
    """The named guards of a pack."""

    def __init__(self, session: EditSession, pack_id: ElementId) -> None:
        super().__init__(session, (pack_id,), partial(_YAML, "Named guards"))
        _tell(self.field, "such as  may_retry: context.attempts < 3")
        self.refresh()

    def read(self) -> str:
        """The guards as text."""
        return mapping_to_text(self.document.pack_for(self.ids[0]).guards)

    def check(self, text: str) -> str | None:
        """A mapping from names to expressions."""
        return check_guards(text)

    def push(self, text: str) -> None:
        """Gives the pack these guards."""
        flow.edit_pack(self.session, self.ids[0], guards=mapping_from_text(text))


def _tell(field: TextField, hint: str) -> None:
    field.set_hint(hint)
    field.editor.setToolTip("One entry a line, in YAML; Ctrl+Enter confirms")
