"""The panel of what triggers transitions: a message, or a delay."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtWidgets import QPushButton

from designer.commands import transitions
from designer.commands.checks import check_duration, check_message
from designer.commands.session import EditSession
from designer.document.elements import ElementId
from designer.shell.panels.field import line_field
from designer.shell.panels.panel import TextPanel, common
from flexiflow.pack_records import duration_text
from flexiflow.packfile import parse_duration

__all__ = ["TriggerPanel"]

_LABELS = {False: "Message", True: "Delay"}
_HINTS = {False: "such as pay", True: "such as 30s, 5m or 2h"}
_OTHERS = {False: "Use a delay", True: "Use a message"}


class TriggerPanel(TextPanel):
    """The message or the delay of transitions, one or several."""

    def __init__(self, session: EditSession, ids: Collection[ElementId]) -> None:
        self._is_delay = False
        self._switched = False
        super().__init__(session, ids, partial(line_field, "Message"))
        self.switch = QPushButton()
        self.switch.setProperty("role", "link")
        self.switch.clicked.connect(self._on_switched)
        self.field.add_beside_label(self.switch)
        self.field.editor.cancelled.connect(self.refresh)
        self.field.editor.left.connect(self._on_left)
        self.refresh()

    def read(self) -> str | None:
        """The message or delay that they share, as it is typed."""
        found = self.transitions
        if not found:
            return self.field.text
        if self._is_delay:
            after = common(transition.after for transition in found)
            return None if after is None else duration_text(after)
        return common(transition.message for transition in found)

    def check(self, text: str) -> str | None:
        """A name, or a duration."""
        return check_duration(text) if self._is_delay else check_message(text.strip())

    def push(self, text: str) -> None:
        """Gives them the message or the delay."""
        self._switched = False
        if self._is_delay:
            transitions.edit_transitions(self.session, self.ids, after=parse_duration(text))
        else:
            transitions.edit_transitions(self.session, self.ids, message=text.strip())

    def refresh(self) -> None:
        """Shows what the flow says now; while the kind is being switched, an empty field."""
        if self._switched and self.field.dirty:
            return

        self._switched = False
        found = self.transitions
        self._show_kind(bool(found) and all(one.after is not None for one in found))
        super().refresh()

    def _on_switched(self) -> None:
        self._switched = not self._switched
        self._show_kind(not self._is_delay)
        self.field.set_value("" if self._switched else self.read(), discard=True)
        self.field.editor.setFocus()

    def _on_left(self) -> None:
        """Nothing was typed: the kind is as it was."""
        if not self.switch.hasFocus() and not self.field.dirty:
            self.refresh()

    def _show_kind(self, is_delay: bool) -> None:
        self._is_delay = is_delay
        self.field.set_label(_LABELS[is_delay])
        self.field.set_hint(_HINTS[is_delay])
        self.switch.setText(_OTHERS[is_delay])
        self.switch.setAccessibleName(f"{_OTHERS[is_delay]} instead")
