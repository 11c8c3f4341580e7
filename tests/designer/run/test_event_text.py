"""What the rows of the event log say."""

import logging

import pytest

from designer.run.event_text import (
    changes_text,
    component_of,
    level_of,
    short_name,
    short_text,
    state_of,
    summary_of,
)


@pytest.mark.parametrize(
    ("event", "payload", "text"),
    [
        ("state.changed", {"from_state": "Cart", "to_state": "Paid"}, "Cart → Paid"),
        (
            "component.message.received",
            {"message": {"type": "add_item", "price": 20}},
            "add_item  price: 20",
        ),
        ("component.message.received", {"message": "odd"}, "odd"),
        (
            "component.message.ignored",
            {"state": "Checkout", "message": {"type": "cancel"}},
            "cancel in Checkout: no transition takes it",
        ),
        (
            "component.message.handled",
            {"state": "Cart", "message": {"type": "note"}},
            "note in Cart",
        ),
        ("guard.failed", {"guard": "x > 1", "error": "no key 'x'\nWhy: ..."}, "x > 1: no key 'x'"),
        (
            "action.failed",
            {"action": {"set": {"a": "b"}}, "error": "bad"},
            "set: {a: b} — bad",
        ),
        (
            "action.failed",
            {
                "action": {"send": {"type": "on", "data": {"total": "x + 1"}, "after": "5m"}},
                "error": "bad",
            },
            "send: {type: 'on', data: {total: x + 1}, after: 5m} — bad",
        ),
        ("action.failed", {"action": {"call": "m:f"}, "error": "bad"}, "call: m:f — bad"),
        ("action.failed", {"action": None, "error": "bad"}, "None — bad"),
        ("event.handler.failed", {"event_name": "e", "exception": "Oops()"}, "e: Oops()"),
        ("component.restored", {"state": "Cart"}, "back in Cart"),
        ("engine.component.registered", {"component": "order"}, "order is ready"),
        ("log", {"message": "hello"}, "hello"),
        (
            "order.paid",
            {"component": "order", "total": 3.5, "currency": "EUR"},
            "total: 3.5, currency: EUR",
        ),
    ],
)
def test_each_event_says_what_happened(event, payload, text):
    """The summary names what an event is about."""
    assert summary_of(event, payload) == text


def test_a_note_follows_the_summary():
    """Changes of the context stand behind the states."""
    payload = {"from_state": "A", "to_state": "B"}

    assert summary_of("state.changed", payload, "context.n 0 → 1") == "A → B   context.n 0 → 1"


def test_a_long_action_leaves_room_for_the_reason():
    """However much it sets, and whatever the values are."""
    action = {"set": {f"key{number}": "context.total" for number in range(90)}}
    text = summary_of("action.failed", {"action": action, "error": "no key 'total'"})
    assert text.startswith("set: {key0: context.total, key1: ")
    assert text.endswith("… — no key 'total'")
    odd = {"set": {"a": object}}
    assert summary_of("action.failed", {"action": odd, "error": "bad"}).endswith(" — bad")


def test_a_summary_stays_one_short_line():
    """However large a message is."""
    message = {"type": "big", **{f"field{number}": "x" * 1000 for number in range(50)}}

    assert len(summary_of("component.message.received", {"message": message})) <= 500


@pytest.mark.parametrize(
    ("value", "text"),
    [("a\nb", "a b"), ("", "''"), ("  ", "'  '"), (12, "12"), (None, "None"), ([1, 2], "[1, 2]")],
)
def test_values_are_told_shortly(value, text):
    """Texts stand without quotes, on one line."""
    assert short_text(value) == text


def test_a_long_text_is_cut():
    """The middle of a long text is left out."""
    assert len(short_text("x" * 10_000)) <= 80


def test_a_huge_number_is_told_by_its_size():
    """Python itself refuses to write such a number out."""
    assert short_text(1 << 20_000) == "a number of 20,001 bits"


def test_changes_of_the_context_are_named():
    """Set, changed and removed keys; what stayed is not mentioned."""
    before = {"kept": [1], "attempts": 0, "gone": 1}
    after = {"kept": [1], "attempts": 1, "new": "x"}

    assert changes_text(before, after) == (
        "context.attempts 0 → 1, context.new = x, context.gone removed"
    )


def test_a_number_that_becomes_a_truth_value_has_changed():
    """1 and true are equal to Python, and not to a person."""
    assert changes_text({"a": 1}, {"a": True}) == "context.a 1 → True"


@pytest.mark.parametrize(
    ("event", "short"),
    [
        ("component.message.received", "message.received"),
        ("event.handler.failed", "handler.failed"),
        ("engine.component.registered", "component.registered"),
        ("state.changed", "state.changed"),
    ],
)
def test_short_names_drop_who_sent_it(event, short):
    """A chip has little room."""
    assert short_name(event) == short


@pytest.mark.parametrize(
    ("event", "payload", "level"),
    [
        ("state.changed", {}, "success"),
        ("component.message.ignored", {}, "warning"),
        ("action.failed", {}, "error"),
        ("order.paid", {}, "info"),
        ("log", {"levelno": logging.ERROR}, "error"),
        ("log", {"levelno": logging.WARNING}, "warning"),
        ("log", {"levelno": logging.INFO}, "info"),
        ("log", {"levelno": logging.DEBUG}, "debug"),
    ],
)
def test_levels_tell_what_matters(event, payload, level):
    """A failure is an error, an ignored message a warning."""
    assert level_of(event, payload) == level


def test_the_component_of_a_failed_handler_is_named_otherwise():
    """The bus calls it ``component_name``."""
    assert component_of({"component_name": "order"}) == "order"
    assert component_of({}) == ""


def test_a_change_of_state_speaks_of_the_new_state():
    """Clicking such a row shows where the flow went."""
    assert state_of("state.changed", {"from_state": "A", "to_state": "B"}) == "B"
    assert state_of("component.message.ignored", {"state": "A"}) == "A"
    assert state_of("order.paid", {}) is None
