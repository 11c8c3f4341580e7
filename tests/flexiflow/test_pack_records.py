"""Records of packs: any pack survives being written as data, or as YAML, and read again."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flexiflow.pack_records import (
    CallAction,
    EmitAction,
    PackFile,
    SendAction,
    SetAction,
    StateDef,
    TransitionDef,
    duration_text,
    to_data,
)
from flexiflow.packfile import pack_from_data, parse_duration, parse_pack

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cs"]))
NAME = TEXT.filter(bool)
KEY = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True)
SCALAR = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6)
EXPRESSION = st.sampled_from(["context.a + 1", "'text'", "message.type", "len(context.l) > 2"])
VALUE = SCALAR | EXPRESSION | st.lists(SCALAR | TEXT, max_size=3)
VALUES = st.dictionaries(NAME, VALUE, max_size=3)
PLAIN = st.dictionaries(NAME, SCALAR | TEXT | st.lists(SCALAR, max_size=2), max_size=3)
DELAY = st.floats(1e-3, 1e8) | st.integers(1, 10**7).map(float)
TAGS = st.lists(TEXT, max_size=2).map(tuple)
EXTRA = st.dictionaries(NAME.map(lambda name: f"x-{name}"), SCALAR | TEXT, max_size=2)
OPTIONAL = st.none() | TEXT
ACTION = st.one_of(
    st.builds(SetAction, VALUES),
    st.builds(EmitAction, NAME, VALUES),
    st.builds(SendAction, NAME, st.none() | NAME, VALUE | st.just([]), VALUES, st.none() | DELAY),
    st.builds(CallAction, st.just("module:function")),
)
ACTIONS = st.lists(ACTION, max_size=2).map(tuple)


@st.composite
def packs(draw):
    """Any pack that obeys the rules."""
    keys = draw(st.lists(KEY, unique=True, max_size=4))
    guards = draw(st.dictionaries(NAME, EXPRESSION, max_size=2))
    states = [
        StateDef(
            key,
            draw(OPTIONAL),
            draw(st.booleans()),
            draw(ACTIONS),
            draw(ACTIONS),
            draw(OPTIONAL),
            draw(TAGS),
            draw(EXTRA),
        )
        for key in keys
    ]
    transitions = []
    for _ in range(draw(st.integers(0, 4)) if keys else 0):
        timed = draw(st.booleans())
        transitions.append(
            TransitionDef(
                draw(st.sampled_from(keys)),
                None if timed else draw(NAME),
                draw(DELAY) if timed else None,
                draw(st.none() | NAME),
                draw(st.none() | EXPRESSION | st.sampled_from([*guards, "True"])),
                draw(ACTIONS),
                draw(OPTIONAL),
                draw(OPTIONAL),
                draw(TAGS),
                draw(EXTRA),
            )
        )

    place = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
    return PackFile(
        draw(NAME),
        tuple(states),
        tuple(transitions),
        draw(OPTIONAL),
        guards,
        draw(PLAIN),
        draw(st.dictionaries(NAME, place, max_size=3)),
        draw(OPTIONAL),
        draw(TAGS),
        draw(EXTRA),
    )


@given(packs())
@settings(max_examples=150, deadline=None)
def test_any_pack_survives_being_written(pack):
    """As data, and as the YAML of it."""
    data = to_data(pack)
    assert pack_from_data(data) == pack
    assert parse_pack(yaml.safe_dump(data, sort_keys=False, allow_unicode=True)) == pack


@given(DELAY)
def test_any_delay_survives_being_written(seconds):
    """To the last digit."""
    assert parse_duration(duration_text(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.25, "250ms"),
        (30, "30s"),
        (90.0, "90s"),
        (300, "5m"),
        (7200.0, "2h"),
        (22.5, "22500ms"),
        (0.007, "7ms"),
        (1e-05, "1e-05s"),
        (3600.0000000000005, "3600.0000000000005s"),
    ],
)
def test_a_delay_is_written_short(seconds, text):
    """In the largest unit that it fills."""
    assert duration_text(seconds) == text


def test_what_says_nothing_is_left_out():
    """Empty lists and mappings, and fields without a value; but not an empty content."""
    assert to_data(StateDef("A")) == {}
    assert to_data(TransitionDef("A", message="m")) == {"from": "A", "message": "m"}
    assert to_data(SendAction("t", content=[])) == {"send": {"type": "t", "content": []}}
