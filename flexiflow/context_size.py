"""How large the data may become that a component gathers while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flexiflow.errors import EvaluationError
from flexiflow.expression_limits import NUMBERS, measure
from flexiflow.expression_values import ClashError

__all__ = ["LARGE", "MAX_CONTEXT", "LargeValues", "is_small", "size_of"]

MAX_CONTEXT = 10_000_000
"""Items and characters that the large values of one context may have together."""

LARGE = 1_000
"""Items and characters from which on a value counts: there is no file with enough small ones."""

_FEW = 8
_SHORT = 60


def size_of(value: Any, context: Mapping[str, Any]) -> int:
    """The items and characters of a text or container; 0 for anything else.

    Args:
        value: the value.
        context: the context, which cannot be a part of it.

    Raises:
        EvaluationError: it is too large or nested too deep, or holds the context.
    """
    if isinstance(value, str):
        return len(value)

    if not isinstance(value, list | tuple | Mapping):
        return 0

    try:
        return measure(value, context)
    except ClashError as error:
        raise EvaluationError(
            str(error),
            why="What is kept or sent has to stay small enough to be stored.",
            fix="Keep or send only those parts of it that are needed.",
        ) from None


def is_small(value: Any) -> bool:
    """Whether it surely is far from every limit: few numbers and short texts, as in most messages.

    What this does not see is measured by :func:`size_of`, which takes longer.
    """
    if type(value) is dict:
        return len(value) <= _FEW and _all_short(value.values()) and _all_short(value)

    return type(value) is list and len(value) <= _FEW and _all_short(value)


def _all_short(values: Iterable[Any]) -> bool:
    for value in values:
        kind = type(value)
        if kind is str:
            if len(value) > _SHORT:
                return False
        elif kind not in NUMBERS:
            return False

    return True


class LargeValues:
    """The large values that actions have put into one context."""

    __slots__ = ("_found", "_total")

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, int]] = {}  # key -> id and size of its value
        self._total = 0

    def admit(self, context: Mapping[str, Any], key: str, value: Any, size: int) -> None:
        """Counts a value that is about to be put into the context.

        Raises:
            EvaluationError: there is no room left; nothing has changed then.
        """
        if self._total - self._size(key) + size > MAX_CONTEXT:
            self._forget_replaced(context)
            if self._total - self._size(key) + size > MAX_CONTEXT:
                raise EvaluationError(
                    f"The context is full: '{key}' has no room in it",
                    why=f"All that is kept has at most {MAX_CONTEXT:,} items and characters.",
                    fix="Keep less, or set to None what is not needed any more.",
                )

        self._total += size - self._size(key)
        self._found[key] = id(value), size

    def _size(self, key: str) -> int:
        found = self._found.get(key)
        return 0 if found is None else found[1]

    def _forget_replaced(self, context: Mapping[str, Any]) -> None:
        """Small values replace large ones without a word; this makes up for it."""
        kept = ((key, found) for key, found in self._found.items() if key in context)
        self._found = {key: found for key, found in kept if id(context[key]) == found[0]}
        self._total = sum(size for _, size in self._found.values())
