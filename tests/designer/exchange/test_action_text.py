"""Actions as text, and back."""

import pytest

from designer.exchange.action_text import actions_from_text, actions_to_text
from designer.exchange.data_text import mapping_from_text, mapping_to_text
from flexiflow.errors import PackError
from flexiflow.pack_records import CallAction, EmitAction, SendAction, SetAction

ACTIONS = (
    SetAction({"attempts": "context.attempts + 1", "paid": True}),
    EmitAction("order.paid", {"total": "context.total"}),
    SendAction("remind", to="shop", content="'soon'", data={"a": 1}, after=30.0),
    CallAction("module:function"),
)


def test_actions_are_written_one_below_the_other():
    """As a person would write them into the file."""
    assert actions_to_text(ACTIONS) == (
        "- set: {attempts: context.attempts + 1, paid: true}\n"
        "- emit: {event: order.paid, data: {total: context.total}}\n"
        "- send: {type: remind, to: shop, content: '''soon''', data: {a: 1}, after: 30s}\n"
        "- call: module:function"
    )


def test_actions_are_read_again():
    """Whatever was written; nothing is nothing."""
    assert actions_from_text(actions_to_text(ACTIONS)) == ACTIONS
    assert actions_to_text(()) == ""
    assert actions_from_text("") == ()


def test_all_problems_come_with_their_lines():
    """So that a person finds them."""
    with pytest.raises(PackError) as caught:
        actions_from_text("- set: {a: 1 +}\n- shout: {}\n")
    assert [problem.line for problem in caught.value.problems] == [1, 2]


def test_mappings_go_both_ways():
    """One key a line."""
    data = {"total": 0, "items": ["a"]}
    assert mapping_to_text(data) == "total: 0\nitems: [a]"
    assert mapping_from_text(mapping_to_text(data)) == data
    assert mapping_to_text({}) == ""
    assert mapping_from_text("") == {}
    with pytest.raises(PackError):
        mapping_from_text("- a")
