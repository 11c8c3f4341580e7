"""What an expression may not be made of: escapes from the sandbox, and everything too large."""

import pytest

from flexiflow.errors import ExpressionError
from flexiflow.expressions import compile_expression

ESCAPES = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__[1].__subclasses__()",
    "message.__class__",
    "message.__class__.__init__.__globals__",
    "context.__dict__",
    "(lambda: 0).__code__",
    "lambda: message",
    "[x for x in [1]]",
    "{x for x in [1]}",
    "{x: 1 for x in [1]}",
    "(x for x in [1])",
    "(yield)",
    "(await message)",
    "(x := 1)",
    "f'{message}'",
    "f'{message!r:>{1}}'",
    "'{0.__class__}'.format(message)",
    "message.text.format(message)",
    "message.items()",
    "message['f']()",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "open('/etc/passwd')",
    "getattr(message, 'keys')",
    "type(message)",
    "vars()",
    "globals()",
    "locals()",
    "dir(message)",
    "print(1)",
    "input()",
    "object",
    "Exception",
    "__builtins__",
    "len.__self__",
    "now.__globals__",
    "2 ** 9",
    "message | context",
    "1 & 1",
    "1 ^ 1",
    "~1",
    "1 << 9",
    "1 >> 9",
    "message @ context",
    "*message",
    "[*message]",
    "{**message}",
    "{'a': 1}",
    "{1, 2}",
    "(1, 2)",
    "1, 2",
    "1 if",
    "...",
    "b'x'",
    "1j",
    "message.a[1:2]",
    "message.a[::2]",
    "len(*message)",
    "len(**message)",
    "len(obj=message)",
    "message is context",
    "1 is 1",
    "assert 1",
    "import os",
    "message.a = 1",
    "del message",
    "a; b",
    "message) or (context",
    "message,",
    "state = 1",
    "if 1: 2",
    "len",
    "nonsense",
    "()",
    "# nothing",
    " ",
    "",
    "'unclosed",
    "\x00",
    "\ud800",
    "message.\u2028a b",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_what_is_not_of_the_language_is_refused(text):
    """Known ways out of a sandbox, and everything else that Python has more."""
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)

    assert caught.value.why
    assert caught.value.fix
    assert caught.value.line >= 1
    assert caught.value.column >= 1


@pytest.mark.parametrize(
    "text",
    [
        "1" + " " * 2000,
        "not " * 25 + "True",
        "-" * 25 + "1",
        "(" * 25 + "1" + ")" * 25,
        "[" * 25 + "]" * 25,
        "[" * 900 + "]" * 900,
        "(" * 900,
        "-" * 1990 + "1",
        "not " * 490 + "1",
        "1" + "+1" * 200,
        "message" + ".a" * 200,
        "len(" * 25 + "1" + ")" * 25,
        "1 if 1 else " * 25 + "1",
        "message" + "[0]" * 300,
        "9" * 1300,
        "1e999",
        "-1e999",
        "0x" + "f" * 1100,
    ],
)
def test_what_is_too_large_is_refused(text):
    """Characters, levels, rows and numbers have limits."""
    with pytest.raises(ExpressionError):
        compile_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "1" + " " * 1999,
        "not " * 24 + "True",
        "(" * 24 + "1" + ")" * 24,
        "[" * 24 + "]" * 24,
        "1" + "+1" * 90,
        " and ".join(["True"] * 200),
        "'" + "(" * 100 + "'",
        '"' + "[" * 100 + '"',
        "1 < " * 200 + "1",
        "9" * 1200,
    ],
)
def test_what_reaches_the_limits_is_accepted(text):
    """A row of operators is no nest, and brackets in a text are none."""
    assert compile_expression(text).evaluate({}) == eval(text)


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("mesage.a", "Did you mean 'message'?"),
        ("true", "Did you mean 'True'?"),
        ("null", "Did you mean 'None'?"),
        ("amount > 3", "message.amount, context.amount or rules.amount"),
        ("len > 3", "Call it: len(...)"),
        ("message.text.lower()", "Write lower(...) around the value."),
        ("message.a && message.b", "Write 'and' instead of '&&'."),
        ("message.a || message.b", "Write 'or' instead of '||'."),
        ("!message.a", "Write 'not' instead of '!'."),
        ("message.a === 1", "Write '==' instead of '==='."),
        ("message.from == 'x'", 'Write ["from"]'),
        ("message.a in (1, 2)", "Write a list: [a, b]."),
        ("message.a is 3", "Write == or !=."),
        ("message.__class__", '["__class__"]'),
    ],
)
def test_common_mistakes_are_answered_with_the_right_way(text, fix):
    """People come from other languages, and mistype."""
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)

    assert fix in caught.value.fix


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("len()", "len() takes 1 arguments, not 0"),
        ("round(1, 2, 3)", "round() takes 1 to 2 arguments, not 3"),
        ("min()", "min() takes at least 1 arguments, not 0"),
        ("now(1)", "now() takes 0 arguments, not 1"),
    ],
)
def test_functions_are_called_with_as_many_arguments_as_they_take(text, words):
    """The wrong number shows when the expression is read, not when it runs."""
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)

    assert caught.value.what == words


def test_an_unknown_escape_in_a_text_is_itself():
    """Python would warn of it; a flow's author is not bothered."""
    assert compile_expression(r'"\d"').function({}, {}, {}, "", "") == r"\d"


def test_a_long_text_is_shown_in_part():
    """An error does not repeat two thousand characters."""
    with pytest.raises(ExpressionError) as caught:
        compile_expression("'" + "x" * 500)

    assert len(caught.value.context.items["expression"]) == 203
