"""Plain data of any size as a tree that is built where somebody looks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from designer.run.event_text import short_text

__all__ = ["DataTreeModel"]

#: Children made at a time; a view asks for more as it scrolls.
_LOT: Final = 200

_Index = QModelIndex | QPersistentModelIndex


class _Node:
    """One value, with those of its children that have been asked for."""

    __slots__ = ("children", "key", "parent", "rest", "row", "value")

    def __init__(self, key: str, value: Any, parent: _Node | None, row: int) -> None:
        self.key = key
        self.value = value
        self.parent = parent
        self.row = row
        self.children: list[_Node] = []
        self.rest: Iterator[tuple[str, Any]] | None = _iter_items(value)

    @property
    def size(self) -> int:
        """How many children there are, made or not."""
        return len(self.value) if isinstance(self.value, (Mapping, list, tuple)) else 0

    def take(self, count: int) -> list[_Node]:
        """The next children, made now."""
        rest = self.rest if self.rest is not None else iter(())
        start = len(self.children)
        return [
            _Node(key, value, self, start + place)
            for place, (key, value) in enumerate(itertools.islice(rest, count))
        ]


def _iter_items(value: Any) -> Iterator[tuple[str, Any]] | None:
    if isinstance(value, Mapping):
        return ((str(key), item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ((f"[{place}]", item) for place, item in enumerate(value))
    return None


class DataTreeModel(QAbstractItemModel):
    """A mapping's or list's values by name: two columns, Name and Value.

    The data must not change while it is shown.
    """

    def __init__(self, data: Any = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = _Node("", data, None, 0)

    def set_data(self, data: Any) -> None:
        """Shows other data."""
        self.beginResetModel()
        self._root = _Node("", data, None, 0)
        self.endResetModel()

    @property
    def shown(self) -> Any:
        """The data shown."""
        return self._root.value

    def value_at(self, index: _Index) -> Any:
        """The whole value of a row; all of the data for an invalid index."""
        return self._node(index).value

    # -- QAbstractItemModel ----------------------------------------------------------------

    def index(self, row: int, column: int, parent: _Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own default
        """The index of a child that has been fetched."""
        children = self._node(parent).children
        if not (0 <= row < len(children) and 0 <= column < 2):
            return QModelIndex()
        return self.createIndex(row, column, children[row])

    def parent(self, index: _Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008 - one of two overloads in Qt's stubs
        """The index of the value that holds this one."""
        holder = self._node(index).parent
        if holder is None or holder is self._root:
            return QModelIndex()
        return self.createIndex(holder.row, 0, holder)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The children fetched so far."""
        return 0 if parent.column() > 0 else len(self._node(parent).children)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: ARG002, B008 - Qt's own default
        """Name and value."""
        return 2

    def hasChildren(self, parent: _Index = QModelIndex()) -> bool:  # noqa: B008 - Qt's own default
        """Whether it can be opened, fetched or not."""
        return parent.column() <= 0 and self._node(parent).size > 0

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether children are left to be made."""
        node = self._node(parent)
        return parent.column() <= 0 and len(node.children) < node.size

    def fetchMore(self, parent: _Index) -> None:
        """Makes the next lot of children."""
        node = self._node(parent)
        made = node.take(_LOT)
        if made:
            start = len(node.children)
            holder = self.createIndex(node.row, 0, node) if parent.isValid() else QModelIndex()
            self.beginInsertRows(holder, start, start + len(made) - 1)
            node.children.extend(made)
            self.endInsertRows()

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names and values as text; long values in the tip."""
        if not index.isValid():
            return None
        node = self._node(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return node.key if index.column() == 0 else _value_text(node.value)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(node.value, str):
            return node.value[:2_000]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("Name", "Value")[section]
        return None

    def _node(self, index: _Index) -> _Node:
        if not index.isValid():
            return self._root
        node = index.internalPointer()
        assert isinstance(node, _Node)  # noqa: S101 - every index is made by index() or parent()
        return node


def _value_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{len(value):,} entries" if len(value) != 1 else "1 entry"
    if isinstance(value, (list, tuple)):
        return f"{len(value):,} items" if len(value) != 1 else "1 item"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else short_text(value)
