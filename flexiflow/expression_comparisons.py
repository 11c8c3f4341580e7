"""The comparisons of expressions: equality, order and ``in``, within a number of steps.

Lists and mappings are walked here and not by Python's own operators: data whose parts are shared
may be as large as two to the power of its depth, and what walks it in C is neither counted nor
stopped.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from flexiflow.expression_limits import Steps, spend, take_steps, text_steps
from flexiflow.expression_values import DATES, SCALARS, ClashError, describe, is_number

__all__ = ["COMPARISONS", "greater", "less"]

_Waiting = list[tuple[Any, Any]]
"""Pairs of values that are still to be compared."""


def equal(left: Any, right: Any, steps: Steps | None = None) -> bool:
    """Whether two values are the same; Python objects are the same only as themselves."""
    if type(left) in SCALARS and type(right) in SCALARS:
        return left == right  # type: ignore[no-any-return]

    return left is right or _same(left, right, take_steps(steps))


def not_equal(left: Any, right: Any, steps: Steps | None = None) -> bool:
    """Whether two values differ."""
    return not equal(left, right, steps)


def _same(left: Any, right: Any, steps: Steps) -> bool:
    """As :func:`equal`, with all that is inside."""
    waiting: _Waiting = [(left, right)]
    while waiting:
        one, other = waiting.pop()
        if isinstance(one, list | tuple):
            same = _same_items(one, other, waiting, steps)
        elif type(one) is dict or isinstance(one, Mapping):
            same = _same_entries(one, other, waiting, steps)
        else:
            same = _is_plain(one) and _is_plain(other) and bool(one == other)

        if not same:
            return False

    return True


def _same_items(one: Any, other: Any, waiting: _Waiting, steps: Steps) -> bool:
    kind = list if isinstance(one, list) else tuple
    if not isinstance(other, kind) or len(one) != len(other):
        return False

    done = 0
    try:
        for part, other_part in zip(one, other, strict=False):
            done += 1
            if part is not other_part and not _same_part(part, other_part, waiting, steps):
                return False
    finally:
        spend(steps, done)

    return True


def _same_entries(one: Any, other: Any, waiting: _Waiting, steps: Steps) -> bool:
    if not (type(other) is dict or isinstance(other, Mapping)) or len(one) != len(other):
        return False

    for key, part in one.items():
        spend(steps, 1 + text_steps(key) if type(key) is str else 1)
        if key not in other or not _same_part(part, other[key], waiting, steps):
            return False

    return True


def _same_part(one: Any, other: Any, waiting: _Waiting, steps: Steps) -> bool:
    """Whether two parts of containers may be the same; what is no single value has to wait."""
    if one is other:
        return True

    if type(one) in SCALARS and type(other) in SCALARS:
        return _same_atoms(one, other, steps)

    waiting.append((one, other))
    return True


def _same_atoms(one: Any, other: Any, steps: Steps) -> bool:
    if type(one) is str and type(other) is str and (count := text_steps(one)):
        spend(steps, count)

    return one == other  # type: ignore[no-any-return]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | None | DATES)


def less(left: Any, right: Any, steps: Steps | None = None) -> bool:
    """Whether the first value comes before the second."""
    kind = type(left)
    if (kind is int or kind is float or kind is str) and kind is type(right):
        return left < right  # type: ignore[no-any-return]

    return _ordered(left, right, operator.lt, "<", steps)


def less_equal(left: Any, right: Any, steps: Steps | None = None) -> bool:
    """Whether the first value does not come after the second."""
    kind = type(left)
    if (kind is int or kind is float or kind is str) and kind is type(right):
        return left <= right  # type: ignore[no-any-return]

    return _ordered(left, right, operator.le, "<=", steps)


def greater(left: Any, right: Any, steps: Steps | None = None) -> bool:
    """Whether the first value comes after the second."""
    kind = type(left)
    if (kind is int or kind is float or kind is str) and kind is type(right):
        return left > right  # type: ignore[no-any-return]

    return _ordered(left, right, operator.gt, ">", steps)


def greater_equal(left: Any, right: Any, steps: Steps | None = None) -> bool:
    """Whether the first value does not come before the second."""
    kind = type(left)
    if (kind is int or kind is float or kind is str) and kind is type(right):
        return left >= right  # type: ignore[no-any-return]

    return _ordered(left, right, operator.ge, ">=", steps)


def _ordered(
    left: Any, right: Any, compare: Callable[[Any, Any], bool], sign: str, steps: Steps | None
) -> bool:
    """The order of the first values in which two lists differ, however deep, else of lengths."""
    while isinstance(left, list | tuple) and isinstance(right, list | tuple):
        steps = take_steps(steps)
        different = _first_difference(left, right, steps)
        if different is None:
            return compare(len(left), len(right))

        left, right = different

    if is_number(left) and is_number(right):
        return compare(left, right)

    if isinstance(left, str) and isinstance(right, str):
        return compare(left, right)

    if isinstance(left, DATES) and type(left) is type(right):
        return compare(left, right)

    raise ClashError(f"{sign} cannot order {describe(left)} and {describe(right)}")


def _first_difference(left: Any, right: Any, steps: Steps) -> tuple[Any, Any] | None:
    done = 0
    try:
        for one, other in zip(left, right, strict=False):
            done += 1
            if type(one) in SCALARS and type(other) in SCALARS:
                same = _same_atoms(one, other, steps)
            else:
                same = one is other or _same(one, other, steps)

            if not same:
                return one, other
    finally:
        spend(steps, done)

    return None


def contains(item: Any, container: Any, steps: Steps | None = None) -> bool:
    """Whether a mapping has the key, a list the item, or a text the part."""
    if type(container) is dict and type(item) is str:
        return item in container

    if isinstance(container, str):
        if not isinstance(item, str):
            raise ClashError(f"'in' a text looks for a text, not {describe(item)}")

        return item in container

    if isinstance(container, list | tuple):
        return _has_item(item, container, take_steps(steps))

    if isinstance(container, Mapping):
        if isinstance(item, list | Mapping):
            raise ClashError(f"'in' a mapping looks for a key, not {describe(item)}")

        return type(item) in SCALARS and item in container

    raise ClashError(f"'in' looks into a list, a text or a mapping, not {describe(container)}")


def contains_not(item: Any, container: Any, steps: Steps | None = None) -> bool:
    """Whether a mapping lacks the key, a list the item, or a text the part."""
    return not contains(item, container, steps)


def _has_item(item: Any, items: Any, steps: Steps) -> bool:
    kind = type(item)
    costs = 1 + text_steps(item) if kind is str else 1
    if kind not in SCALARS or costs > 1:
        return _finds(item, items, steps, costs)

    done = 0
    try:
        for other in items:
            done += 1
            if item == other if type(other) in SCALARS else equal(item, other, steps):
                return True
    finally:
        spend(steps, done)

    return False


def _finds(item: Any, items: Any, steps: Steps, costs: int) -> bool:
    """As :func:`_has_item`, for what takes long to compare: it pays before it looks."""
    for other in items:
        spend(steps, costs)
        if equal(item, other, steps):
            return True

    return False


COMPARISONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        equal,
        not_equal,
        less,
        less_equal,
        greater,
        greater_equal,
        contains,
        contains_not,
    )
}
"""The functions that stand for comparisons in compiled expressions, by name."""
