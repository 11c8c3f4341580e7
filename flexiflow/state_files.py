"""A component's state in a file, JSON or SQLite, as the file's name says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from flexiflow.component import AsyncComponent
from flexiflow.errors import ErrorContext, PersistenceError
from flexiflow.extras.persist_json import load_snapshot, save_component
from flexiflow.extras.persist_sqlite import load_latest_snapshot, save_snapshot
from flexiflow.snapshot import ComponentSnapshot, take_snapshot

__all__ = ["History", "StateFile", "open_database", "sqlite_errors"]

DATABASE_SUFFIXES = frozenset({".db", ".sqlite", ".sqlite3"})


@contextmanager
def sqlite_errors(path: str | Path) -> Iterator[None]:
    """Errors of SQLite raised within become errors of persistence that name the file.

    Raises:
        PersistenceError: SQLite refused.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise PersistenceError(
            f"Cannot use database: {path}",
            why=f"SQLite says: {error}.",
            fix="Check that it is a SQLite database, its permissions, and the free space.",
            context=ErrorContext({"path": str(path), "error": str(error)}),
        ) from error


@contextmanager
def open_database(path: str | Path, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """A database that exists, closed at the end.

    Raises:
        PersistenceError: there is no such file, or SQLite refuses it.
    """
    if not Path(path).exists():
        raise PersistenceError(
            f"Database not found: {path}",
            why="There is no such file.",
            fix="Check the path; 'flexiflow run FILE --state DB' makes one.",
            context=ErrorContext({"path": str(path)}),
        )

    with sqlite_errors(path):
        address = f"{Path(path).absolute().as_uri()}?mode={'rw' if write else 'ro'}"
        connection = sqlite3.connect(address, uri=True)
        try:
            yield connection
        finally:
            connection.close()


class History:
    """A SQLite database that gets a component's snapshots; made when it is missing.

    Args:
        path: the database.

    Raises:
        PersistenceError: it cannot be opened.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = path
        with sqlite_errors(path):
            self.connection = sqlite3.connect(path)

    def load(self, name: str) -> ComponentSnapshot | None:
        """The newest snapshot of a component, if there is one."""
        with sqlite_errors(self._path):
            return load_latest_snapshot(self.connection, name)

    def save(self, component: AsyncComponent, created_at: datetime | None = None) -> int:
        """Adds a snapshot of the component as it is now, and returns its id."""
        with sqlite_errors(self._path):
            return save_snapshot(self.connection, take_snapshot(component), created_at=created_at)

    def close(self) -> None:
        """Closes the database."""
        self.connection.close()


class StateFile:
    """Where the command line keeps a component between two calls; a context manager.

    Args:
        path: a SQLite database if it ends in ``.db``, ``.sqlite`` or ``.sqlite3``, else JSON.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._history: History | None = None

    def __enter__(self) -> Self:
        if self._path.suffix in DATABASE_SUFFIXES:
            self._history = History(self._path)

        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._history is not None:
            self._history.close()

    def load(self, name: str) -> ComponentSnapshot | None:
        """What is kept of the component, if anything.

        Raises:
            PersistenceError: the file cannot be read, or is of another component.
        """
        if self._history is not None:
            return self._history.load(name)

        try:
            snapshot = load_snapshot(self._path)
        except FileNotFoundError:
            return None

        if snapshot.name != name:
            raise PersistenceError(
                f"State file is of another component: '{snapshot.name}'",
                why=f"The config's component is '{name}', and a state file keeps one component.",
                fix="Use another state file for this config.",
                context=ErrorContext({"path": str(self._path), "name": snapshot.name}),
            )

        return snapshot

    def save(self, component: AsyncComponent) -> None:
        """Keeps the component as it is now."""
        if self._history is not None:
            self._history.save(component)
        else:
            save_component(component, self._path)
