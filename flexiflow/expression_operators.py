"""The arithmetic of expressions: Python's, for plain values only and within limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flexiflow.expression_values import (
    MAX_LENGTH,
    ClashError,
    describe,
    is_number,
    sized,
    too_long,
)

__all__ = ["OPERATORS"]


def _numbers(left: Any, right: Any, sign: str) -> None:
    if not (is_number(left) and is_number(right)):
        raise ClashError(f"{sign} needs two numbers, not {describe(left)} and {describe(right)}")

    sized(left)
    sized(right)


def add(left: Any, right: Any) -> Any:
    """Sum of numbers, or two texts or two lists one after the other."""
    kind = type(left)
    if (kind is int or kind is float) and kind is type(right):
        total = left + right
        return sized(total)

    if is_number(left) and is_number(right):
        return sized(left + right)

    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_LENGTH:
            raise too_long(len(left) + len(right))

        return left + right

    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        if len(left) + len(right) > MAX_LENGTH:
            raise too_long(len(left) + len(right))

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
    return sized(left * right)


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
    if not is_number(value):
        raise ClashError(f"- needs a number, not {describe(value)}")

    return -value


def positive(value: Any) -> Any:
    """The number itself."""
    if not is_number(value):
        raise ClashError(f"+ needs a number, not {describe(value)}")

    return +value


def is_none(value: Any, _none: None) -> bool:
    """Whether there is no value."""
    return value is None


def is_something(value: Any, _none: None) -> bool:
    """Whether there is a value."""
    return value is not None


OPERATORS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        add,
        subtract,
        multiply,
        divide,
        floor_divide,
        modulo,
        negative,
        positive,
        is_none,
        is_something,
    )
}
"""The functions that stand for the other operators in compiled expressions, by name."""
