"""Guards: what stands behind a name, what it reads, and what is wrong with it."""

import pytest

from designer.document.guards import expanded, guard_fault, read_names, references

GUARDS = {"paid_in_full": "message.amount >= context.total", "broken": "1 +"}


def test_a_name_stands_for_its_expression():
    """Anything else is an expression itself."""
    assert expanded(GUARDS, "paid_in_full") == "message.amount >= context.total"
    assert expanded(GUARDS, "context.a > 0") == "context.a > 0"


def test_what_a_guard_reads_is_told_as_it_is_written():
    """Message first, then context, then rules."""
    read = references(GUARDS, "paid_in_full")
    assert read_names(read) == ("message.amount", "context.total")
    mixed = references({}, "rules.b > rules.a and context.c")
    assert read_names(mixed) == ("context.c", "rules.a", "rules.b")
    assert read_names(references(GUARDS, "broken")) == ()


@pytest.mark.parametrize(
    ("guard", "sentence"),
    [
        ("paid_in_full", None),
        ("context.a > 0", None),
        ("broken", "Syntax error in the expression (column 4): invalid syntax."),
        ("(1 +\n2 +", "Syntax error in the expression: '(' was never closed."),
        (
            "unpaid",
            (
                "Unknown name 'unpaid': write message.unpaid, context.unpaid or rules.unpaid, "
                "or put quotes around a text: 'unpaid'."
            ),
        ),
        ("lambda: 1", "An expression cannot hold a lambda."),
    ],
)
def test_a_fault_is_one_sentence(guard, sentence):
    """What, where, and how to mend it when that is short."""
    assert guard_fault(GUARDS, guard) == sentence


def test_a_fault_in_a_later_line_names_the_line():
    """Guards may span lines."""
    assert "(line 2" in guard_fault({}, "(context.a\n and and 1)")
