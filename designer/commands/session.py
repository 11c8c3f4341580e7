"""The editing session: a document, its undo stack, and the one way to change it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from designer.document.model import Change, Document

__all__ = ["EditCommand", "EditSession"]

_JOINS = 1


class EditCommand(QUndoCommand):
    """One readable, undoable step: a set of changes, forwards and backwards.

    A command that ``joins`` becomes part of the step below it and names it anew: what a person does
    in one go (a new state and its name) is undone in one go.
    """

    def __init__(
        self, text: str, document: Document, changes: tuple[Change, ...], *, joins: bool = False
    ) -> None:
        super().__init__(text)
        self._document = document
        self._changes = changes
        self._inverse: tuple[Change, ...] = ()
        self._joins = joins

    def redo(self) -> None:
        """Applies the changes and notes what takes them back."""
        self._inverse = self._document.apply(self._changes)

    def undo(self) -> None:
        """Takes the changes back, in reverse order, each element to where it stood."""
        self._document.apply(self._inverse)

    def id(self) -> int:
        """The same for all: whether two steps join is decided in :meth:`mergeWith`."""
        return _JOINS

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Takes in a command that wants to join this one."""
        if not isinstance(other, EditCommand) or not other._joins:
            return False

        self._changes += other._changes
        self._inverse = other._inverse + self._inverse
        self.setText(other.text())
        return True


class EditSession(QObject):
    """Owns a document and its QUndoStack; every edit of the flow goes through :meth:`push`.

    Modified is ``not session.undo_stack.isClean()``.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        document.setParent(self)
        self.undo_stack = QUndoStack(self)

    @property
    def can_join(self) -> bool:
        """Whether a step can become part of the one before: there is one, and it is not saved."""
        return self.undo_stack.index() > 0 and not self.undo_stack.isClean()

    def push(self, text: str, changes: Iterable[Change], *, joins: bool = False) -> bool:
        """Makes one undoable step of the changes; False when they change nothing.

        Args:
            text: what the step is called in the undo list, such as ``Add state OnHold``.
            changes: what becomes of which element, in order.
            joins: makes it part of the step before, which then bears this text. It stays a step of
                its own when there is none, or when the document was saved in between.

        Raises:
            ValueError: a change does not start from what the document holds. Nothing is pushed.
        """
        changes = tuple(changes)
        if not any(map(self.document.has_effect, changes)):
            return False

        self.document.check(changes)
        self.undo_stack.push(EditCommand(text, self.document, changes, joins=joins))
        return True
