"""The operators of expressions: Python's, for plain values only and within limits."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from flexiflow.expression_values import (
    DATES,
    MAX_LENGTH,
    SCALARS,
    ClashError,
    describe,
    is_number,
    sized,
    too_long,
)

__all__ = ["OPERATORS", "equal", "greater", "less"]


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


def equal(left: Any, right: Any) -> bool:
    """Whether two values are the same; Python objects are the same only as themselves."""
    if type(left) in SCALARS and type(right) in SCALARS:
        return left == right  # type: ignore[no-any-return]

    if left is right:
        return True

    return _plain(left) and _plain(right) and bool(left == right)


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | list | tuple | Mapping | None | DATES)


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
    if is_number(left) and is_number(right):
        return compare(left, right)

    if isinstance(left, str) and isinstance(right, str):
        return compare(left, right)

    if isinstance(left, DATES) and type(left) is type(right):
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
        if isinstance(item, list | Mapping):
            raise ClashError(f"'in' a mapping looks for a key, not {describe(item)}")

        return type(item) in SCALARS and item in container

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
    )
}
"""The functions that stand for operators in compiled expressions, by name."""
