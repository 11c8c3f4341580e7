"""A view of plain data: names on the left, values on the right."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from designer.run.data_tree import DataTreeModel

__all__ = ["DataView"]

_LEAST_WIDTH: Final = 180
_NAME_WIDTH: Final = 130


class DataView(QTreeView):
    """Shows a mapping as a tree, opened one level deep; large data costs what is looked at.

    Args:
        name: what a screen reader calls it.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = DataTreeModel(parent=self)
        self.setModel(self._tree)
        self.setAccessibleName(name)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMinimumWidth(_LEAST_WIDTH)
        self.setColumnWidth(0, _NAME_WIDTH)

    @property
    def shown(self) -> Any:
        """The data shown."""
        return self._tree.shown

    def show_data(self, data: Any) -> None:
        """Shows other data, or none."""
        self._tree.set_data(data)
        self.expandToDepth(0)
