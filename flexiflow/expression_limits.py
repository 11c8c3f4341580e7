"""How far an expression goes: the steps that it may take, and the size of what it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flexiflow.expression_values import MAX_LENGTH, SCALARS, ClashError, result, too_long

__all__ = [
    "MAX_DEPTH",
    "MAX_STEPS",
    "NUMBERS",
    "Steps",
    "built",
    "measure",
    "spend",
    "take_steps",
    "text_steps",
]

MAX_STEPS = 1_000_000
"""Values that one evaluation may compare or look through, wherever in it."""

MAX_DEPTH = 64
"""Levels of lists and mappings within each other; as many as a file may have."""

Steps = list[int]
"""The steps that are left of an evaluation: a list of one number, as nothing is made faster."""

NUMBERS = frozenset({int, float, bool, type(None)})
"""Kinds of values that need no measuring."""

_CONTAINERS = (list, tuple, Mapping)
_FEW = 16
_TEXT_STEP = 1_000
"""Characters that are compared in the time of a step."""


def take_steps(steps: Steps | None) -> Steps:
    """The steps of an evaluation; all there are for one that has not begun to count."""
    return [MAX_STEPS] if steps is None else steps


def spend(steps: Steps, count: int) -> None:
    """Takes steps away.

    Raises:
        ClashError: there are not so many left.
    """
    steps[0] -= count
    if steps[0] < 0:
        raise ClashError(f"Evaluating it takes more than {MAX_STEPS:,} steps")


def text_steps(text: str) -> int:
    """What comparing a text costs beside the step for itself."""
    return len(text) // _TEXT_STEP


def measure(value: Any, forbidden: object = None) -> int:
    """The items and characters of a container, parts that it shares counted each time.

    A list of two references to a list of two references and so on is short everywhere, and yet
    fills the disk when it is stored.

    Args:
        value: a list, tuple or mapping.
        forbidden: what may not be in it.

    Raises:
        ClashError: it is too long or nested too deep, or holds what it may not.
    """
    items = characters = 0
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        container, depth = waiting.pop()
        if container is forbidden:
            raise ClashError("The context cannot be a part of anything: it would hold itself")

        if depth > MAX_DEPTH:
            raise ClashError(f"The result is nested too deep: more than {MAX_DEPTH} levels")

        items += len(container)
        if items > MAX_LENGTH:
            raise too_long(items)

        parts, keys = _parts(container)
        characters += keys
        for part in parts:
            if isinstance(part, str):
                characters += len(part)
            elif type(part) not in SCALARS and isinstance(part, _CONTAINERS):
                waiting.append((part, depth + 1))

        if characters > MAX_LENGTH:
            raise too_long(characters)

    return items + characters


def _parts(container: Any) -> tuple[Iterable[Any], int]:
    """What is in a container, unless it is numbers only, and the characters of its keys."""
    parts, keys = container, 0
    if not isinstance(container, list | tuple):
        parts = container.values()
        keys = sum(len(key) for key in container if isinstance(key, str))

    if len(container) > _FEW and NUMBERS.issuperset(map(type, parts)):
        return (), keys  # many times as fast as looking at each

    return parts, keys


def built(value: Any) -> Any:
    """As ``result``, for a list that the expression itself put together: counted with all in it."""
    if isinstance(value, list):
        measure(value)

    return result(value)
