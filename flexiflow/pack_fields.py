"""Reading the fields of a pack's mappings, each with its checks and its words."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from typing import Any

from flexiflow.errors import ExpressionError, PackError, Problem
from flexiflow.expressions import compile_expression
from flexiflow.problem_report import ProblemReport, kind_of
from flexiflow.safe_text import safe_repr, safe_str
from flexiflow.yaml_builder import MAX_DEPTH, MAX_NODES
from flexiflow.yaml_places import Way

__all__ = [
    "check_expression",
    "check_keys",
    "check_plain",
    "duration_field",
    "extra_keys",
    "mapping_field",
    "parse_duration",
    "tags_field",
    "text_field",
]

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(ms|s|m|h|)\s*")
_SHORTEST = 0.001
"""A millisecond: shorter delays keep a machine busy instead of waiting."""

_LONGEST = 100 * 366 * 24 * 3600.0
"""A hundred years: more than any timer of an operating system can count."""

_PLAIN_NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*)?(?:\.\d*)?(?:[eE][-+]?\d+)?")
_ODD_DURATION = re.compile(
    r"\b(?:after|wait)[\"']?\s{0,9}:\s{1,9}(?:&\S{1,99}\s{1,9})?[-+]?(?:\d+[\d_]*[:_]\d|0[xXbB_\d])"
)
"""What makes it worth while to look up how the durations of a text are written."""

_PLAIN = frozenset({str, int, float, bool, type(None)})


def parse_duration(value: Any) -> float:
    """Seconds of a duration such as ``250ms``, ``30s``, ``5m``, ``2h``, or a bare number.

    Raises:
        PackError: it is no duration, shorter than a millisecond, or longer than a hundred years.
    """
    seconds = _seconds(value)
    if seconds is None:
        raise PackError([Problem(*_duration_words(value))])

    return seconds


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None

    try:
        if isinstance(value, str):
            found = _DURATION.fullmatch(value) if len(value) <= 40 else None
            seconds = float(found[1]) * _UNITS[found[2]] if found else math.nan
            if found and found[2] == "ms":
                seconds = float(found[1]) / 1000
        else:
            seconds = float(value)
    except OverflowError:
        return None

    return seconds if _SHORTEST <= seconds <= _LONGEST else None


def _duration_words(value: Any) -> tuple[str, str, str]:
    shown = safe_repr(value)[:40] if isinstance(value, str | int | float) else kind_of(value)
    return (
        f"Not a duration: {shown}",
        "A duration is a number with ms, s, m or h, from 1ms to a hundred years.",
        "Write it like 250ms, 30s, 5m or 2h.",
    )


def duration_field(
    data: Mapping[str, Any], name: str, way: Way, report: ProblemReport
) -> float | None:
    """The seconds of an optional duration."""
    value = data.get(name)
    if value is None:
        return None

    seconds = _seconds(value)
    if seconds is None:
        what, why, fix = _duration_words(value)
        report.add((*way, name), what, why=why, fix=fix)
    elif not isinstance(value, str) and _ODD_DURATION.search(report.text or ""):
        _check_written((*way, name), value, report)

    return seconds


def _check_written(way: Way, value: float, report: ProblemReport) -> None:
    """Reports a number that YAML 1.1 reads as another one than a person does: 1:30 is 90."""
    written = report.written(way)
    if not _PLAIN_NUMBER.fullmatch(written):
        report.add(
            way,
            f"Not a duration: {written}",
            why=f"YAML reads this as the number {value:g}.",
            fix="Write it like 250ms, 30s, 5m or 2h, or as a plain number of seconds.",
        )


def text_field(
    data: Mapping[str, Any],
    name: str,
    way: Way,
    report: ProblemReport,
    *,
    owner: str = "",
    example: str = "",
) -> str | None:
    """A text; required and not empty when an owner is named, who needs it."""
    value = data.get(name)
    if isinstance(value, str) and (value or not owner):
        return value

    if value is None or value == "":
        if owner:
            report.add_missing(way, name, owner, example)

        return None

    report.add_type((*way, name), name, "text", value)
    return None


def mapping_field(
    data: Mapping[str, Any], name: str, way: Way, report: ProblemReport
) -> dict[str, Any]:
    """An optional mapping of plain values with text keys."""
    value = data.get(name)
    if value is None:
        return {}

    if not isinstance(value, dict):
        report.add_type((*way, name), name, "a mapping", value)
        return {}

    for key, entry in value.items():
        if not isinstance(key, str):
            report.add_key_type((*way, name), key, f"'{name}'")
        elif type(entry) not in _PLAIN:
            check_plain(entry, (*way, name, key), report)

    return value


def tags_field(data: Mapping[str, Any], way: Way, report: ProblemReport) -> tuple[str, ...]:
    """The optional list of tags."""
    value = data.get("tags")
    if value is None:
        return ()

    if not isinstance(value, list):
        report.add_type((*way, "tags"), "tags", "a list", value)
        return ()

    for index, tag in enumerate(value):
        if not isinstance(tag, str):
            report.add_type((*way, "tags", index), "tag", "text", tag)

    return tuple(tag for tag in value if isinstance(tag, str))


def check_keys(
    data: Mapping[Any, Any],
    known: Collection[str],
    owner: str,
    way: Way,
    report: ProblemReport,
    *,
    keeps: bool = True,
) -> bool:
    """Reports keys that the format does not know; tells whether there are others to keep.

    Kept are ``x-`` keys, and what a comma cut off an unquoted text: YAML reads
    ``{description: Open, no data yet}`` as a text and a key ``no data yet`` without a value. In
    ``{from: A, to B}`` it is a colon that is missing, which nobody shall have to find.

    Args:
        data: the mapping.
        known: the keys of the format.
        owner: what has these keys, for problems.
        way: where it stands.
        report: where problems go.
        keeps: whether there is a place for others in the record that is made of it.
    """
    extra = False
    for key in data:
        if key in known:
            continue

        if not isinstance(key, str):
            report.add_key_type(way, key, owner)
        elif keeps and (key.startswith("x-") or (" " in key and data[key] is None)):
            extra = True
            _check_colon(key, data, known, owner=owner, way=way, report=report)
        else:
            report.add_unknown_key(way, key, owner, known)

    return extra


def _check_colon(
    key: str,
    data: Mapping[Any, Any],
    known: Collection[str],
    *,
    owner: str,
    way: Way,
    report: ProblemReport,
) -> None:
    """Reports a key such as ``to B``, where ``to`` is a key that is not there."""
    word, _, rest = key.partition(" ")
    if word in known and word not in data:
        report.add(
            (*way, key),
            f"Unknown key '{key}' in {owner}",
            why=f"YAML reads this as one key without a value; a colon ends the key '{word}'.",
            fix=f"Did you mean '{word}: {rest.strip()}'? If it belongs to a text, quote that.",
            key=True,
        )


def extra_keys(data: Mapping[Any, Any], known: Collection[str]) -> dict[str, Any]:
    """The entries of a mapping that are kept although the format does not know them."""
    return {key: value for key, value in data.items() if isinstance(key, str) and key not in known}


def check_expression(text: str, way: Way, report: ProblemReport) -> None:
    """Reports an expression that is refused."""
    try:
        compile_expression(text)
    except ExpressionError as error:
        report.add_expression(way, error)


def check_plain(value: Any, way: Way, report: ProblemReport) -> None:
    """Reports what is no plain data, such as an unquoted date, also deep inside."""
    waiting: list[tuple[Any, Way]] = [(value, way)]
    seen = 0
    while waiting:
        part, place = waiting.pop()
        if not isinstance(part, list | dict):
            if type(part) not in _PLAIN:
                _add_not_plain(part, place, report)

            continue

        seen += len(part)
        if seen > MAX_NODES or len(place) - len(way) > MAX_DEPTH:
            # Only Python code can come here with such data: a file has been measured before.
            report.add(
                way,
                "The value is too large or nested too deep",
                why=f"At most {MAX_NODES:,} values, and {MAX_DEPTH} levels of them.",
                fix="Look for a list or mapping that holds itself.",
            )
            return

        if isinstance(part, list):
            waiting += [(item, (*place, index)) for index, item in enumerate(part)]
            continue

        waiting += [(item, (*place, key)) for key, item in part.items()]
        for key in part:
            if not isinstance(key, str):
                report.add_key_type(place, key, "a mapping")


def _add_not_plain(value: Any, way: Way, report: ProblemReport) -> None:
    report.add(
        way,
        f"{safe_str(value)} is no plain value",
        why=f"YAML reads this as {kind_of(value)}: quote it.",
        fix="Write it in quotes; texts, numbers, lists and mappings are plain values.",
    )
