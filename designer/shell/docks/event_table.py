"""The table of events: it follows the newest row until somebody looks at an older one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSlider,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from designer.host.theme import ROW_HEIGHT, SPACE, Theme, label_font, mono_font
from designer.run.event_log import Entry, EventRow
from designer.run.event_model import CAUSE, COMPONENT, EVENT, TIME, EventModel, color_of

__all__ = ["EventTable"]

_DOT_PX: Final = 6
_DOT_ROOM_PX: Final = 14


class EventDelegate(QStyledItemDelegate):
    """Draws a dot in the colour of its level before an event's name."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The cell moved to the right, and the dot in the room this makes."""
        row = index.data(EventModel.ROW_ROLE)
        area = QRect(option.rect)
        option.rect = area.adjusted(_DOT_ROOM_PX, 0, 0, 0)
        super().paint(painter, option, index)
        if isinstance(row, EventRow):
            color = self.theme.muted if row.level == "info" else color_of(self.theme, row.level)
            _draw_dot(painter, area, color)


def _draw_dot(painter: QPainter, area: QRect, color: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    top = area.center().y() - _DOT_PX // 2
    painter.drawEllipse(area.left() + SPACE, top, _DOT_PX, _DOT_PX)
    painter.restore()


class EventTable(QTableView):
    """Rows of an :class:`EventModel`.

    Signals:
        following_changed(bool): it began or ceased to follow the newest row.
        row_chosen(object): the user went to a row; its :class:`EventRow`.
        details_wanted(): the user opened a row.
        copy_wanted(): the selected rows are to be copied.
    """

    following_changed = Signal(bool)
    row_chosen = Signal(object)
    details_wanted = Signal()
    copy_wanted = Signal()

    def __init__(self, model: EventModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._events = model
        self._following = True
        self._delegate = EventDelegate(theme, self)
        self.setModel(model)
        self.setItemDelegateForColumn(EVENT, self._delegate)
        self.setAccessibleName("Events, oldest first")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # Scrolling by rows keeps the place of the view a row number, whatever goes above it.
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self._set_up_headers()

        self.verticalScrollBar().actionTriggered.connect(self._on_scrolled)
        self.selectionModel().currentRowChanged.connect(self._on_current_row)
        self.activated.connect(self._on_activated)
        model.rowsRemoved.connect(self._on_rows_removed)

    @property
    def following(self) -> bool:
        """Whether the newest row stays in view."""
        return self._following

    def set_following(self, following: bool) -> None:
        """Keeps the newest row in view from now on, or stays where it is."""
        if following:
            self.scrollToBottom()
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    def keep_up(self) -> None:
        """Shows the newest row if it is followed; to be called after each batch of rows."""
        if self._following:
            self.scrollToBottom()

    def set_theme(self, theme: Theme) -> None:
        """Draws in another theme's colours."""
        self._delegate.theme = theme
        self.viewport().update()

    def selected_entries(self) -> list[Entry]:
        """The entries of the selected rows, oldest first."""
        entries = self._events.iter_entries()
        rows: set[int] = set()
        for part in self.selectionModel().selection().toList():
            rows.update(range(part.top(), part.bottom() + 1))
        return [entries[row] for row in sorted(rows)]

    def current_row(self) -> EventRow | None:
        """The event of the current row, or None."""
        row = self.currentIndex().data(EventModel.ROW_ROLE)
        return row if isinstance(row, EventRow) else None

    def _set_up_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns = self.horizontalHeader()
        columns.hide()
        digits, words = QFontMetrics(mono_font(11)), QFontMetrics(label_font())
        room = 6 * SPACE
        self.setColumnWidth(TIME, digits.horizontalAdvance("00:00:00.000") + room)
        longest = words.horizontalAdvance("component.message.received")
        self.setColumnWidth(EVENT, longest + _DOT_ROOM_PX + room)
        self.setColumnWidth(COMPONENT, words.horizontalAdvance("a_component_name") + room)
        self.setColumnWidth(CAUSE, digits.horizontalAdvance("m000000") + room)
        columns.setSectionResizeMode(CAUSE - 1, QHeaderView.ResizeMode.Stretch)

    # -- what the user does ----------------------------------------------------------------

    def _on_scrolled(self, action: int) -> None:
        """Only a person triggers actions; the bar already stands where they lead to."""
        if action != QAbstractSlider.SliderAction.SliderNoAction.value:
            bar = self.verticalScrollBar()
            self._set_following_only(bar.sliderPosition() >= bar.maximum())

    def _on_current_row(self, current: QModelIndex) -> None:
        row = current.data(EventModel.ROW_ROLE)
        if isinstance(row, EventRow):
            self._set_following_only(current.row() == self._events.rowCount() - 1)
            self.row_chosen.emit(row)

    def _on_activated(self) -> None:
        self.details_wanted.emit()

    def _on_rows_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Rows above those in view have gone: what is in view stays."""
        bar = self.verticalScrollBar()
        if not self._following and first == 0:
            bar.setValue(max(0, bar.value() - (last - first + 1)))

    def _set_following_only(self, following: bool) -> None:
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copies whole rows; the end of the table is its newest row."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
            return
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_End:
            self.set_following(True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turning the wheel triggers no action of the scroll bar."""
        super().wheelEvent(event)
        bar = self.verticalScrollBar()
        self._set_following_only(bar.value() >= bar.maximum())
