"""The functions of expressions: Python's, for plain values only and within limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flexiflow.expression_comparisons import greater, less
from flexiflow.expression_language import MAX_INTEGER_BITS
from flexiflow.expression_limits import Steps, spend, take_steps, text_steps
from flexiflow.expression_values import (
    MAX_LENGTH,
    ClashError,
    describe,
    is_number,
    sized,
    too_long,
)

__all__ = ["CALLS"]

_MAX_DIGITS = 308
"""Decimal places beyond which rounding changes nothing, or takes forever."""


def length(value: Any) -> int:
    """How many characters or items there are."""
    if isinstance(value, str | list | tuple | Mapping):
        return len(value)

    raise ClashError(f"len() needs a text, a list or a mapping, not {describe(value)}")


def least(steps: Steps | None, *values: Any) -> Any:
    """The first of the smallest values, of its arguments or of one list."""
    return _extreme("min", less, values, steps)


def most(steps: Steps | None, *values: Any) -> Any:
    """The first of the largest values, of its arguments or of one list."""
    return _extreme("max", greater, values, steps)


def _extreme(
    name: str,
    before: Callable[[Any, Any, Steps], bool],
    values: tuple[Any, ...],
    steps: Steps | None,
) -> Any:
    if len(values) == 1:
        if not isinstance(values[0], list | tuple):
            raise ClashError(f"{name}() needs a list or several values, not {describe(values[0])}")

        values = tuple(values[0])

    if not values:
        raise ClashError(f"{name}() of an empty list")

    steps = take_steps(steps)
    spend(steps, len(values))
    best = values[0]
    for value in values[1:]:
        if type(value) is str and (count := text_steps(value)):
            spend(steps, count)

        if before(value, best, steps):
            best = value

    return best


def absolute(value: Any) -> Any:
    """The number without its sign."""
    if not is_number(value):
        raise ClashError(f"abs() needs a number, not {describe(value)}")

    return abs(value)


def rounded(value: Any, digits: Any = None) -> Any:
    """The number with so many decimal places; half goes to the even neighbour."""
    if not is_number(value):
        raise ClashError(f"round() needs a number, not {describe(value)}")

    if digits is None:
        return round(sized(value))

    if type(digits) is not int or not -_MAX_DIGITS <= digits <= _MAX_DIGITS:
        raise ClashError(
            f"round() takes from -{_MAX_DIGITS} to {_MAX_DIGITS} places, not {describe(digits)}"
        )

    return round(sized(value), digits)


def whole(value: Any) -> int:
    """The number without its decimal places, or the whole number that a text spells."""
    return int(_readable(value, "int"))


def decimal(value: Any) -> float:
    """The value as a number with decimal places, or the number that a text spells."""
    return float(_readable(value, "float"))


def _readable(value: Any, name: str) -> Any:
    if is_number(value):
        return sized(value)

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
        return str(sized(value))

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
        raise too_long(len(value))

    return value


CALLS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
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
    )
}
"""The functions that compiled expressions call, by name."""
