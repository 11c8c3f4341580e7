"""The event log as text."""

import csv
import json
from pathlib import Path

import pytest

from designer.run.event_export import csv_text, export_text, json_lines, plain_lines
from designer.run.event_log import EventLog


@pytest.fixture
def entries():
    """A change of state, an odd object, a formula and half a character."""
    log = EventLog(clock=lambda: 0.5)
    log.append(
        "state.changed",
        {"component": "order", "from_state": "Cart", "to_state": "Paid"},
        correlation_id="m1",
    )
    log.append("thing", {"component": "order", "what": object, "list": (1, 2)})
    log.append("=evil()", {"component": "-x", "text": '\ud800, "quoted"\nline'})
    return list(log.iter_entries())


def test_json_lines_hold_everything(entries):
    """One object a line."""
    first, second, third = [json.loads(line) for line in json_lines(entries).splitlines()]

    assert first == {
        "number": 0,
        "time": "1970-01-01T00:00:00.500+00:00",
        "event": "state.changed",
        "component": "order",
        "summary": "Cart → Paid",
        "level": "success",
        "correlation_id": "m1",
        "payload": {"component": "order", "from_state": "Cart", "to_state": "Paid"},
    }
    assert second["payload"]["list"] == [1, 2]
    assert "object" in second["payload"]["what"]
    assert third["payload"]["text"].endswith('"quoted"\nline')


def test_csv_holds_everything_and_no_formulas(entries):
    """A spreadsheet shows what a message says and does not run it."""
    rows = list(csv.DictReader(csv_text(entries).splitlines(keepends=True)))

    assert [row["event"] for row in rows] == ["state.changed", "thing", "'=evil()"]
    assert rows[2]["component"] == "'-x"
    assert rows[0]["correlation_id"] == "m1"
    assert json.loads(rows[0]["payload"])["to_state"] == "Paid"
    csv_text(entries).encode("utf-8")


def test_lines_for_the_clipboard(entries):
    """Time, event, component and summary between tabs."""
    text = plain_lines(entries)

    assert text.splitlines()[0] == (
        "1970-01-01T00:00:00.500+00:00\tstate.changed\torder\tCart → Paid"
    )
    text.encode("utf-8")


def test_the_ending_decides_on_the_format(entries):
    """CSV for .csv, else JSON Lines."""
    assert export_text(entries, Path("a.CSV")).startswith("number,")
    assert export_text(entries, Path("a.jsonl")).startswith("{")
