"""Copies of a component's data that nobody changes afterwards and that JSON can say."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["plain_copy", "plain_mapping"]

_ATOMS: Final = frozenset({str, int, float, bool, type(None)})

#: Beyond it, a look at the number of bits decides whether Python can write an integer out.
_LARGEST: Final = 1 << 62

#: Deeper than any file may nest; what lies below is told in words.
_DEEPEST: Final = 100


def plain_mapping(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a mapping in plain data; see :func:`plain_copy`."""
    for key, value in data.items():
        kind = type(value)
        if kind not in _ATOMS or type(key) is not str or (kind is int and abs(value) > _LARGEST):
            break
    else:
        return dict(data)
    copy = plain_copy(data)
    return copy if isinstance(copy, dict) else {}


def plain_copy(value: Any, depth: int = 0) -> Any:
    """A deep copy in mappings, lists, texts, numbers, booleans and None.

    Python states may keep anything in their context: objects become their short repr, keys
    become texts, and what nests endlessly ends.
    """
    kind = type(value)
    if kind is int:
        return value if value.bit_length() <= 4096 else f"<{value.bit_length()} bits>"
    if kind in _ATOMS:
        return value
    if depth >= _DEEPEST:
        return "..."
    if isinstance(value, Mapping):
        return {_key(key): plain_copy(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain_copy(item, depth + 1) for item in value]
    return reprlib.repr(value)


def _key(key: Any) -> str:
    return key if type(key) is str else str(plain_copy(key, _DEEPEST))
