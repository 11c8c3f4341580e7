"""The history of components in SQLite."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta, timezone

import pytest

from flexiflow.errors import InvalidSnapshotError, PersistenceError
from flexiflow.extras.persist_sqlite import (
    count_snapshots,
    list_components,
    list_snapshots,
    load_latest_snapshot,
    load_snapshot_by_id,
    prune_snapshots,
    save_snapshot,
    save_snapshots,
)
from flexiflow.snapshot import ComponentSnapshot

JAN = datetime(2024, 1, 1, tzinfo=UTC)


def snap(state="InitialState", name="comp", **fields):
    return ComponentSnapshot(
        name, state, fields.pop("rules", []), fields.pop("metadata", {}), **fields
    )


@pytest.fixture
def conn(tmp_path):
    connection = sqlite3.connect(tmp_path / "state.db")
    yield connection
    connection.close()


def insert_raw(conn, text, created_at="2024-01-01T00:00:00+00:00", name="comp"):
    """A row as foreign code would write it."""
    conn.execute(
        "CREATE TABLE IF NOT EXISTS flexiflow_snapshots (id INTEGER PRIMARY KEY AUTOINCREMENT, "
        "component_name TEXT NOT NULL, snapshot_json TEXT NOT NULL, created_at TEXT NOT NULL)"
    )
    cursor = conn.execute(
        "INSERT INTO flexiflow_snapshots (component_name, snapshot_json, created_at) "
        "VALUES (?, ?, ?)",
        (name, text, created_at),
    )
    conn.commit()
    return cursor.lastrowid


class TestSchema:
    def test_table_and_index_are_made_on_first_use(self, conn):
        """Saving makes the table with its four columns, and the index."""
        save_snapshot(conn, snap())
        columns = conn.execute("PRAGMA table_info(flexiflow_snapshots)").fetchall()
        assert [(c[1], c[2], c[3], c[5]) for c in columns] == [
            ("id", "INTEGER", 0, 1),
            ("component_name", "TEXT", 1, 0),
            ("snapshot_json", "TEXT", 1, 0),
            ("created_at", "TEXT", 1, 0),
        ]
        index = "idx_flexiflow_snapshots_component_created"
        parts = conn.execute(f"PRAGMA index_xinfo({index})").fetchall()
        assert [(p[2], p[3]) for p in parts if p[5]] == [("component_name", 0), ("created_at", 1)]

    def test_ids_are_never_used_again(self, conn):
        """The key counts on when rows are deleted."""
        save_snapshot(conn, snap())
        prune_snapshots(conn, "comp", keep_last=0)
        assert save_snapshot(conn, snap()) == 2

    def test_foreign_table_without_index_is_accepted(self, conn):
        """A table that somebody else made and filled is read, written and pruned."""
        insert_raw(conn, '{"name": "comp", "current_state": "S"}')
        assert load_latest_snapshot(conn, "comp") == ComponentSnapshot("comp", "S", [], {})
        assert save_snapshot(conn, snap()) == 2
        assert prune_snapshots(conn, "comp", keep_last=1) == 1

    def test_reading_an_empty_read_only_database_finds_nothing(self, tmp_path):
        """Reading makes no table, so it works where nothing can be written."""
        path = tmp_path / "empty.db"
        sqlite3.connect(path).close()
        path.touch()
        conn = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        assert load_latest_snapshot(conn, "comp") is None
        assert load_snapshot_by_id(conn, 1) is None
        assert list_snapshots(conn, "comp") == []
        assert list_snapshots(conn, "comp", before_id=4) == []
        assert list_components(conn) == []
        assert count_snapshots(conn, "comp") == 0
        conn.close()

    def test_reading_makes_no_table(self, conn):
        """A database that was only read stays empty."""
        load_latest_snapshot(conn, "comp")
        list_snapshots(conn, "comp")
        assert conn.execute("SELECT name FROM sqlite_master").fetchall() == []

    def test_other_database_errors_pass(self, conn):
        """Only a missing table means that there are no snapshots."""
        conn.execute("CREATE TABLE flexiflow_snapshots (id INTEGER PRIMARY KEY)")
        with pytest.raises(sqlite3.OperationalError, match="no such column"):
            list_snapshots(conn, "comp")
        with pytest.raises(sqlite3.OperationalError, match="no column"):
            save_snapshots(conn, [(snap(), JAN)])


class TestSave:
    def test_returns_consecutive_ids(self, conn):
        """Each save gives the next id, whatever the component."""
        assert [save_snapshot(conn, snap(name=n)) for n in ("a", "b", "a")] == [1, 2, 3]

    def test_text_has_the_four_keys(self, conn):
        """A snapshot without context is stored as it always was."""
        save_snapshot(conn, snap(rules=[{"a": 1}], metadata={"v": "ü"}))
        text = conn.execute("SELECT snapshot_json FROM flexiflow_snapshots").fetchone()[0]
        assert text == (
            '{"name": "comp", "current_state": "InitialState", "rules": [{"a": 1}], '
            '"metadata": {"v": "\\u00fc"}}'
        )

    def test_context_is_stored_when_there_is_some(self, conn):
        """The context comes last and returns on load."""
        save_snapshot(conn, snap(context={"n": 2}))
        text = conn.execute("SELECT snapshot_json FROM flexiflow_snapshots").fetchone()[0]
        assert list(json.loads(text)) == ["name", "current_state", "rules", "metadata", "context"]
        assert load_latest_snapshot(conn, "comp").context == {"n": 2}

    def test_commits(self, conn, tmp_path):
        """Another connection sees the row at once."""
        save_snapshot(conn, snap())
        assert not conn.in_transaction
        other = sqlite3.connect(tmp_path / "state.db")
        assert load_latest_snapshot(other, "comp") == snap()
        other.close()

    def test_commit_can_be_left_to_the_caller(self, conn):
        """With commit=False the row goes when the caller rolls back."""
        save_snapshot(conn, snap())
        save_snapshot(conn, snap("Later"), commit=False)
        assert conn.in_transaction
        conn.rollback()
        assert load_latest_snapshot(conn, "comp") == snap()

    def test_time_defaults_to_now_in_utc(self, conn):
        """The time is stored in UTC with its offset."""
        before = datetime.now(UTC)
        save_snapshot(conn, snap())
        stored = datetime.fromisoformat(list_snapshots(conn, "comp")[0]["created_at"])
        assert before <= stored <= datetime.now(UTC)
        assert stored.utcoffset() == timedelta(0)

    @pytest.mark.parametrize(
        ("moment", "text"),
        [
            (datetime(2024, 1, 2, tzinfo=UTC), "2024-01-02T00:00:00+00:00"),
            (datetime(2024, 1, 2), "2024-01-02T00:00:00+00:00"),  # noqa: DTZ001 - that is the case
            (
                datetime(2024, 1, 2, 1, tzinfo=timezone(timedelta(hours=2))),
                "2024-01-01T23:00:00+00:00",
            ),
            (datetime(2024, 1, 2, 0, 0, 0, 5, tzinfo=UTC), "2024-01-02T00:00:00.000005+00:00"),
        ],
    )
    def test_time_is_stored_as_iso_text_in_utc(self, conn, moment, text):
        """Other zones are converted; a time without a zone is taken as UTC."""
        save_snapshot(conn, snap(), created_at=moment)
        assert list_snapshots(conn, "comp")[0]["created_at"] == text

    @pytest.mark.parametrize(
        "moment",
        [
            datetime.min.replace(tzinfo=timezone(timedelta(hours=2))),
            datetime.max.replace(tzinfo=timezone(timedelta(hours=-2))),
        ],
    )
    def test_time_that_utc_does_not_have(self, conn, moment):
        """It is refused, and nothing is written."""
        with pytest.raises(PersistenceError, match="Cannot store snapshot of 'comp'") as caught:
            save_snapshot(conn, snap(), created_at=moment)
        assert str(moment) in caught.value.why
        assert caught.value.fix
        assert list_snapshots(conn, "comp") == []

    @pytest.mark.parametrize("value", [object(), {1, 2}, b"x"])
    def test_value_without_json_form_is_refused(self, conn, value):
        """Nothing is written, and the cause is kept."""
        with pytest.raises(PersistenceError, match="Cannot store snapshot of 'comp'") as caught:
            save_snapshot(conn, snap(rules=[value]))
        assert isinstance(caught.value.__cause__, TypeError)
        assert caught.value.context.items["component_name"] == "comp"
        assert list_snapshots(conn, "comp") == []

    def test_value_that_contains_itself_is_refused(self, conn):
        """A circle has no JSON form either."""
        circle = []
        circle.append(circle)
        with pytest.raises(PersistenceError):
            save_snapshot(conn, snap(metadata={"c": circle}))

    def test_failure_undoes_what_it_began(self, conn, tmp_path):
        """A save that fails leaves no open transaction behind."""
        save_snapshot(conn, snap())
        conn.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON flexiflow_snapshots "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        with pytest.raises(sqlite3.IntegrityError, match="full"):
            save_snapshot(conn, snap("Later"))
        assert not conn.in_transaction

    def test_failure_leaves_the_callers_transaction_alone(self, conn):
        """What the caller did before in the same transaction is the caller's to undo."""
        save_snapshot(conn, snap())
        conn.execute("CREATE TABLE mine (x)")
        conn.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON flexiflow_snapshots "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        conn.execute("INSERT INTO mine VALUES (1)")
        with pytest.raises(sqlite3.IntegrityError):
            save_snapshot(conn, snap("Later"))
        assert conn.in_transaction
        conn.commit()
        assert conn.execute("SELECT x FROM mine").fetchall() == [(1,)]


class TestSaveMany:
    def test_stores_rows_in_order_and_returns_their_ids(self, conn):
        """More rows than go into one statement are stored in order."""
        rows = [(snap(f"S{n}"), JAN + timedelta(seconds=n)) for n in range(1203)]
        assert save_snapshots(conn, rows) == list(range(1, 1204))
        assert count_snapshots(conn, "comp") == 1203
        assert load_snapshot_by_id(conn, 700).current_state == "S699"
        assert not conn.in_transaction

    def test_few_statements(self, conn):
        """1000 rows are two inserts."""
        save_snapshot(conn, snap())
        seen = []
        conn.set_trace_callback(seen.append)
        save_snapshots(conn, [(snap(), JAN)] * 1000)
        conn.set_trace_callback(None)
        assert sum(statement.startswith("INSERT") for statement in seen) == 2
        assert len(seen) == 4

    def test_makes_the_schema(self, conn):
        """The first rows of a database make its table and index."""
        save_snapshots(conn, [(snap(), None)])
        names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master")]
        assert "idx_flexiflow_snapshots_component_created" in names

    def test_all_or_nothing(self, conn):
        """When a later statement fails, the rows of an earlier one go too."""
        save_snapshot(conn, snap())
        conn.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON flexiflow_snapshots "
            "WHEN NEW.component_name = 'bad' BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        rows = [(snap(), JAN)] * 600 + [(snap(name="bad"), JAN)]
        with pytest.raises(sqlite3.IntegrityError):
            save_snapshots(conn, rows)
        assert count_snapshots(conn, "comp") == 1

    def test_bad_value_stores_nothing(self, conn):
        """All rows are turned into text before the first is written."""
        with pytest.raises(PersistenceError):
            save_snapshots(conn, [(snap(), JAN), (snap(rules=[object()]), JAN)])
        assert count_snapshots(conn, "comp") == 0

    def test_commit_can_be_left_to_the_caller(self, conn):
        """With commit=False the rows go when the caller rolls back."""
        save_snapshot(conn, snap())
        save_snapshots(conn, [(snap(), JAN)] * 3, commit=False)
        conn.rollback()
        assert count_snapshots(conn, "comp") == 1


class TestLoadLatest:
    def test_unknown_component(self, conn):
        """No snapshots, no snapshot."""
        save_snapshot(conn, snap(name="other"))
        assert load_latest_snapshot(conn, "comp") is None

    def test_newest_by_time_not_by_id(self, conn):
        """The greatest time wins, whenever it was stored."""
        save_snapshot(conn, snap("New"), created_at=JAN + timedelta(days=1))
        save_snapshot(conn, snap("Old"), created_at=JAN)
        assert load_latest_snapshot(conn, "comp").current_state == "New"

    def test_equal_times_the_later_row_wins(self, conn):
        """Of two rows of one moment the one stored last is the latest."""
        for state in ("First", "Second"):
            save_snapshot(conn, snap(state), created_at=JAN)
        assert load_latest_snapshot(conn, "comp").current_state == "Second"
        assert [row["id"] for row in list_snapshots(conn, "comp")] == [2, 1]

    def test_zones_compare_by_moment(self, conn):
        """01:00 at +02:00 is before midnight UTC."""
        save_snapshot(conn, snap("Later"), created_at=JAN)
        zone = timezone(timedelta(hours=2))
        save_snapshot(conn, snap("Earlier"), created_at=datetime(2024, 1, 1, 1, tzinfo=zone))
        assert load_latest_snapshot(conn, "comp").current_state == "Later"

    @pytest.mark.parametrize("text", ["", "{", "not json", '{"name": "comp",', "[" * 100_000])
    def test_text_that_is_no_json(self, conn, text):
        """Both a PersistenceError and a ValueError, which names the row and how to go on."""
        row_id = insert_raw(conn, text)
        with pytest.raises(InvalidSnapshotError) as caught:
            load_latest_snapshot(conn, "comp")
        error = caught.value
        assert isinstance(error, PersistenceError)
        assert isinstance(error, ValueError)
        assert error.what == "Invalid JSON in snapshot for 'comp'"
        assert list(error.context.items) == ["component_name", "error", "id"]
        assert error.context.items["id"] == row_id
        assert f"id {row_id}" in error.fix
        assert error.__cause__ is not None

    @pytest.mark.parametrize(
        "text",
        [
            "[]",
            "null",
            '"text"',
            "{}",
            '{"name": "comp"}',
            '{"current_state": "S"}',
            '{"name": "", "current_state": "S"}',
            '{"name": "comp", "current_state": 5}',
            '{"name": "comp", "current_state": "S", "rules": null}',
            '{"name": "comp", "current_state": "S", "metadata": []}',
        ],
    )
    def test_json_that_is_no_snapshot(self, conn, text):
        """Every damaged row gives one clear error."""
        row_id = insert_raw(conn, text)
        with pytest.raises(PersistenceError, match="Snapshot for 'comp'") as caught:
            load_latest_snapshot(conn, "comp")
        assert caught.value.context.items["id"] == row_id

    def test_bytes_that_are_no_utf8(self, conn):
        """A row with broken bytes is an error of that row, not of the query."""
        insert_raw(conn, b"\xff\xfe\x00")
        with pytest.raises(PersistenceError):
            load_latest_snapshot(conn, "comp")
        assert list_snapshots(conn, "comp")[0]["current_state"] == "invalid"

    def test_foreign_context(self, conn):
        """A context that is no object is somebody else's key, and ignored like any unknown one."""
        insert_raw(conn, '{"name": "comp", "current_state": "S", "context": []}')
        assert load_latest_snapshot(conn, "comp") == ComponentSnapshot("comp", "S", [], {}, {})

    def test_null_where_a_foreign_table_allows_it(self, conn):
        """It is listed, and loading it is the error of a damaged row."""
        conn.execute(
            "CREATE TABLE flexiflow_snapshots (id INTEGER PRIMARY KEY AUTOINCREMENT, "
            "component_name TEXT, snapshot_json TEXT, created_at TEXT)"
        )
        row_id = insert_raw(conn, None)
        assert list_snapshots(conn, "comp")[0]["current_state"] == "invalid"
        with pytest.raises(InvalidSnapshotError) as caught:
            load_latest_snapshot(conn, "comp")
        assert caught.value.what == "Invalid JSON in snapshot for 'comp'"
        assert list(caught.value.context.items) == ["component_name", "error", "id"]
        assert caught.value.context.items["id"] == row_id

    def test_missing_rules_and_metadata_are_empty(self, conn):
        """What an older row does not say is empty."""
        insert_raw(conn, '{"name": "comp", "current_state": "S", "more": 1}')
        assert load_latest_snapshot(conn, "comp") == ComponentSnapshot("comp", "S", [], {}, {})

    @pytest.mark.parametrize(
        "factory",
        [
            sqlite3.Row,
            lambda cursor, row: dict(zip([c[0] for c in cursor.description], row, strict=True)),
        ],
    )
    def test_row_factory_of_the_connection_does_not_matter(self, conn, factory):
        """A caller whose rows are mappings reads snapshots all the same."""
        save_snapshot(conn, snap())
        conn.row_factory = factory
        assert load_latest_snapshot(conn, "comp") == snap()
        assert load_snapshot_by_id(conn, 1) == snap()
        assert list_snapshots(conn, "comp")[0]["id"] == 1
        assert list_components(conn) == [("comp", 1)]
        assert prune_snapshots(conn, "comp", keep_last=0) == 1

    def test_text_factory_of_the_connection_does_not_matter(self, conn):
        """A caller whose texts are bytes reads snapshots all the same."""
        save_snapshot(conn, snap(), created_at=JAN)
        conn.text_factory = bytes
        assert load_snapshot_by_id(conn, 1) == snap()
        assert list_snapshots(conn, "comp") == [
            {"id": 1, "created_at": JAN.isoformat(), "current_state": "InitialState"}
        ]


class TestLoadById:
    def test_any_row(self, conn):
        """An older snapshot can be read too."""
        save_snapshot(conn, snap("A"))
        save_snapshot(conn, snap("B"))
        assert load_snapshot_by_id(conn, 1).current_state == "A"
        assert load_snapshot_by_id(conn, 3) is None

    def test_damaged_row(self, conn):
        """The error names the component of the row."""
        row_id = insert_raw(conn, "{", name="broken one")
        with pytest.raises(PersistenceError, match="Invalid JSON in snapshot for 'broken one'"):
            load_snapshot_by_id(conn, row_id)


class TestList:
    def test_newest_first_with_three_facts_each(self, conn):
        """Each item tells the row's id, its time as stored, and its state."""
        save_snapshot(conn, snap("B"), created_at=JAN + timedelta(days=1))
        save_snapshot(conn, snap("A"), created_at=JAN)
        save_snapshot(conn, snap("C", name="other"), created_at=JAN)
        assert list_snapshots(conn, "comp") == [
            {"id": 1, "created_at": "2024-01-02T00:00:00+00:00", "current_state": "B"},
            {"id": 2, "created_at": "2024-01-01T00:00:00+00:00", "current_state": "A"},
        ]
        assert list_snapshots(conn, "nobody") == []

    def test_limit(self, conn):
        """Ten by default, none for 0, all for a negative limit."""
        save_snapshots(conn, [(snap(), JAN)] * 12)
        assert len(list_snapshots(conn, "comp")) == 10
        assert list_snapshots(conn, "comp", limit=0) == []
        assert len(list_snapshots(conn, "comp", limit=-1)) == 12
        assert len(list_snapshots(conn, "comp", limit=100)) == 12

    def test_numbers_beyond_sqlite(self, conn):
        """They are as good as endless."""
        save_snapshots(conn, [(snap(), JAN)] * 12)
        for limit in (10**30, -(10**30)):
            assert len(list_snapshots(conn, "comp", limit=limit)) == 12
        assert len(list_snapshots(conn, "comp", before_id=10**30)) == 10
        assert list_snapshots(conn, "comp", before_id=-(10**30)) == []
        assert load_snapshot_by_id(conn, 10**30) is None
        assert prune_snapshots(conn, "comp", keep_last=10**30) == 0

    @pytest.mark.parametrize(
        ("text", "state"),
        [
            ("{", "invalid"),
            ("[1]", "invalid"),
            ('{"current_state": 7}', "invalid"),
            ("[" * 100_000, "invalid"),
            ("{}", "unknown"),
            ('{"current_state": null}', "unknown"),
            ('{"current_state": ""}', "unknown"),
            ('{"current_state": "S"}', "S"),
        ],
    )
    def test_damaged_rows_are_listed(self, conn, text, state):
        """A damaged row does not hide the others."""
        insert_raw(conn, text)
        save_snapshot(conn, snap("Good"), created_at=JAN - timedelta(days=1))
        assert [row["current_state"] for row in list_snapshots(conn, "comp")] == [state, "Good"]

    def test_pages(self, conn):
        """Reading page by page gives every row once, in order."""
        moments = [JAN + timedelta(seconds=n // 3 * (-1) ** n) for n in range(20)]
        save_snapshots(conn, [(snap(), moment) for moment in moments])
        whole = [row["id"] for row in list_snapshots(conn, "comp", limit=-1)]
        pages, before = [], None
        while page := list_snapshots(conn, "comp", limit=6, before_id=before):
            pages += [row["id"] for row in page]
            before = page[-1]["id"]
        assert pages == whole
        assert sorted(whole) == list(range(1, 21))

    def test_page_after_a_row_that_is_gone(self, conn):
        """A row that was pruned in between still marks its place by its id."""
        save_snapshots(conn, [(snap(), JAN)] * 4)
        conn.execute("DELETE FROM flexiflow_snapshots WHERE id = 3")
        assert [row["id"] for row in list_snapshots(conn, "comp", before_id=3)] == [2, 1]


class TestPrune:
    def test_keeps_the_newest(self, conn):
        """All but the newest rows of that component go, and their number is returned."""
        save_snapshots(conn, [(snap(f"S{n}"), JAN + timedelta(seconds=n)) for n in range(5)])
        save_snapshot(conn, snap(name="other"))
        assert prune_snapshots(conn, "comp", keep_last=2) == 3
        assert [row["current_state"] for row in list_snapshots(conn, "comp")] == ["S4", "S3"]
        assert count_snapshots(conn, "other") == 1
        assert prune_snapshots(conn, "comp", keep_last=2) == 0
        assert not conn.in_transaction

    def test_keeps_ten_by_default(self, conn):
        """Ten stay unless told otherwise."""
        save_snapshots(conn, [(snap(), JAN)] * 12)
        assert prune_snapshots(conn, "comp") == 2

    def test_rows_stored_out_of_order(self, conn):
        """The newest by time stay, whatever their ids."""
        for days in (9, 0, 1, 2):
            save_snapshot(conn, snap(f"D{days}"), created_at=JAN + timedelta(days=days))
        assert prune_snapshots(conn, "comp", keep_last=2) == 2
        assert [row["current_state"] for row in list_snapshots(conn, "comp")] == ["D9", "D2"]

    def test_equal_times(self, conn):
        """Exactly so many stay, those stored last."""
        save_snapshots(conn, [(snap(), JAN)] * 5)
        assert prune_snapshots(conn, "comp", keep_last=3) == 2
        assert [row["id"] for row in list_snapshots(conn, "comp")] == [5, 4, 3]

    def test_keep_none(self, conn):
        """keep_last=0 empties the component's history."""
        save_snapshots(conn, [(snap(), JAN)] * 3)
        assert prune_snapshots(conn, "comp", keep_last=0) == 3
        assert list_snapshots(conn, "comp") == []

    def test_negative_is_refused(self, conn):
        """A negative number deletes nothing."""
        save_snapshot(conn, snap())
        with pytest.raises(ValueError, match="keep_last"):
            prune_snapshots(conn, "comp", keep_last=-1)
        assert count_snapshots(conn, "comp") == 1

    def test_empty_database(self, conn):
        """Pruning where nothing is stored deletes nothing, and makes nothing."""
        assert prune_snapshots(conn, "comp") == 0
        assert conn.execute("SELECT name FROM sqlite_master").fetchall() == []

    def test_nothing_to_prune_leaves_the_callers_transaction_open(self, conn):
        """What is not needed is not committed either."""
        save_snapshot(conn, snap())
        save_snapshot(conn, snap("Later"), commit=False)
        assert prune_snapshots(conn, "comp", keep_last=2) == 0
        assert conn.in_transaction
        conn.rollback()
        assert count_snapshots(conn, "comp") == 1

    def test_nothing_to_prune_where_nothing_can_be_written(self, conn, tmp_path):
        """A connection that only reads, beside one that is writing, is enough."""
        save_snapshot(conn, snap())
        conn.execute("BEGIN IMMEDIATE")
        reading = sqlite3.connect(f"file:{tmp_path / 'state.db'}?mode=ro", uri=True, timeout=0)
        assert prune_snapshots(reading, "comp") == 0
        with pytest.raises(sqlite3.OperationalError):
            prune_snapshots(reading, "comp", keep_last=0)
        reading.close()

    def test_commit_can_be_left_to_the_caller(self, conn):
        """With commit=False the rows return when the caller rolls back."""
        save_snapshots(conn, [(snap(), JAN)] * 3)
        assert prune_snapshots(conn, "comp", keep_last=0, commit=False) == 3
        conn.rollback()
        assert count_snapshots(conn, "comp") == 3


def test_components_are_listed_with_their_counts(conn):
    """By name, each with how many snapshots it has."""
    save_snapshots(conn, [(snap(name=n), JAN) for n in ("b", "a", "b")])
    assert list_components(conn) == [("a", 1), ("b", 2)]
