"""YAML text: clean to read, and read again as what was written."""

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.exchange.yaml_text import WIDTH, to_yaml, to_yaml_line
from flexiflow.errors import ConfigError
from flexiflow.yaml_source import parse_yaml

EXAMPLES = sorted((Path(__file__).parents[3] / "resources" / "examples").glob("*.yaml"))

TRICKY = st.sampled_from(
    [
        *("on", "off", "yes", "No", "TRUE", "null", "~", "", " ", "y", "N", "=", "<<"),
        *("1", "-1", "1_000", "0x1F", "0o17", "010", "1e3", "1.5", ".5", "+.inf", ".nan"),
        *("12:30", "2026-11-22", "2026-11-22 10:00:00", "1:2:3.4", "007", "-", "--- a", "..."),
        *("a: b", "a:b", "a #b", "#a", "a,b", "[a", "{a}", "&a", "*a", "!a", "|", ">", "%a"),
        *("@a", "`a", "'a'", '"a"', "it's", "a'", "? a", "?a", ": a", ":a", "a:", "- a", "-a"),
        *("a\nb", "a\n", "\na", "a\n\nb", " a\nb", "a\n b", "a \nb", "a\n \nb", "a\tb", "\t"),
        *(
            "a\r\nb",
            "a\x85b",
            "a\u2028b",
            "\ufeffa",
            "\x00",
            "\x7f",
            "\xa0",
            "ä→",
            "😀",
            "\\",
            "e\u0301",
        ),
        *("true", "context.total > 5", '"a" in message', "a b " * 60, "k" * 1200, "x\n" * 40),
    ]
)
TEXTS = st.one_of(TRICKY, st.text(max_size=30)).filter(
    lambda text: not any("\ud800" <= character <= "\udfff" for character in text)
)
SCALARS = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.dates(min_value=dt.date(1000, 1, 1)),
    st.datetimes(
        min_value=dt.datetime(1000, 1, 1),  # noqa: DTZ001 - YAML has times of no zone
        timezones=st.sampled_from([None, dt.UTC, dt.timezone(dt.timedelta(hours=-5.5))]),
    ).map(lambda time: time.replace(fold=0)),
)
KEYS = st.one_of(TEXTS, st.integers(), st.booleans(), st.sampled_from(["states", "do", "rules"]))
DATA = st.recursive(
    SCALARS,
    lambda values: st.one_of(
        st.lists(values, max_size=5), st.dictionaries(KEYS, values, max_size=5)
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DATA)
def test_any_data_is_read_again_as_it_was(data):
    """By our own reader and by PyYAML's, types and order included."""
    text = to_yaml(data)
    assert repr(parse_yaml(text)) == repr(data)
    assert repr(yaml.safe_load(text)) == repr(data)


@settings(deadline=None)
@given(TRICKY)
def test_a_text_is_quoted_wherever_it_stands(text):
    """As a value and as a key, in a block and between braces."""
    for data in (text, [text], {text: text}, [{"a": text}], {"states": {text: {"a": [text]}}}):
        assert yaml.safe_load(to_yaml(data)) == data


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_are_written_in_their_own_style(path):
    """Most lines come out as they went in, but for comments and the folding of fields."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    text = to_yaml(data)
    assert repr(yaml.safe_load(text)) == repr(data)
    read = path.read_text(encoding="utf-8").splitlines()
    lines = {line.partition("  #")[0].strip() for line in read}
    written = [line.strip() for line in text.splitlines()]
    assert sum(line in lines for line in written) >= 0.75 * len(written)


def test_a_flow_reads_like_one_written_by_hand():
    """States and transitions a line each, actions and rules below each other."""
    data = {
        "pack": "order",
        "context": {"total": 0},
        "states": {
            "Cart": {"description": "Choosing."},
            "Paid": {"entry": [{"set": {"a": "context.a + 1"}}, {"call": "m:f"}]},
            "Done": None,
        },
        "transitions": [
            {"from": "Cart", "message": "on", "to": "Paid", "guard": "'a, b' == message.x"},
            {"from": "Cart", "message": "note", "do": [{"set": {"b": True}}]},
        ],
        "rules": [{"retries": 3}, {"a": 1, "b": [1, 2]}, "odd"],
        "layout": {"Cart": [0, -20.5]},
        "x-nothing": None,
        "x-empty": [{}, []],
    }
    assert to_yaml(data) == (
        "pack: order\n"
        "context: {total: 0}\n"
        "states:\n"
        "  Cart: {description: Choosing.}\n"
        "  Paid:\n"
        "    entry:\n"
        "      - set: {a: context.a + 1}\n"
        "      - call: m:f\n"
        "  Done:\n"
        "transitions:\n"
        "  - {from: Cart, message: 'on', to: Paid, guard: '''a, b'' == message.x'}\n"
        "  - from: Cart\n"
        "    message: note\n"
        "    do:\n"
        "      - set: {b: true}\n"
        "rules:\n"
        "  - retries: 3\n"
        "  - {a: 1, b: [1, 2]}\n"
        "  - odd\n"
        "layout:\n"
        "  Cart: [0, -20.5]\n"
        "x-nothing: null\n"
        "x-empty: [{}, []]\n"
    )


def test_what_does_not_fit_on_a_line_is_a_block():
    """Nothing that is folded passes the width."""
    data = {
        "states": {"A": {"description": "x" * 60, "color": "y" * 40}, "B": {"tags": ["t"] * 60}}
    }
    lines = to_yaml(data).splitlines()
    assert lines[1:4] == ["  A:", f"    description: {'x' * 60}", f"    color: {'y' * 40}"]
    assert max(map(len, lines)) <= WIDTH


def test_a_text_of_lines_is_written_as_lines():
    """As a literal block, where nothing gets lost by it."""
    assert to_yaml({"description": "One.\n\nTwo."}) == "description: |-\n  One.\n\n  Two.\n"
    assert to_yaml({"description": "One.\nTwo.\n"}) == "description: |\n  One.\n  Two.\n"
    assert to_yaml({"description": "One. \n \n"}) == 'description: "One. \\n \\n"\n'


def test_empty_data_is_written_too():
    """An empty mapping is one, and nothing is nothing."""
    assert [to_yaml(data) for data in ({}, [], None)] == ["{}\n", "[]\n", "null\n"]


def test_numbers_that_yaml_cannot_say_are_said():
    """Not a number, infinities, and exponents."""
    assert to_yaml([float("nan"), float("inf"), -float("inf"), 1e20]) == (
        "- .nan\n- .inf\n- -.inf\n- 1.0e+20\n"
    )


def test_what_is_no_data_is_refused():
    """With an error that says so."""
    for value in ({"a": object()}, [{1, 2}], object()):
        with pytest.raises(ConfigError, match="cannot be written"):
            to_yaml(value)
    with pytest.raises(ConfigError, match="cannot be written"):
        to_yaml_line({"set": {"a": object()}})


@pytest.mark.parametrize(
    "action",
    [
        {"set": {f"key{number}": "context.total" for number in range(90)}},
        {"call": "shop.orders:ship"},
        {"emit": {"event": "paid: all", "data": {"x": [1, "on", None], "y": "one\ntwo"}}},
    ],
)
def test_one_line_says_it_all(action):
    """Without braces around it, and it loads again."""
    line = to_yaml_line(action)
    assert "\n" not in line
    assert yaml.safe_load(line) == action
    assert not line.startswith("{")
