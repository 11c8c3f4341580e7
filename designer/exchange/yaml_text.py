"""YAML data as clean text, in the style in which flows are written by hand.

What has parts that people look for line by line (states, transitions, rules, guards, layout,
actions) is written as a block; everything else goes on one line while it fits.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from designer.exchange.yaml_scalars import is_scalar, literal_lines, scalar_text
from flexiflow.errors import ConfigError

__all__ = ["WIDTH", "to_yaml", "to_yaml_line"]

#: The longest line, in characters, that holds a list or mapping.
WIDTH = 100

#: The longest key, in characters, that YAML takes for one without a mark; a little less.
_LONGEST_KEY = 1000

#: Keys whose lists and mappings are written one entry a line.
_BLOCKS = frozenset(
    {"do", "entry", "exit", "guards", "layout", "packs", "rules", "states", "transitions"}
)


def to_yaml(data: Any) -> str:
    """The data as YAML text that ends with a line break; it loads again to equal data.

    Raises:
        ConfigError: the data holds a value that YAML data does not have.
    """
    try:
        if is_scalar(data) or not data:
            return _inline(data) + "\n"
        return "\n".join(_block(data, 0)) + "\n"
    except TypeError as error:
        raise _unwritable(error) from error


def to_yaml_line(data: Mapping[str, Any]) -> str:
    """A mapping's entries on one line, however long: ``set: {a: 1}``, as a list item has them.

    One entry is YAML that loads again; of several, each is.

    Raises:
        ConfigError: the data holds a value that YAML data does not have.
    """
    try:
        return ", ".join(f"{scalar_text(key)}: {_inline(value)}" for key, value in data.items())
    except TypeError as error:
        raise _unwritable(error) from error


def _unwritable(error: TypeError) -> ConfigError:
    return ConfigError(
        "The flow holds a value that cannot be written",
        why=f"{error}.",
        fix="Use texts, numbers, booleans, dates, lists and mappings.",
    )


def _block(value: Any, indent: int, *, bare: bool = False) -> Iterator[str]:
    """The lines of a list or mapping, each indented; ``bare`` writes null as nothing."""
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _entry(key, entry, indent, bare)
    else:
        for item in value:
            yield from _item(item, indent)


def _entry(key: Any, value: Any, indent: int, bare: bool) -> Iterator[str]:
    """``key: value``, on one line or with the value below."""
    start = f"{' ' * indent}{scalar_text(key)}:"
    if len(start) > _LONGEST_KEY:
        yield f"{' ' * indent}? {scalar_text(key)}"
        yield f"{' ' * indent}: {_inline(value)}"
        return

    if value is None and bare:
        yield start
        return

    literal = literal_lines(value) if isinstance(value, str) and "\n" in value else None
    if literal is not None:
        header, lines = literal
        yield f"{start} {header}"
        yield from (f"{' ' * (indent + 2)}{line}" if line else "" for line in lines)
        return

    text = None if _wants_block(key, value) else _fitting(value, len(start) + 1)
    if text is not None:
        yield f"{start} {text}"
        return

    yield start
    yield from _block(value, indent + 2, bare=key == "states")


def _item(value: Any, indent: int) -> Iterator[str]:
    """``- value``, on one line or as a block that starts beside the dash."""
    start = f"{' ' * indent}- "
    single = isinstance(value, Mapping) and len(value) == 1
    text = None if single else _fitting(value, len(start))
    if text is not None:
        yield start + text
        return

    lines = _block(value, indent + 2)
    yield start + next(lines)[indent + 2 :]
    yield from lines


def _wants_block(key: Any, value: Any) -> bool:
    return key in _BLOCKS and not is_scalar(value) and bool(value)


def _fitting(value: Any, column: int) -> str | None:
    """The value on one line, or None when it is too long or holds what is written as a block."""
    if is_scalar(value) or not value:
        return _inline(value)
    if not _may_be_one_line(value):
        return None
    text = _inline(value)
    return text if column + len(text) <= WIDTH else None


def _may_be_one_line(value: Any) -> bool:
    """Whether nothing in a value asks for lines of its own."""
    if isinstance(value, str):
        return "\n" not in value
    if is_scalar(value):
        return True
    if isinstance(value, Mapping):
        return len(value) * 3 < WIDTH and all(
            not _wants_block(key, entry) and _may_be_one_line(entry) for key, entry in value.items()
        )
    return len(value) * 2 < WIDTH and all(map(_may_be_one_line, value))


def _inline(value: Any) -> str:
    """The value between braces or brackets, or as one word."""
    if is_scalar(value):
        return scalar_text(value)
    return _flow(value)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(itertools.starmap(_flow_entry, value.items())) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return scalar_text(value, in_flow=True)


def _flow_entry(key: Any, value: Any) -> str:
    start = scalar_text(key, in_flow=True)
    if len(start) > _LONGEST_KEY:
        return f"? {start} : {_flow(value)}"
    return f"{start}: {_flow(value)}"
