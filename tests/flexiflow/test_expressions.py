"""Guards and values: what they give, what they refuse, and how far they may go."""

import pickle
import string
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexiflow.errors import ConfigError, EvaluationError, ExpressionError, FlexiFlowError
from flexiflow.expressions import Expression, References, Scope, compile_expression

SCOPE = Scope(
    message={"type": "pay", "content": "confirmed", "items": [1, 2, 3], "order": {"total": 9.5}},
    context={"attempts": 1, "items": 4, "name": "Ada"},
    rules={"max_retries": 3},
    state="Paying",
    component="shop",
    now=lambda: 12.5,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('message.content == "confirmed"', True),
        ("context.attempts < rules.max_retries", True),
        ("context.attempts + 1", 2),
        ("context.items", 4),
        ('message["order"]["total"] >= 9.5', True),
        ("message.order.total * 2 - 1", 18.0),
        ("message.items[0] + message.items[-1]", 4),
        ("7 // 2 + 7 % 4 + 7 / 2", 9.5),
        ("-context.attempts", -1),
        ("+context.attempts", 1),
        ("not message.items", False),
        ("0 < context.attempts <= 1 < 5", True),
        ("5 > context.attempts > 1", False),
        ("2 in message.items and 9 not in message.items", True),
        ('"type" in message', True),
        ('"con" in message.content', True),
        ("message.content is None", False),
        ("None is None", True),
        ("message.content is not None", True),
        ("'a' if context.attempts else 'b'", "a"),
        ("context.attempts or rules.missing", 1),
        ("context.attempts == 2 and rules.missing", False),
        ("[1, context.attempts, 'x']", [1, 1, "x"]),
        ("[1] + message.items", [1, 1, 2, 3]),
        ('"a" + "b"', "ab"),
        ("len(message.items) + len(context.name) + len(message.order)", 7),
        ("min(3, 1, 2)", 1),
        ("max(message.items)", 3),
        ("abs(-3)", 3),
        ("round(2.567, 1)", 2.6),
        ("round(2.5)", 2),
        ("int('12') + int(3.9)", 15),
        ("float('1.5')", 1.5),
        ("str(12) + str(None)", "12None"),
        ("lower(context.name) + upper(context.name)", "adaADA"),
        ("now()", 12.5),
        ("state + component", "Payingshop"),
        ("[1, 2] < [1, 3]", True),
        ("1 == True", True),
        ("message == 3", False),
        ("(context.attempts\n  + 1)", 2),
        ("context.attempts\n+ 1  # one more", 2),
    ],
)
def test_an_expression_gives_what_python_would(text, value):
    """Operators, fields and functions mean what they mean in Python."""
    found = compile_expression(text).evaluate(SCOPE)
    assert found == value
    assert type(found) is type(value)


def test_a_scope_may_be_a_mapping():
    """Whoever has no Scope at hand gives the names as keys."""
    assert compile_expression("message.a + 1").evaluate({"message": {"a": 1}}) == 2


def test_references_name_the_keys_it_reads():
    """Keys are found in fields, in subscripts and in questions for a key."""
    text = 'context.a > rules["b"] and "c" in message and message.d.e[context.f] == message["g"]'
    assert compile_expression(text).references() == References(
        rules=frozenset({"b"}),
        context=frozenset({"a", "f"}),
        message=frozenset({"c", "d", "g"}),
    )


def test_the_same_text_is_compiled_once():
    """Ten thousand transitions with one guard share one function."""
    assert compile_expression("context.x > 1") is compile_expression("context.x > 1")


def test_an_expression_can_be_pickled():
    """Expressions travel to other processes as their text."""
    expression = compile_expression("1 + 1")
    assert isinstance(expression, Expression)
    assert pickle.loads(pickle.dumps(expression)).evaluate(SCOPE) == 2
    assert repr(expression) == "Expression('1 + 1')"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("message.a ==", 1, 13),
        ("context.a +\n  nonsense", 2, 3),
        ("1 + lambda: 0", 1, 5),
        ("'ö' + unknown", 1, 7),
        ("1)", 1, 3),
        ("a) or (b", 1, 1),
    ],
)
def test_a_refusal_says_where(text, line, column):
    """Line and column are those of the text itself."""
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)

    assert (caught.value.line, caught.value.column) == (line, column)
    assert isinstance(caught.value, ConfigError)
    assert caught.value.why
    assert caught.value.fix


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("message.amount > 3", "The message has no field 'amount'"),
        ("context.total > 3", "The context has no key 'total'"),
        ("rules.limit > 3", "No rule sets 'limit'"),
        ("message.order.tax", "message.order has no field 'tax'"),
        ("message.items.first", "message.items has no field 'first': it is a list"),
        ("message.items[7]", "message.items has 3 items, there is none at 7"),
        ("context.name + 1", "not the text 'Ada' and the number 1"),
        ("context.name < 1", "cannot order the text 'Ada' and the number 1"),
        ("1 / 0", "division by zero"),
        ("int('x')", "int() cannot read the text 'x'"),
    ],
)
def test_what_cannot_be_evaluated_is_said_in_a_sentence(text, sentence):
    """The missing key or the clash is named."""
    with pytest.raises(EvaluationError) as caught:
        compile_expression(text).evaluate(SCOPE)

    assert sentence in caught.value.what
    assert caught.value.context.items["expression"] == text
    assert isinstance(caught.value, FlexiFlowError)


def test_the_key_that_is_missing_is_the_one_that_is_named():
    """Not one of the same name elsewhere, nor one that was never asked for."""
    scope = {"message": None, "context": {"a": 0}, "rules": {}}
    for text, what in (
        ("context.a and message.a or rules.a", "No rule sets 'a'"),
        ("context.b or rules.a", "The context has no key 'b'"),
        ("context[state]", "context has no field 'x'"),
    ):
        with pytest.raises(EvaluationError) as caught:
            compile_expression(text).evaluate(scope | {"state": "x"})

        assert caught.value.what == what


WORDS = [
    "message",
    "context",
    "rules",
    "state",
    "component",
    "len",
    "min",
    "round",
    "int",
    "str",
    "now",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "None",
    "True",
    "lambda",
    "for",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ",",
    ":",
    "=",
    "==",
    "<",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "1",
    "0",
    "2.5",
    "'a'",
    '"',
    "'",
    ".items",
    "__class__",
    "\\",
    "\n",
    " ",
    "#",
    "@",
    "ö",
    "1e9",
    "0x1",
    "!",
    "&&",
    ":=",
]


def refusal_of(text):
    """The error, one of the two, that refuses a text; None when it has a value."""
    try:
        expression = compile_expression(text)
        expression.references()
        expression.evaluate(SCOPE)
    except (ExpressionError, EvaluationError) as error:
        return error

    return None


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text_is_an_expression_or_refused(text):
    """Nothing but the two errors comes out, whatever is put in."""
    refusal = refusal_of(text)
    assert refusal is None or refusal.why


LEAVES = st.sampled_from(
    [
        "1",
        "0",
        "-2",
        "2.5",
        "'a'",
        "'bc'",
        "''",
        "True",
        "False",
        "None",
        "[]",
        "[1, 2]",
        "['a']",
        'message["n"]',
        'message["t"]',
        'message["l"]',
        'message["m"]',
        "message",
    ]
)


def grown(inner):
    """Expressions made of smaller ones."""
    binary = st.sampled_from(
        [
            "+",
            "-",
            "*",
            "/",
            "//",
            "%",
            "==",
            "!=",
            "<",
            "<=",
            ">",
            ">=",
            "in",
            "not in",
            "and",
            "or",
        ]
    )
    call = st.sampled_from(["len", "min", "max", "abs", "round", "int", "float", "str"])
    return st.one_of(
        st.tuples(inner, binary, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(call, inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
        inner.map(lambda part: f"(not {part})"),
        inner.map(lambda part: f"({part} is None)"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} if {p[1]} else {p[2]})"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} < {p[1]} <= {p[2]})"),
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.tuples(inner, st.sampled_from(["0", "-1", "'k'"])).map(lambda p: f"{p[0]}[{p[1]}]"),
    )


@given(st.recursive(LEAVES, grown, max_leaves=12))
@settings(max_examples=400, deadline=None)
def test_what_is_evaluated_is_what_python_says(text):
    """Where Python gives a value, ours is the same, or a clash of our stricter rules."""
    message = {"n": 3, "t": "text", "l": [3, 1, 2], "m": {"k": 7}}
    try:
        expression = compile_expression(text)
    except ExpressionError:
        return  # nested too deep

    try:
        found = expression.evaluate({"message": message})
    except EvaluationError:
        return

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns of ``1 is None``
        expected = eval(text, {}, {"message": message})

    assert repr(found) == repr(expected)


@given(st.text(string.ascii_letters + "_", min_size=1, max_size=10))
def test_a_field_is_a_key_whatever_it_is_called(name):
    """``context.items`` is the user's key, and so is every other name."""
    try:
        expression = compile_expression(f"context.{name}")
    except ExpressionError:
        return  # a word that Python keeps for itself, or one with two underscores at each end

    assert expression.evaluate({"context": {name: 5}}) == 5
    with pytest.raises(EvaluationError):
        expression.evaluate({"context": {}})
