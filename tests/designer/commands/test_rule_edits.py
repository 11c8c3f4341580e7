"""Rules as a tree: each edit gives new rules and leaves the old ones alone."""

import copy
import datetime as dt

import pytest

from designer.commands import rule_edits
from designer.commands.rule_edits import ValueKind

RULES = ({"retries": 3}, {"limits": {"low": 1, "high": [2, 3]}}, "odd", {"a": 1, "b": True})


@pytest.fixture(autouse=True)
def _rules_stay():
    """Nothing that is handed in is changed."""
    before = copy.deepcopy(RULES)
    yield
    assert before == RULES


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("EUR", ValueKind.TEXT, "EUR"),
        (3, ValueKind.NUMBER, "3"),
        (2.5, ValueKind.NUMBER, "2.5"),
        (True, ValueKind.YES_NO, "yes"),
        (False, ValueKind.YES_NO, "no"),
        ([1], ValueKind.LIST, "1 entry"),
        ({}, ValueKind.MAPPING, "0 entries"),
        (None, ValueKind.NOTHING, ""),
        (dt.date(2026, 1, 2), ValueKind.OTHER, "2026-01-02"),
    ],
)
def test_values_have_a_kind_and_a_text(value, kind, text):
    """As they are shown."""
    assert rule_edits.kind_of_value(value) is kind
    assert rule_edits.value_text(value) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), (" -4 ", -4), ("2.5", 2.5), ("1e3", 1000.0), ("x", None), ("", None), ("nan", None)],
)
def test_numbers_are_read(text, number):
    """Whole where they are."""
    assert repr(rule_edits.number_of(text)) == repr(number)


@pytest.mark.parametrize(
    ("value", "kind", "result"),
    [
        (3, ValueKind.TEXT, "3"),
        (True, ValueKind.TEXT, "true"),
        ([1], ValueKind.TEXT, ""),
        (None, ValueKind.TEXT, ""),
        ("3", ValueKind.NUMBER, 3),
        ("x", ValueKind.NUMBER, 0),
        (True, ValueKind.NUMBER, 1),
        ([1], ValueKind.NUMBER, 0),
        ("yes", ValueKind.YES_NO, True),
        ("no", ValueKind.YES_NO, False),
        (2, ValueKind.YES_NO, True),
        (None, ValueKind.YES_NO, False),
        (3, ValueKind.LIST, [3]),
        ("", ValueKind.LIST, []),
        ({"a": 1}, ValueKind.LIST, [1]),
        ([1, 2], ValueKind.MAPPING, {"item1": 1, "item2": 2}),
        (3, ValueKind.MAPPING, {"value": 3}),
        (None, ValueKind.MAPPING, {}),
        (3, ValueKind.NUMBER, 3),
        (3, ValueKind.NOTHING, None),
    ],
)
def test_values_change_their_kind(value, kind, result):
    """To the nearest there is."""
    assert repr(rule_edits.converted(value, kind)) == repr(result)


def test_a_value_is_replaced_anywhere():
    """At the top, in a mapping, in a list."""
    assert rule_edits.with_value(RULES, (0, "retries"), 4)[0] == {"retries": 4}
    deep = rule_edits.with_value(RULES, (1, "limits", "high", 1), 9)
    assert deep[1] == {"limits": {"low": 1, "high": [2, 9]}}
    assert rule_edits.with_value(RULES, (2,), "even")[2] == "even"
    assert rule_edits.value_at(deep, (1, "limits", "high", 1)) == 9


def test_a_key_is_renamed_in_its_place():
    """And not to one that is taken."""
    assert list(rule_edits.with_name(RULES, (3, "a"), "z")[3]) == ["z", "b"]
    with pytest.raises(ValueError, match="b"):
        rule_edits.with_name(RULES, (3, "a"), "b")


def test_entries_are_added_last():
    """A rule, an entry of a mapping, an item of a list."""
    assert rule_edits.with_added(RULES, (), "new", "")[-1] == {"new": ""}
    assert rule_edits.with_added(RULES, (3,), "new", 5)[3] == {"a": 1, "b": True, "new": 5}
    grown = rule_edits.with_added(RULES, (1, "limits", "high"), "", 4)
    assert grown[1]["limits"]["high"] == [2, 3, 4]


def test_nodes_are_removed():
    """A rule, an entry, an item."""
    assert rule_edits.without(RULES, (2,)) == (RULES[0], RULES[1], RULES[3])
    assert rule_edits.without(RULES, (3, "a"))[3] == {"b": True}
    assert rule_edits.without(RULES, (1, "limits", "high", 0))[1]["limits"]["high"] == [3]


def test_nodes_are_moved_among_their_siblings():
    """As far as they go."""
    assert rule_edits.with_moved(RULES, (2,), -1) == (RULES[0], "odd", RULES[1], RULES[3])
    assert rule_edits.with_moved(RULES, (0,), -1) == RULES
    assert list(rule_edits.with_moved(RULES, (3, "a"), 1)[3]) == ["b", "a"]
    assert rule_edits.with_moved(RULES, (1, "limits", "high", 0), 5)[1]["limits"]["high"] == [3, 2]


def test_names_made_up_are_free():
    """new_rule, then new_rule2."""
    assert rule_edits.free_name([]) == "new_rule"
    assert rule_edits.free_name(["new_rule", "new_rule2"]) == "new_rule3"
