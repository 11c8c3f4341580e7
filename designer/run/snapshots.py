"""The snapshots of a run: stored by a thread of their own, read in pages by others."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from designer.run.background import in_thread
from designer.run.snapshot_reader import (
    SnapshotPage,
    SnapshotQuery,
    SnapshotRow,
    count_rows,
    read_page,
    read_snapshot,
)
from designer.run.snapshot_writer import SnapshotWriter, connect_for_writing
from flexiflow.errors import FlexiFlowError, PersistenceError
from flexiflow.snapshot import ComponentSnapshot

__all__ = ["PAGE", "SnapshotStore", "database_beside"]

#: Rows of one page.
PAGE: Final = 200

#: Snapshots that may wait for the writer before the run waits for it: some 50 ms of its work.
_MOST_WAITING: Final = 4_000
#: ... and about how many characters of data they may have.
_MOST_WAITING_SIZE: Final = 32_000_000


def database_beside(flow: Path) -> Path:
    """Where a flow's snapshots are stored: ``order.yaml`` has ``order.snapshots.db`` beside it."""
    stem = flow.name.removesuffix(flow.suffix) if flow.suffix in (".yaml", ".yml") else flow.name
    return flow.with_name(f"{stem.removesuffix('.pack')}.snapshots.db")


class SnapshotStore(QObject):
    """A database of snapshots.

    It can be read at any time. Between :meth:`open` and :meth:`close` snapshots can be put into
    it as well. A database that cannot be written is announced once and holds nobody up.

    Signals:
        stored(int): how many snapshots a transaction has stored.
        failed(object): a FlexiFlowError: from now on, nothing or not everything is stored.
        path_changed(): another database is read.
    """

    stored = Signal(int)
    failed = Signal(object)
    path_changed = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        connect: Callable[[Path], sqlite3.Connection] = connect_for_writing,
    ) -> None:
        super().__init__(parent)
        self._connect = connect
        self._path: Path | None = None
        self._writer: SnapshotWriter | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._error: FlexiFlowError | None = None
        self._stored = 0
        self._lost = 0
        self._waiting: list[asyncio.Future[None]] = []

    # -- state -----------------------------------------------------------------------------

    @property
    def path(self) -> Path | None:
        """The database; None while there is none."""
        return self._path

    @property
    def error(self) -> FlexiFlowError | None:
        """Why the last run's snapshots are not all stored; None when they are."""
        return self._error

    @property
    def stored_count(self) -> int:
        """Snapshots stored since the last :meth:`open`."""
        return self._stored

    @property
    def lost_count(self) -> int:
        """Snapshots since the last :meth:`open` that could not be stored."""
        return self._lost if self._writer is None else self._writer.lost

    @property
    def full(self) -> bool:
        """Whether so many snapshots wait that :meth:`room` is to be awaited."""
        writer = self._writer
        return writer is not None and (
            writer.pending >= _MOST_WAITING or writer.pending_size >= _MOST_WAITING_SIZE
        )

    def set_path(self, path: Path | None) -> None:
        """Chooses the database to be read; only while nothing is written.

        Raises:
            RuntimeError: a run is writing.
        """
        if self._writer is not None:
            raise RuntimeError("a run is writing into the database")
        if path != self._path:
            self._path = path
            self.path_changed.emit()

    # -- writing ---------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Starts the thread that writes; the database itself is opened by the first snapshot.

        Raises:
            RuntimeError: it is open already.
        """
        self.set_path(path)
        self._loop = asyncio.get_running_loop()
        self._error = None
        self._stored = 0
        self._writer = SnapshotWriter(
            path,
            on_stored=partial(self._from_thread, self._note_stored),
            on_failed=partial(self._from_thread, self._note_failed),
            connect=self._connect,
        )
        self._writer.start()

    def put(self, snapshot: ComponentSnapshot, moment: datetime, size: int = 0) -> None:
        """Hands a snapshot to the writer and returns at once; nothing happens while closed.

        Args:
            snapshot: what is to be stored.
            moment: when it was taken.
            size: about how many characters of data it has.
        """
        if self._writer is not None:
            self._writer.put(snapshot, moment, size)

    async def room(self) -> None:
        """Waits while too many snapshots wait to be stored."""
        while self.full:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future

    async def flush(self) -> None:
        """Waits until everything put so far is stored, or known to be lost."""
        if self._writer is None:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._writer.flush(partial(self._from_thread, _resolve, future))
        await future

    async def close(self) -> None:
        """Stores what waits and ends the thread. Being cancelled does not keep it from that."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        writer.close()
        try:
            await in_thread(writer.join, name="snapshots closing")
        finally:
            self._lost = writer.lost
            self._release()

    # -- reading ---------------------------------------------------------------------------

    async def list(
        self,
        component: str = "",
        limit: int = PAGE,
        before_id: int | None = None,
        *,
        state: str = "",
        damaged: bool = False,
    ) -> SnapshotPage:
        """The rows that answer, newest first, and where the next page begins.

        Args:
            component: only this component's; "" for all.
            limit: how many rows at most.
            before_id: only rows stored before that one; ``page.before`` of the page before.
            state: only snapshots of this state.
            damaged: only damaged rows.

        Raises:
            PersistenceError: the database cannot be read.
        """
        if self._path is None:
            return SnapshotPage((), None)
        query = SnapshotQuery(component, state, damaged)
        rows: tuple[SnapshotRow, ...] = ()
        page = SnapshotPage((), before_id)
        while True:
            read = partial(
                read_page, self._path, query, limit=limit - len(rows), before_id=page.before
            )
            page = await in_thread(read, name="snapshots reading")
            rows += page.rows
            if page.before is None or len(rows) >= limit:
                return SnapshotPage(rows, page.before)

    async def load(self, snapshot_id: int) -> ComponentSnapshot:
        """One whole snapshot.

        Raises:
            PersistenceError: there is none of that id, it is damaged, or cannot be read.
        """
        if self._path is None:
            raise PersistenceError(
                f"There is no snapshot {snapshot_id}",
                why="No database is open.",
                fix="Run the flow: each change of state is stored.",
            )
        path = self._path
        return await in_thread(partial(read_snapshot, path, snapshot_id), name="snapshot reading")

    async def count(self) -> int:
        """How many rows the database holds.

        Raises:
            PersistenceError: the database cannot be read.
        """
        if self._path is None:
            return 0
        return await in_thread(partial(count_rows, self._path), name="snapshots counting")

    # -- from the writer -------------------------------------------------------------------

    def _from_thread(self, function: Callable[..., None], *arguments: object) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *arguments)

    def _note_stored(self, count: int) -> None:
        self._stored += count
        self._release()
        if count:
            self.stored.emit(count)

    def _note_failed(self, error: FlexiFlowError) -> None:
        self._release()
        if self._error is None:
            self._error = error
            self.failed.emit(error)

    def _release(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            _resolve(future)


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
