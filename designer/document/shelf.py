"""An ordered collection of frozen records by id, with places that edits can name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from designer.document.elements import ElementId

__all__ = ["Shelf"]


class _Record(Protocol):
    @property
    def id(self) -> ElementId: ...


R = TypeVar("R", bound=_Record)


class Shelf(Generic[R]):
    """Records of one kind, in file order."""

    def __init__(self, records: Iterable[R]) -> None:
        self._by_id = {record.id: record for record in records}
        self._order = list(self._by_id)
        self._records: tuple[R, ...] | None = None

    @property
    def records(self) -> tuple[R, ...]:
        """All records in order; the same tuple until something changes."""
        if self._records is None:
            self._records = tuple(map(self._by_id.__getitem__, self._order))
        return self._records

    def find(self, record_id: ElementId) -> R | None:
        """The record of that id, or None."""
        return self._by_id.get(record_id)

    def record_for(self, record_id: ElementId) -> R:
        """The record of that id; raises KeyError."""
        return self._by_id[record_id]

    def index_for(self, record_id: ElementId, hint: int = -1) -> int:
        """The record's place; ``hint`` is where to look first. Raises ValueError."""
        if 0 <= hint < len(self._order) and self._order[hint] == record_id:
            return hint
        return self._order.index(record_id)

    def add(self, record: R, index: int = -1) -> None:
        """Puts a new record at ``index``; -1 appends."""
        self._by_id[record.id] = record
        self._order.insert(len(self._order) if index == -1 else index, record.id)
        self._records = None

    def replace(self, record: R) -> None:
        """Puts a record in the place of the one with its id."""
        self._by_id[record.id] = record
        self._records = None

    def move(self, record_id: ElementId, index: int) -> int:
        """Takes the record to ``index`` and returns where it stood."""
        old = self.index_for(record_id)
        self._order.insert(index, self._order.pop(old))
        self._records = None
        return old

    def remove(self, record_id: ElementId, hint: int = -1) -> int:
        """Takes the record away and returns where it stood."""
        index = self.index_for(record_id, hint)
        del self._order[index]
        del self._by_id[record_id]
        self._records = None
        return index
