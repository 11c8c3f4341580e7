"""The store of snapshots: its thread, its limits, and what can go wrong with a disk."""

import asyncio
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from designer.run import snapshot_writer, snapshots
from designer.run.snapshot_writer import connect_for_writing
from designer.run.snapshots import SnapshotStore, database_beside
from flexiflow.errors import PersistenceError
from flexiflow.snapshot import ComponentSnapshot

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def snapshot(state, **context):
    """A snapshot in that state."""
    return ComponentSnapshot("order", state, [], {}, context)


def watched(store):
    """The errors and counts a store announces."""
    errors, counts = [], []
    store.failed.connect(errors.append)
    store.stored.connect(counts.append)
    return errors, counts


def stored_states(path):
    """The states in a database, oldest first."""
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute(
            "SELECT json_extract(snapshot_json, '$.current_state') FROM flexiflow_snapshots "
            "ORDER BY id"
        ).fetchall()
        return [row[0] for row in rows]
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("flow", "database"),
    [
        ("a/order.yaml", "a/order.snapshots.db"),
        ("a/tcp.pack.yaml", "a/tcp.snapshots.db"),
        ("a/odd.name", "a/odd.name.snapshots.db"),
        ("a/plain.yml", "a/plain.snapshots.db"),
    ],
)
def test_the_database_stands_beside_the_flow(flow, database):
    """Named after it."""
    assert database_beside(Path(flow)) == Path(database)


async def test_snapshots_are_stored_in_order(tmp_path):
    """Closing stores all that waits and ends the thread."""
    store, path = SnapshotStore(), tmp_path / "new folder" / "s.db"
    errors, counts = watched(store)

    store.open(path)
    for place in range(3_000):
        store.put(snapshot(f"S{place}"), NOW)
    await store.close()

    assert stored_states(path) == [f"S{place}" for place in range(3_000)]
    assert (sum(counts), store.stored_count, store.lost_count, errors) == (3_000, 3_000, 0, [])


async def test_flushing_waits_until_all_is_stored(tmp_path):
    """What was put before can be read afterwards."""
    store = SnapshotStore()
    store.open(tmp_path / "s.db")
    store.put(snapshot("A"), NOW)
    await store.flush()

    page = await store.list()
    assert [row.state for row in page.rows] == ["A"]
    assert (await store.load(page.rows[0].id)).current_state == "A"
    assert await store.count() == 1
    await store.close()


async def test_a_run_without_a_change_leaves_no_file(tmp_path):
    """The first snapshot makes the database."""
    store = SnapshotStore()
    store.open(tmp_path / "s.db")
    await store.flush()
    await store.close()

    assert list(tmp_path.iterdir()) == []


async def test_it_can_be_read_without_a_run(tmp_path):
    """And after one."""
    store = SnapshotStore()
    assert (await store.list()).rows == ()
    assert await store.count() == 0
    with pytest.raises(PersistenceError, match="no snapshot 3"):
        await store.load(3)

    store.open(tmp_path / "s.db")
    store.put(snapshot("A"), NOW)
    await store.close()

    assert [row.state for row in (await store.list()).rows] == ["A"]


async def test_a_list_is_as_long_as_asked_for(tmp_path, monkeypatch):
    """However small the stretches in which the database is searched."""
    monkeypatch.setattr("designer.run.snapshot_reader._STRETCH", 3)
    store = SnapshotStore()
    store.open(tmp_path / "s.db")
    for place in range(40):
        store.put(snapshot("Rare" if place % 10 == 0 else "Cart"), NOW)
    await store.flush()

    page = await store.list(limit=3, state="Rare")
    rest = await store.list(limit=3, state="Rare", before_id=page.before)
    assert [row.id for row in page.rows] == [31, 21, 11]
    assert [row.id for row in rest.rows] == [1]
    assert rest.before is None
    await store.close()


async def test_what_the_disk_refuses_is_announced_once(tmp_path):
    """A database in a place where none can be: the run goes on and nothing waits."""
    (tmp_path / "file").write_text("in the way")
    store = SnapshotStore()
    errors, _ = watched(store)

    store.open(tmp_path / "file" / "s.db")
    for _ in range(5):
        store.put(snapshot("A"), NOW)
        await store.flush()
    await store.close()

    (error,) = errors
    assert error.what == "The run goes on, but its snapshots are not stored"
    assert (error.why, error.fix) != (None, None)
    assert str(tmp_path / "file" / "s.db") in str(error)
    assert (store.error, store.lost_count, store.stored_count) == (error, 5, 0)


async def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    """It may be somebody's work."""
    path = tmp_path / "s.db"
    path.write_bytes(b"something else entirely, but not SQLite" * 50)
    before = path.read_bytes()
    store = SnapshotStore()
    errors, _ = watched(store)

    store.open(path)
    store.put(snapshot("A"), NOW)
    await store.close()

    assert len(errors) == 1
    assert path.read_bytes() == before


def small_disk(path):
    """A connection on which a database can grow to 20 pages."""
    connection = connect_for_writing(path)
    connection.execute("PRAGMA max_page_count = 20")
    return connection


async def test_a_disk_that_fills_up_stops_the_storing_and_nothing_else(tmp_path):
    """What was stored before stays readable."""
    store = SnapshotStore(connect=small_disk)
    errors, _ = watched(store)

    store.open(tmp_path / "s.db")
    store.put(snapshot("First"), NOW)
    await store.flush()
    for _ in range(100):
        store.put(snapshot("A", text="x" * 5_000), NOW)
    await store.flush()
    store.put(snapshot("Last"), NOW)
    await store.close()

    (error,) = errors
    assert "full" in error.why
    assert (store.stored_count, store.lost_count) == (1, 101)
    assert stored_states(tmp_path / "s.db") == ["First"]


async def test_a_database_locked_for_a_moment_is_waited_for(tmp_path):
    """Another program that writes is done soon."""
    path, store = tmp_path / "s.db", SnapshotStore()
    errors, _ = watched(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    store.open(path)
    store.put(snapshot("A"), NOW)
    flushing = asyncio.ensure_future(store.flush())
    await asyncio.sleep(0)
    other.execute("COMMIT")
    other.close()
    await flushing
    await store.close()

    assert (stored_states(path), errors) == (["A"], [])


async def test_a_database_locked_for_long_is_given_up(tmp_path, monkeypatch):
    """With an error that says so."""
    monkeypatch.setattr(snapshot_writer, "_LOCK_PATIENCE", 0.0)
    path, store = tmp_path / "s.db", SnapshotStore()
    errors, _ = watched(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    store.open(path)
    store.put(snapshot("A"), NOW)
    await store.flush()
    await store.close()
    other.close()

    (error,) = errors
    assert "locked" in error.why


async def test_closing_does_not_wait_for_a_locked_database(tmp_path):
    """Stopping a run is prompt."""
    path, store = tmp_path / "s.db", SnapshotStore()
    errors, _ = watched(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    store.open(path)
    store.put(snapshot("A"), NOW)
    await asyncio.wait_for(store.close(), 3)
    other.close()

    assert (len(errors), store.lost_count) == (1, 1)


async def test_one_snapshot_without_a_json_form_takes_no_other_along(tmp_path):
    """It is lost, announced and left out."""
    store = SnapshotStore()
    errors, _ = watched(store)

    store.open(tmp_path / "s.db")
    store.put(snapshot("A"), NOW)
    store.put(snapshot("Bad", thing=object()), NOW)
    store.put(snapshot("B"), NOW)
    await store.close()

    assert stored_states(tmp_path / "s.db") == ["A", "B"]
    assert (len(errors), store.lost_count, store.stored_count) == (1, 1, 2)


def failing_second_time(failures):
    """A connection maker after which the second transaction fails for good."""

    class Connection(sqlite3.Connection):
        def commit(self):
            if failures and failures.pop(0):
                raise sqlite3.OperationalError("disk I/O error")
            super().commit()

    return lambda path: sqlite3.connect(path, factory=Connection)


async def test_a_disk_that_fails_while_rows_are_stored_one_by_one(tmp_path):
    """Both errors end in one announcement."""
    store = SnapshotStore(connect=failing_second_time([False, True]))
    errors, _ = watched(store)

    store.open(tmp_path / "s.db")
    for state, thing in (("A", 1), ("Bad", object()), ("B", 1), ("C", 1)):
        store.put(snapshot(state, thing=thing), NOW)
    await store.close()

    assert stored_states(tmp_path / "s.db") == ["A"]
    assert (len(errors), store.lost_count) == (1, 3)


async def test_a_flood_waits_for_the_writer(tmp_path, monkeypatch):
    """Memory stays bounded because the run is held back, not because rows are dropped."""
    monkeypatch.setattr(snapshots, "_MOST_WAITING", 50)
    store = SnapshotStore()
    store.open(tmp_path / "s.db")
    most = 0

    for _ in range(500):
        if store.full:
            await store.room()
        store.put(snapshot("A"), NOW)
        most = max(most, store._writer.pending)
    await store.close()

    assert most <= 50
    assert store.stored_count == 500


async def test_large_snapshots_count_for_more(tmp_path, monkeypatch):
    """Memory is bounded by what they hold, and transactions are."""
    monkeypatch.setattr(snapshots, "_MOST_WAITING_SIZE", 1_000)
    monkeypatch.setattr(snapshot_writer, "_BATCH_SIZE", 1_000)
    store = SnapshotStore()
    _, counts = watched(store)
    store.open(tmp_path / "s.db")

    for _ in range(10):
        store.put(snapshot("A", text="x" * 400), NOW, 400)
    assert store.full
    await store.room()
    await store.close()

    assert sum(counts) == 10
    assert max(counts) <= 3


async def test_a_store_that_cannot_write_holds_no_flood_back(tmp_path, monkeypatch):
    """There is always room for what is lost anyway."""
    monkeypatch.setattr(snapshots, "_MOST_WAITING", 5)
    (tmp_path / "file").touch()
    store = SnapshotStore()
    store.open(tmp_path / "file" / "s.db")

    for _ in range(100):
        await store.room()
        store.put(snapshot("A"), NOW)
    await store.close()

    assert store.lost_count == 100


async def test_only_one_run_writes_at_a_time(tmp_path):
    """And the database stays the same meanwhile."""
    store = SnapshotStore()
    store.open(tmp_path / "s.db")

    with pytest.raises(RuntimeError, match="writing"):
        store.open(tmp_path / "t.db")
    with pytest.raises(RuntimeError, match="writing"):
        store.set_path(None)
    assert store.path == tmp_path / "s.db"
    await store.close()


async def test_another_database_is_announced(tmp_path):
    """Whoever lists it starts anew."""
    store, changes = SnapshotStore(), []
    store.path_changed.connect(lambda: changes.append(store.path))

    store.set_path(tmp_path / "s.db")
    store.set_path(tmp_path / "s.db")

    assert changes == [tmp_path / "s.db"]


async def test_closing_twice_or_unopened_does_nothing(tmp_path):
    """Neither does putting or flushing."""
    store = SnapshotStore()
    await store.close()
    store.put(snapshot("A"), NOW)
    await store.flush()
    store.open(tmp_path / "s.db")
    await store.close()
    await store.close()

    assert store.lost_count == 0


async def test_a_cancelled_close_stores_all_and_ends_the_thread(tmp_path):
    """Nothing is lost because somebody was in a hurry."""
    store = SnapshotStore()
    store.open(tmp_path / "s.db")
    store.put(snapshot("A"), NOW)
    closing = asyncio.ensure_future(store.close())
    await asyncio.sleep(0)
    closing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await closing
    assert stored_states(tmp_path / "s.db") == ["A"]
    assert "snapshot writer" not in {thread.name for thread in threading.enumerate()}


async def test_a_writer_that_breaks_leaves_nobody_waiting(tmp_path, monkeypatch):
    """A fault of ours in the thread ends it; whoever waits for it is released."""
    faults = []
    monkeypatch.setattr(
        threading, "excepthook", lambda arguments: faults.append(arguments.exc_type)
    )
    store = SnapshotStore(connect=lambda path: 1 // 0)
    store.open(tmp_path / "s.db")
    store.put(snapshot("A"), NOW)

    await store.flush()
    await store.close()

    assert (faults, store.lost_count) == ([ZeroDivisionError], 1)


def test_a_database_that_cannot_be_opened_is_let_go_of(tmp_path, monkeypatch):
    """Nothing keeps a file that is no database from being moved or deleted."""
    path = tmp_path / "no.db"
    path.write_bytes(b"something else" * 100)
    opened = []

    class Noted(sqlite3.Connection):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            opened.append(self)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **o: connect(*a, factory=Noted, **o))
    with pytest.raises(sqlite3.DatabaseError):
        connect_for_writing(path)

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
