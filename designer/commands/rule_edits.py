"""Rules as a tree that is edited node by node: pure functions from rules to rules.

A node is named by its path: the rule's place, then keys and places within it. Nothing that is
handed in is changed; what is handed out shares the parts that stayed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from types import NoneType
from typing import Any

__all__ = [
    "Path",
    "ValueKind",
    "converted",
    "free_name",
    "kind_of_value",
    "number_of",
    "value_at",
    "value_text",
    "with_added",
    "with_moved",
    "with_name",
    "with_value",
    "without",
]

Path = tuple[Any, ...]

_TRUE = ("true", "yes", "on", "1")


class ValueKind(Enum):
    """What kind of value a rule has."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes/no"
    LIST = "list"
    MAPPING = "mapping"
    NOTHING = "nothing"
    OTHER = "other"


#: Which Python types are of which kind; a bool is an int as well, so it comes first.
_KINDS: tuple[tuple[type | tuple[type, ...], ValueKind], ...] = (
    (NoneType, ValueKind.NOTHING),
    (bool, ValueKind.YES_NO),
    ((int, float), ValueKind.NUMBER),
    (str, ValueKind.TEXT),
    (Mapping, ValueKind.MAPPING),
    ((list, tuple), ValueKind.LIST),
)


def kind_of_value(value: Any) -> ValueKind:
    """The kind of a value; dates and the like are OTHER, which only YAML text can say."""
    return next((kind for types, kind in _KINDS if isinstance(value, types)), ValueKind.OTHER)


def value_text(value: Any) -> str:
    """A value as it is shown and typed; lists and mappings say how many entries they have."""
    match kind_of_value(value):
        case ValueKind.NOTHING:
            return ""
        case ValueKind.YES_NO:
            return "yes" if value else "no"
        case ValueKind.LIST | ValueKind.MAPPING:
            return "1 entry" if len(value) == 1 else f"{len(value)} entries"
        case _:
            return str(value)


def number_of(text: str) -> int | float | None:
    """The number that a text says, whole where it can be; None when it says none."""
    text = text.strip()
    try:
        return int(text)
    except ValueError:
        pass

    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def converted(value: Any, kind: ValueKind) -> Any:
    """The nearest value of another kind; what has no likeness there begins anew."""
    old = kind_of_value(value)
    if old is kind:
        return value

    return _CONVERTERS[kind](value, old) if kind in _CONVERTERS else None


def value_at(rules: Any, path: Path) -> Any:
    """The value of a node; raises LookupError."""
    for step in path:
        rules = rules[step]
    return rules


def with_value(rules: Sequence[Any], path: Path, value: Any) -> tuple[Any, ...]:
    """The rules with another value at a node."""
    return tuple(_changed(list(rules), path, value))


def with_name(rules: Sequence[Any], path: Path, name: str) -> tuple[Any, ...]:
    """The rules with another key in a node's place; raises ValueError when it is taken there."""
    *way, old = path
    mapping = value_at(rules, tuple(way))
    if name != old and name in mapping:
        raise ValueError(name)
    renamed = {name if key == old else key: value for key, value in mapping.items()}
    return with_value(rules, tuple(way), renamed)


def with_added(rules: Sequence[Any], path: Path, name: str, value: Any) -> tuple[Any, ...]:
    """The rules with one more entry, last in the list or mapping at ``path``.

    At the top (the empty path) it is a rule of its own; in a list the name is not used.
    """
    if not path:
        return (*rules, {name: value})
    parent = value_at(rules, path)
    grown = {**parent, name: value} if isinstance(parent, Mapping) else [*parent, value]
    return with_value(rules, path, grown)


def without(rules: Sequence[Any], path: Path) -> tuple[Any, ...]:
    """The rules without a node."""
    *way, last = path
    parent = value_at(list(rules), tuple(way))
    if isinstance(parent, Mapping):
        return with_value(rules, tuple(way), {k: v for k, v in parent.items() if k != last})
    kept = [item for place, item in enumerate(parent) if place != last]
    return with_value(rules, tuple(way), kept) if way else tuple(kept)


def with_moved(rules: Sequence[Any], path: Path, by: int) -> tuple[Any, ...]:
    """The rules with a node that many places further on among its siblings, as far as it goes."""
    *way, last = path
    parent = value_at(list(rules), tuple(way))
    is_mapping = isinstance(parent, Mapping)
    entries = list(parent.items()) if is_mapping else list(parent)
    place = list(parent).index(last) if is_mapping else last
    aim = min(max(place + by, 0), len(entries) - 1)
    entries.insert(aim, entries.pop(place))
    moved = dict(entries) if is_mapping else entries
    return with_value(rules, tuple(way), moved) if way else tuple(entries)


def free_name(taken: Sequence[Any], stem: str = "new_rule") -> str:
    """The stem, or the first of stem2, stem3, ... that is not taken."""
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}{number}"
    return name


def _changed(parent: Any, path: Path, value: Any) -> Any:
    """A copy of a list or mapping with another value deep inside."""
    if not path:
        return value

    step, *rest = path
    inner = _changed(parent[step], tuple(rest), value)
    if isinstance(parent, Mapping):
        return {key: inner if key == step else entry for key, entry in parent.items()}
    return [inner if place == step else entry for place, entry in enumerate(parent)]


def _as_text(value: Any, old: ValueKind) -> str:
    if old is ValueKind.YES_NO:
        return "true" if value else "false"
    return "" if old in (ValueKind.LIST, ValueKind.MAPPING) else value_text(value)


def _as_number(value: Any, old: ValueKind) -> int | float:
    return int(value) if old is ValueKind.YES_NO else number_of(value_text(value)) or 0


def _as_yes_no(value: Any, old: ValueKind) -> bool:
    return value.strip().lower() in _TRUE if old is ValueKind.TEXT else bool(value)


def _as_list(value: Any, old: ValueKind) -> list[Any]:
    if old is ValueKind.MAPPING:
        return list(value.values())
    return [] if value in (None, "") else [value]


def _as_mapping(value: Any, old: ValueKind) -> dict[str, Any]:
    if old is ValueKind.LIST:
        return {f"item{number}": item for number, item in enumerate(value, 1)}
    return {} if value in (None, "") else {"value": value}


_CONVERTERS: dict[ValueKind, Callable[[Any, ValueKind], Any]] = {
    ValueKind.TEXT: _as_text,
    ValueKind.NUMBER: _as_number,
    ValueKind.YES_NO: _as_yes_no,
    ValueKind.LIST: _as_list,
    ValueKind.MAPPING: _as_mapping,
}
