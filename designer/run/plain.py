"""Copies of a component's data that nobody changes afterwards and that JSON can say."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

__all__ = [
    "ROW_ROOM",
    "Frozen",
    "freeze",
    "frozen_field",
    "plain_copy",
    "plain_mapping",
    "size_of",
    "thaw",
]

Frozen = Any
"""Plain data with tuples in place of mappings and lists; see :func:`freeze`."""

_ATOMS: Final = frozenset({str, int, float, bool, type(None)})

#: Characters kept of the data of one event: a log of large messages stays bounded, too.
ROW_ROOM: Final = 4_000

_ATOM_SIZE: Final = 8
_LEAST_TEXT: Final = 40

#: Beyond it, a look at the number of bits decides whether Python can write an integer out.
_LARGEST: Final = 1 << 62

#: Deeper than any file may nest; what lies below is told in words.
_DEEPEST: Final = 100


def plain_mapping(data: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """A copy of a mapping in plain data, and its size in characters, more or less.

    See :func:`plain_copy`; a mapping of texts and numbers, the usual thing, is copied fast.
    """
    size = 0
    for key, value in data.items():
        kind = type(value)
        if kind not in _ATOMS or type(key) is not str or (kind is int and abs(value) > _LARGEST):
            break
        size += len(value) if kind is str else _ATOM_SIZE
    else:
        return dict(data), size
    copy = plain_copy(data)
    return (copy, size_of(copy)) if isinstance(copy, dict) else ({}, 0)


def size_of(plain: Any) -> int:
    """How many characters plain data has when it is written out, more or less."""
    if type(plain) is str:
        return len(plain)
    if type(plain) is dict:
        return sum(len(key) + size_of(value) for key, value in plain.items())
    if type(plain) is list:
        return sum(map(size_of, plain)) + _ATOM_SIZE
    return _ATOM_SIZE


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


def freeze(value: Any, room: int = ROW_ROOM) -> Frozen:
    """Data as nothing but tuples, texts and numbers, to be kept in large amounts.

    Python's garbage collector visits every mapping and list there is, over and over: a hundred
    thousand of them stop the program for a tenth of a second at a time. Tuples of texts and
    numbers it leaves alone.

    Args:
        value: anything.
        room: how many characters are kept, more or less; what goes beyond is told by its size.
    """
    return _freeze(value, [room], 0)


def _freeze(value: Any, room: list[int], depth: int) -> Frozen:
    kind = type(value)
    if kind in _ATOMS:
        return _freeze_atom(value, room)
    if depth >= _DEEPEST:
        return "..."
    if kind is dict:
        return _freeze_mapping(value, room, depth)
    if kind is list or kind is tuple:
        return _freeze_items(value, room, depth)
    return _freeze(plain_copy(value), room, depth)


def _freeze_atom(value: Any, room: list[int]) -> Frozen:
    kind = type(value)
    if kind is str:
        room[0] -= len(value)
        return value if room[0] >= 0 else _cut(value, room)
    room[0] -= _ATOM_SIZE
    return value if kind is not int or abs(value) <= _LARGEST else plain_copy(value)


def _freeze_mapping(value: dict[Any, Any], room: list[int], depth: int) -> Frozen:
    parts: list[Any] = ["{"]
    for key, item in value.items():
        if room[0] <= 0:
            parts += ("...", f"{len(value) - len(parts) // 2:,} more")
            break
        name = key if type(key) is str else _key(key)
        room[0] -= len(name)
        parts += (name, _freeze(item, room, depth + 1))
    return tuple(parts)


def _freeze_items(value: Sequence[Any], room: list[int], depth: int) -> Frozen:
    parts: list[Any] = ["["]
    for item in value:
        if room[0] <= 0:
            parts.append(f"... {len(value) - len(parts) + 1:,} more")
            break
        parts.append(_freeze(item, room, depth + 1))
    return tuple(parts)


def _cut(text: str, room: list[int]) -> str:
    """The beginning of a text that there is no room for."""
    kept = max(len(text) + room[0], _LEAST_TEXT)
    return text if len(text) <= kept else f"{text[:kept]}... ({len(text):,} characters)"


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
