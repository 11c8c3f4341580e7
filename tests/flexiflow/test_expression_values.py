"""How far an expression may go with the data it meets."""

import time
from collections import UserDict
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from flexiflow import expression_code, expression_limits
from flexiflow.errors import EvaluationError
from flexiflow.expressions import compile_expression


class Loud:
    """A Python object that tells when it is touched."""

    secret = "s"

    def __getitem__(self, key):
        raise AssertionError("read")

    def __eq__(self, other):
        raise AssertionError("compared")

    def __lt__(self, other):
        raise AssertionError("ordered")

    def __add__(self, other):
        raise AssertionError("added")

    def __len__(self):
        raise AssertionError("measured")

    def __contains__(self, item):
        raise AssertionError("searched")

    def __str__(self):
        raise AssertionError("shown")

    __hash__ = None


def value_of(text, **message):
    """The value with that message."""
    return compile_expression(text).evaluate({"message": message})


def clash_of(text, **message):
    """The sentence of the error with that message."""
    with pytest.raises(EvaluationError) as caught:
        value_of(text, **message)

    return caught.value.what


LONG = "x" * 600_000
HUGE = 1 << 4_095


@pytest.mark.parametrize(
    ("text", "message", "words"),
    [
        ("message.a + message.a", {"a": LONG}, "too long"),
        ("message.a + message.a", {"a": [0] * 600_000}, "too long"),
        ("message.a", {"a": "x" * 1_000_001}, "too long"),
        ("message.a", {"a": [0] * 1_000_001}, "too long"),
        ("message.a", {"a": dict.fromkeys(range(1_000_001))}, "too long"),
        ("lower(message.a)", {"a": "x" * 1_000_001}, "too long"),
        ("upper(message.a)", {"a": "ß" * 600_000}, "too long"),
        ("[message.a, message.a]", {"a": LONG}, "too long"),
        ("[message.a, message.a]", {"a": [[0] * 300_000, {"k": [0] * 300_000}]}, "too long"),
        ("message.a * message.a", {"a": HUGE}, "too large"),
        ("message.a + message.a", {"a": HUGE}, "too large"),
        ("message.a", {"a": HUGE * 2}, "too large"),
        ("-message.a", {"a": HUGE * 2}, "too large"),
        ("message.a // 3", {"a": HUGE * 2}, "too large"),
        ("3 % message.a", {"a": HUGE * 2}, "too large"),
        ("message.a - 1", {"a": HUGE * 2}, "too large"),
        ("str(message.a)", {"a": HUGE * 2}, "too large"),
        ("float(message.a)", {"a": HUGE * 2}, "too large"),
        ("round(message.a, -2)", {"a": HUGE * 2}, "too large"),
        ("int(message.a)", {"a": "9" * 100_000}, "cannot read a text of 100,000 characters"),
        ("round(1, message.a)", {"a": -(10**9)}, "round() takes from -308 to 308 places"),
        ("round(1, message.a)", {"a": 1.5}, "round() takes"),
        ("message.a * 3", {"a": "abc"}, "* needs two numbers"),
        ("message.a * 3", {"a": [1]}, "* needs two numbers, not a list and the number 3"),
        ("message.a % 3", {"a": "%1000000000d"}, "% needs two numbers"),
        ("1 / message.a", {"a": 0}, "division by zero"),
        ("int(message.a)", {"a": float("inf")}, "cannot convert float infinity"),
        ("message.a + 1", {"a": Decimal(1)}, "a Python object of type Decimal"),
        ("message.a < 1", {"a": None}, "cannot order None and the number 1"),
        ("message.a + 1", {"a": {}}, "a mapping"),
        ("message.a + 1", {"a": "y" * 100}, "..."),
        ("message.a.b", {"a": 3}, "message.a has no fields: it is the number 3"),
        ("message.a[message.b]", {"a": {}, "b": []}, "a list cannot be a field of message.a"),
        ("message[message.b]", {"b": []}, "a list cannot be a field of message"),
        ("message.a[message.b].c", {"a": [1], "b": 0}, "message.a[...] has no fields"),
        ("message.a[True]", {"a": [1]}, "message.a has no field True"),
        ("(message.a or message).c", {"a": 1}, "the value has no fields"),
    ],
)
def test_a_clash_or_a_limit_is_said_in_a_sentence(text, message, words):
    """Nothing hangs, nothing grows: the error says what it was."""
    begin = time.perf_counter()
    assert words in clash_of(text, **message)
    assert time.perf_counter() - begin < 20


@pytest.mark.parametrize(
    "text",
    [
        "message.a.secret",
        "message.a[0]",
        "message.a < 1",
        "message.a + 1",
        "1 + message.a",
        "-message.a",
        "+message.a",
        "len(message.a)",
        "1 in message.a",
        "str(message.a)",
        "lower(message.a)",
        "upper(message.a)",
        "int(message.a)",
        "abs(message.a)",
        "round(message.a)",
        "min(message.a)",
        "min(message.a, 1)",
        "max([message.a, 1])",
    ],
)
def test_python_objects_are_never_reached_into(text):
    """Not one of their methods is called."""
    assert "Python object of type Loud" in clash_of(text, a=Loud())


def test_python_objects_are_equal_to_themselves_only():
    """Comparing does not call their methods either."""
    loud = Loud()
    assert value_of("message.a == message.a", a=loud) is True
    assert value_of("message.a != 3", a=loud) is True
    assert value_of("message.a in [1, 2]", a=loud) is False
    assert value_of("message.a is None", a=loud) is False


def test_an_empty_row_decides_by_length():
    """Lists that agree as far as they go."""
    assert value_of("[] < [1] and not [] < []") is True


def test_any_mapping_has_fields():
    """Data need not be made of dicts."""
    assert value_of("message.a.b + len(message.a)", a=UserDict(b=1)) == 2
    assert value_of("'b' in message.a", a=UserDict(b=1)) is True


def test_a_tuple_counts_as_a_list():
    """Python code may put tuples into a message."""
    assert value_of("message.a + [3]", a=(1, 2)) == [1, 2, 3]
    assert value_of("message.a[1]", a=(1, 2)) == 2
    assert value_of("message.a < [1, 3]", a=(1, 2)) is True


def test_dates_can_be_compared():
    """YAML makes dates of unquoted ones, in a rule for instance."""
    today, tomorrow = date(2026, 1, 1), date(2026, 1, 2)
    assert value_of("message.a < message.b", a=today, b=tomorrow) is True
    assert value_of("message.a == message.b", a=today, b=date(2026, 1, 1)) is True
    assert "cannot order" in clash_of(
        "message.a < message.b", a=today, b=datetime(2026, 1, 1, tzinfo=UTC)
    )


def test_a_list_cannot_nest_without_end():
    """``set: {a: [context.a]}`` in a loop ends in an error, not in a broken snapshot."""
    nested = []
    for _ in range(63):
        nested = value_of("[message.a]", a=nested)

    assert "nested too deep" in clash_of("[message.a]", a=nested)


def test_a_list_cannot_grow_by_reference():
    """Two references to two references and so on are counted as what they stand for."""
    grown = [0] * 2_000
    for _ in range(8):
        grown = value_of("[message.a, message.a]", a=grown)

    assert "too long" in clash_of("[message.a, message.a]", a=grown)


@pytest.fixture
def few_steps(monkeypatch):
    """What evaluations may take, as in life, but reached sooner."""
    for module in (expression_limits, expression_code):
        monkeypatch.setattr(module, "MAX_STEPS", 20_000)


@pytest.mark.usefixtures("few_steps")
def test_a_list_that_holds_itself_is_an_error():
    """Python code can make one; no expression follows it for ever."""
    loop = []
    loop.append(loop)
    other = []
    other.append(other)
    assert "nested too deep" in clash_of("[message.a]", a=loop)
    assert "more than 20,000 steps" in clash_of("message.a  == message.b", a=loop, b=other)


def doubled(times):
    """A list that is short everywhere, and two to the power of ``times`` long as a whole."""
    grown = [1]
    for _ in range(times):
        grown = [grown, grown]

    return grown


@pytest.mark.usefixtures("few_steps")
@pytest.mark.parametrize(
    "text",
    [
        "message.a == message.b",
        "message.a != message.b",
        "message.a < message.b",
        "message.a >= message.b",
        "message.a in [1, message.b]",
        "{0} or {0}".format("message.a in [message.b]"),
        "max([message.a, message.b])",
        "min(message.a, message.b)",
    ],
)
def test_data_that_shares_its_parts_is_not_walked_for_ever(text):
    """Python code can hand over what would take C code years to compare."""
    assert "more than 20,000 steps" in clash_of(text, a=doubled(60), b=doubled(60))


def test_a_deep_chain_can_be_compared():
    """Comparing goes as deep as the data does."""
    one, other = [1], [1]
    for _ in range(5_000):
        one, other = [one], [other]

    assert value_of("message.a == message.b", a=one, b=other) is True
    assert value_of("message.a <= message.b", a=one, b=other) is True


@pytest.mark.parametrize(
    "text",
    [
        " or ".join(["2 in message.a"] * 110),
        " or ".join(["message.a != message.b"] * 70),
        " or ".join(["message.a < message.b"] * 70),
        " or ".join(["max(message.a) > 5"] * 80),
        " or ".join(["message.t in message.c"] * 2),
        "message.a != message.b or max(message.a) > 5",
    ],
)
def test_all_parts_of_an_expression_share_its_steps(text):
    """Many walks are one long one."""
    message = {"a": [1] * 600_000, "b": [1] * 600_000, "t": "x" * 9_999 + "y"}
    message["c"] = ["x" * 10_000] * 60_000
    begin = time.perf_counter()
    assert "more than 1,000,000 steps" in clash_of(text, **message)
    assert time.perf_counter() - begin < 10


def test_long_texts_count_as_many_steps():
    """A list of one long text, a million times, takes as long as its characters."""
    first, second = "x" * 900_000 + "y", "x" * 900_000 + "z"
    message = {"a": [first] * 2_000, "b": [first[:-1] + "y"] * 2_000, "t": second}
    for text in ("message.a == message.b", "message.t in message.a", "message.a < message.b"):
        assert "more than 1,000,000 steps" in clash_of(text, **message)

    alike = [first, first[:-1] + "y"] * 1_000
    assert "more than 1,000,000 steps" in clash_of("max(message.a)", a=alike)


def test_a_large_list_can_be_looked_through():
    """What is within the limits is found."""
    message = {"a": list(range(999_000)), "m": {"k" * 2_000: [1, 2.0]}, "n": {"k" * 2_000: [1, 2]}}
    assert value_of("998999 in message.a", **message) is True
    assert value_of("max(message.a)", **message) == 998_999
    assert value_of("message.m == message.n", **message) is True
    assert value_of("1 in message.a and 2 in message.a and 3 in message.a", **message) is True


def test_a_list_is_never_equal_to_something_else():
    """Neither to a mapping nor to a tuple, also inside."""
    message = {"l": [[1]], "t": [(1,)], "m": {"a": [1]}, "n": {"b": [1]}, "o": {"a": 1}}
    assert value_of("message.l == message.t", **message) is False
    assert value_of("message.m == message.n", **message) is False
    assert value_of("message.m == message.o", **message) is False
    assert value_of("message.m == message.l", **message) is False
    assert value_of("message.l == [1]", **message) is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("message.n == 1", True),
        ("message.n == 1.0", True),
        ("message.n == True", True),
        ("message.n == '1'", False),
        ("message.l == [1, [2]]", True),
        ("message.l != [1, [3]]", True),
        ("message.m == message.m", True),
        ("message.none == None", True),
        ("message.none != 0", True),
        ("message.t < True", True),
        ("1 in message.l", True),
        ("[2] in message.l", True),
        ("1 in message.m", False),
        ("message.n <= 1 and message.n >= 1", True),
        ("1.5 <= 2 and 2 >= 1.5 and 2 > 1.5 and 1 < 1.5", True),
        ("'a' <= 'b' and 'b' >= 'a' and 'b' > 'a'", True),
        ("[1] < [1, 2]", True),
        ("[1, 2] >= [1, 2]", True),
        ("[2] > [1, 9]", True),
        ("[1] <= [1]", True),
        ("message.n + 0.5", 1.5),
        ("True + 1", 2),
        ("-message.n", -1),
        ("+message.n", 1),
        ("float(3)", 3.0),
        ("str('x')", "x"),
        ("str(True)", "True"),
        ("str(1.5)", "1.5"),
        ("round(1234.5, -2)", 1200.0),
        ("min('b', 'a')", "a"),
        ("max([1, 3.5, 2])", 3.5),
    ],
)
def test_operators_and_functions_on_plain_values(text, value):
    """As in Python, with every kind of plain value."""
    message = {"n": 1, "l": [1, [2]], "m": {"k": 1}, "none": None, "t": False}
    assert value_of(text, **message) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("min(3)", "min() needs a list or several values, not the number 3"),
        ("max([])", "max() of an empty list"),
        ("max(1, 'a')", "cannot order the text 'a' and the number 1"),
        ("len(3)", "len() needs a text, a list or a mapping, not the number 3"),
        ("abs('a')", "abs() needs a number, not the text 'a'"),
        ("round('a')", "round() needs a number, not the text 'a'"),
        ("int(None)", "int() needs a number or a text, not None"),
        ("float('a')", "float() cannot read the text 'a'"),
        ("str([])", "str() needs a text or a number, not a list"),
        ("lower(True)", "lower() needs a text, not True"),
        ("upper(1)", "upper() needs a text, not the number 1"),
        ("1 in 2", "'in' looks into a list, a text or a mapping, not the number 2"),
        ("[] in message", "'in' a mapping looks for a key, not a list"),
        ("1 in 'a'", "'in' a text looks for a text, not the number 1"),
        ("-'a'", "- needs a number, not the text 'a'"),
        ("+'a'", "+ needs a number, not the text 'a'"),
        ("[1] + 1", "+ needs two numbers, two texts or two lists, not a list and the number 1"),
    ],
)
def test_functions_say_what_they_need(text, words):
    """One sentence, with the value that was no use."""
    assert clash_of(text) == words or words in clash_of(text)


@pytest.mark.parametrize("root", ["message", "context", "rules"])
def test_a_root_that_is_no_mapping(root):
    """Python code may hand over anything; it ends in an EvaluationError."""
    with pytest.raises(EvaluationError):
        compile_expression(f"{root}.a").evaluate({root: None})
