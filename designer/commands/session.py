"""The editing session: a document, its undo stack, and the one way to change it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from designer.document.model import Change, Document

__all__ = ["EditCommand", "EditSession"]


class EditCommand(QUndoCommand):
    """One readable, undoable step: a set of changes, forwards and backwards."""

    def __init__(self, text: str, document: Document, changes: tuple[Change, ...]) -> None:
        super().__init__(text)
        self._document = document
        self._changes = changes
        self._inverse = tuple(
            Change(change.after, change.before, change.index) for change in reversed(changes)
        )

    def redo(self) -> None:
        """Applies the changes."""
        self._document.apply(self._changes)

    def undo(self) -> None:
        """Applies their inverse, in reverse order."""
        self._document.apply(self._inverse)


class EditSession(QObject):
    """Owns a document and its QUndoStack; every edit of the flow goes through :meth:`push`.

    Modified is ``not session.undo_stack.isClean()``.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        document.setParent(self)
        self.undo_stack = QUndoStack(self)

    def push(self, text: str, changes: Iterable[Change]) -> bool:
        """Makes one undoable step of the changes; False when they change nothing.

        Raises:
            ValueError: a change does not start from what the document holds. Nothing is pushed.
        """
        effective = tuple(change for change in changes if change.before != change.after or change.index != -1)
        if not effective:
            return False

        self.document.check(effective)
        self.undo_stack.push(EditCommand(text, self.document, effective))
        return True
