"""The Event log dock: what happened in a run, as it happens."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from designer.exchange.atomic import write_atomic
from designer.host.resources import icon
from designer.host.theme import SPACE, Theme
from designer.run.background import in_thread
from designer.run.event_export import export_text, plain_lines
from designer.run.event_filter import EventFilter
from designer.run.event_log import Entry, EventLog
from designer.run.event_model import EventModel
from designer.shell.dialogs.files import choose_to_export
from designer.shell.docks.data_view import DataView
from designer.shell.docks.dock import Dock
from designer.shell.docks.event_filter_bar import EventFilterBar
from designer.shell.docks.event_table import EventTable
from designer.shell.strip import Strip
from flexiflow.component import EVENT_NAMES
from flexiflow.errors import FlexiFlowError

if TYPE_CHECKING:
    from designer.shell.page import FlowPage

__all__ = ["EventLogDock"]

_EMPTY = (
    "Every event of a run stands here: messages, changes of state, failures. "
    "Open a flow and run it (F5)."
)
_NO_RUN = (
    "Every event of a run stands here: messages, changes of state, failures. Run the flow (F5)."
)
_FORMATS = "JSON Lines (*.jsonl);;CSV (*.csv)"


class EventLogDock(Dock):
    """The events of the current flow's run, filtered, followed, copied and exported.

    Signals:
        row_chosen(object): the user went to a row; its EventRow names state and component.
    """

    row_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__("Event log", "event_log", theme)
        self.model = EventModel(None, self)
        self.bar = EventFilterBar()
        self.table = EventTable(self.model, theme)
        self.details = DataView("All data of the current event")
        self.details.hide()
        self._catch_up = QTimer(self)
        self._catch_up.setSingleShot(True)
        self._catch_up.setInterval(0)
        self._known_events = 0
        self._make_buttons()
        self.set_body(self._make_body(), empty=_EMPTY)
        self._connect()
        self.bar.add_events(EVENT_NAMES)
        self.model.set_filter(self.bar.filter)
        self.set_theme(theme)

    # -- the current flow ------------------------------------------------------------------

    def wire(self, page: FlowPage) -> None:
        """Shows the page's events and follows its frames."""
        self._show_log(page.run.log)
        page.run.frame.connect(self._on_frame)
        page.run.phase_changed.connect(self._on_phase)
        self._refresh()

    def unwire(self, page: FlowPage) -> None:
        """Stops following the page."""
        page.run.frame.disconnect(self._on_frame)
        page.run.phase_changed.disconnect(self._on_phase)
        self._catch_up.stop()
        self._show_log(EventLog(1))
        self.set_count(None)

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours."""
        super().set_theme(theme)
        self.model.set_theme(theme)
        self.table.set_theme(theme)
        self._newest.setIcon(icon("arrow-down", theme))

    # -- what the user does ----------------------------------------------------------------

    def clear(self) -> None:
        """Forgets the rows; the run goes on."""
        self.model.log.clear()
        self._say("")
        self._refresh()

    def jump_to_newest(self) -> None:
        """Shows the newest row and follows it."""
        self.table.set_following(True)

    def copy(self) -> None:
        """Copies the selected rows as text."""
        entries = self.table.selected_entries()
        if entries and self.page is not None:
            self.page.run.tasks.start(self._copy(entries), name="copying events")

    def export(self) -> None:
        """Asks for a file and writes the rows shown into it."""
        if self.page is not None:
            self.page.run.tasks.start(self._choose_and_export(), name="asking where to export")

    def export_to(self, name: str) -> None:
        """Writes the rows shown into a file; its ending decides between CSV and JSON Lines."""
        if self.page is not None:
            entries = self.model.iter_entries()
            self.page.run.tasks.start(self._export(entries, Path(name)), name="exporting events")

    def show_details(self, shown: bool) -> None:
        """Shows or hides the whole data of the current row."""
        self._details_button.setChecked(shown)

    # -- keeping up ------------------------------------------------------------------------

    def _show_log(self, log: EventLog) -> None:
        self.model.set_log(log)
        self.details.show_data(None)
        self.bar.clear_components()
        self.table.set_following(True)

    def _on_frame(self) -> None:
        self._refresh()

    def _on_phase(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        """Takes in what is new; what does not fit into this turn of the loop goes into the next."""
        if self.page is None:
            return
        if self.model.refresh():
            self._catch_up.start()
        self.table.keep_up()
        log = self.model.log
        if len(log.names) != self._known_events:
            self._known_events = len(log.names)
            self.bar.add_events(log.names)
            self.bar.add_components(self.page.run.component_names)
        self.set_count(log.total - log.base)
        self._show_status(log)

    def _show_status(self, log: EventLog) -> None:
        parts = []
        if self.model.rowCount() != len(log):
            parts.append(f"{min(self.model.rowCount(), len(log)):,} of {len(log):,} rows shown")
        if log.dropped:
            parts.append(f"{log.dropped:,} older rows let go, {log.capacity:,} are kept")
        text = "  \N{MIDDLE DOT}  ".join(parts)
        self.bar.status.setText(text)
        self.bar.status.setToolTip(text)
        running = self.page is not None and self.page.run.active
        self.set_empty(None if running or log.total > log.base else _NO_RUN)

    # -- work that takes a while -----------------------------------------------------------

    async def _copy(self, entries: list[Entry]) -> None:
        text = await in_thread(partial(plain_lines, entries), name="copying events")
        QGuiApplication.clipboard().setText(text)
        self._say(f"{len(entries):,} rows copied")

    async def _choose_and_export(self) -> None:
        path = await choose_to_export(self, "events.jsonl", _FORMATS)
        if path is not None:
            self.export_to(str(path))

    async def _export(self, entries: list[Entry], path: Path) -> None:
        def write() -> None:
            write_atomic(path, export_text(entries, path))

        try:
            await in_thread(write, name="exporting events")
        except FlexiFlowError as error:
            self._say(f"{error.what}: {error.why}", role="error")
        else:
            self._say(f"{len(entries):,} rows written to {path.name}")

    def _say(self, text: str, role: str = "caption") -> None:
        self.notice.setText(text)
        self.notice.setProperty("role", role)
        self.notice.style().polish(self.notice)
        self.notice.setVisible(bool(text))

    # -- widgets ---------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.follow = QPushButton("Follow")
        self.follow.setProperty("role", "filter")
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.setToolTip("Keep the newest row in view")
        self._newest = QToolButton()
        self._newest.setToolTip("Jump to the newest row (End)")
        self._newest.setAccessibleName("Jump to the newest row")
        self._details_button = _link("Details", "Show all data of the current row (Enter)")
        self._details_button.setCheckable(True)
        self._export_button = _link("Export...", "Write the rows shown as JSON Lines or CSV")
        self._clear_button = _link("Clear", "Forget all rows; the run goes on")

    def _make_body(self) -> QWidget:
        for button in (
            self.follow,
            self._newest,
            self._details_button,
            self._export_button,
            self._clear_button,
        ):
            self.bar.add_widget(button)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.table)
        parts.addWidget(self.details)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        self.notice = QLabel()
        self.notice.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, SPACE)
        self.notice.hide()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Strip(self.bar))
        column.addWidget(parts, 1)
        column.addWidget(self.notice)
        return body

    def _connect(self) -> None:
        self._catch_up.timeout.connect(self._refresh)
        self.bar.filter_changed.connect(self._on_filter)
        self.table.following_changed.connect(self.follow.setChecked)
        self.follow.toggled.connect(self.table.set_following)
        self._newest.clicked.connect(self.jump_to_newest)
        self._details_button.toggled.connect(self.details.setVisible)
        self._export_button.clicked.connect(self.export)
        self._clear_button.clicked.connect(self.clear)
        self.table.row_chosen.connect(self._on_row)
        self.table.details_wanted.connect(partial(self.show_details, True))
        self.table.copy_wanted.connect(self.copy)

    def _on_filter(self, wanted: EventFilter) -> None:
        try:
            self.model.set_filter(wanted)
        except ValueError as fault:
            self.bar.show_fault(f"{fault}")
            return
        self.bar.show_fault("")
        self._say("")
        self._refresh()

    def _on_row(self) -> None:
        row = self.table.current_row()
        if row is not None:
            data = {"event": row.event, "correlation id": row.correlation_id, **row.payload}
            self.details.show_data(data)
            self.row_chosen.emit(row)


def _link(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "link")
    button.setToolTip(tip)
    return button
