"""Any value as JSON."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexiflow.json_text import plain, to_json


class Mute:
    """An object that cannot be shown."""

    def __repr__(self):
        raise RuntimeError


@pytest.mark.parametrize("value", [None, True, 5, 1.5, "ü\ud800", [1, [2]], {"a": {"b": []}}])
def test_plain_values_are_themselves(value):
    """What JSON has a form for comes back."""
    text = to_json(value)
    assert json.loads(text) == value
    assert text.isascii()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (math.nan, "nan"),
        ([-math.inf], ["-inf"]),
        ({1}, "{1}"),
        ({(1, 2): 3, None: 4, "a": 5}, {"(1, 2)": 3, "None": 4, "a": 5}),
        ((1, {2}), [1, "{2}"]),
        (Mute(), "<Mute>"),
        ({Mute(): 1}, {"<Mute>": 1}),
        ([10**10_000, -(10**10_000)], ["<int>", "<int>"]),
        ({10**10_000: True}, {"<int>": True}),
    ],
)
def test_other_values_are_shown(value, shown):
    """What JSON has no form for is what Python shows."""
    assert json.loads(to_json(value)) == shown


def test_value_that_contains_itself():
    """It is cut somewhere."""
    circle = {"n": 1}
    circle["self"] = circle
    text = to_json(circle)
    assert '"..."' in text
    assert len(text) < 10_000


def test_value_that_contains_another_many_times():
    """What would fill the memory is cut too."""
    value = [math.nan]
    for _ in range(60):
        value = [value, value]
    assert len(to_json(value)) < 5_000_000


def test_long_list():
    """Items beyond the limit are left out."""
    assert len(plain([0] * 1_000_000)) <= 100_001


def test_indent():
    """For people."""
    assert to_json({"a": 1}, indent=2) == '{\n  "a": 1\n}'


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner)
        | st.dictionaries(st.text() | st.integers() | st.binary(), inner)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_no_value_fails(value):
    """Any data gives valid JSON."""

    def refuse(name):
        raise AssertionError(name)

    assert json.loads(to_json(value), parse_constant=refuse) == plain(value)
