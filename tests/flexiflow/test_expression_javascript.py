"""Expressions in JavaScript: how they read, and that they give the same values there."""

import json

import pytest
from PySide6.QtQml import QJSEngine

from flexiflow.errors import ExpressionError
from flexiflow.expressions import compile_expression, to_javascript

MESSAGE = {"n": 3, "f": 2.5, "t": "Text", "l": [3, 1, 2], "m": {"a b": 7}, "no": None, "yes": True}


@pytest.mark.parametrize(
    ("text", "javascript"),
    [
        ('message.content == "confirmed"', '(message.content === "confirmed")'),
        ("context.attempts < rules.max", "(context.attempts < rules.max)"),
        ("message['a b']", 'message["a b"]'),
        ("not message.a and state != 'x'", '((!message.a) && (state !== "x"))'),
        ("message.a is None", "(message.a == null)"),
        ("'a' in message", '(("a" in message))'),
    ],
)
def test_it_reads_like_javascript(text, javascript):
    """No helpers, no noise."""
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
    ],
)
def test_it_gives_the_same_value(text, qapp):
    """Qt's JavaScript engine agrees with ours."""
    engine = QJSEngine()
    javascript = to_javascript(text)
    found = engine.evaluate(
        f"(function(message) {{ return JSON.stringify({javascript}) }})({json.dumps(MESSAGE)})"
    )
    assert not found.isError(), f"{javascript}: {found.toString()}"
    expected = compile_expression(text).evaluate({"message": MESSAGE})
    assert json.loads(found.toString()) == expected
