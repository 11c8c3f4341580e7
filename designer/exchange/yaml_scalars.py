"""Single values as YAML text, quoted only where YAML would misread them."""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import lru_cache
from typing import Any

import yaml

__all__ = ["is_scalar", "literal_lines", "scalar_text"]

_SCALARS = (str, bool, int, float, dt.date, type(None))

#: How a plain text may not begin, besides with a blank.
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
_FLOW_TRAPS = re.compile(r"[,\[\]{}:?]")
_BLOCK_TRAPS = re.compile(r":(?:\s|$)|\s#")

#: Texts that other readers take for booleans or numbers, though PyYAML does not.
_TRAPS_ELSEWHERE = re.compile(r"[yYnN]|[-+]?\.?\d[\d_.]*(?:[eE][-+]?\d+)?|0[oxb][\da-fA-F_]+")

_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def is_scalar(value: object) -> bool:
    """Whether a value is written as one word rather than as a list or a mapping."""
    return isinstance(value, _SCALARS)


def scalar_text(value: Any, *, in_flow: bool = False) -> str:
    """One value as YAML text on one line.

    Args:
        value: a text, number, boolean, date or None.
        in_flow: whether it stands between brackets or braces, where more has to be quoted.

    Raises:
        TypeError: the value is of a type that YAML data does not have.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _string_text(str(value), in_flow)
        case int():
            return str(int(value))
        case float():
            return _float_text(value)
        case dt.date():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} is no YAML value")


def literal_lines(text: str) -> tuple[str, list[str]] | None:
    """A text of several lines as a literal block: its header and lines; None when it cannot be."""
    lines = text.split("\n")
    header = "|-"
    if lines[-1] == "":
        header = "|"
        lines.pop()
    if len(lines) < 2 or lines[0][:1] in {"", " "} or lines[-1] == "":
        return None
    if any(not line.isprintable() or (line and line.isspace()) for line in lines):
        return None
    return header, lines


@lru_cache(maxsize=65536)
def _string_text(text: str, in_flow: bool) -> str:
    if not text.isprintable():
        return _double_quoted(text)
    if _is_plain(text, in_flow):
        return text
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def _is_plain(text: str, in_flow: bool) -> bool:
    """Whether a printable text may stand without quotes and is read as itself."""
    if not text or text[0] in _INDICATORS or text[0] == " " or text[-1] == " ":
        return False
    if _BLOCK_TRAPS.search(text) or (in_flow and _FLOW_TRAPS.search(text)):
        return False
    if _TRAPS_ELSEWHERE.fullmatch(text) or text.startswith(("---", "...")):
        return False
    resolvers = _RESOLVERS.get(text[0], []) + _RESOLVERS.get(None, [])
    return not any(pattern.match(text) for _tag, pattern in resolvers)


def _double_quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    number = ord(character)
    if number > 0xFFFF:
        return f"\\U{number:08X}"
    return f"\\u{number:04X}" if number > 0xFF else f"\\x{number:02X}"


def _float_text(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(float(value))
    # YAML 1.1 takes 1e+20 for a text.
    return text.replace("e", ".0e") if "e" in text and "." not in text else text
