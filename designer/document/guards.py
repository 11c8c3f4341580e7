"""What a guard means: the expression behind a name, what it reads, and why it may not be."""

from __future__ import annotations

from collections.abc import Mapping

from flexiflow.errors import ExpressionError
from flexiflow.expressions import References, compile_expression

__all__ = ["NO_REFERENCES", "expanded", "guard_fault", "read_names", "references"]

NO_REFERENCES = References(rules=frozenset(), context=frozenset(), message=frozenset())


def expanded(guards: Mapping[str, str], guard: str) -> str:
    """The expression of a guard, which is a name of ``guards`` or an expression itself."""
    return guards.get(guard, guard)


def guard_fault(guards: Mapping[str, str], guard: str) -> str | None:
    """The sentence that says why a guard cannot be used; None when it can."""
    try:
        compile_expression(expanded(guards, guard))
    except ExpressionError as error:
        return _sentence(error)
    return None


def references(guards: Mapping[str, str], guard: str) -> References:
    """The rule keys, context keys and message fields a guard reads; none when it has a fault."""
    try:
        return compile_expression(expanded(guards, guard)).references()
    except ExpressionError:
        return NO_REFERENCES


def read_names(read: References) -> tuple[str, ...]:
    """What is read, as it is written: ``message.amount``, ``context.total``."""
    return tuple(
        f"{place}.{key}"
        for place, keys in (
            ("message", read.message),
            ("context", read.context),
            ("rules", read.rules),
        )
        for key in sorted(keys)
    )


def _sentence(error: ExpressionError) -> str:
    """What is wrong and where, and how to mend it when that is short."""
    place = f" (line {error.line}, column {error.column})" if error.line > 1 else ""
    place = place or (f" (column {error.column})" if error.column > 1 else "")
    hint = (error.why or "").removeprefix("Python says: ")
    if error.what.startswith("Unknown"):
        hint = error.fix or hint
    sentence = f"{error.what}{place}"
    if not hint or len(hint) > 130:
        return f"{sentence}."
    return f"{sentence}: {hint[0].lower()}{hint[1:].rstrip('.')}."
