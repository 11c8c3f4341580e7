"""What the rows of the snapshot table say, sound or damaged."""

from __future__ import annotations

import json
from typing import Any

from flexiflow.errors import ErrorContext, InvalidSnapshotError
from flexiflow.snapshot import (
    ComponentSnapshot,
    SnapshotFault,
    find_fault,
    snapshot_from_mapping,
)

__all__ = ["as_text", "snapshot_from_row", "state_in"]


def as_text(value: Any) -> str:
    """A text column's value, also where it was stored as a blob."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


_UNREADABLE = (ValueError, RecursionError, TypeError)
"""What the parser raises; the last for NULL, which tables of another make may hold."""


def state_in(text: Any) -> str:
    """What a list shows as the state of a row, sound or not."""
    try:
        data = json.loads(text)
    except _UNREADABLE:
        return "invalid"

    if not isinstance(data, dict):
        return "invalid"

    state = data.get("current_state")
    if state is None or state == "":
        return "unknown"

    return state if isinstance(state, str) else "invalid"


def snapshot_from_row(row: tuple[Any, ...], component_name: str) -> ComponentSnapshot:
    """The snapshot of a row that starts with id, time and text.

    Raises:
        InvalidSnapshotError: the row is damaged.
    """
    try:
        data = json.loads(row[2])
    except _UNREADABLE as error:
        raise _damaged(
            f"Invalid JSON in snapshot for '{component_name}'",
            f"Row {row[0]} holds malformed JSON: {error}.",
            {"component_name": component_name, "error": str(error), "id": row[0]},
        ) from error

    fault = find_fault(data)
    if fault is None:
        return snapshot_from_mapping(data)

    raise _fault_error(fault, component_name, row[0])


def _fault_error(fault: SnapshotFault, component_name: str, row_id: int) -> InvalidSnapshotError:
    if fault.kind == "missing":
        what = f"Snapshot for '{component_name}' misses required field: '{fault.field}'"
        why = f"A snapshot needs a non-empty text under '{fault.field}'."
    elif fault.kind == "object":
        what = f"Snapshot for '{component_name}' must be a JSON object"
        why = f"Expected an object, but got {fault.got}."
    else:
        what = f"Snapshot for '{component_name}': field '{fault.field}' has wrong type"
        why = f"Expected a JSON {fault.expected}, but got {fault.got}."

    facts = {"component_name": component_name, "field": fault.field, "id": row_id}
    return _damaged(what, f"{why} This is row {row_id}.", facts)


def _damaged(what: str, why: str, facts: dict[str, Any]) -> InvalidSnapshotError:
    return InvalidSnapshotError(
        what,
        why=why,
        fix=f"Delete the row with id {facts['id']} from the table flexiflow_snapshots.",
        context=ErrorContext(facts),
    )
