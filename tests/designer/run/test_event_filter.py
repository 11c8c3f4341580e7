"""Which rows of the event log show."""

import logging

import pytest

from designer.run.event_filter import EventFilter
from designer.run.event_log import EventLog


@pytest.fixture
def log():
    """Two components, a log record and a warning."""
    log = EventLog()
    log.append("state.changed", {"component": "order", "from_state": "Cart", "to_state": "Paid"})
    log.append("order.paid", {"component": "order", "total": 20}, correlation_id="m7")
    log.append("state.changed", {"component": "bill", "from_state": "Open", "to_state": "Paid"})
    log.append("log", {"levelno": logging.INFO, "message": "fine"})
    log.append("log", {"levelno": logging.WARNING, "message": "odd"})
    return log


def shown(log, wanted):
    """Numbers of the rows a filter shows."""
    return [entry[0] for entry in log.iter_entries() if wanted.predicate()(entry)]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (EventFilter(), [0, 1, 2, 3, 4]),
        (EventFilter(hidden=frozenset({"state.changed"})), [1, 3, 4]),
        (EventFilter(hidden=frozenset({"log"})), [0, 1, 2, 4]),
        (EventFilter(component="bill"), [2]),
        (EventFilter(text="PAID"), [0, 1, 2]),
        (EventFilter(text="cart → paid"), [0]),
        (EventFilter(text="bill"), [2]),
        (EventFilter(text="m7"), [1]),
        (EventFilter(text="/total: [0-9]+$|odd/"), [4]),
        (EventFilter(text="/total: [0-9]+|odd/"), [1, 4]),
        (EventFilter(text="/"), []),
        (EventFilter(component="order", text="total"), [1]),
    ],
)
def test_rows_show_when_all_of_the_filter_is_met(log, wanted, numbers):
    """Events, component and text narrow the list together."""
    assert shown(log, wanted) == numbers


def test_a_broken_regular_expression_says_why():
    """The text goes beneath the field."""
    with pytest.raises(ValueError, match=r"Not a regular expression: .*unterminated"):
        EventFilter(text="/(/").predicate()


def test_an_empty_filter_passes_all():
    """Blanks do not count as a text."""
    assert EventFilter(text="  ").passes_all
    assert not EventFilter(component="order").passes_all
