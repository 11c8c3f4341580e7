"""What every panel is: one property of what is selected, shown and edited."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.commands.errors import EditError
from designer.commands.session import EditSession
from designer.document.elements import ElementId, State, Transition, written_alike
from designer.document.model import Document
from designer.shell.panels.field import TextField

__all__ = ["Panel", "TextPanel", "common"]

T = TypeVar("T")


def common(values: Iterable[T]) -> T | None:
    """The value that all share, or None when they differ."""
    first, *rest = values
    return first if all(written_alike(first, value) for value in rest) else None


class Panel(QWidget):
    """One property of one or several elements.

    Args:
        session: where edits go.
        ids: the elements; empty for the flow itself.
    """

    def __init__(self, session: EditSession, ids: Collection[ElementId] = ()) -> None:
        super().__init__()
        self.session = session
        self.ids = tuple(ids)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    @property
    def document(self) -> Document:
        """The flow."""
        return self.session.document

    @property
    def states(self) -> list[State]:
        """Those of its elements that are states and still there."""
        found = map(self.document.find, self.ids)
        return [element for element in found if isinstance(element, State)]

    @property
    def transitions(self) -> list[Transition]:
        """Those of its elements that are transitions and still there."""
        found = map(self.document.find, self.ids)
        return [element for element in found if isinstance(element, Transition)]

    @abstractmethod
    def refresh(self) -> None:
        """Shows what the flow says now; what is being typed stays, unless that changed."""

    def commit(self) -> None:
        """Hands over what was typed; for panels with something to type."""

    def add(self, widget: QWidget) -> None:
        """Puts a widget into the panel, below the others."""
        self._column.addWidget(widget)


class TextPanel(Panel):
    """A property that is typed."""

    def __init__(
        self,
        session: EditSession,
        ids: Collection[ElementId],
        make_field: Callable[[Callable[[str], str | None]], TextField],
    ) -> None:
        super().__init__(session, ids)
        self.field = make_field(self.check)
        self.field.committed.connect(self._on_committed)
        self.add(self.field)

    @abstractmethod
    def read(self) -> str | None:
        """What the flow says; None when the elements differ."""

    @abstractmethod
    def push(self, text: str) -> None:
        """Makes the edit; raises EditError."""

    def check(self, _text: str) -> str | None:
        """The sentence that says why a text may not be; None when it may."""
        return None

    def refresh(self) -> None:
        """Shows what the flow says now."""
        self.field.set_value(self.read())

    def commit(self) -> None:
        """Hands over what was typed."""
        self.field.commit()

    def _on_committed(self, text: str) -> None:
        try:
            self.push(text)
        except EditError as error:
            self.field.set_error(error.what)
        else:
            # The flow may say the same in other words.
            self.field.set_value(self.read(), discard=True)
