"""The values of expressions: how they are described, how their fields are read, how far they go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from flexiflow.expression_language import MAX_INTEGER_BITS

__all__ = [
    "DATES",
    "MAX_LENGTH",
    "SCALARS",
    "ClashError",
    "describe",
    "field",
    "is_number",
    "result",
    "sized",
    "too_long",
]

MAX_LENGTH = 1_000_000
"""Characters of a text, or items of a list, that an expression may give."""

SCALARS = frozenset({str, int, float, bool, type(None)})
DATES = date | datetime | time | timedelta
"""What YAML makes of an unquoted date in a rule, and what Python code may put into a message."""

_SHOWN = 60
_INTEGER_LIMIT = 1 << MAX_INTEGER_BITS
_LOW = -_INTEGER_LIMIT


class ClashError(Exception):
    """Values that do not go together; becomes an ``EvaluationError`` with the expression."""


def describe(value: Any) -> str:
    """A value for a person: its kind, and the value itself where it is short."""
    match value:
        case None | bool():
            return str(value)
        case int() if not _LOW < value < _INTEGER_LIMIT:
            return "a huge number"
        case int() | float():
            return f"the number {value!r}"
        case str():
            return f"the text {value[:_SHOWN]!r}" + ("..." if len(value) > _SHOWN else "")

    for kind, name in ((list | tuple, "a list"), (Mapping, "a mapping")):
        if isinstance(value, kind):
            return name

    return f"a Python object of type {type(value).__name__}"


def field(value: Any, key: Any, label: str) -> Any:
    """The entry of a mapping, or the item of a list or text; never an attribute."""
    kind = type(value)
    if kind is dict or isinstance(value, Mapping):
        try:
            return value[key]
        except KeyError:
            raise ClashError(f"{label} has no field {_key(key)}") from None
        except TypeError:
            raise ClashError(f"{describe(key)} cannot be a field of {label}") from None

    if not isinstance(value, list | str | tuple):
        raise ClashError(f"{label} has no fields: it is {describe(value)}")

    if type(key) is not int:
        raise ClashError(f"{label} has no field {_key(key)}: it is {describe(value)}")

    try:
        return value[key]
    except IndexError:
        raise ClashError(f"{label} has {len(value)} items, there is none at {key}") from None


def _key(key: Any) -> str:
    return repr(key[:_SHOWN]) if isinstance(key, str) else describe(key)


def is_number(value: Any) -> bool:
    """Whether it is a number; True and False are."""
    return isinstance(value, int | float)


def sized(value: Any) -> Any:
    """An integer that is not too large; anything else is itself."""
    if isinstance(value, int) and not _LOW < value < _INTEGER_LIMIT:
        raise ClashError(f"The number is too large: more than {MAX_INTEGER_BITS:,} bits")

    return value


def too_long(length: int) -> ClashError:
    """The error for a result of that many characters or items."""
    return ClashError(f"The result is too long: {length:,} of at most {MAX_LENGTH:,}")


def result(value: Any) -> Any:
    """A value that an expression gives, when it is not too long or too large."""
    kind = type(value)
    if kind is float or kind is bool or value is None:
        return value

    if kind is int:
        return value if _LOW < value < _INTEGER_LIMIT else sized(value)

    if isinstance(value, str | list | tuple | Mapping) and len(value) > MAX_LENGTH:
        raise too_long(len(value))

    return sized(value)
