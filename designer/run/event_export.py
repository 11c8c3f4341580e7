"""The event log as JSON Lines, as CSV, and as lines of text for the clipboard."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from designer.run.event_log import Entry, EventRow, row_of
from designer.run.plain import plain_copy

__all__ = ["csv_text", "export_text", "json_lines", "plain_lines"]

_FIELDS = ("number", "time", "event", "component", "summary", "level", "correlation_id")


def export_text(entries: Iterable[Entry], path: Path) -> str:
    """The rows in the format that a path's ending asks for: ``.csv``, or else JSON Lines."""
    return csv_text(entries) if path.suffix.lower() == ".csv" else json_lines(entries)


def json_lines(entries: Iterable[Entry]) -> str:
    """One JSON object a line, the payload as it is."""
    return "".join(f"{json.dumps(_record(row_of(entry)))}\n" for entry in entries)


def csv_text(entries: Iterable[Entry]) -> str:
    """One row a line under a line of titles, the payload as JSON in the last column."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow((*_FIELDS, "payload"))
    for entry in entries:
        record = _record(row_of(entry))
        payload = json.dumps(record.pop("payload"))
        writer.writerow((*(_safe_cell(record[name]) for name in _FIELDS), payload))
    return target.getvalue()


def plain_lines(entries: Iterable[Entry]) -> str:
    """Time, event, component and summary between tabs, for pasting."""
    rows = (row_of(entry) for entry in entries)
    return "\n".join(
        _encodable("\t".join((_moment(row.time), row.event, row.component, row.summary)))
        for row in rows
    )


def _record(row: EventRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "time": _moment(row.time),
        "event": row.event,
        "component": row.component,
        "summary": row.summary,
        "level": row.level,
        "correlation_id": row.correlation_id,
        "payload": plain_copy(row.payload),
    }


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _safe_cell(value: Any) -> Any:
    """Spreadsheets run a text that begins like a formula: a message may have been made for that."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") and value != "-":
        return f"'{_encodable(value)}"
    return _encodable(value) if isinstance(value, str) else value


def _encodable(text: str) -> str:
    """Without the halves of surrogate pairs, which no file can hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
