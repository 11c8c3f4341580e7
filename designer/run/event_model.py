"""The event log as a table: what a filter lets through, brought up to date in batches."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont

from designer.host.theme import LIGHT, Theme, label_font, mono_font
from designer.run.event_filter import EventFilter
from designer.run.event_log import Entry, EventLog, EventRow, row_of
from designer.run.event_text import Level, tip_of

__all__ = ["COLUMNS", "EventModel", "color_of"]

COLUMNS: Final = ("Time", "Event", "Component", "Summary", "Cause")
TIME, EVENT, COMPONENT, SUMMARY, CAUSE = range(5)

#: Entries looked at between two looks at the clock.
_STRIDE: Final = 256

_Index = QModelIndex | QPersistentModelIndex


def color_of(theme: Theme, level: Level) -> QColor:
    """The colour in which a level is written; it reads well on the theme's surface."""
    match level:
        case "success":
            return theme.ok_text
        case "warning":
            return theme.warning_text
        case "error":
            return theme.error_text
        case "debug":
            return theme.muted
        case "info":
            return theme.text


class EventModel(QAbstractTableModel):
    """Rows of an :class:`EventLog` that a filter lets through, oldest first.

    The log tells nobody of new rows: call :meth:`refresh` once a frame. It works for a few
    milliseconds at most and says whether more is to be done.
    """

    #: Role under which a row's :class:`EventRow` is found.
    ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole)

    def __init__(self, log: EventLog | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log if log is not None else EventLog(1)
        self._filter = EventFilter()
        self._predicate = self._filter.predicate()
        self._entries: list[Entry] = []
        self._cursor = self._log.first
        self._base = self._log.base
        self._rows: dict[int, EventRow] = {}
        self._theme = LIGHT
        self._fonts: dict[int, QFont] = {}
        self._tellers: dict[int, Callable[[EventRow, int], Any]] = {
            Qt.ItemDataRole.DisplayRole: _text,
            Qt.ItemDataRole.ForegroundRole: self._brush,
            Qt.ItemDataRole.FontRole: self._font,
            Qt.ItemDataRole.ToolTipRole: _tip,
            Qt.ItemDataRole.AccessibleTextRole: _spoken,
        }

    # -- what is shown ---------------------------------------------------------------------

    @property
    def log(self) -> EventLog:
        """The log shown."""
        return self._log

    @property
    def filter(self) -> EventFilter:
        """The filter that rows pass."""
        return self._filter

    @property
    def behind(self) -> bool:
        """Whether rows wait that no :meth:`refresh` has looked at."""
        return self._cursor < self._log.total or self._is_cleared()

    def set_log(self, log: EventLog) -> None:
        """Shows another log."""
        self._log = log
        self._restart()

    def set_filter(self, new: EventFilter) -> None:
        """Shows other rows.

        Raises:
            ValueError: the filter's regular expression is none; nothing changes.
        """
        if new != self._filter:
            self._predicate = new.predicate()
            self._filter = new
            self._restart()

    def set_theme(self, theme: Theme) -> None:
        """Writes in another theme's colours."""
        self._theme = theme
        self._fonts.clear()
        if self._entries:
            last = self.index(len(self._entries) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def row_for(self, row: int) -> EventRow:
        """The event of a table row; raises IndexError."""
        entry = self._entries[row]
        found = self._rows.get(entry[0])
        if found is None:
            if len(self._rows) >= 512:
                self._rows.clear()
            found = self._rows[entry[0]] = row_of(entry)
        return found

    def iter_entries(self) -> list[Entry]:
        """The entries shown, oldest first."""
        return list(self._entries)

    # -- keeping up ------------------------------------------------------------------------

    def refresh(self, budget: float = 0.008) -> bool:
        """Takes in new rows and lets go of those the log has let go of.

        Args:
            budget: seconds to spend at most.

        Returns:
            Whether rows are left to be looked at.
        """
        if self._is_cleared():
            self._restart()
        fresh = self._gather(budget)
        self._trim()
        if fresh:
            start = len(self._entries)
            self.beginInsertRows(QModelIndex(), start, start + len(fresh) - 1)
            self._entries.extend(fresh)
            self.endInsertRows()
        return self.behind

    def _is_cleared(self) -> bool:
        return self._log.base != self._base

    def _restart(self) -> None:
        self.beginResetModel()
        self._entries = []
        self._rows.clear()
        self._cursor = self._log.first
        self._base = self._log.base
        self.endResetModel()

    def _gather(self, budget: float) -> list[Entry]:
        until = time.perf_counter() + budget
        fresh: list[Entry] = []
        source = self._log.iter_entries(self._cursor)
        shows = None if self._filter.passes_all else self._predicate
        while block := list(islice(source, _STRIDE)):
            self._cursor = block[-1][0] + 1
            fresh.extend(block if shows is None else filter(shows, block))
            if time.perf_counter() >= until:
                break
        return fresh

    def _trim(self) -> None:
        """Lets rows go in larger lots: each removal makes the view lay out all of its rows."""
        lot = self._log.capacity // 20
        if not self._entries or self._log.first - self._entries[0][0] <= lot:
            return
        count = bisect_left(self._entries, self._log.first, key=_number)
        self.beginRemoveRows(QModelIndex(), 0, count - 1)
        del self._entries[:count]
        self.endRemoveRows()

    # -- QAbstractTableModel ---------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Rows shown."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Time, event, component, summary and cause."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, colour, font and the row itself."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        row, column = self.row_for(index.row()), index.column()
        if role == self.ROW_ROLE:
            return row
        teller = self._tellers.get(role)
        return None if teller is None else teller(row, column)

    def _brush(self, row: EventRow, column: int) -> QBrush:
        if column == EVENT:
            return QBrush(color_of(self._theme, row.level))
        return QBrush(self._theme.text if column == SUMMARY else self._theme.muted)

    def _font(self, _row: EventRow, column: int) -> QFont:
        font = self._fonts.get(column)
        if font is None:
            font = mono_font(11) if column in (TIME, CAUSE) else label_font()
            self._fonts[column] = font
        return font


def _number(entry: Entry) -> int:
    return entry[0]


def _text(row: EventRow, column: int) -> str:
    match column:
        case 0:
            return time_text(row.time)
        case 1:
            return row.event
        case 2:
            return row.component
        case 3:
            return row.summary
    return "" if row.correlation_id == "-" else row.correlation_id


def _tip(row: EventRow, column: int) -> str | None:
    if column == EVENT:
        return f"{row.event} ({row.level})"
    if column == CAUSE and row.correlation_id.startswith("m"):
        return f"Caused by message {row.correlation_id[1:]} of this run"
    return tip_of(row.event, row.payload, row.summary) if column == SUMMARY else None


def _spoken(row: EventRow, column: int) -> str:
    return f"{COLUMNS[column]}: {_text(row, column)}"


def time_text(seconds: float) -> str:
    """A moment as the local time of day, to the millisecond."""
    moment = datetime.fromtimestamp(seconds).astimezone()
    return moment.strftime("%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"
