"""Reading a database of snapshots in pages, newest first, whatever in it is damaged."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from flexiflow.errors import ErrorContext, PersistenceError
from flexiflow.extras.persist_sqlite import load_snapshot_by_id
from flexiflow.snapshot import ComponentSnapshot, find_fault

__all__ = [
    "SnapshotPage",
    "SnapshotQuery",
    "SnapshotRow",
    "count_rows",
    "read_page",
    "read_snapshot",
]

#: Rows a filter looks at in one call; after so many a caller gets a look-in.
_STRETCH: Final = 20_000
#: Seconds after which a page ends, full or not: rows of a foreign database can be of any size.
_PATIENCE: Final = 0.25
#: A row longer than this is not read for a list, in bytes.
_LONGEST: Final = 32 * 1024 * 1024
#: Seconds to wait for whoever writes.
_LOCK_SECONDS: Final = 2.0

_READONLY: Final = 8  # SQLITE_READONLY, in the low byte of an error code
_CANTOPEN: Final = 14  # SQLITE_CANTOPEN

_COLUMNS: Final = (
    "id, CAST(component_name AS TEXT), CAST(created_at AS TEXT), "
    f"CASE WHEN length(snapshot_json) <= {_LONGEST} THEN CAST(snapshot_json AS BLOB) END"
)
# What JSON functions take for damaged; each row found is looked at again.
_LOOKS_DAMAGED: Final = """
CASE WHEN json_valid(snapshot_json)
    THEN coalesce(json_type(snapshot_json, '$.name'), '') <> 'text'
        OR coalesce(json_type(snapshot_json, '$.current_state'), '') <> 'text'
        OR json_extract(snapshot_json, '$.name') = ''
        OR json_extract(snapshot_json, '$.current_state') = ''
        OR coalesce(json_type(snapshot_json, '$.rules'), 'array') <> 'array'
        OR coalesce(json_type(snapshot_json, '$.metadata'), 'object') <> 'object'
        OR coalesce(json_type(snapshot_json, '$.context'), 'object') <> 'object'
    ELSE 1 END
"""


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A stored snapshot in a list.

    Attributes:
        state: the state's key; "" of a damaged row.
        came_from: the state before, where the one who stored it said so.
        fault: what is wrong with a damaged row; "" of a sound one.
    """

    id: int
    component: str
    created_at: str
    state: str
    came_from: str = ""
    fault: str = ""

    @property
    def damaged(self) -> bool:
        """Whether it cannot be restored."""
        return bool(self.fault)


@dataclass(frozen=True, slots=True)
class SnapshotQuery:
    """Which snapshots are listed.

    Attributes:
        component: only this component's; "" for all.
        state: only those of this state; "" for all.
        damaged: only damaged rows.
    """

    component: str = ""
    state: str = ""
    damaged: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether it leaves nothing out."""
        return not (self.component or self.state or self.damaged)


@dataclass(frozen=True, slots=True)
class SnapshotPage:
    """Some rows, newest first, and where to go on.

    Attributes:
        rows: fewer than asked for, or none, when a search took long: go on at ``before``.
        before: the ``before_id`` of the next page; None at the end.
    """

    rows: tuple[SnapshotRow, ...]
    before: int | None


def read_page(
    path: Path, query: SnapshotQuery, *, limit: int, before_id: int | None = None
) -> SnapshotPage:
    """Reads rows in the order in which they were stored, newest first.

    It takes a fraction of a second, however large the database is. Call it off the window's thread.

    Args:
        path: the database; one that does not exist holds nothing.
        query: what to list.
        limit: how many rows at most.
        before_id: only rows stored before that one.

    Raises:
        PersistenceError: the database cannot be read.
    """
    with _reading(path) as connection:
        if connection is None:
            return SnapshotPage((), None)
        start = before_id if before_id is not None else _newest(connection) + 1
        floor = 0 if query.is_everything else _floor(connection, start)
        rows: list[SnapshotRow] = []
        lowest = start
        until = time.perf_counter() + _PATIENCE
        late = False
        for record in _select(connection, query, floor, start, limit):
            lowest = record[0]
            row = _row(record)
            if _answers(row, query):
                rows.append(row)
            late = time.perf_counter() >= until
            if len(rows) >= limit or late:
                break

        if len(rows) >= limit or late:
            before: int | None = lowest
        else:
            before = floor if floor > 0 else None
        return SnapshotPage(tuple(rows), before)


def read_snapshot(path: Path, snapshot_id: int) -> ComponentSnapshot:
    """Reads one whole snapshot.

    Raises:
        PersistenceError: there is no such row, it is damaged, or the database cannot be read.
    """
    with _reading(path) as connection:
        found = None if connection is None else load_snapshot_by_id(connection, snapshot_id)
    if found is None:
        raise PersistenceError(
            f"There is no snapshot {snapshot_id}",
            why="It was deleted, or the database is another one now.",
            fix="Choose a snapshot from the list, which shows what there is.",
            context=ErrorContext().add("path", str(path)),
        )
    return found


def count_rows(path: Path) -> int:
    """How many snapshots a database holds, damaged ones too.

    Raises:
        PersistenceError: the database cannot be read.
    """
    with _reading(path) as connection:
        if connection is None:
            return 0
        found = connection.execute("SELECT count(*) FROM flexiflow_snapshots").fetchone()
        return int(found[0])


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection that only reads; None where there is no database, or no table in it."""
    if not path.exists():
        yield None
        return
    try:
        with closing(_connect(path)) as connection:
            yield connection if _has_table(connection) else None
    except sqlite3.Error as error:
        raise PersistenceError(
            "The snapshots cannot be read",
            why=f"SQLite says: {error}.",
            fix="Close other programs that use the database, or choose another one.",
            context=ErrorContext().add("path", str(path)),
        ) from error


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return _open(path, "ro")
    except sqlite3.Error as error:
        # What a killed program left half done is put right by the next one that may write.
        if (getattr(error, "sqlite_errorcode", 0) & 0xFF) not in (_READONLY, _CANTOPEN):
            raise
        return _open(path, "rw")


def _open(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"file:{quote(str(path.resolve()))}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=_LOCK_SECONDS)
    try:
        connection.text_factory = _decoded
        connection.execute("PRAGMA schema_version")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _decoded(data: bytes) -> str:
    """Text of any writer: what is no UTF-8 spoils its own letters only."""
    return data.decode(errors="replace")


def _has_table(connection: sqlite3.Connection) -> bool:
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'flexiflow_snapshots'"
    )
    return found.fetchone() is not None


def _newest(connection: sqlite3.Connection) -> int:
    return int(
        connection.execute("SELECT coalesce(max(id), 0) FROM flexiflow_snapshots").fetchone()[0]
    )


def _floor(connection: sqlite3.Connection, start: int) -> int:
    """The lowest id of the stretch that one call of a search looks at; 0 at the end."""
    found = connection.execute(
        "SELECT id FROM flexiflow_snapshots WHERE id < ? ORDER BY id DESC LIMIT 1 OFFSET ?",
        (start, _STRETCH - 1),
    ).fetchone()
    return 0 if found is None else int(found[0])


def _select(
    connection: sqlite3.Connection, query: SnapshotQuery, floor: int, start: int, limit: int
) -> Iterator[tuple[Any, ...]]:
    """The rows that may answer the query; a unary plus keeps SQLite to the order of ids."""
    terms, values = ["id >= ?", "id < ?"], [floor, start]
    texts: list[str] = []
    if query.component:
        terms.append("+component_name = ?")
        texts.append(query.component)
    if query.state:
        terms.append("(instr(snapshot_json, ?) OR instr(snapshot_json, ?))")
        texts += [json.dumps(query.state), json.dumps(query.state, ensure_ascii=False)]
    if query.damaged:
        terms.append(_LOOKS_DAMAGED)
    # A state's name may stand elsewhere in a row: rows that do not answer count for nothing.
    most = limit if query.is_everything else -1
    cursor = connection.execute(
        f"SELECT {_COLUMNS} FROM flexiflow_snapshots WHERE {' AND '.join(terms)} "  # noqa: S608 - our own words
        "ORDER BY id DESC LIMIT ?",
        (*values, *texts, most),
    )
    yield from cursor


def _answers(row: SnapshotRow, query: SnapshotQuery) -> bool:
    if query.damaged:
        return row.damaged
    return not query.state or row.state == query.state


def _row(record: tuple[Any, ...]) -> SnapshotRow:
    row_id, component, created_at, text = record
    component, created_at = str(component or ""), str(created_at or "")
    if text is None:
        return SnapshotRow(
            row_id, component, created_at, "", fault="The row is too long to be read."
        )
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return SnapshotRow(row_id, component, created_at, "", fault=f"No valid JSON: {error}.")

    fault = find_fault(data)
    if fault is not None:
        what = f"{fault.field!r} should be a JSON {fault.expected}, and is {fault.got}."
        if fault.kind == "missing":
            what = f"{fault.field!r} is missing."
        if fault.kind == "object":
            what = "The row holds no JSON object."
        return SnapshotRow(row_id, component, created_at, "", fault=what)

    origin = data.get("metadata", {}).get("from_state", "")
    came_from = origin if isinstance(origin, str) else ""
    return SnapshotRow(row_id, component, created_at, data["current_state"], came_from)
