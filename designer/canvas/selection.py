"""Which states and transitions are selected."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from designer.document.elements import ElementId

__all__ = ["Selection"]


class Selection(QObject):
    """An ordered set of ids that says once when it has become another one.

    Signals:
        changed(object): other ids are selected; a frozenset of those that came or went.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: dict[ElementId, None] = {}

    @property
    def ids(self) -> tuple[ElementId, ...]:
        """The selected ids, in the order they were selected."""
        return tuple(self._ids)

    def __contains__(self, element_id: object) -> bool:
        return element_id in self._ids

    def set(self, ids: Iterable[ElementId]) -> None:
        """Selects these alone."""
        wanted = dict.fromkeys(ids)
        differing = frozenset(wanted.keys() ^ self._ids.keys())
        if differing:
            self._ids = wanted
            self.changed.emit(differing)

    def toggle(self, element_id: ElementId) -> None:
        """Selects it too, or no longer."""
        wanted = dict(self._ids)
        if element_id in wanted:
            del wanted[element_id]
        else:
            wanted[element_id] = None
        self.set(wanted)

    def keep(self, existing: Iterable[ElementId]) -> None:
        """Forgets what is not among these."""
        alive = set(existing)
        self.set([element_id for element_id in self._ids if element_id in alive])
