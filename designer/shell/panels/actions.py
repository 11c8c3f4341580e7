"""The panel of actions: a YAML list, and a menu that begins a new one."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Literal

from PySide6.QtGui import QAction, QTextCursor
from PySide6.QtWidgets import QMenu, QPushButton

from designer.commands import states, transitions
from designer.commands.checks import check_actions
from designer.commands.session import EditSession
from designer.document.elements import ElementId
from designer.exchange.action_text import actions_from_text, actions_to_text
from designer.shell.panels.editors import TextEditor
from designer.shell.panels.field import TextField
from designer.shell.panels.panel import TextPanel, common
from flexiflow.pack_records import Action

__all__ = ["ActionsPanel"]

Place = Literal["entry", "exit", "do"]

_LABELS: dict[Place, str] = {"entry": "On entry", "exit": "On exit", "do": "Actions"}

#: What a menu entry puts into the text; the part between bars is selected, to be typed over.
_TEMPLATES = {
    "Set a context value": "- set: {|key|: 1}",
    "Emit an event": "- emit: {event: |name|}",
    "Send a message": "- send: {type: |name|}",
    "Call Python": "- call: |module:function|",
}


class ActionsPanel(TextPanel):
    """The actions on entering or leaving states, or on transitions.

    Args:
        session: where edits go.
        ids: states for "entry" and "exit", transitions for "do".
        place: which actions.
    """

    def __init__(self, session: EditSession, ids: Collection[ElementId], place: Place) -> None:
        self._place: Place = place
        self.editor = TextEditor(1, enter_confirms=False)
        super().__init__(session, ids, partial(TextField, _LABELS[place], self.editor, mono=True))
        self.field.set_hint("none")
        self.editor.setToolTip("A YAML list; Ctrl+Enter confirms")
        self.menu = QMenu(self)
        self.menu.setAccessibleName("Kinds of actions")
        for text in _TEMPLATES:
            self.menu.addAction(text)
        self.menu.triggered.connect(self._on_template)
        self.button = QPushButton("+ Add action")
        self.button.setProperty("role", "link")
        self.button.setAccessibleName(f"Add action: {_LABELS[place]}")
        self.button.clicked.connect(self._on_add)
        self.field.add_beside_label(self.button)
        self.refresh()

    def read(self) -> str | None:
        """The actions they share, as text."""
        lists = [self._actions(element) for element in (*self.states, *self.transitions)]
        shared = common(lists) if lists else ()
        return None if shared is None else actions_to_text(shared)

    def check(self, text: str) -> str | None:
        """A list of actions."""
        return check_actions(text)

    def push(self, text: str) -> None:
        """Gives them these actions."""
        actions = actions_from_text(text)
        if self._place == "do":
            transitions.edit_transitions(self.session, self.ids, do=actions)
        elif self._place == "entry":
            states.edit_states(self.session, self.ids, entry=actions)
        else:
            states.edit_states(self.session, self.ids, exit=actions)

    def _actions(self, element: object) -> tuple[Action, ...]:
        actions: tuple[Action, ...] = getattr(element, self._place)
        return actions

    def _on_add(self) -> None:
        self.menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _on_template(self, action: QAction) -> None:
        """Begins an action at the end of the text, its first word selected."""
        before, word, after = _TEMPLATES[action.text()].split("|")
        cursor = self.editor.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if self.editor.text_now().strip():
            cursor.insertText("\n")
        cursor.insertText(before)
        start = cursor.position()
        cursor.insertText(word + after)
        cursor.setPosition(start)
        cursor.setPosition(start + len(word), QTextCursor.MoveMode.KeepAnchor)
        self.editor.setTextCursor(cursor)
        self.editor.setFocus()
