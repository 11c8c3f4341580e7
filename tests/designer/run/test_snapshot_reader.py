"""Reading databases of snapshots, ours and other people's."""

import json
import sqlite3
from datetime import UTC, datetime

import pytest

from designer.run import snapshot_reader
from designer.run.snapshot_reader import SnapshotQuery, count_rows, read_page, read_snapshot
from flexiflow.errors import PersistenceError
from flexiflow.extras.persist_sqlite import save_snapshots
from flexiflow.snapshot import ComponentSnapshot

ALL = SnapshotQuery()


def snapshot(state, component="order", came_from="", **context):
    """A snapshot in that state."""
    return ComponentSnapshot(component, state, [], {"from_state": came_from}, context)


@pytest.fixture
def path(tmp_path):
    """Where the database is."""
    return tmp_path / "my flow #1?.snapshots.db"


def store(path, *snapshots):
    """Stores snapshots, one second apart."""
    connection = sqlite3.connect(path)
    moments = [datetime(2026, 1, 1, tzinfo=UTC)] * len(snapshots)
    save_snapshots(connection, list(zip(snapshots, moments, strict=True)))
    connection.close()


def insert(path, *texts):
    """Puts texts of any kind into the table, as a foreign program may."""
    store(path)
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE IF NOT EXISTS flexiflow_snapshots (id INTEGER PRIMARY KEY AUTOINCREMENT, "
        "component_name TEXT NOT NULL, snapshot_json TEXT NOT NULL, created_at TEXT NOT NULL)"
    )
    for text in texts:
        connection.execute(
            "INSERT INTO flexiflow_snapshots (component_name, snapshot_json, created_at) "
            "VALUES ('theirs', ?, 'once')",
            (text,),
        )
    connection.commit()
    connection.close()


def ids(page):
    """The ids of a page."""
    return [row.id for row in page.rows]


def test_pages_come_newest_first(path):
    """Each goes on where the one before ended."""
    store(path, *(snapshot(f"S{place}") for place in range(5)))

    first = read_page(path, ALL, limit=2)
    second = read_page(path, ALL, limit=2, before_id=first.before)
    third = read_page(path, ALL, limit=2, before_id=second.before)

    assert [ids(page) for page in (first, second, third)] == [[5, 4], [3, 2], [1]]
    assert third.before is None


def test_a_row_tells_component_time_state_and_where_it_came_from(path):
    """As the list shows it."""
    store(path, snapshot("Paid", came_from="Cart"))

    (row,) = read_page(path, ALL, limit=9).rows

    assert (row.component, row.state, row.came_from) == ("order", "Paid", "Cart")
    assert row.created_at == "2026-01-01T00:00:00+00:00"
    assert not row.damaged


def test_rows_can_be_of_one_component_or_state(path):
    """Both at once, too; a state's name elsewhere in a row does not count."""
    store(
        path,
        snapshot("Paid"),
        snapshot("Cart", came_from="Paid"),
        snapshot("Paid", "bill"),
        snapshot("Größe"),
    )

    assert ids(read_page(path, SnapshotQuery(component="order"), limit=9)) == [4, 2, 1]
    assert ids(read_page(path, SnapshotQuery(state="Paid"), limit=9)) == [3, 1]
    assert ids(read_page(path, SnapshotQuery(component="order", state="Paid"), limit=9)) == [1]
    assert ids(read_page(path, SnapshotQuery(state="Größe"), limit=9)) == [4]


def test_a_search_goes_on_in_stretches(path, monkeypatch):
    """A page that found nothing says where to look next."""
    monkeypatch.setattr(snapshot_reader, "_STRETCH", 3)
    store(path, snapshot("Rare"), *(snapshot("Cart") for _ in range(7)))

    query = SnapshotQuery(state="Rare")
    first = read_page(path, query, limit=5)
    second = read_page(path, query, limit=5, before_id=first.before)
    third = read_page(path, query, limit=5, before_id=second.before)

    assert [ids(page) for page in (first, second, third)] == [[], [], [1]]
    assert (first.before, second.before, third.before) == (6, 3, None)


def test_a_page_ends_when_its_time_is_up(path, monkeypatch):
    """Rows may be of any size; nobody waits for all of them."""
    monkeypatch.setattr(snapshot_reader, "_PATIENCE", 0.0)
    store(path, *(snapshot("Cart") for _ in range(3)))

    page = read_page(path, ALL, limit=3)

    assert ids(page) == [3]
    assert page.before == 3


DAMAGED = [
    "{",
    "[1]",
    '{"name": "theirs"}',
    '{"name": "theirs", "current_state": 3}',
    '{"name": "", "current_state": "A"}',
    '{"name": "theirs", "current_state": "A", "rules": {}}',
    '{"name": "theirs", "current_state": "A", "metadata": []}',
    b"\xff\xfe\x00",
    "",
]


def test_damaged_rows_are_listed_as_damaged_and_hide_nothing(path):
    """Each says what is wrong with it."""
    insert(path, *DAMAGED, json.dumps({"name": "theirs", "current_state": "Sound"}))

    rows = read_page(path, ALL, limit=99).rows

    assert [row.damaged for row in rows] == [False, *[True] * len(DAMAGED)]
    assert rows[0].state == "Sound"
    assert all(row.fault and not row.state for row in rows[1:])
    assert "'current_state' is missing" in rows[-3].fault


def test_damaged_rows_can_be_listed_alone(path):
    """So that somebody finds and deletes them."""
    insert(path, *DAMAGED, json.dumps({"name": "theirs", "current_state": "Sound"}))

    page = read_page(path, SnapshotQuery(damaged=True), limit=99)

    assert ids(page) == list(range(len(DAMAGED), 0, -1))


def test_a_row_that_is_too_long_is_not_read(path, monkeypatch):
    """A foreign row cannot fill the memory."""
    monkeypatch.setattr(
        snapshot_reader, "_COLUMNS", snapshot_reader._COLUMNS.replace(str(32 * 1024 * 1024), "50")
    )
    store(path, snapshot("A", note="x" * 100))

    (row,) = read_page(path, ALL, limit=1).rows

    assert "too long" in row.fault


def test_what_is_no_database_yet_holds_nothing(path):
    """No file, an empty file, a database without the table: none is an error, none is changed."""
    assert read_page(path, ALL, limit=1).rows == ()
    assert not path.exists()
    path.touch()
    assert read_page(path, ALL, limit=1).rows == ()
    assert count_rows(path) == 0
    assert path.stat().st_size == 0


def test_a_file_that_is_no_database_says_so(path):
    """The error names the file and what SQLite thinks of it."""
    path.write_bytes(b"this is no database at all, only some text in a file" * 100)

    with pytest.raises(PersistenceError) as caught:
        read_page(path, ALL, limit=1)

    assert "not a database" in caught.value.why
    assert caught.value.context.items["path"] == str(path)


def test_a_table_of_other_columns_says_so(path):
    """A database that has our table's name and nothing else of it."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE flexiflow_snapshots (id INTEGER PRIMARY KEY)")
    connection.close()

    with pytest.raises(PersistenceError, match="cannot be read"):
        read_page(path, ALL, limit=1)


def test_a_whole_snapshot_is_loaded_by_its_id(path):
    """Everything that was stored comes back."""
    store(path, snapshot("Paid", total=20))

    found = read_snapshot(path, 1)

    assert (found.name, found.current_state, found.context) == ("order", "Paid", {"total": 20})


def test_a_missing_or_damaged_snapshot_cannot_be_loaded(path):
    """The error says which."""
    insert(path, "{")

    with pytest.raises(PersistenceError, match="There is no snapshot 7"):
        read_snapshot(path, 7)
    with pytest.raises(PersistenceError, match="Invalid JSON"):
        read_snapshot(path, 1)


def test_rows_are_counted(path):
    """Damaged ones too."""
    insert(path, "{", "{}")

    assert count_rows(path) == 2


def test_reading_goes_on_while_somebody_writes(path):
    """A transaction that is open elsewhere does not show and does not disturb."""
    store(path, snapshot("A"))
    writer = sqlite3.connect(path)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM flexiflow_snapshots")

    assert ids(read_page(path, ALL, limit=9)) == [1]
    writer.rollback()
    writer.close()


def test_what_a_killed_program_left_half_done_is_put_right(path):
    """A journal beside the database means that its last transaction never ended."""
    store(path, snapshot("A"))
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN EXCLUSIVE")
    for _ in range(300):
        writer.execute(
            "INSERT INTO flexiflow_snapshots (component_name, snapshot_json, created_at) "
            "SELECT 'x', hex(randomblob(2000)), 'now'"
        )
    journal = path.with_name(path.name + "-journal")
    killed = path.with_name("killed.db")
    killed.write_bytes(path.read_bytes())
    killed.with_name("killed.db-journal").write_bytes(journal.read_bytes())
    writer.rollback()
    writer.close()

    assert ids(read_page(killed, ALL, limit=9)) == [1]
