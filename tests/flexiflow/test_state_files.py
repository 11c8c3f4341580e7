"""A component's state in a file."""

import sqlite3

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.errors import PersistenceError
from flexiflow.state_files import History, StateFile, open_database


@pytest.mark.parametrize("name", ["s.json", "s.db", "s.sqlite", "s.sqlite3", "s"])
def test_round_trip(tmp_path, name):
    """What is saved is loaded, whatever the kind of file."""
    path = tmp_path / name
    with StateFile(str(path)) as file:
        assert file.load("c") is None
        file.save(AsyncComponent("c", rules=[{"a": 1}], context={"n": 1}))
        assert file.load("c").context == {"n": 1}
    assert path.read_bytes().startswith(b"SQLite") == (path.suffix[1:3] in {"db", "sq"})


def test_other_component(tmp_path):
    """A JSON file keeps one component, a database any number."""
    for name in ("s.json", "s.db"):
        with StateFile(str(tmp_path / name)) as file:
            file.save(AsyncComponent("one"))
    with StateFile(str(tmp_path / "s.db")) as file:
        assert file.load("other") is None
    with (
        StateFile(str(tmp_path / "s.json")) as file,
        pytest.raises(PersistenceError, match="another component: 'one'"),
    ):
        file.load("other")


def test_history_gives_ids(tmp_path):
    """Each save is a row."""
    history = History(tmp_path / "h.db")
    assert [history.save(AsyncComponent("c")) for _ in range(2)] == [1, 2]
    history.close()


def test_reading_does_not_write(tmp_path):
    """A database that is opened for reading cannot be changed."""
    sqlite3.connect(tmp_path / "a b.db").close()
    (tmp_path / "a b.db").touch()
    with (
        pytest.raises(PersistenceError, match="readonly"),
        open_database(tmp_path / "a b.db") as connection,
    ):
        connection.execute("CREATE TABLE t (x)")
    with open_database(tmp_path / "a b.db", write=True) as connection:
        connection.execute("CREATE TABLE t (x)")
