"""The JSON Schema of packs says the same as the parser."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from flexiflow.errors import PackError
from flexiflow.pack_actions import EMIT_KEYS, KINDS, SEND_KEYS
from flexiflow.packfile import PACK_KEYS, STATE_KEYS, TRANSITION_KEYS, pack_from_data
from flexiflow.yaml_source import parse_yaml, read_text

RESOURCES = Path(__file__).parents[2] / "resources"
SCHEMA = json.loads((RESOURCES / "pack.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def is_accepted(data):
    """Whether the parser takes it."""
    try:
        pack_from_data(data)
    except PackError:
        return False

    return True


def test_the_schema_is_one():
    """It obeys its own rules."""
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("way", "keys"),
    [
        ((), PACK_KEYS),
        (("$defs", "state"), STATE_KEYS),
        (("$defs", "transition"), TRANSITION_KEYS),
        (("$defs", "action"), KINDS),
        (("$defs", "action", "properties", "emit"), EMIT_KEYS),
        (("$defs", "action", "properties", "send"), SEND_KEYS),
    ],
)
def test_schema_and_parser_know_the_same_keys(way, keys):
    """A key added to one of them is added to both."""
    part = SCHEMA
    for step in way:
        part = part[step]

    assert set(part["properties"]) == set(keys)
    assert part["additionalProperties"] is False


@pytest.mark.parametrize(
    "path", sorted((RESOURCES / "examples").glob("*.pack.yaml")), ids=lambda path: path.stem
)
def test_the_examples_fit_the_schema(path):
    """Every example pack is valid."""
    assert list(VALIDATOR.iter_errors(parse_yaml(read_text(path)))) == []


def pack(**fields):
    """A small pack with these fields."""
    return {"pack": "p", "states": {"A": None, "B": {}}} | fields


def transition(**fields):
    """A small pack with a transition that has these fields."""
    return pack(transitions=[{"from": "A"} | fields])


@pytest.mark.parametrize(
    "data",
    [
        pack(),
        pack(**{"x-any": 1, "cut off by a comma": None}),
        pack(guards={"g": "True"}, context={"n": 1}, tags=["a"], color="red", layout={"A": [1, 2]}),
        pack(guards=None, context=None, tags=None, color=None, layout=None, transitions=None),
        pack(states={"A": {"final": True, "entry": [{"set": {"a": 1}}], "exit": None}}),
        transition(message="m", to="B", guard="True", do=[{"emit": {"event": "e"}}]),
        transition(after="30s", message=None),
        transition(after="1ms"),
        transition(after="0.5s"),
        transition(after="10.0"),
        transition(after=0.001),
        transition(after=100 * 366 * 86_400),
        transition(after=1.5, do=[{"send": {"type": "t", "after": 3, "content": [1]}}]),
        transition(message="m", do=[{"call": "m:f"}, {"set": {}}]),
    ],
)
def test_what_both_accept(data):
    """Right packs are right for both."""
    assert is_accepted(data)
    assert VALIDATOR.is_valid(data)


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"pack": "p"},
        {"states": {}},
        {"pack": "", "states": {}},
        {"pack": 3, "states": {}},
        pack(other=1),
        pack(states=[]),
        pack(states={"1a": None}),
        pack(states={"A": "final"}),
        pack(states={"A": {"final": "yes"}}),
        pack(states={"A": {"entry": {"set": {}}}}),
        pack(states={"A": {"entry": [{}]}}),
        pack(states={"A": {"entry": [{"set": {}, "emit": {"event": "e"}}]}}),
        pack(states={"A": {"entry": [{"set": None}]}}),
        pack(states={"A": {"entry": [{"emit": {}}]}}),
        pack(states={"A": {"entry": [{"send": {"type": "", "to": "x"}}]}}),
        pack(states={"A": {"entry": [{"call": "f"}]}}),
        pack(states={"A": {"tags": "a"}}),
        pack(guards={"g": True}),
        pack(context=[]),
        pack(layout={"A": [1]}),
        pack(layout={"A": "here"}),
        pack(transitions={}),
        pack(transitions=[3]),
        transition(),
        transition(message="m", after=1),
        transition(message="m", to=""),
        transition(message=""),
        transition(message=3),
        transition(after="soon"),
        transition(after=0),
        transition(after=0.0001),
        transition(after=100 * 366 * 86_400 + 1),
        transition(after=1e10),
        transition(after="0s"),
        transition(after="0.5ms"),
        transition(message="m", gaurd="x"),
    ],
)
def test_what_both_refuse(data):
    """Wrong shapes are wrong for both."""
    assert not is_accepted(data)
    assert not VALIDATOR.is_valid(data)


VALUES = st.sampled_from(
    [
        None,
        True,
        3,
        1.5,
        "m",
        "A",
        "30s",
        "True",
        "",
        [],
        {},
        [1, 2],
        {"A": None},
        {"set": {"a": 1}},
        [{"set": {"a": 1}}],
        [{"call": "m:f"}],
        {"g": "True"},
        {"A": [1, 2]},
        ["a"],
    ]
)


@given(
    st.dictionaries(st.sampled_from([*PACK_KEYS, "x-a", "other"]), VALUES, max_size=4),
    st.dictionaries(st.sampled_from([*STATE_KEYS, "x-a", "other"]), VALUES, max_size=3),
    st.dictionaries(st.sampled_from([*TRANSITION_KEYS, "x-a", "other"]), VALUES, max_size=4),
)
@settings(max_examples=400, deadline=None)
def test_what_the_parser_accepts_fits_the_schema(fields, state, leaving):
    """The schema is never stricter than the parser."""
    states = {"A": state, "m": None, "B": None}
    data = {"pack": "p", "states": states, "transitions": [{"from": "A"} | leaving]} | fields
    assert not is_accepted(data) or VALIDATOR.is_valid(data)
