"""YAML packs: what they say, and everything that is wrong with one at once."""

from pathlib import Path

import pytest

from flexiflow.errors import ConfigError, PackError
from flexiflow.pack_records import (
    CallAction,
    EmitAction,
    SendAction,
    SetAction,
    duration_text,
    to_data,
)
from flexiflow.packfile import (
    actions_from_data,
    pack_from_data,
    parse_duration,
    parse_pack,
    read_pack,
)

FLOWS = Path(__file__).parents[2] / "resources" / "examples"


def problem_of(text):
    """The one problem of a text."""
    with pytest.raises(PackError) as caught:
        parse_pack(text, path="x.yaml")

    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("name", "states", "transitions"),
    [
        ("tcp", 11, 21),
        ("http2_stream", 7, 25),
        ("dhcp_client", 8, 23),
        ("bgp", 6, 54),
        ("order", 11, 19),
    ],
)
def test_a_real_flow_is_read_whole(name, states, transitions):
    """The example packs have the states and transitions of their specifications."""
    pack = read_pack(FLOWS / f"{name}.pack.yaml")
    assert (pack.name, len(pack.states), len(pack.transitions)) == (name, states, transitions)


@pytest.mark.parametrize("path", sorted(FLOWS.glob("*.pack.yaml")), ids=lambda path: path.stem)
def test_a_pack_survives_being_written_as_data(path):
    """What is read, turned to data and read again is equal."""
    pack = read_pack(path)
    assert pack_from_data(to_data(pack)) == pack


def test_every_field_is_read():
    """A pack that uses the whole format."""
    pack = parse_pack(
        """
pack: all
description: Everything.
color: red
tags: [a, b]
x-owner: me
guards: {ready: context.n > 1}
context: {n: 0, list: [1, {a: null}]}
states:
  A:
    description: First.
    entry:
      - set: {n: context.n + 1, plain: 3, text: "'x'"}
      - emit: {event: e.v, data: {n: context.n}}
    exit:
      - send: {type: t, to: other, content: message.type, data: {k: 1}, after: 250ms}
      - call: "mod:fun"
    color: '#fff'
    tags: [s]
    x-note: 1
  B: {final: true}
transitions:
  - {from: A, message: go, to: B, guard: ready, description: D, color: blue, tags: [t], x-y: [1]}
  - {from: A, after: 2, do: [{set: {n: 1}}], guard: not context.n}
layout: {A: [1, 2.5]}
"""
    )
    assert (pack.description, pack.color, pack.tags) == ("Everything.", "red", ("a", "b"))
    assert pack.extra == {"x-owner": "me"}
    assert pack.guards == {"ready": "context.n > 1"}
    assert pack.context == {"n": 0, "list": [1, {"a": None}]}
    assert pack.layout == {"A": (1.0, 2.5)}
    first, last = pack.states
    assert (first.key, first.color, first.tags, first.extra) == ("A", "#fff", ("s",), {"x-note": 1})
    assert first.entry == (
        SetAction({"n": "context.n + 1", "plain": 3, "text": "'x'"}),
        EmitAction("e.v", {"n": "context.n"}),
    )
    assert first.exit == (
        SendAction("t", "other", "message.type", {"k": 1}, 0.25),
        CallAction("mod:fun"),
    )
    assert last.final
    go, tick = pack.transitions
    assert (go.source, go.message, go.target, go.guard) == ("A", "go", "B", "ready")
    assert (go.description, go.color, go.tags, go.extra) == ("D", "blue", ("t",), {"x-y": [1]})
    assert (tick.after, tick.target, tick.do) == (2.0, None, (SetAction({"n": 1}),))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("250ms", 0.25),
        ("30s", 30),
        ("5m", 300),
        ("2h", 7200),
        ("1.5h", 5400),
        (3, 3),
        (0.5, 0.5),
        ("7", 7),
        ("1e-03s", 0.001),
        ("1ms", 0.001),
    ],
)
def test_durations(value, seconds):
    """Units are ms, s, m and h; a bare number is seconds."""
    assert parse_duration(value) == seconds
    assert parse_duration(duration_text(seconds)) == seconds


@pytest.mark.parametrize(
    "value",
    [
        "",
        "0s",
        "0.5ms",
        "1e-300",
        1e-300,
        0.000999,
        "-3s",
        "3 days",
        "s",
        0,
        -1,
        True,
        None,
        [],
        "1" * 400 + "h",
        10**400,
        float("nan"),
        float("inf"),
        "101y",
    ],
)
def test_what_is_no_duration_is_refused(value):
    """Zero, negative, endless and unreadable delays."""
    with pytest.raises(PackError, match="Not a duration"):
        parse_duration(value)


def test_all_problems_are_reported_together_with_their_places():
    """One reading finds everything, in the order of the text."""
    with pytest.raises(PackError) as caught:
        parse_pack(
            "pack: p\nstates: {A: , B: }\ntransitions:\n"
            "  - {from: A, message: a, to: B, guard: contxt.x}\n"
            "  - {from: AA, message: a}\n"
            "  - {from: A}\nstates: {A: , B: }\n",
            path="p.yaml",
        )

    problems = caught.value.problems
    assert [(one.line, one.column, one.at) for one in problems] == [
        (4, 41, "transitions[0].guard"),
        (5, 12, "transitions[1].from"),
        (6, 5, "transitions[2]"),
        (7, 1, "states"),
    ]
    assert {one.path for one in problems} == {"p.yaml"}
    assert all(one.what and one.why and one.fix for one in problems)
    assert all(one.what in str(caught.value) for one in problems)
    assert isinstance(caught.value, ConfigError)
    assert caught.value.context.items == {
        "path": "p.yaml",
        "line": 4,
        "column": 41,
        "at": "transitions[0].guard",
    }


@pytest.mark.parametrize(
    ("text", "what", "at"),
    [
        ("pack: p\nstates: {on: }", "The key 'on' of 'states' is no text", "states.on"),
        ("pack: off\nstates: {A: }", "'pack' has to be text, not 'off'", "pack"),
        (
            "pack: p\nstates: {A: }\ntransitions: [{from: A, message: yes}]",
            "'message' has to be text, not 'yes'",
            "transitions[0].message",
        ),
        ("pack: p\nstates: {A: }\non: 1", "The key 'on' of a pack is no text", "on"),
    ],
)
def test_yaml_booleans_where_a_name_is_meant_are_named(text, what, at):
    """An unquoted on, off, yes or no says what YAML makes of it."""
    problem = problem_of(text)
    assert (problem.what, problem.at) == (what, at)
    assert "YAML reads this as a boolean: quote it" in problem.why


@pytest.mark.parametrize(
    ("value", "kind"), [("2024-01-31", "a date"), ("12:30", "a number"), ("1_000", "a number")]
)
def test_other_yaml_traps_are_named_too(value, kind):
    """Dates and numbers where a text is expected."""
    problem = problem_of(f"pack: p\nstates: {{A: {{description: {value}}}}}")
    assert problem.why == f"YAML reads this as {kind}: quote it."
    assert value in problem.what


@pytest.mark.parametrize(
    ("wrong", "right"), [("mesage", "message"), ("gard", "guard"), ("form", "from")]
)
def test_an_unknown_key_is_answered_with_the_nearest_one(wrong, right):
    """Unknown keys are problems with a suggestion."""
    problem = problem_of(
        f"pack: p\nstates: {{A: }}\ntransitions: [{{from: A, message: m, {wrong}: x}}]"
    )
    assert problem.what == f"Unknown key '{wrong}' in a transition"
    assert problem.fix == f"Did you mean '{right}'?"


@pytest.mark.parametrize(
    ("written", "read"),
    [("1:30", "90"), ("1_000", "1000"), ("010", "8"), ("0x10", "16"), ("1:30.5", "90.5")],
)
@pytest.mark.parametrize(
    "text",
    [
        "{{from: A, after: {0}}}",
        "{{from: A, after: &d {0}}}",
        "{{from: A, message: m, do: [{{send: {{type: t, 'after': {0}}}}}]}}",
    ],
)
def test_a_number_that_yaml_reads_otherwise_is_no_duration(text, written, read):
    """YAML 1.1 counts 1:30 in sixties: nobody gets 90 seconds who wrote minutes and hours."""
    entry = text.format(written)
    problem = problem_of(
        f"pack: p\nstates: {{A: }}\ntransitions: [{{from: A, after: 30}}, {entry}]"
    )
    assert problem.what == f"Not a duration: {written}"
    assert problem.why == f"YAML reads this as the number {read}."
    assert problem.at.startswith("transitions[1]")


@pytest.mark.parametrize("written", ["30", "1.5", ".5", "1.5e+3", "0.25", "+3", "2.", "30 # 1:30"])
def test_plain_numbers_are_durations(written):
    """Also where a comment speaks of something else."""
    pack = parse_pack(
        f"# after: 1:30\npack: p\nstates: {{A: }}\ntransitions:\n- from: A\n  after: {written}\n"
    )
    assert pack.transitions[0].after == float(written.split()[0])


@pytest.mark.parametrize(
    ("text", "key", "meant"),
    [
        ("transitions: [{from: A, message: m, to B}]", "to B", "to: B"),
        ("transitions: [{from: A, message  m, after: 3s}]", "message  m", "message: m"),
        ("color red: ", "color red", "color: red"),
    ],
)
def test_a_forgotten_colon_is_found(text, key, meant):
    """What stands there is no text that a comma cut in two."""
    problem = problem_of(f"pack: p\nstates: {{A: , B: {{}}}}\n{text}")
    assert problem.what.startswith(f"Unknown key '{key}' in a")
    assert problem.fix.startswith(f"Did you mean '{meant}'?")


def test_a_text_may_go_on_with_a_word_of_the_format():
    """After the comma of a description, where the key of that name is there."""
    pack = parse_pack(
        "pack: p\nstates: {A: }\n"
        "transitions: [{from: A, message: m, to: A, description: Goes on, to start again}]"
    )
    assert pack.transitions[0].extra == {"to start again": None}


def test_a_text_that_a_comma_cut_in_two_is_kept():
    """In ``{description: Open, no data yet}`` the comma ends the text; nothing is lost."""
    pack = parse_pack("pack: p\nstates: {A: {description: Open, no data yet}}")
    assert pack.states[0].extra == {"no data yet": None}


def test_actions_from_data():
    """A list as YAML gives it becomes actions, or every problem of it."""
    assert actions_from_data([{"set": {"a": 1}}]) == (SetAction({"a": 1}),)
    assert actions_from_data(None) == ()
    with pytest.raises(PackError) as caught:
        actions_from_data([{"sett": {}}, {"call": "x"}, "no"])

    assert [one.at for one in caught.value.problems] == ["[0].sett", "[1].call", "[2]"]


class Mute:
    """Python code may hand over any object; this one cannot be shown."""

    def __repr__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("strange", "named"),
    [(Mute(), "<Mute>"), (10**10_000, "<int>")],
    ids=["an object", "a number"],
)
def test_what_cannot_be_shown_is_named_wherever_it_stands(strange, named):
    """Problems of data made by Python code are told, whatever the data is."""
    with pytest.raises(PackError) as caught:
        pack_from_data(
            {
                "pack": strange,
                strange: 1,
                "states": {"A": {"entry": [{strange: {}}], "tags": [strange]}, strange: None},
                "transitions": [{"from": "A", "after": strange, "to": "A"}],
                "context": {"kept": [{strange: 1}, {strange}]},
            }
        )

    problems = {problem.at: problem.what for problem in caught.value.problems}
    assert problems[f"[{named}]"] == f"The key {named} of a pack is no text"
    assert problems[f"states.A.entry[0][{named}]"] == f"Unknown action '{named}'"
    assert problems["transitions[0].after"].startswith("Not a duration: ")
    assert problems[f"states[{named}]"] == f"The key {named} of 'states' is no text"
    assert {"pack", "states.A.tags[0]", "context.kept[1]"} <= problems.keys()


def test_an_inline_pack_says_where_it_stands():
    """The breadcrumb begins with the way to the pack."""
    with pytest.raises(PackError) as caught:
        pack_from_data({"states": {"A": None}}, path="c.yaml", at="packs[1]")

    assert (caught.value.problems[0].path, caught.value.problems[0].at) == ("c.yaml", "packs[1]")


def action(text):
    """A pack with one entry action."""
    return f"pack: p\nstates:\n  A:\n    entry: [{text}]\n"


def leaving(text):
    """A pack with one transition."""
    return f"pack: p\nstates: {{A: }}\ntransitions: [{{from: A, message: m, {text}}}]\n"


@pytest.mark.parametrize(
    ("text", "what", "at"),
    [
        ("- a", "A pack has to be a mapping", ""),
        ("pack: p\nstates: {A: 3}", "'A' has to be a mapping, or nothing", "states.A"),
        ("pack: p\nstates: {a b: }", "'a b' is no name for a state", "states['a b']"),
        ("pack: p\nstates: {A: {final: 1}}", "'final' has to be true or false", "states.A.final"),
        ("pack: p\nstates: {A: {tags: a}}", "'tags' has to be a list", "states.A.tags"),
        ("pack: p\nstates: {A: {tags: [1]}}", "'tag' has to be text, not '1'", "states.A.tags[0]"),
        (
            "pack: p\nstates: {}\ncontext: {3: a}",
            "The key '3' of 'context' is no text",
            "context.3",
        ),
        (
            "pack: p\nstates: {}\ncontext: {a: [{3: a}]}",
            "The key '3' of a mapping is no text",
            "context.a[0].3",
        ),
        (
            "pack: p\nstates: {}\nlayout: {3: [1, 2]}",
            "The key '3' of 'layout' is no text",
            "layout.3",
        ),
        (
            "pack: p\nstates: {}\nlayout: {A: [1, .inf]}",
            "The place of 'A' has to be two numbers",
            "layout.A",
        ),
        ("pack: p\nstates: {}\nlayout: 3", "'layout' has to be a mapping", "layout"),
        (action("{set: 3}"), "'set' has to be a mapping", "states.A.entry[0].set"),
        (action("{set: }"), "'set' has to be a mapping", "states.A.entry[0].set"),
        (action("{set: {a: b}}"), "Unknown name 'b'", "states.A.entry[0].set.a"),
        (action("{emit: x}"), "'emit' has to be a mapping", "states.A.entry[0].emit"),
        (
            action("{emit: {event: e, data: {a: b}}}"),
            "Unknown name 'b'",
            "states.A.entry[0].emit.data.a",
        ),
        (action("{send: x}"), "'send' has to be a mapping", "states.A.entry[0].send"),
        (
            action("{send: {type: t, content: 2001-01-01}}"),
            "2001-01-01 is no plain value",
            "states.A.entry[0].send.content",
        ),
        (
            action("{send: {type: t, after: 0}}"),
            "Not a duration: 0",
            "states.A.entry[0].send.after",
        ),
        (
            action("{send: {type: t, x-note: 1}}"),
            "Unknown key 'x-note' in a 'send' action",
            "states.A.entry[0].send.x-note",
        ),
        (action("{call: 3}"), "'call' has to be text, not '3'", "states.A.entry[0].call"),
        (action("{on: 3}"), "Unknown action 'on'", "states.A.entry[0].on"),
        (action("{}"), "An action is a mapping of one key", "states.A.entry[0]"),
        (leaving("to: ''"), "'to' is empty", "transitions[0].to"),
        (leaving("guard: maybe"), "Unknown guard 'maybe'", "transitions[0].guard"),
        (leaving("guard: yes"), "'guard' has to be text, not 'yes'", "transitions[0].guard"),
        (leaving("do: 3"), "'do' has to be a list of actions", "transitions[0].do"),
        (
            "pack: p\nstates: {A: }\ntransitions: [{from: A, after: []}]",
            "Not a duration: a list",
            "transitions[0].after",
        ),
        (
            "pack: p\nstates: {A: }\ntransitions: [3]",
            "'transition' has to be a mapping",
            "transitions[0]",
        ),
        ("pack: p\nstates: {A: }\ntransitions: 3", "'transitions' has to be a list", "transitions"),
    ],
)
def test_a_single_problem_is_said_in_its_own_words(text, what, at):
    """What, why, fix and the way there, for every field."""
    with pytest.raises(PackError) as caught:
        parse_pack(text)

    problem = caught.value.problems[0]
    assert (problem.what, problem.at) == (what, at)
    assert problem.why
    assert problem.fix
    assert problem.line is not None


def test_a_misspelt_guard_is_answered_with_the_nearest():
    """Names of guards are known."""
    problem = problem_of(
        "pack: p\nguards: {is_ready: 'True'}\nstates: {A: }\n"
        "transitions: [{from: A, message: m, guard: is_redy}]"
    )
    assert problem.fix == "Did you mean 'is_ready'?"


def test_very_many_and_very_long_names_cost_no_time():
    """Suggestions are looked for in moderation, places once, and a hundred problems are shown."""
    states = "".join(f"  State{number}:\n" for number in range(3_000))
    wrong = "".join(f"  - {{from: Stat{number}x, message: m}}\n" for number in range(3_000))
    long = f"  - {{from: {'S' * 100_000}, message: m}}\n"
    with pytest.raises(PackError) as caught:
        parse_pack(f"pack: p\nstates:\n{states}transitions:\n{long}{wrong}")

    problems = caught.value.problems
    assert len(problems) == 101
    assert len(problems[0].what) < 400
    assert problems[-1].what == "... and 2,901 more problems"
