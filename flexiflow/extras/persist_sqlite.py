"""Keeps the history of components in a SQLite database.

Every function works on a connection of the caller's, whose own ``sqlite3.Error`` passes unchanged.
Rows are ordered by ``created_at``, newest first, then by ``id``. Reading never writes: where the
table is missing, there are no snapshots.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flexiflow.errors import ErrorContext, PersistenceError
from flexiflow.extras.snapshot_rows import as_text, snapshot_from_row, state_in
from flexiflow.snapshot import ComponentSnapshot, snapshot_to_text

__all__ = [
    "count_snapshots",
    "list_components",
    "list_snapshots",
    "load_latest_snapshot",
    "load_snapshot_by_id",
    "prune_snapshots",
    "save_snapshot",
    "save_snapshots",
]

ROWS_PER_STATEMENT = 500
_LARGEST = 2**63 - 1

_TABLE = """
CREATE TABLE IF NOT EXISTS flexiflow_snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    component_name TEXT NOT NULL,
    snapshot_json TEXT NOT NULL,
    created_at TEXT NOT NULL
)
"""
_INDEX = """
CREATE INDEX IF NOT EXISTS idx_flexiflow_snapshots_component_created
ON flexiflow_snapshots (component_name, created_at DESC)
"""
_INSERT = "INSERT INTO flexiflow_snapshots (component_name, snapshot_json, created_at) VALUES "
_STALE = """
SELECT 1 FROM flexiflow_snapshots WHERE component_name = :name
ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET :keep
"""
_PRUNE = """
DELETE FROM flexiflow_snapshots WHERE component_name = :name AND id NOT IN (
    SELECT id FROM flexiflow_snapshots WHERE component_name = :name
    ORDER BY created_at DESC, id DESC LIMIT :keep
)
"""
# The text is read as a blob, so that bytes which are no UTF-8 spoil their own row only.
_BY_ID = """
SELECT id, created_at, CAST(snapshot_json AS BLOB), component_name
FROM flexiflow_snapshots WHERE id = :id
"""
_NEWEST = """
SELECT id, created_at, CAST(snapshot_json AS BLOB)
FROM flexiflow_snapshots WHERE component_name = :name
ORDER BY created_at DESC, id DESC LIMIT :limit
"""
# A row that is gone has no time any more; then its id alone says what came before it.
_NEWEST_AFTER_ROW = """
SELECT id, created_at, CAST(snapshot_json AS BLOB)
FROM flexiflow_snapshots WHERE component_name = :name
AND CASE WHEN EXISTS (SELECT 1 FROM flexiflow_snapshots WHERE id = :before)
    THEN (created_at, id) < (SELECT created_at, id FROM flexiflow_snapshots WHERE id = :before)
    ELSE id < :before END
ORDER BY created_at DESC, id DESC LIMIT :limit
"""


def save_snapshot(
    conn: sqlite3.Connection,
    snapshot: ComponentSnapshot,
    *,
    created_at: datetime | None = None,
    commit: bool = True,
) -> int:
    """Adds a snapshot to its component's history and returns the id of the row.

    Args:
        conn: the database; the table is made when it is missing.
        snapshot: what to keep.
        created_at: when it was taken, now by default. A time without a zone is taken as UTC.
        commit: ``False`` leaves the transaction open, for the caller to end.

    Raises:
        PersistenceError: a value has no JSON form; nothing is written.
    """
    row = _row(snapshot, created_at)
    with _transaction(conn, commit=commit):
        _make_schema(conn)
        return _insert(conn, row, 1)


def save_snapshots(
    conn: sqlite3.Connection,
    rows: Sequence[tuple[ComponentSnapshot, datetime | None]],
    *,
    commit: bool = True,
) -> list[int]:
    """Adds many snapshots with their times, in order, and returns the ids of their rows.

    Up to 500 rows go into one statement: a thread gives the interpreter up for every statement and
    gets it back late beside a busy one, so few statements make a writer thread fast. All rows are
    stored or, when something fails and the transaction is not the caller's, none.

    Raises:
        PersistenceError: a value has no JSON form; nothing is written.
    """
    values = [_row(snapshot, created_at) for snapshot, created_at in rows]
    ids: list[int] = []
    with _transaction(conn, commit=commit):
        for start in range(0, len(values), ROWS_PER_STATEMENT):
            chunk = values[start : start + ROWS_PER_STATEMENT]
            flat = [value for row in chunk for value in row]
            last = _insert_or_make_schema(conn, flat, len(chunk))
            ids.extend(range(last - len(chunk) + 1, last + 1))

    return ids


def prune_snapshots(
    conn: sqlite3.Connection, component_name: str, *, keep_last: int = 10, commit: bool = True
) -> int:
    """Deletes all but the newest ``keep_last`` snapshots of a component; returns how many went.

    Where there is nothing to delete nothing is written, and a transaction of the caller's stays
    open.

    Raises:
        ValueError: ``keep_last`` is negative.
    """
    if keep_last < 0:
        raise ValueError("keep_last must be >= 0")

    values = {"name": component_name, "keep": _within_sqlite(keep_last)}
    if not _select(conn, _STALE, values):
        return 0

    with _transaction(conn, commit=commit):
        return conn.execute(_PRUNE, values).rowcount


def _row(snapshot: ComponentSnapshot, created_at: datetime | None) -> tuple[str, str, str]:
    try:
        text = snapshot_to_text(snapshot)
    except (TypeError, ValueError, RecursionError) as error:
        raise _refused(
            snapshot,
            error,
            why=f"A value has no JSON form: {error}.",
            fix="Keep only text, numbers, booleans, null, lists and mappings in what is stored.",
        ) from error

    try:
        return snapshot.name, text, _time_text(created_at)
    except OverflowError as error:
        raise _refused(
            snapshot,
            error,
            why=f"Its time, {created_at}, is stored in UTC, and has no form there.",
            fix="Give a time that lies within the years 1 to 9999 in UTC.",
        ) from error


def _refused(
    snapshot: ComponentSnapshot, error: Exception, *, why: str, fix: str
) -> PersistenceError:
    return PersistenceError(
        f"Cannot store snapshot of '{snapshot.name}'",
        why=why,
        fix=fix,
        context=ErrorContext({"component_name": snapshot.name, "error": str(error)}),
    )


def _time_text(moment: datetime | None) -> str:
    if moment is None:
        moment = datetime.now(UTC)
    elif moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)

    return moment.astimezone(UTC).isoformat()


@contextmanager
def _transaction(conn: sqlite3.Connection, *, commit: bool) -> Iterator[None]:
    """Commits at the end if told to; undoes what failed, but nothing of the caller's."""
    ours = not conn.in_transaction
    try:
        yield
        if commit:
            conn.commit()
    except BaseException:
        if ours:
            conn.rollback()

        raise


def _make_schema(conn: sqlite3.Connection) -> None:
    conn.execute(_TABLE)
    conn.execute(_INDEX)


def _insert(conn: sqlite3.Connection, values: Sequence[str], count: int) -> int:
    """Inserts ``count`` rows given as one flat sequence; returns the last row's id."""
    places = ",".join(["(?,?,?)"] * count)
    last = conn.execute(_INSERT + places, values).lastrowid
    assert last is not None  # noqa: S101 - an INSERT that did not raise has an id
    return last


def _insert_or_make_schema(conn: sqlite3.Connection, values: Sequence[str], count: int) -> int:
    try:
        return _insert(conn, values, count)
    except sqlite3.OperationalError as error:
        if not _is_missing_table(error):
            raise

    _make_schema(conn)
    return _insert(conn, values, count)


def load_latest_snapshot(conn: sqlite3.Connection, component_name: str) -> ComponentSnapshot | None:
    """The newest snapshot of a component, or ``None`` when it has none.

    Raises:
        InvalidSnapshotError: the row is damaged; its id stands in the context.
    """
    rows = _select(conn, _NEWEST, {"name": component_name, "limit": 1})
    return snapshot_from_row(rows[0], component_name) if rows else None


def load_snapshot_by_id(conn: sqlite3.Connection, snapshot_id: int) -> ComponentSnapshot | None:
    """The snapshot of one row, or ``None`` when there is no such row.

    Raises:
        InvalidSnapshotError: the row is damaged; its id stands in the context.
    """
    if snapshot_id != _within_sqlite(snapshot_id):
        return None

    rows = _select(conn, _BY_ID, {"id": snapshot_id})
    return snapshot_from_row(rows[0], as_text(rows[0][3])) if rows else None


def list_snapshots(
    conn: sqlite3.Connection,
    component_name: str,
    *,
    limit: int = 10,
    before_id: int | None = None,
) -> list[dict[str, Any]]:
    """What there is of a component, newest first.

    Each item has the keys ``id``, ``created_at`` and ``current_state``. The state of a damaged row
    is ``invalid``, that of an object without a state ``unknown``.

    Args:
        conn: the database.
        component_name: whose history.
        limit: at most so many; a negative limit means all.
        before_id: only what comes after this row in the list, for reading it page by page.
    """
    statement = _NEWEST if before_id is None else _NEWEST_AFTER_ROW
    before = None if before_id is None else _within_sqlite(before_id)
    values = {"name": component_name, "before": before, "limit": _within_sqlite(limit)}
    rows = _select(conn, statement, values)
    return [
        {"id": row[0], "created_at": as_text(row[1]), "current_state": state_in(row[2])}
        for row in rows
    ]


def list_components(conn: sqlite3.Connection) -> list[tuple[str, int]]:
    """The components that have snapshots, each with how many, by name."""
    rows = _select(
        conn,
        "SELECT component_name, COUNT(*) FROM flexiflow_snapshots "
        "GROUP BY component_name ORDER BY component_name",
        {},
    )
    return [(as_text(name), count) for name, count in rows]


def count_snapshots(conn: sqlite3.Connection, component_name: str) -> int:
    """How many snapshots a component has."""
    rows = _select(
        conn,
        "SELECT COUNT(*) FROM flexiflow_snapshots WHERE component_name = :name",
        {"name": component_name},
    )
    return int(rows[0][0]) if rows else 0


def _select(
    conn: sqlite3.Connection, statement: str, values: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """The rows as plain tuples, whatever the connection makes of rows; none without the table."""
    cursor = conn.cursor()
    cursor.row_factory = None
    try:
        return cursor.execute(statement, values).fetchall()
    except sqlite3.OperationalError as error:
        if _is_missing_table(error):
            return []

        raise
    finally:
        cursor.close()


def _within_sqlite(number: int) -> int:
    """The number, or the nearest that SQLite can hold: no database has more rows than that."""
    return max(-_LARGEST - 1, min(number, _LARGEST))


def _is_missing_table(error: sqlite3.OperationalError) -> bool:
    # SQLite has one code for all errors of a statement; the text is the only thing that tells.
    return str(error).startswith("no such table")
