"""Editing a state's name or a transition's label where it stands."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QFont

from designer.canvas.desk import Desk
from designer.canvas.label_editor import LabelEditor
from designer.canvas.label_grammar import (
    LabelFields,
    editable_text,
    names_actions,
    parse_label,
    says_all,
)
from designer.canvas.style import TextRole
from designer.canvas.tools.tool import Pointer, Tool
from designer.commands.checks import check_duration, check_guard, check_key, check_message
from designer.commands.errors import EditError
from designer.commands.states import rename_state
from designer.commands.transitions import TransitionFields, edit_transition
from designer.document.elements import ElementId, State, Transition
from flexiflow.packfile import parse_duration

__all__ = ["EditLabelTool"]

_NO_ACTIONS = "Actions are edited in Properties. Here, write: message [guard]"


class EditLabelTool(Tool):
    """Edits one text; what is wrong with it shows beneath while typing.

    For an element that was made just now, the text becomes part of the step that made it, and
    giving up takes that step back.
    """

    def __init__(self, desk: Desk, element_id: ElementId, *, created: bool = False) -> None:
        super().__init__(desk)
        self._id = element_id
        self._stack_index = desk.session.undo_stack.index() if created else None
        is_state = isinstance(desk.session.document.find(element_id), State)
        self.editor = LabelEditor(
            desk.view.viewport(),
            desk.scene.canvas_style.theme,
            name="State name" if is_state else "Message [guard]",
            check=self._check,
        )
        self.editor.committed.connect(self._on_committed)
        self.editor.cancelled.connect(self._on_cancelled)

    @property
    def keeps_hand(self) -> bool:
        """A press elsewhere ends the editing."""
        return True

    def start(self, pointer: Pointer) -> None:  # noqa: ARG002 (it opens where the text stands)
        """Opens the field over the text."""
        self.desk.scene.set_hovered(None)
        element = self.desk.session.document.find(self._id)
        if isinstance(element, Transition):
            text, head = editable_text(element)
            self.editor.open(text, head, self._font(TextRole.LABEL), self._place())
        elif isinstance(element, State):
            name = element.key
            self.editor.open(name, len(name), self._font(TextRole.NAME), self._place())

    def move(self, pointer: Pointer) -> None:
        """The hand on the mouse means nothing here."""

    def view_changed(self) -> None:
        """The field stays over the text."""
        if self.desk.session.document.find(self._id) is not None:
            self.editor.move_to(self._place())

    def commit(self, pointer: Pointer) -> None:  # noqa: ARG002 (the text says all)
        """Makes the edit; the text has been checked, so only a change elsewhere can refuse it."""
        text = self.editor.field.text()
        problem = self._check(text)
        if problem:
            raise EditError(problem)

        self._close()
        session, joins = self.desk.session, self._is_fresh()
        element = session.document.find(self._id)
        if isinstance(element, State):
            rename_state(session, self._id, text.strip(), joins_last=joins)
        elif isinstance(element, Transition):
            edit_transition(session, self._id, joins_last=joins, **self._fields(element, text))

    def cancel(self) -> None:
        """Leaves the text as it was; what was made just now for it is taken back."""
        self._close()
        if self._is_fresh():
            self.desk.session.undo_stack.undo()

    def abandon(self) -> None:
        """Closes the field. This may happen in the middle of an undo, so nothing is undone here."""
        self._close()

    def _is_fresh(self) -> bool:
        """Whether the step that made the element is still the last one."""
        return self._stack_index == self.desk.session.undo_stack.index()

    def _on_committed(self) -> None:
        self.desk.finish(self.desk.pointer_at(QPoint()))

    def _on_cancelled(self) -> None:
        self.desk.cancel()

    def _close(self) -> None:
        """Ends the editor; the keys go to the canvas again."""
        self.editor.committed.disconnect(self._on_committed)
        self.editor.cancelled.disconnect(self._on_cancelled)
        had_focus = self.editor.field.hasFocus()
        self.editor.hide()
        self.editor.deleteLater()
        if had_focus:
            self.desk.view.setFocus()

    def _font(self, role: TextRole) -> QFont:
        """The font the text is drawn in, never too small to type in."""
        font = QFont(self.desk.scene.canvas_style.fonts[role])
        font.setPixelSize(max(12, round(font.pixelSize() * min(self.desk.zoom, 1.6))))
        return font

    def _place(self) -> QRect:
        """Where the text stands, in the viewport."""
        scene = self.desk.scene
        box = scene.drawing.boxes.get(self._id) or scene.label_item_for(self._id).box
        return self.desk.view.mapFromScene(QRectF(*box)).boundingRect()

    def _check(self, text: str) -> str | None:
        document = self.desk.session.document
        element = document.find(self._id)
        if isinstance(element, State):
            return check_key(document, text.strip(), element.id)
        if not isinstance(element, Transition):
            return None

        fields = _typed(element, text)
        if fields.message != element.message and names_actions(fields.message or ""):
            return _NO_ACTIONS
        if fields.after is not None:
            problem = check_duration(fields.after)
        else:
            problem = check_message(fields.message or "")
        return problem or check_guard(document, element.pack, fields.guard or "")

    def _fields(self, transition: Transition, text: str) -> TransitionFields:
        """What the typed label changes."""
        typed = _typed(transition, text)
        fields = TransitionFields()
        if typed.after is not None:
            fields["after"] = parse_duration(typed.after)
        elif typed.message != transition.message:
            fields["message"] = typed.message
        if says_all(transition):
            fields["guard"] = typed.guard
        return fields


def _typed(transition: Transition, text: str) -> LabelFields:
    """What was typed; where a label cannot say all, everything typed is the message."""
    if says_all(transition):
        return parse_label(text)
    return LabelFields(message=text.strip(), guard=transition.guard)
