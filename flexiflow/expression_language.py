"""What the expression language consists of, and its limits."""

from __future__ import annotations

__all__ = [
    "FUNCTIONS",
    "MAPPINGS",
    "MAX_CHAIN",
    "MAX_CHARACTERS",
    "MAX_INTEGER_BITS",
    "MAX_NESTING",
    "NAMES",
]

MAX_CHARACTERS = 2_000
MAX_NESTING = 24
MAX_INTEGER_BITS = 4_096
MAX_CHAIN = 100
"""Operators or fields in one row; a longer row would run into Python's own recursion limits."""

MAPPINGS = ("message", "context", "rules")
"""The names in scope that hold fields."""

NAMES = (*MAPPINGS, "state", "component")

FUNCTIONS: dict[str, tuple[int, int]] = {
    "len": (1, 1),
    "min": (1, MAX_CHARACTERS),
    "max": (1, MAX_CHARACTERS),
    "abs": (1, 1),
    "round": (1, 2),
    "int": (1, 1),
    "float": (1, 1),
    "str": (1, 1),
    "lower": (1, 1),
    "upper": (1, 1),
    "now": (0, 0),
}
"""The functions of the language -> least and most arguments."""
