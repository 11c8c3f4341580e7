"""Expressions in JavaScript: how they read, and that they give the same values there."""

import json
import math
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtQml import QJSEngine

from flexiflow.errors import EvaluationError, ExpressionError
from flexiflow.expressions import compile_expression, to_javascript

MESSAGE = {"n": 3, "f": 2.5, "t": "Text", "l": [3, 1, 2], "m": {"a b": 7}, "no": None, "yes": True}
MESSAGE |= {"wide": "a\U0001f600b", "odd": {"length": 9, "includes": 1}}


@pytest.mark.parametrize(
    ("text", "javascript"),
    [
        ('message.content == "confirmed"', '(message.content === "confirmed")'),
        ("context.attempts < rules.max", "(context.attempts < rules.max)"),
        ("message['a b']", 'message["a b"]'),
        ("not message.a and state != 'x'", '((!message.a) && (state !== "x"))'),
        ("message.a is None", "(message.a == null)"),
        ("'a' in message", '(("a" in message))'),
        ("message.a in ['b', 'c']", '(["b", "c"].includes(message.a))'),
    ],
)
def test_it_reads_like_javascript(text, javascript):
    """No helpers, no noise, where none is needed."""
    assert to_javascript(text) == javascript


def test_names_can_be_others():
    """Where a message is called an event."""
    expression = compile_expression("message.a > context.b")
    assert to_javascript(expression, names={"message": "event"}) == "(event.a > context.b)"


def test_a_text_is_checked_first():
    """What is refused is not translated."""
    with pytest.raises(ExpressionError):
        to_javascript("message.a(1)")


@pytest.mark.parametrize(
    "text",
    [
        "message.n + 1",
        "message.n - 1.5 * message.f / 2",
        "-7 // 2",
        "-7 % 3",
        "7 % -3",
        "+message.n",
        "1 < message.n <= 3",
        "message.n > 5 or message.yes",
        "message.t + 'x'",
        "message.l[0] + message.l[-1]",
        "message.l[message.n - 1]",
        'message.m["a b"]',
        "[1] + message.l",
        "message.l + [message.n]",
        "'yes' if message.yes else 'no'",
        "message.no is None",
        "message.n is not None",
        "'n' in message and 'zz' not in message",
        "2 in message.l",
        "'ex' in message.t",
        "'a b' in message.m",
        "3 in [1, 2, 3]",
        "'a' in 'abc'",
        "len(message.l) + len(message.t) + len(message.m)",
        "len('abc')",
        "min(message.l) + max(3, message.n, 9)",
        "abs(-3) + round(2.6) + int('12') + int(3.9) + float('1.5')",
        "round(2.345, 1)",
        "str(message.n) + lower(message.t) + upper('ab')",
        "True != False",
        "now() > 0",
        "'abc'[1]",
        "message.yes == 1 and message.n != True and 1 in [message.yes]",
        "message.l == [3, 1, 2] and message.l != message.m and message.m == message.m",
        "[message.l, message.m] == [[3, 1, 2], message.m]",
        "[1] + message.l + message.l",
        "message.l + message.l",
        "message.n + message.f",
        "message.t + message.t",
        "min(message.t, 'a') + max(['a', 'b', message.t])",
        "min([message.n, message.f]) + max(message.l)",
        "[round(1234.5, -2), round(0.5), round(1.5), round(2.5), round(-0.5) + 0, round(-1.5)]",
        "[round(message.n, 0), round(2.675, 2), round(1.5, message.n), round(1250, -2)]",
        "message.l[message.n - 4] + message.l[-message.n]",
        "message.t[message.n - 5] + message.wide[1] + message.wide[-1]",
        "len(message.wide) + len(message.m) + len('\U0001f600')",
        "len(message.odd)",
        "'toString' in message or 'length' in message.m or 'toString' in message.m",
        "'length' in message.odd and 1 in message.odd",
        "str(True) + str(message.no) + str(False)",
        "'$equal(' + message.t",
        "'b' in ['a', message.t] or message.t in ['Text']",
        "message.no == None and message.n != None",
        "len(message.l) == 3 and message.n * 2 == 6 and state == ''",
    ],
)
def test_it_gives_the_same_value(text, qapp):
    """Qt's JavaScript engine agrees with ours."""
    engine = QJSEngine()
    javascript = to_javascript(text)
    found = engine.evaluate(
        f"(function(message, state) {{ return JSON.stringify({javascript}) }})"
        f"({json.dumps(MESSAGE)}, '')"
    )
    assert not found.isError(), f"{javascript}: {found.toString()}"
    expected = compile_expression(text).evaluate({"message": MESSAGE})
    assert json.loads(found.toString()) == expected


def in_node(texts, data):
    """What Node.js makes of translated expressions."""
    program = "".join(
        f"out.push((() => {{ try {{ return [{to_javascript(text)}]; }} catch (e) {{ return []; }} "
        f"}})());\n"
        for text in texts
    )
    source = (
        f"const message = {json.dumps(data)}, out = [];\n{program}console.log(JSON.stringify(out));"
    )
    done = subprocess.run(
        [NODE, "-"], input=source, capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


NODE = shutil.which("node") or ""
NUMBERS = st.sampled_from(["message.n", "message.f", "message.i", "1", "2", "7", "0.5", "-3"])
TEXTS = st.sampled_from(["message.t", "message.wide", "'Text'", "'x'", "''"])
LISTS = st.sampled_from(["message.l", "[1, 2]", "[3, 1, 2]", "[True, 0]"])
TRUTHS = st.sampled_from(["message.yes", "True", "False"])


def filled(pattern, *parts):
    """Texts of a pattern, with parts for its places."""
    return st.tuples(*parts).map(lambda chosen: pattern.format(*chosen))


def deeper_numbers(parts):
    """Numbers made of numbers."""
    simple = filled("({} {} {})", parts, st.sampled_from("+-*"), parts)
    return simple | st.one_of(
        filled("abs({})", parts),
        filled("round({})", parts),
        filled("int({})", parts),
        filled("round({}, -1)", parts),
        filled("max({}, {})", parts, parts),
        filled("min([{}, {}])", parts, parts),
        filled("len({} + {})", TEXTS, TEXTS),
        filled("len({} + {})", LISTS, LISTS),
        filled("({} // 2 + {} % 3)", parts, parts),
    )


DEEP = st.recursive(NUMBERS, deeper_numbers, max_leaves=6)
ANYTHING = DEEP | TEXTS | LISTS | TRUTHS
EXPRESSIONS = st.one_of(
    DEEP,
    filled("{} {} {}", DEEP, st.sampled_from(["<", "<=", ">", ">="]), DEEP),
    filled("{} {} {}", ANYTHING, st.sampled_from(["==", "!="]), ANYTHING),
    filled("{} in {}", ANYTHING, LISTS),
    filled("[{}] not in [{}, [{}]]", ANYTHING, ANYTHING, ANYTHING),
    filled("{} in {}", TEXTS, TEXTS),
    filled("{} + {} + {}", TEXTS, TEXTS, TEXTS),
    filled("{} + {} + {}", LISTS, LISTS, LISTS),
    filled("max({}, {})", TEXTS, TEXTS),
    filled("{}[{}]", LISTS, st.sampled_from(["-1", "1", "message.i", "message.n - 4"])),
    filled("message.wide[{}]", st.sampled_from(["-1", "1", "message.i", "message.n - 4"])),
    filled("upper({}) + str({})", TEXTS, TRUTHS),
    filled("{} if {} else {}", ANYTHING, TRUTHS, ANYTHING),
    filled("{} or {} and not {}", TRUTHS, TRUTHS, TRUTHS),
)


def is_alike(one, other):
    """Whether JSON of both languages means the same; numbers to their last digits but some."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_alike, one, other))

    if isinstance(one, bool) or isinstance(other, bool) or not isinstance(one, int | float):
        return one == other and type(one) is type(other)

    return isinstance(other, int | float) and math.isclose(one, other, abs_tol=1e-9)


@pytest.mark.skipif(not NODE, reason="needs node")
@given(st.lists(EXPRESSIONS, min_size=60, max_size=120))
@settings(max_examples=5, deadline=None)
def test_random_expressions_give_the_same_in_node(texts):
    """Whatever a flow may say, as far as it can be evaluated at all."""
    data = {"n": 3, "f": 2.5, "i": -2, "t": "Text", "l": [3, 1, 2], "yes": True}
    data["wide"] = "a\U0001f600b"
    for text, found in zip(texts, in_node(texts, data), strict=True):
        try:
            expected = compile_expression(text).evaluate({"message": data})
        except EvaluationError:
            continue

        assert is_alike([expected], found), (text, to_javascript(text), expected, found)
