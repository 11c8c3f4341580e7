"""The panel of guards: what is typed, what it stands for, and what it reads."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from designer.commands import transitions
from designer.commands.checks import check_guard
from designer.commands.session import EditSession
from designer.document.elements import ElementId
from designer.document.guards import expanded, read_names, references
from designer.host.theme import LABEL_PX, mono_font
from designer.shell.panels.field import show_words, text_field, words
from designer.shell.panels.panel import TextPanel, common

__all__ = ["GuardPanel"]


class GuardPanel(TextPanel):
    """The guard of transitions, one or several."""

    def __init__(self, session: EditSession, ids: Collection[ElementId]) -> None:
        super().__init__(session, ids, partial(text_field, "Guard", mono=True))
        self.field.set_hint("always")
        self.meaning = words("", "caption")
        self.meaning.setFont(mono_font(LABEL_PX))
        self.meaning.setAccessibleName("What the guard stands for")
        self.reads = words("", "ok")
        self.reads.setAccessibleName("What the guard reads")
        self.field.add_beneath(self.meaning)
        self.field.add_beneath(self.reads)
        self.field.typed.connect(self._explain)
        self.refresh()
        self._explain(self.field.text)

    def read(self) -> str | None:
        """The guard they share."""
        found = self.transitions
        return common(transition.guard or "" for transition in found) if found else ""

    def check(self, text: str) -> str | None:
        """The name of a guard, or an expression."""
        found = self.transitions
        return check_guard(self.document, found[0].pack, text) if found else None

    def push(self, text: str) -> None:
        """Guards them all."""
        transitions.edit_transitions(self.session, self.ids, guard=text)

    def refresh(self) -> None:
        """Shows what the flow says now, also when a named guard means something else."""
        super().refresh()
        self._explain(self.field.text)

    def _explain(self, text: str) -> None:
        """Beneath the field: the expression behind a name, and what it reads."""
        found, text = self.transitions, text.strip()
        guards = self.document.pack_for(found[0].pack).guards if found else {}
        show_words(self.meaning, expanded(guards, text) if text in guards else "")
        names = read_names(references(guards, text)) if text else ()
        show_words(self.reads, f"reads  {', '.join(names)}" if names else "")
