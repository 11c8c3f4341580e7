"""The Snapshots dock: every state a run was in, to look at and to go back to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from designer.host.asyncqt import spawn
from designer.host.theme import ROW_HEIGHT, SPACE, Theme, label_font, mono_font
from designer.run.controller import RunController, RunPhase
from designer.run.snapshot_model import COMPONENT, ID, ORIGIN, STATE, TIME, SnapshotModel
from designer.run.snapshot_reader import SnapshotPage, SnapshotRow
from designer.run.snapshots import PAGE
from designer.shell.docks.data_view import DataView
from designer.shell.docks.dock import Dock
from flexiflow.errors import FlexiFlowError

if TYPE_CHECKING:
    from designer.shell.page import FlowPage

__all__ = ["SnapshotsDock"]

Job = Callable[[RunController], Coroutine[Any, Any, None]]

_EMPTY: Final = (
    "Each change of state of a run is stored as a snapshot, to look at and to go back to. "
    "Open a flow and run it (F5)."
)
_NOTHING: Final = (
    "Each change of state of a run is stored as a snapshot, to look at and to go back to. "
    "Run the flow (F5) and send it messages."
)
_DAMAGED: Final = "damaged"
#: How long snapshots gather before the list shows them, in milliseconds.
_GATHER_MS: Final = 100


class SnapshotsDock(Dock):
    """The snapshots in the current flow's database, newest first, loaded as far as one looks."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Snapshots", "snapshots", theme)
        self.model = SnapshotModel(self)
        self.states = QComboBox()
        self.restore = QPushButton("Restore")
        self.newest = QPushButton("Show newest")
        self.table = QTableView()
        self.details = DataView("The whole snapshot")
        self.status = QLabel()
        self._jobs: dict[str, asyncio.Task[Any]] = {}
        self._stored = 0
        self._keys: list[str] | None = None
        self._restored = ""
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(_GATHER_MS)
        self._set_up_widgets()
        self.set_body(self._make_body(), empty=_EMPTY)
        self._connect()
        self.set_theme(theme)

    # -- the current flow ------------------------------------------------------------------

    def wire(self, page: FlowPage) -> None:
        """Lists the database of the page's run, or of its last one."""
        run = page.run
        run.store.stored.connect(self._on_stored)
        run.store.failed.connect(self._on_failed)
        run.store.path_changed.connect(self.reload)
        run.phase_changed.connect(self._on_phase)
        page.document.applied.connect(self._fill_states)
        page.changed.connect(self._find_database)
        self._fill_states()
        self._find_database()
        self.reload()

    def unwire(self, page: FlowPage) -> None:
        """Stops following the page; what was being read for it is dropped."""
        run = page.run
        run.store.stored.disconnect(self._on_stored)
        run.store.failed.disconnect(self._on_failed)
        run.store.path_changed.disconnect(self.reload)
        run.phase_changed.disconnect(self._on_phase)
        page.document.applied.disconnect(self._fill_states)
        page.changed.disconnect(self._find_database)
        self._gather.stop()
        for job in self._jobs.values():
            job.cancel()
        self._jobs.clear()
        self.details.show_data(None)
        self.model.show_first(SnapshotPage((), None))
        self.set_count(None)

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours."""
        super().set_theme(theme)
        self.model.set_theme(theme)

    # -- what the user does ----------------------------------------------------------------

    def reload(self) -> None:
        """Reads the list anew."""
        if self.page is not None:
            self._start("list", self._load_first)

    def restore_current(self) -> None:
        """Puts the running component back into the current row's state."""
        row = self.current_row()
        if row is not None and self.page is not None and self.restore.isEnabled():
            self._start("restore", partial(self._restore, row))

    def current_row(self) -> SnapshotRow | None:
        """The current row's snapshot, or None."""
        index = self.table.currentIndex()
        return self.model.row_for(index.row()) if index.isValid() else None

    # -- following -------------------------------------------------------------------------

    def _on_stored(self, count: int) -> None:
        self._stored += count
        self.set_count(self._stored)
        if not self._gather.isActive():
            self._gather.start()

    def _on_gathered(self) -> None:
        if self.page is None:
            return
        self._start("count", self._count)
        if self._is_reading():
            self._gather.start()
        elif self._is_at_top():
            self._start("newer", self._load_newer)
        else:
            self.newest.show()

    def _is_reading(self) -> bool:
        """Whether the list is about to change."""
        reading = (self._jobs.get(kind) for kind in ("list", "newer"))
        return any(job is not None and not job.done() for job in reading)

    def _on_failed(self, error: FlexiFlowError) -> None:
        self._say(f"{error.what}. {error.why}", fault=True)

    def _on_phase(self) -> None:
        self._restored = ""
        self._update_restore()

    def _find_database(self) -> None:
        """Before its first run, a flow shows what its last one stored."""
        page = self.page
        if page is not None and page.database is not None and page.run.phase is RunPhase.IDLE:
            page.run.store.set_path(page.database)

    def _fill_states(self) -> None:
        if self.page is None:
            return
        keys = sorted(state.key for state in self.page.document.states)
        if keys == self._keys:
            return
        self._keys = keys
        wanted = self.states.currentData() or ""
        with QSignalBlocker(self.states):
            self.states.clear()
            self.states.addItem("All states", "")
            self.states.addItem("Damaged rows", _DAMAGED)
            self.states.insertSeparator(2)
            for key in keys:
                self.states.addItem(key, f"state:{key}")
            self.states.setCurrentIndex(max(0, self.states.findData(wanted)))

    # -- reading and restoring, off the window's thread ------------------------------------

    def _start(self, kind: str, job: Job) -> None:
        """Starts a piece of work in place of an earlier one of its kind."""
        page = self.page
        if page is None:
            return
        earlier = self._jobs.get(kind)
        if earlier is not None:
            earlier.cancel()
        name = f"snapshots: {kind}"
        self._jobs[kind] = spawn(page.run.tasks, self._guard(kind, job, page.run), name=name)

    async def _guard(self, kind: str, job: Job, run: RunController) -> None:
        try:
            await job(run)
        except FlexiFlowError as error:
            # That snapshots are lost matters more than that the list cannot be read.
            lost = None if kind == "restore" else run.store.error
            self._on_failed(lost or error)

    async def _list(self, run: RunController, before: int | None = None) -> SnapshotPage:
        wanted = str(self.states.currentData() or "")
        return await run.store.list(
            limit=PAGE,
            before_id=before,
            state=wanted.removeprefix("state:") if wanted.startswith("state:") else "",
            damaged=wanted == _DAMAGED,
        )

    async def _load_first(self, run: RunController) -> None:
        self.newest.hide()
        self._restored = ""
        if self.states.currentData():
            self._say("Searching...")  # a state that is rare in a million rows takes seconds
        try:
            page = await self._list(run)
            await self._count(run)
        except FlexiFlowError:
            self.model.show_first(SnapshotPage((), None))
            self.set_empty(None)
            raise
        self.model.show_first(page)
        self.table.scrollToTop()
        self._show_status(run)

    async def _count(self, run: RunController) -> None:
        self._stored = await run.store.count()
        self.set_count(self._stored or None)

    async def _load_more(self, run: RunController) -> None:
        try:
            self.model.add_page(await self._list(run, self.model.before))
        except FlexiFlowError:
            self.model.give_up()
            raise

    async def _load_newer(self, run: RunController) -> None:
        page = await self._list(run)
        at_top = self._is_at_top()
        self.model.add_newer(page)
        if at_top:
            self.table.scrollToTop()
        self._show_status(run)

    async def _load_details(self, row: SnapshotRow, run: RunController) -> None:
        if row.damaged:
            self.details.show_data({"damaged": row.fault})
            return
        snapshot = await run.store.load(row.id)
        self.details.show_data(
            {
                "state": snapshot.current_state,
                "context": snapshot.context,
                "rules": snapshot.rules,
                "component": snapshot.name,
                "metadata": snapshot.metadata,
            }
        )

    async def _restore(self, row: SnapshotRow, run: RunController) -> None:
        await run.restore(row.id)
        self._restored = f"Restored {row.state} from snapshot {row.id}"
        self._say(self._restored)

    # -- showing ---------------------------------------------------------------------------

    def _is_at_top(self) -> bool:
        return self.table.verticalScrollBar().value() == 0

    def _show_status(self, run: RunController) -> None:
        filtered = bool(self.states.currentData())
        self.set_empty(None if self.model.rowCount() or filtered else _NOTHING)
        if run.store.error is not None:
            self._on_failed(run.store.error)
        elif run.store.path is not None:
            nothing = filtered and not self.model.rowCount()
            told = self._restored or run.store.path.name
            self._say("No snapshot is like that." if nothing else told)
            self.status.setToolTip(str(run.store.path))

    def _say(self, text: str, *, fault: bool = False) -> None:
        self.status.setText(text)
        self.status.setProperty("role", "error" if fault else "caption")
        self.status.style().polish(self.status)

    def _update_restore(self) -> None:
        row, page = self.current_row(), self.page
        running = page is not None and page.run.active
        self.restore.setEnabled(running and row is not None and not row.damaged)
        self.restore.setToolTip(
            "Put the running component back into this state (Enter)"
            if running
            else "Start a run (F5) to restore a snapshot into it"
        )

    def _on_current_row(self) -> None:
        self._update_restore()
        row = self.current_row()
        if row is not None and self.page is not None:
            self._start("details", partial(self._load_details, row))

    def _on_more_wanted(self) -> None:
        if self.page is not None:
            self._start("more", self._load_more)

    # -- widgets ---------------------------------------------------------------------------

    def _set_up_widgets(self) -> None:
        self.states.setAccessibleName("Show snapshots of one state")
        self.states.setMinimumWidth(140)
        self.restore.setEnabled(False)
        self.newest.setProperty("role", "link")
        self.newest.setToolTip("Newer snapshots have been stored meanwhile")
        self.newest.hide()
        self.status.setProperty("role", "caption")
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.table.setModel(self.model)
        self.table.setAccessibleName("Snapshots, newest first")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        _set_up_headers(self.table)

    def _make_body(self) -> QWidget:
        bar = QHBoxLayout()
        bar.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, SPACE)
        bar.setSpacing(2 * SPACE)
        bar.addWidget(self.states)
        bar.addWidget(self.newest)
        bar.addWidget(self.status, 1)
        bar.addWidget(self.restore)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.table)
        parts.addWidget(self.details)
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(parts, 1)
        return body

    def _connect(self) -> None:
        self._gather.timeout.connect(self._on_gathered)
        self.model.more_wanted.connect(self._on_more_wanted)
        self.model.modelReset.connect(self._update_restore)
        self.states.currentIndexChanged.connect(self.reload)
        self.newest.clicked.connect(self.reload)
        self.restore.clicked.connect(self.restore_current)
        self.table.activated.connect(self._on_activated)
        self.table.selectionModel().currentRowChanged.connect(self._on_current_row)

    def _on_activated(self, _index: QModelIndex) -> None:
        self.restore_current()


def _set_up_headers(table: QTableView) -> None:
    rows = table.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setMinimumSectionSize(1)
    rows.setDefaultSectionSize(ROW_HEIGHT)
    columns = table.horizontalHeader()
    columns.setHighlightSections(False)
    columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    digits, words = QFontMetrics(mono_font(11)), QFontMetrics(label_font())
    room = 6 * SPACE
    table.setColumnWidth(TIME, digits.horizontalAdvance("2026-01-01 00:00:00.000") + room)
    table.setColumnWidth(ORIGIN, words.horizontalAdvance("AwaitingPayment") + room)
    table.setColumnWidth(COMPONENT, words.horizontalAdvance("a_component_name") + room)
    table.setColumnWidth(ID, digits.horizontalAdvance("00000000") + room)
    columns.setSectionResizeMode(STATE, QHeaderView.ResizeMode.Stretch)
