"""The rows of the Outline: packs, their states, and what a search finds among transitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from designer.document.elements import ElementId, Pack, PackOrigin, State, Transition
from designer.document.guards import expanded
from designer.document.model import Content
from flexiflow.pack_records import duration_text

__all__ = ["ModelIndex", "OutlineModel", "OutlineRow", "RowKind", "outline_rows"]

ModelIndex = QModelIndex | QPersistentModelIndex


class RowKind(Enum):
    """What a row stands for."""

    PACK = "pack"
    STATE = "state"
    TRANSITION = "transition"


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One row.

    Attributes:
        id: the element it stands for.
        text: its name.
        note: a word at its right end, such as ``initial``.
        final: a state that ends the flow.
    """

    kind: RowKind
    id: ElementId
    text: str
    note: str = ""
    final: bool = False

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        return ", ".join(part for part in (self.text, self.kind.value, self.note) if part)


def outline_rows(content: Content, query: str = "") -> list[OutlineRow]:
    """The rows of a flow; with a query, those states and transitions that contain its words."""
    words = query.lower().split()
    states: dict[ElementId, list[State]] = {pack.id: [] for pack in content.packs}
    for state in content.states:
        states[state.pack].append(state)
    leaving: dict[ElementId, list[Transition]] = {}
    for transition in content.transitions if words else ():
        leaving.setdefault(transition.source, []).append(transition)

    keys = {state.id: state.key for state in content.states}
    rows: list[OutlineRow] = []
    for pack in content.packs:
        found = [
            row
            for state in states[pack.id]
            for row in _state_rows(
                content, pack, state, leaving.get(state.id, []), words=words, keys=keys
            )
        ]
        if found or not words:
            rows.append(OutlineRow(RowKind.PACK, pack.id, _pack_text(pack)))
            rows += found
    return rows


def _state_rows(
    content: Content,
    pack: Pack,
    state: State,
    leaving: list[Transition],
    *,
    words: list[str],
    keys: dict[ElementId, str],
) -> Iterator[OutlineRow]:
    found = [
        OutlineRow(
            RowKind.TRANSITION,
            transition.id,
            _transition_text(transition),
            f"\u2192 {keys[transition.target]}" if transition.target else "internal",
        )
        for transition in leaving
        if _answers(words, _transition_words(pack, transition))
    ]
    if found or _answers(words, f"{state.key} {state.description or ''}"):
        note = "initial" if content.flow.initial == state.id else "final" if state.final else ""
        yield OutlineRow(RowKind.STATE, state.id, state.key, note, state.final)
        yield from found


def _answers(words: list[str], text: str) -> bool:
    lowered = text.lower()
    return all(word in lowered for word in words)


def _pack_text(pack: Pack) -> str:
    match pack.origin:
        case PackOrigin.FILE:
            return f"{pack.name}  \u00b7  {pack.path}"
        case PackOrigin.PYTHON:
            return f"{pack.name}  \u00b7  Python"
        case PackOrigin.BUILTIN:
            return "Builtin"
        case PackOrigin.ELSEWHERE:
            return "Declared elsewhere"
        case PackOrigin.INLINE:
            return pack.name


def _transition_text(transition: Transition) -> str:
    trigger = transition.message
    if trigger is None:
        trigger = f"after {duration_text(transition.after or 0)}"
    return f"{trigger} [{transition.guard}]" if transition.guard else trigger


def _transition_words(pack: Pack, transition: Transition) -> str:
    """What a search looks at: trigger, guard by name and by meaning, description."""
    guard = expanded(pack.guards, transition.guard) if transition.guard else ""
    return f"{_transition_text(transition)} {guard} {transition.description or ''}"


class OutlineModel(QAbstractListModel):
    """The rows as Qt wants them; replaced as a whole, since rows are cheap."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[OutlineRow] = []
        self._places: dict[ElementId, int] = {}

    @property
    def rows(self) -> tuple[OutlineRow, ...]:
        """All rows."""
        return tuple(self._rows)

    def set_rows(self, rows: list[OutlineRow]) -> None:
        """Shows these rows; when only words differ, rows keep their places in the view."""
        if [row.id for row in rows] == [row.id for row in self._rows]:
            changed = [n for n, row in enumerate(rows) if row != self._rows[n]]
            self._rows = rows
            for number in changed:
                self.dataChanged.emit(self.index(number), self.index(number))
            return

        self.beginResetModel()
        self._rows = rows
        self._places = {row.id: number for number, row in enumerate(rows)}
        self.endResetModel()

    def row_at(self, index: ModelIndex) -> OutlineRow | None:
        """The row at a place of the view, or None."""
        return self._rows[index.row()] if index.isValid() else None

    def find_index(self, element_id: ElementId) -> QModelIndex | None:
        """Where an element's row is, or None."""
        number = self._places.get(element_id)
        return None if number is None else self.index(number)

    def rowCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """The number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A row's text, and what a screen reader says."""
        row = self.row_at(index)
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return row.text
        return row.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        """Packs are headings, which cannot be chosen."""
        row = self.row_at(index)
        if row is None or row.kind is RowKind.PACK:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
