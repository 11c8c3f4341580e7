"""The ring of events."""

import pytest

from designer.run.event_log import EventLog


def fill(log, count):
    """Appends ``count`` events, each with its place among them."""
    for place in range(count):
        log.append("tick", {"place": place})


def places(log, start=0):
    """The places of the rows kept."""
    return [row.payload["place"] for row in log.rows_since(start)]


def test_rows_are_kept_in_order():
    """The oldest comes first, and each has its number."""
    log = EventLog(clock=lambda: 12.5)

    log.append("state.changed", {"component": "order", "from_state": "A", "to_state": "B"})
    log.append("order.paid", {"component": "order"}, correlation_id="m1", note="n")

    first, second = log.rows_since()
    assert (first.number, first.time, first.event, first.component) == (
        0,
        12.5,
        "state.changed",
        "order",
    )
    assert (first.summary, first.level, first.state) == ("A → B", "success", "B")
    assert (second.number, second.correlation_id, second.summary) == (1, "m1", "   n")


def test_a_full_log_lets_the_oldest_rows_go_and_counts_them():
    """Its length is bounded, whatever comes."""
    log = EventLog(3)

    fill(log, 8)

    assert (len(log), log.total, log.first, log.dropped) == (3, 8, 5, 5)
    assert places(log) == [5, 6, 7]


def test_rows_can_be_read_from_a_number_on():
    """Readers ask only for what is new; what is gone is skipped."""
    log = EventLog(4)
    fill(log, 6)

    assert places(log, 4) == [4, 5]
    assert places(log, 0) == [2, 3, 4, 5]
    assert places(log, 6) == []


def test_clearing_forgets_rows_but_goes_on_counting():
    """Numbers stay unique, so that readers notice."""
    log = EventLog(3)
    fill(log, 5)

    log.clear()
    assert (len(log), log.dropped, log.total) == (0, 0, 5)
    fill(log, 4)

    assert [row.number for row in log.rows_since()] == [6, 7, 8]
    assert (places(log), log.dropped) == ([1, 2, 3], 1)


def test_reading_goes_on_past_rows_that_are_let_go_meanwhile():
    """A reader who is slower than the flow misses rows and gets no wrong ones."""
    log = EventLog(2)
    fill(log, 2)
    entries = log.iter_entries()

    first = next(entries)
    fill(log, 3)

    assert first[0] == 0
    assert [entry[0] for entry in entries] == [3, 4]


def test_a_log_keeps_at_least_one_row():
    """Nothing less makes sense."""
    with pytest.raises(ValueError, match="at least one row"):
        EventLog(0)
