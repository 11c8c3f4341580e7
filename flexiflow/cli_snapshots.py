"""The commands ``snapshots list``, ``show``, ``diff`` and ``prune``."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterator
from typing import Any

from flexiflow.cli_output import write_line, write_note
from flexiflow.errors import ErrorContext, FlexiFlowError, PersistenceError
from flexiflow.extras.persist_sqlite import (
    list_components,
    list_snapshots,
    load_snapshot_by_id,
    prune_snapshots,
)
from flexiflow.json_text import to_json
from flexiflow.snapshot import ComponentSnapshot, snapshot_to_mapping
from flexiflow.state_files import open_database

__all__ = [
    "cmd_snapshots_diff",
    "cmd_snapshots_list",
    "cmd_snapshots_prune",
    "cmd_snapshots_show",
    "differences",
]

_NOTHING: Any = object()


def cmd_snapshots_list(args: argparse.Namespace) -> None:
    """Prints a line for each snapshot, newest first, component by component."""
    with open_database(args.database) as connection:
        for name in _components(connection, args.component):
            for row in list_snapshots(connection, name, limit=args.limit):
                if args.json:
                    write_line(to_json({"component": name, **row}))
                else:
                    facts = (f"{row['id']:>6}", row["created_at"], name, row["current_state"])
                    write_line("  ".join(facts))


def cmd_snapshots_show(args: argparse.Namespace) -> None:
    """Prints one snapshot as JSON."""
    with open_database(args.database) as connection:
        snapshot = _snapshot_for(connection, args.id)

    write_line(to_json(snapshot_to_mapping(snapshot), indent=2))


def cmd_snapshots_diff(args: argparse.Namespace) -> None:
    """Prints what is different in the second of two snapshots."""
    with open_database(args.database) as connection:
        before = _snapshot_for(connection, args.before)
        after = _snapshot_for(connection, args.after)

    for path, old, new in differences(snapshot_to_mapping(before), snapshot_to_mapping(after)):
        if args.json:
            facts = {"before": old, "after": new}
            said = {name: value for name, value in facts.items() if value is not _NOTHING}
            write_line(to_json({"path": path, **said}))
        elif old is _NOTHING:
            write_line(f"+ {path}: {to_json(new)}")
        elif new is _NOTHING:
            write_line(f"- {path}: {to_json(old)}")
        else:
            write_line(f"~ {path}: {to_json(old)} -> {to_json(new)}")


def cmd_snapshots_prune(args: argparse.Namespace) -> None:
    """Deletes old snapshots and tells how many."""
    if args.keep < 0:
        raise FlexiFlowError(
            f"Cannot keep {args.keep} snapshots",
            why="--keep is the number of snapshots that stay.",
            fix="Give 0 or more.",
        )

    with open_database(args.database, write=True) as connection:
        for name in _components(connection, args.component):
            count = prune_snapshots(connection, name, keep_last=args.keep)
            write_note(f"{name}: {count} deleted")


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """What differs: where, the old value and the new one; each may be missing."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            below = f"{path}.{key}" if path else str(key)
            yield from differences(before.get(key, _NOTHING), after.get(key, _NOTHING), below)
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            old = before[index] if index < len(before) else _NOTHING
            new = after[index] if index < len(after) else _NOTHING
            yield from differences(old, new, f"{path}[{index}]")
    elif before is _NOTHING or after is _NOTHING or not _is_same(before, after):
        yield path, before, after


def _is_same(one: Any, other: Any) -> bool:
    """Equality as JSON has it: true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _components(connection: sqlite3.Connection, only: str | None) -> list[str]:
    names = [name for name, _ in list_components(connection)]
    if only is None:
        return names

    if only in names:
        return [only]

    raise PersistenceError(
        f"No snapshots of '{only}'",
        why=f"The database has snapshots of: {', '.join(names) or 'nothing'}.",
        fix="Check the component's name.",
        context=ErrorContext({"component": only}),
    )


def _snapshot_for(connection: sqlite3.Connection, snapshot_id: int) -> ComponentSnapshot:
    snapshot = load_snapshot_by_id(connection, snapshot_id)
    if snapshot is not None:
        return snapshot

    raise PersistenceError(
        f"No snapshot with id {snapshot_id}",
        why="The database has no such row; it may have been pruned.",
        fix="See 'flexiflow snapshots list DB' for what there is.",
        context=ErrorContext({"id": snapshot_id}),
    )
