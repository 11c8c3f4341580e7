"""Any value as JSON text: what JSON has no form for is shown as Python shows it."""

from __future__ import annotations

import json
import math
from typing import Any

from flexiflow.safe_text import safe_repr

__all__ = ["plain", "to_json"]

_DEEPEST = 64
_MOST = 100_000
"""Items shown of a value that JSON has no form for."""
_LONGEST_NUMBER = 14_000
"""Bits of an integer; of many more (4300 digits) Python writes none out."""


def to_json(value: Any, *, indent: int | None = None) -> str:
    """The JSON text of any value, ASCII only, valid for every reader; no value makes it raise."""
    try:
        return json.dumps(value, indent=indent, allow_nan=False, default=safe_repr)
    except (TypeError, ValueError, RecursionError):
        return json.dumps(plain(value), indent=indent)


def plain(value: Any) -> Any:
    """The value made of what JSON has; keys become text, what is too deep or too much is cut."""
    return _Plain().made_of(value, 0)


class _Plain:
    """Counts what it has taken along, as a value may contain itself many times over."""

    def __init__(self) -> None:
        self._left = _MOST

    def made_of(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return "..."

        if isinstance(value, dict):
            return {
                key if isinstance(key, str) else safe_repr(key): self.made_of(item, depth + 1)
                for key, item in value.items()
            }

        if isinstance(value, list | tuple):
            return [self.made_of(item, depth + 1) for item in value[: self._left + 1]]

        if value is None or isinstance(value, str) or _is_plain_number(value):
            return value

        return safe_repr(value)


def _is_plain_number(value: object) -> bool:
    if isinstance(value, int):
        return value.bit_length() <= _LONGEST_NUMBER

    return isinstance(value, float) and math.isfinite(value)
