"""What is said beneath a field: a sentence when it may not be, nothing when it may."""

import pytest

from designer.commands import checks
from designer.document.model import Document
from tests.helpers.contents import order_like


@pytest.fixture
def document() -> Document:
    return Document(order_like())


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("OnHold", None),
        ("Größe", None),
        ("", "A state needs a name."),
        ("On Hold", "A state's name is made of letters, digits and underscores, without blanks."),
        ("1st", "A state's name begins with a letter or an underscore."),
        ("class", "class is a word of Python, which a state cannot be called by."),
        ("Paid", "There is a state Paid already."),
        ("InitialState", "InitialState is the name of one of the engine's own states."),
    ],
)
def test_state_names(document, key, sentence):
    """Identifiers that no other state bears."""
    assert checks.check_key(document, key) == sentence


def test_a_state_may_keep_its_name(document):
    """It is not in its own way."""
    assert checks.check_key(document, "Paid", "s-Paid") is None


@pytest.mark.parametrize(
    ("text", "good"),
    [("pay", True), ("on", True), ("a b", True), ("", False), (" pay", False), ("a\tb", False)],
)
def test_messages(text, good):
    """One line of visible characters."""
    assert (checks.check_message(text) is None) is good


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("30s", True),
        ("250ms", True),
        (2.5, True),
        ("0", False),
        ("0.5ms", False),
        ("soon", False),
        (1e300, False),
    ],
)
def test_durations(value, good):
    """Numbers from a millisecond on, with a unit or in seconds."""
    assert (checks.check_duration(value) is None) is good


def test_guards(document):
    """Nothing, or an expression of the language."""
    assert checks.check_guard(document, "p-main", " ") is None
    assert checks.check_guard(document, "p-main", "context.a > rules.b") is None
    assert checks.check_guard(document, "p-main", "a > b").startswith("Unknown name 'a'")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", None),
        ("- set: {a: context.b + 1}\n- call: m:f", None),
        (
            "set: {a: 1}",
            "'actions' has to be a list of actions: Actions run in the order of a list",
        ),
        ("- set: {a: 1}\n- sett: {a: 1}", "Line 2: Unknown action 'sett'"),
        ("- set: {a: 1 +}", "Syntax error in the expression"),
        ("- [", "Line 2: Invalid YAML syntax"),
        ("- set: {a: 1}\n- x: 1\n- y: 1", "Line 2: Unknown action 'x': The actions are set, emit"),
    ],
)
def test_actions(text, sentence):
    """The first problem, with its line where there are several."""
    said = checks.check_actions(text)
    if sentence is None:
        assert said is None
    else:
        assert said.startswith(sentence)
        assert said.endswith(".")


def test_further_problems_are_counted():
    """One is shown at a time."""
    assert checks.check_actions("- x: 1\n- y: 1\n- z: 1").endswith("(2 more).")


@pytest.mark.parametrize(
    ("text", "good"),
    [("", True), ("a: 1\nb: [x]", True), ("- a", False), ("1: x", False), ("a: 2026-01-01", False)],
)
def test_mappings(text, good):
    """Plain values by text keys."""
    assert (checks.check_mapping(text) is None) is good


@pytest.mark.parametrize(("text", "good"), [("shop", True), (" ", False), ("a\nb", False)])
def test_names(text, good):
    """Of components and packs."""
    assert (checks.check_name(text) is None) is good
