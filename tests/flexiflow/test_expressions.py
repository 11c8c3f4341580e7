"""Guards and values: what they give, what they refuse, and how far they may go."""

import pickle

import pytest

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
