"""What the operators and functions of an expression do to values, and how far they may go."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from flexiflow.expression_syntax import MAX_INTEGER_BITS

__all__ = ["HELPERS", "MAX_LENGTH", "ClashError", "describe"]

MAX_LENGTH = 1_000_000
"""Characters of a text, or items of a list, that an expression may give."""

_MAX_DEPTH = 64
_SHOWN = 60
_SCALARS = frozenset({str, int, float, bool, type(None)})
_DATES = date | datetime | time | timedelta
_INTEGER_LIMIT = 1 << MAX_INTEGER_BITS
_LOW = -_INTEGER_LIMIT
_MAX_DIGITS = 308
"""Decimal places beyond which rounding changes nothing, or takes forever."""


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


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _sized(value: Any) -> Any:
    """An integer that is not too large; anything else is itself."""
    if isinstance(value, int) and not _LOW < value < _INTEGER_LIMIT:
        raise ClashError(f"The number is too large: more than {MAX_INTEGER_BITS:,} bits")

    return value


def _long(length: int) -> ClashError:
    return ClashError(f"The result is too long: {length:,} of at most {MAX_LENGTH:,}")


def _numbers(left: Any, right: Any, sign: str) -> None:
    if not (_is_number(left) and _is_number(right)):
        raise ClashError(f"{sign} needs two numbers, not {describe(left)} and {describe(right)}")

    _sized(left)
    _sized(right)


def add(left: Any, right: Any) -> Any:
    """Sum of numbers, or two texts or two lists one after the other."""
    kind = type(left)
    if (kind is int or kind is float) and kind is type(right):
        total = left + right
        return total if _LOW < total < _INTEGER_LIMIT else _sized(total)

    if _is_number(left) and _is_number(right):
        return _sized(left + right)

    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_LENGTH:
            raise _long(len(left) + len(right))

        return left + right

    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        if len(left) + len(right) > MAX_LENGTH:
            raise _long(len(left) + len(right))

        return [*left, *right]

    raise ClashError(
        f"+ needs two numbers, two texts or two lists, not {describe(left)} and {describe(right)}"
    )


def subtract(left: Any, right: Any) -> Any:
    """Difference of numbers."""
    _numbers(left, right, "-")
    return left - right


def multiply(left: Any, right: Any) -> Any:
    """Product of numbers; texts and lists are never repeated."""
    _numbers(left, right, "*")
    return _sized(left * right)


def divide(left: Any, right: Any) -> Any:
    """Quotient of numbers."""
    _numbers(left, right, "/")
    return left / right


def floor_divide(left: Any, right: Any) -> Any:
    """Quotient of numbers, rounded down."""
    _numbers(left, right, "//")
    return left // right


def modulo(left: Any, right: Any) -> Any:
    """Remainder of numbers; texts are never formatted."""
    _numbers(left, right, "%")
    return left % right


def negative(value: Any) -> Any:
    """The number with the other sign."""
    if not _is_number(value):
        raise ClashError(f"- needs a number, not {describe(value)}")

    return -value


def positive(value: Any) -> Any:
    """The number itself."""
    if not _is_number(value):
        raise ClashError(f"+ needs a number, not {describe(value)}")

    return +value


def equal(left: Any, right: Any) -> bool:
    """Whether two values are the same; Python objects are the same only as themselves."""
    if type(left) in _SCALARS and type(right) in _SCALARS:
        return left == right  # type: ignore[no-any-return]

    if left is right:
        return True

    return _plain(left) and _plain(right) and bool(left == right)


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | list | tuple | Mapping | None | _DATES)


def not_equal(left: Any, right: Any) -> bool:
    """Whether two values differ."""
    return not equal(left, right)


def less(left: Any, right: Any) -> bool:
    """Whether the first value comes before the second."""
    kind = type(left)
    if (kind is int or kind is float or kind is str) and kind is type(right):
        return left < right  # type: ignore[no-any-return]

    return _ordered(left, right, operator.lt, "<")


def less_equal(left: Any, right: Any) -> bool:
    """Whether the first value does not come after the second."""
    kind = type(left)
    if (kind is int or kind is float or kind is str) and kind is type(right):
        return left <= right  # type: ignore[no-any-return]

    return _ordered(left, right, operator.le, "<=")


def greater(left: Any, right: Any) -> bool:
    """Whether the first value comes after the second."""
    kind = type(left)
    if (kind is int or kind is float or kind is str) and kind is type(right):
        return left > right  # type: ignore[no-any-return]

    return _ordered(left, right, operator.gt, ">")


def greater_equal(left: Any, right: Any) -> bool:
    """Whether the first value does not come before the second."""
    kind = type(left)
    if (kind is int or kind is float or kind is str) and kind is type(right):
        return left >= right  # type: ignore[no-any-return]

    return _ordered(left, right, operator.ge, ">=")


def _ordered(left: Any, right: Any, compare: Callable[[Any, Any], bool], sign: str) -> bool:
    if _is_number(left) and _is_number(right):
        return compare(left, right)

    if isinstance(left, str) and isinstance(right, str):
        return compare(left, right)

    if isinstance(left, _DATES) and type(left) is type(right):
        return compare(left, right)

    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        for one, other in zip(left, right, strict=False):
            if not equal(one, other):
                return _ordered(one, other, compare, sign)

        return compare(len(left), len(right))

    raise ClashError(f"{sign} cannot order {describe(left)} and {describe(right)}")


def contains(item: Any, container: Any) -> bool:
    """Whether a mapping has the key, a list the item, or a text the part."""
    if type(container) is dict and type(item) is str:
        return item in container

    if isinstance(container, str):
        if not isinstance(item, str):
            raise ClashError(f"'in' a text looks for a text, not {describe(item)}")

        return item in container

    if isinstance(container, list | tuple):
        return any(equal(item, other) for other in container)

    if isinstance(container, Mapping):
        return type(item) in _SCALARS and item in container

    raise ClashError(f"'in' looks into a list, a text or a mapping, not {describe(container)}")


def contains_not(item: Any, container: Any) -> bool:
    """Whether a mapping lacks the key, a list the item, or a text the part."""
    return not contains(item, container)


def is_none(value: Any, _none: None) -> bool:
    """Whether there is no value."""
    return value is None


def is_something(value: Any, _none: None) -> bool:
    """Whether there is a value."""
    return value is not None


def length(value: Any) -> int:
    """How many characters or items there are."""
    if isinstance(value, str | list | tuple | Mapping):
        return len(value)

    raise ClashError(f"len() needs a text, a list or a mapping, not {describe(value)}")


def least(*values: Any) -> Any:
    """The first of the smallest values, of its arguments or of one list."""
    return _extreme("min", less, values)


def most(*values: Any) -> Any:
    """The first of the largest values, of its arguments or of one list."""
    return _extreme("max", greater, values)


def _extreme(name: str, before: Callable[[Any, Any], bool], values: tuple[Any, ...]) -> Any:
    if len(values) == 1:
        if not isinstance(values[0], list | tuple):
            raise ClashError(f"{name}() needs a list or several values, not {describe(values[0])}")

        values = tuple(values[0])

    if not values:
        raise ClashError(f"{name}() of an empty list")

    best = values[0]
    for value in values[1:]:
        if before(value, best):
            best = value

    return best


def absolute(value: Any) -> Any:
    """The number without its sign."""
    if not _is_number(value):
        raise ClashError(f"abs() needs a number, not {describe(value)}")

    return abs(value)


def rounded(value: Any, digits: Any = None) -> Any:
    """The number with so many decimal places; half goes to the even neighbour."""
    if not _is_number(value):
        raise ClashError(f"round() needs a number, not {describe(value)}")

    if digits is None:
        return round(_sized(value))

    if type(digits) is not int or not -_MAX_DIGITS <= digits <= _MAX_DIGITS:
        raise ClashError(
            f"round() takes from -{_MAX_DIGITS} to {_MAX_DIGITS} places, not {describe(digits)}"
        )

    return round(_sized(value), digits)


def whole(value: Any) -> int:
    """The number without its decimal places, or the whole number that a text spells."""
    return int(_readable(value, "int"))


def decimal(value: Any) -> float:
    """The value as a number with decimal places, or the number that a text spells."""
    return float(_readable(value, "float"))


def _readable(value: Any, name: str) -> Any:
    if _is_number(value):
        return _sized(value)

    if not isinstance(value, str):
        raise ClashError(f"{name}() needs a number or a text, not {describe(value)}")

    if len(value) > MAX_INTEGER_BITS // 4:
        raise ClashError(f"{name}() cannot read a text of {len(value):,} characters")

    try:
        float(value) if name == "float" else int(value)
    except ValueError:
        raise ClashError(f"{name}() cannot read {describe(value)}") from None

    return value


def text(value: Any) -> str:
    """The value as text; only texts, numbers, True, False and None have one."""
    if isinstance(value, str):
        return value

    if value is None or isinstance(value, int | float):
        return str(_sized(value))

    raise ClashError(f"str() needs a text or a number, not {describe(value)}")


def lower(value: Any) -> str:
    """The text in small letters."""
    if not isinstance(value, str):
        raise ClashError(f"lower() needs a text, not {describe(value)}")

    return _short_enough(value).lower()


def upper(value: Any) -> str:
    """The text in capital letters."""
    if not isinstance(value, str):
        raise ClashError(f"upper() needs a text, not {describe(value)}")

    return _short_enough(value).upper()


def _short_enough(value: str) -> str:
    if len(value) > MAX_LENGTH:
        raise _long(len(value))

    return value


def result(value: Any) -> Any:
    """A value that an expression gives, when it is not too long or too large."""
    kind = type(value)
    if kind is float or kind is bool or value is None:
        return value

    if kind is int:
        return value if _LOW < value < _INTEGER_LIMIT else _sized(value)

    if isinstance(value, str | list | tuple | Mapping) and len(value) > MAX_LENGTH:
        raise _long(len(value))

    return _sized(value)


def built(value: Any) -> Any:
    """As :func:`result`, for a list that the expression itself put together.

    It is counted with all that is inside: a list of two references to a list of two references
    and so on is short everywhere, and yet fills the disk when it is stored.
    """
    if isinstance(value, list):
        _measure(value)

    return result(value)


def _measure(value: Any) -> None:
    items = characters = 0
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        container, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            raise ClashError(f"The result is nested too deep: more than {_MAX_DEPTH} levels")

        items += len(container)
        if items > MAX_LENGTH:
            raise _long(items)

        for item in container.values() if isinstance(container, Mapping) else container:
            if isinstance(item, str):
                characters += len(item)
            elif isinstance(item, list | tuple | Mapping):
                waiting.append((item, depth + 1))

        if characters > MAX_LENGTH:
            raise _long(characters)


HELPERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        field,
        add,
        subtract,
        multiply,
        divide,
        floor_divide,
        modulo,
        negative,
        positive,
        equal,
        not_equal,
        less,
        less_equal,
        greater,
        greater_equal,
        contains,
        contains_not,
        is_none,
        is_something,
        length,
        least,
        most,
        absolute,
        rounded,
        whole,
        decimal,
        text,
        lower,
        upper,
        result,
        built,
    )
}
"""The functions that compiled expressions call, by name."""
