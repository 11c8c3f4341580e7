"""Stored snapshots as a table: pages come in at its end, and new rows at its top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QFont

from designer.host.theme import LIGHT, Theme, label_font, mono_font
from designer.run.snapshot_reader import SnapshotPage, SnapshotRow

__all__ = ["SnapshotModel", "moment_text"]

COLUMNS: Final = ("Time", "State", "Came from", "Component", "Id")
TIME, STATE, ORIGIN, COMPONENT, ID = range(5)

_Index = QModelIndex | QPersistentModelIndex


def moment_text(stored: str) -> str:
    """A stored time in local time; as it is when it is none."""
    try:
        moment = datetime.fromisoformat(stored).astimezone()
    except (ValueError, OverflowError):
        return stored
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


class SnapshotModel(QAbstractTableModel):
    """Rows of a database, newest first, as far as they have been loaded.

    Signals:
        more_wanted(): a view came to the end of what is loaded.
    """

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[SnapshotRow] = []
        self._before: int | None = None
        self._asked = False
        self._theme = LIGHT
        self._fonts: dict[bool, QFont] = {}
        self._tellers: dict[int, Callable[[SnapshotRow, int], Any]] = {
            Qt.ItemDataRole.DisplayRole: _text,
            Qt.ItemDataRole.ForegroundRole: self._brush,
            Qt.ItemDataRole.FontRole: self._font,
            Qt.ItemDataRole.ToolTipRole: _tip,
            Qt.ItemDataRole.AccessibleTextRole: _spoken,
        }

    # -- what is loaded --------------------------------------------------------------------

    @property
    def before(self) -> int | None:
        """Where the next page begins; None when all is loaded."""
        return self._before

    @property
    def newest_id(self) -> int:
        """The highest id loaded; 0 without rows."""
        return self._rows[0].id if self._rows else 0

    def row_for(self, row: int) -> SnapshotRow:
        """The snapshot in a table row; raises IndexError."""
        return self._rows[row]

    def show_first(self, page: SnapshotPage) -> None:
        """Starts anew with a page."""
        self.beginResetModel()
        self._rows = list(page.rows)
        self._before = page.before
        self._asked = False
        self.endResetModel()

    def add_page(self, page: SnapshotPage) -> None:
        """Adds the page that begins at :attr:`before`."""
        self._before = page.before
        self._asked = False
        self._insert(len(self._rows), page.rows)

    def add_newer(self, page: SnapshotPage) -> None:
        """Brings the top up to date with the newest page; starts anew when that leaves a gap."""
        fresh = [row for row in page.rows if row.id > self.newest_id]
        if len(fresh) == len(page.rows) and page.before is not None:
            self.show_first(page)
        else:
            self._insert(0, fresh)

    def give_up(self) -> None:
        """The page asked for does not come; a view may ask again."""
        self._asked = False

    def set_theme(self, theme: Theme) -> None:
        """Writes in another theme's colours."""
        self._theme = theme
        self._fonts.clear()
        if self._rows:
            last = self.index(len(self._rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _insert(self, place: int, rows: Sequence[SnapshotRow]) -> None:
        if rows:
            self.beginInsertRows(QModelIndex(), place, place + len(rows) - 1)
            self._rows[place:place] = rows
            self.endInsertRows()

    # -- QAbstractTableModel ---------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Rows loaded."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Time, state, where it came from, component and id."""
        return 0 if parent.isValid() else len(COLUMNS)

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether older rows are left in the database and not on their way."""
        return not parent.isValid() and self._before is not None and not self._asked

    def fetchMore(self, parent: _Index) -> None:
        """Asks for the next page."""
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, colour and font."""
        teller = self._tellers.get(role)
        if teller is None or not index.isValid():
            return None
        return teller(self._rows[index.row()], index.column())

    def _brush(self, row: SnapshotRow, column: int) -> QBrush:
        if column == STATE:
            return QBrush(self._theme.error_text if row.damaged else self._theme.text)
        return QBrush(self._theme.muted)

    def _font(self, _row: SnapshotRow, column: int) -> QFont:
        digits = column in (TIME, ID)
        if digits not in self._fonts:
            self._fonts[digits] = mono_font(11) if digits else label_font()
        return self._fonts[digits]


def _text(row: SnapshotRow, column: int) -> str:
    return (
        moment_text(row.created_at),
        "damaged" if row.damaged else row.state,
        row.came_from,
        row.component,
        str(row.id),
    )[column]


def _tip(row: SnapshotRow, _column: int) -> str | None:
    return row.fault or None


def _spoken(row: SnapshotRow, column: int) -> str:
    return f"{COLUMNS[column]}: {_text(row, column) or 'none'}"
