"""Looking at databases of snapshots from the command line."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from flexiflow.cli_snapshots import differences
from flexiflow.extras.persist_sqlite import count_snapshots, save_snapshots
from flexiflow.snapshot import ComponentSnapshot
from tests.helpers.cli import call

JAN = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    """Three snapshots of ``door`` and one of ``lamp``."""
    path = tmp_path / "my states.db"
    connection = sqlite3.connect(path)
    rows = [
        ("door", "Shut", [{"a": 1}], {"n": 1, "gone": True}),
        ("door", "Open", [{"a": 1}, {"b": 2}], {"n": 2, "new": None}),
        ("lamp", "Off", [], {}),
        ("door", "Shut", [], {"n": True}),
    ]
    save_snapshots(connection, [
        (ComponentSnapshot(name, state, rules, {}, context), JAN + timedelta(seconds=number))
        for number, (name, state, rules, context) in enumerate(rows)
    ])  # fmt: skip
    connection.close()
    return path


class TestList:
    def test_all_components(self, database, capsys):
        """By name, newest first."""
        outcome = call("snapshots", "list", database, capsys=capsys)
        assert outcome.code == 0
        assert outcome.out.splitlines() == [
            "     4  2024-01-01T00:00:03+00:00  door  Shut",
            "     2  2024-01-01T00:00:01+00:00  door  Open",
            "     1  2024-01-01T00:00:00+00:00  door  Shut",
            "     3  2024-01-01T00:00:02+00:00  lamp  Off",
        ]

    def test_one_component(self, database, capsys):
        """With a limit, as JSON."""
        outcome = call(
            "snapshots",
            "list",
            database,
            "--component",
            "door",
            "--limit",
            1,
            "--json",
            capsys=capsys,
        )
        assert json.loads(outcome.out) == {
            "component": "door",
            "id": 4,
            "created_at": "2024-01-01T00:00:03+00:00",
            "current_state": "Shut",
        }

    def test_limit_beyond_sqlite(self, database, capsys):
        """It is as good as none."""
        outcome = call("snapshots", "list", database, "--limit", 10**20, capsys=capsys)
        assert (outcome.code, outcome.out.count("\n")) == (0, 4)

    def test_unknown_component(self, database, capsys):
        """The known ones are named."""
        outcome = call("snapshots", "list", database, "--component", "x", capsys=capsys)
        assert outcome.code == 1
        assert "No snapshots of 'x'" in outcome.err
        assert "door, lamp" in outcome.err

    def test_empty_database(self, tmp_path, capsys):
        """Nothing to list."""
        (tmp_path / "e.db").touch()
        assert call("snapshots", "list", tmp_path / "e.db", capsys=capsys) == (0, "", "")

    def test_missing_database(self, tmp_path, capsys):
        """It is not made by looking at it."""
        outcome = call("snapshots", "list", tmp_path / "none.db", capsys=capsys)
        assert outcome.code == 1
        assert "Database not found" in outcome.err
        assert list(tmp_path.iterdir()) == []

    def test_file_that_is_no_database(self, tmp_path, capsys):
        """An error of persistence."""
        (tmp_path / "no.db").write_text("no database" * 100)
        outcome = call("snapshots", "list", tmp_path / "no.db", capsys=capsys)
        assert outcome.code == 1
        assert "SQLite says" in outcome.err


class TestShow:
    def test_snapshot(self, database, capsys):
        """As JSON."""
        outcome = call("snapshots", "show", database, 2, capsys=capsys)
        assert json.loads(outcome.out) == {
            "name": "door",
            "current_state": "Open",
            "rules": [{"a": 1}, {"b": 2}],
            "metadata": {},
            "context": {"n": 2, "new": None},
        }

    def test_unknown_id(self, database, capsys):
        """There is no such row."""
        outcome = call("snapshots", "show", database, 99, capsys=capsys)
        assert outcome.code == 1
        assert "No snapshot with id 99" in outcome.err

    def test_id_beyond_sqlite(self, database, capsys):
        """There is no such row either."""
        outcome = call("snapshots", "show", database, 10**20, capsys=capsys)
        assert outcome.code == 1
        assert f"No snapshot with id {10**20}" in outcome.err

    def test_id_that_is_no_number(self, database, capsys):
        """Wrong usage."""
        assert call("snapshots", "show", database, "x", capsys=capsys).code == 2


class TestDiff:
    def test_text(self, database, capsys):
        """What changed, what came, what went."""
        outcome = call("snapshots", "diff", database, 1, 2, capsys=capsys)
        assert outcome.out.splitlines() == [
            '~ current_state: "Shut" -> "Open"',
            '+ rules[1]: {"b": 2}',
            "~ context.n: 1 -> 2",
            "- context.gone: true",
            "+ context.new: null",
        ]

    def test_json(self, database, capsys):
        """A line of JSON for each."""
        outcome = call("snapshots", "diff", database, 1, 2, "--json", capsys=capsys)
        assert [json.loads(line) for line in outcome.out.splitlines()] == [
            {"path": "current_state", "before": "Shut", "after": "Open"},
            {"path": "rules[1]", "after": {"b": 2}},
            {"path": "context.n", "before": 1, "after": 2},
            {"path": "context.gone", "before": True},
            {"path": "context.new", "after": None},
        ]

    def test_the_same(self, database, capsys):
        """Nothing to tell."""
        assert call("snapshots", "diff", database, 1, 1, capsys=capsys) == (0, "", "")

    def test_true_is_not_one(self):
        """JSON knows the difference."""
        assert list(differences({"n": 1}, {"n": True})) == [("n", 1, True)]
        assert list(differences({"n": 1}, {"n": 1.0})) == []

    def test_shorter_list(self):
        """Items that went."""
        ((path, old, _),) = differences([1, 2], [1])
        assert (path, old) == ("[1]", 2)


class TestPrune:
    def count(self, path):
        connection = sqlite3.connect(path)
        counts = count_snapshots(connection, "door"), count_snapshots(connection, "lamp")
        connection.close()
        return counts

    def test_each_component(self, database, capsys):
        """So many stay of each."""
        outcome = call("snapshots", "prune", database, "--keep", 1, capsys=capsys)
        assert (outcome.code, outcome.out) == (0, "")
        assert outcome.err == "door: 2 deleted\nlamp: 0 deleted\n"
        assert self.count(database) == (1, 1)

    def test_one_component(self, database, capsys):
        """The others stay as they are."""
        call("snapshots", "prune", database, "--keep", 0, "--component", "lamp", capsys=capsys)
        assert self.count(database) == (3, 0)

    def test_number_beyond_sqlite(self, database, capsys):
        """So many there never are."""
        outcome = call("snapshots", "prune", database, "--keep", 10**20, capsys=capsys)
        assert (outcome.code, outcome.err) == (0, "door: 0 deleted\nlamp: 0 deleted\n")

    def test_negative(self, database, capsys):
        """Nothing is deleted."""
        outcome = call("snapshots", "prune", database, "--keep", -1, capsys=capsys)
        assert outcome.code == 1
        assert "Cannot keep -1 snapshots" in outcome.err
        assert self.count(database) == (3, 1)
