"""Copies of a component's data that nobody changes afterwards and that JSON can say."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["Frozen", "freeze", "frozen_field", "plain_copy", "plain_mapping", "thaw"]

Frozen = Any
"""Plain data with tuples in place of mappings and lists; see :func:`freeze`."""

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


def freeze(value: Any, depth: int = 0) -> Frozen:
    """Data as nothing but tuples, texts and numbers, to be kept in large amounts.

    Python's garbage collector visits every mapping and list there is, over and over: a hundred
    thousand of them stop the program for a tenth of a second at a time. Tuples of texts and
    numbers it leaves alone.
    """
    kind = type(value)
    if kind in _ATOMS:
        return value
    if depth >= _DEEPEST:
        return "..."
    if kind is dict:
        parts: list[Any] = ["{"]
        for key, item in value.items():
            parts.append(key if type(key) is str else _key(key))
            parts.append(item if type(item) in _ATOMS else freeze(item, depth + 1))
        return tuple(parts)
    if kind is list or kind is tuple:
        return ("[", *(freeze(item, depth + 1) for item in value))
    return freeze(plain_copy(value, depth), depth)


def thaw(frozen: Frozen) -> Any:
    """The data that was frozen; tuples have become lists, and objects their repr."""
    if type(frozen) is not tuple:
        return frozen
    if frozen[0] == "[":
        return [thaw(item) for item in frozen[1:]]
    return {frozen[place]: thaw(frozen[place + 1]) for place in range(1, len(frozen), 2)}


def frozen_field(frozen: Frozen, name: str) -> Any:
    """One field of a frozen mapping, still frozen; None when it has none."""
    for place in range(1, len(frozen), 2):
        if frozen[place] == name:
            return frozen[place + 1]
    return None
