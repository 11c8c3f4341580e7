"""The thread that stores snapshots: the engine hands them over and goes on."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from flexiflow.errors import ErrorContext, FlexiFlowError, PersistenceError
from flexiflow.extras.persist_sqlite import save_snapshots
from flexiflow.snapshot import ComponentSnapshot

__all__ = ["SnapshotWriter", "connect_for_writing"]

Record = tuple[ComponentSnapshot, datetime | None]
Sized = tuple[ComponentSnapshot, datetime | None, int]

#: Seconds for which snapshots gather before they are stored together. Beside a busy thread each
#: statement waits for the interpreter, so few long statements are fast and many short ones slow.
_GATHER_SECONDS: Final = 0.02
#: Rows of one transaction, and about how many characters their data has at most.
_BATCH: Final = 2_000
_BATCH_SIZE: Final = 8_000_000
#: Seconds for which another program may keep the database locked.
_LOCK_PATIENCE: Final = 5.0
#: Seconds SQLite waits by itself: short, so that a thread told to stop can.
_LOCK_SLICE: Final = 0.05

_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def connect_for_writing(path: Path) -> sqlite3.Connection:
    """Opens a database for the writer, and makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_LOCK_SLICE)
    try:
        # A crash of the machine may cost the last moments of a run; it cannot damage the file.
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class SnapshotWriter:
    """Stores snapshots in a thread of its own, in the order in which they were put.

    The first snapshot opens the database. When it cannot be opened or written, ``on_failed`` is
    called once and everything put from then on is counted as lost: whoever runs a flow goes on.

    Args:
        path: the database.
        on_stored: called in the thread with the number of snapshots a transaction stored.
        on_failed: called in the thread with the one error.
        connect: opens the database.
    """

    def __init__(
        self,
        path: Path,
        *,
        on_stored: Callable[[int], None],
        on_failed: Callable[[FlexiFlowError], None],
        connect: Callable[[Path], sqlite3.Connection] = connect_for_writing,
    ) -> None:
        self.path = path
        self._on_stored = on_stored
        self._on_failed = on_failed
        self._connect = connect
        self._records: deque[Sized] = deque()
        self._markers: deque[tuple[int, Callable[[], None]]] = deque()
        self._taken = 0
        self._taken_size = 0
        self._put = 0
        self._put_size = 0
        self._lost = 0
        self._broken = False
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._closing = False
        self._connection: sqlite3.Connection | None = None
        self._thread = threading.Thread(target=self._run, name="snapshot writer", daemon=True)

    @property
    def pending(self) -> int:
        """Snapshots put and not yet stored."""
        return self._put - self._taken

    @property
    def pending_size(self) -> int:
        """About how many characters of data they have."""
        return self._put_size - self._taken_size

    @property
    def lost(self) -> int:
        """Snapshots that could not be stored."""
        return self._lost

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def put(self, snapshot: ComponentSnapshot, moment: datetime, size: int = 0) -> None:
        """Hands a snapshot over; takes about a microsecond.

        Args:
            snapshot: what is to be stored.
            moment: when it was taken.
            size: about how many characters of data it has.
        """
        if self._broken:
            self._lost += 1
            return
        self._records.append((snapshot, moment, size))
        self._put += 1
        self._put_size += size
        if not self._wake.is_set():
            self._wake.set()

    def flush(self, then: Callable[[], None]) -> None:
        """Calls ``then`` in the thread as soon as all put so far is stored or lost."""
        self._markers.append((self._put, then))
        self._hurry.set()
        self._wake.set()

    def close(self) -> None:
        """Asks the thread to store what it has, close the database and end."""
        self._closing = True
        self._hurry.set()
        self._wake.set()

    def join(self) -> None:
        """Waits until the thread has ended."""
        if self._thread.ident is not None:
            self._thread.join()

    # -- in the thread ---------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while True:
                self._wake.wait()
                self._hurry.wait(_GATHER_SECONDS)
                closing = self._closing
                self._wake.clear()
                self._hurry.clear()
                self._drain()
                self._pass_markers()
                if closing:
                    break
        finally:
            self._end()

    def _end(self) -> None:
        """Nobody waits for a thread that is gone, for whatever reason it went."""
        self._broken = True
        self._lost += self.pending
        self._taken, self._taken_size = self._put, self._put_size
        if self._connection is not None:
            self._connection.close()
        self._pass_markers()

    def _drain(self) -> None:
        while self._records:
            batch, size = self._next_batch()
            stored = 0 if self._broken else self._store(batch)
            self._lost += len(batch) - stored
            self._taken += len(batch)
            self._taken_size += size
            self._on_stored(stored)
            self._pass_markers()

    def _next_batch(self) -> tuple[list[Record], int]:
        batch: list[Record] = []
        total = 0
        while self._records and len(batch) < _BATCH and total < _BATCH_SIZE:
            snapshot, moment, size = self._records.popleft()
            batch.append((snapshot, moment))
            total += size
        return batch, total

    def _pass_markers(self) -> None:
        while self._markers and self._markers[0][0] <= self._taken:
            self._markers.popleft()[1]()

    def _store(self, batch: list[Record]) -> int:
        try:
            return self._store_patiently(batch)
        except (OSError, sqlite3.Error) as error:
            self._fail(error)
        except PersistenceError as error:
            return self._store_one_by_one(batch, error)
        return 0

    def _store_patiently(self, batch: list[Record]) -> int:
        """Tries again while another program holds the database."""
        until = time.monotonic() + _LOCK_PATIENCE
        while True:
            try:
                if self._connection is None:
                    self._connection = self._connect(self.path)
                save_snapshots(self._connection, batch)
            except sqlite3.OperationalError as error:
                locked = (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _LOCKED
                if not locked or self._closing or time.monotonic() >= until:
                    raise
            else:
                return len(batch)

    def _store_one_by_one(self, batch: list[Record], error: PersistenceError) -> int:
        """One snapshot that cannot be written as JSON does not take the others along."""
        self._on_failed(error)
        stored = 0
        for record in batch:
            try:
                stored += self._store_patiently([record])
            except PersistenceError:
                continue
            except (OSError, sqlite3.Error) as failure:
                self._fail(failure)
                break
        return stored

    def _fail(self, error: Exception) -> None:
        self._broken = True
        self._on_failed(
            PersistenceError(
                "The run goes on, but its snapshots are not stored",
                why=f"The database cannot be written: {error}.",
                fix="Make room on the disk and the folder writable, close other programs that use "
                "the database, then run again.",
                context=ErrorContext().add("path", str(self.path)),
            )
        )
