"""YAML packs: from text or data to checked ``PackFile`` records, with all problems at once."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from flexiflow.errors import ExpressionError, PackError
from flexiflow.expressions import compile_expression
from flexiflow.pack_actions import read_actions
from flexiflow.pack_fields import (
    check_expression,
    check_keys,
    duration_field,
    extra_keys,
    mapping_field,
    parse_duration,
    tags_field,
    text_field,
)
from flexiflow.pack_records import Action, PackFile, StateDef, TransitionDef
from flexiflow.problem_report import ProblemReport, did_you_mean
from flexiflow.safe_text import safe_str
from flexiflow.yaml_places import Way, split_breadcrumb
from flexiflow.yaml_source import begin_report, paused_garbage_collector, read_text

__all__ = [
    "PACK_KEYS",
    "STATE_KEYS",
    "TRANSITION_KEYS",
    "PackError",
    "actions_from_data",
    "pack_from_data",
    "parse_duration",
    "parse_pack",
    "read_layout",
    "read_pack",
    "read_pack_data",
]

PACK_KEYS = (
    "pack",
    "description",
    "guards",
    "context",
    "states",
    "transitions",
    "layout",
    "color",
    "tags",
)
STATE_KEYS = ("description", "final", "entry", "exit", "color", "tags")
TRANSITION_KEYS = (
    "from",
    "message",
    "after",
    "to",
    "guard",
    "do",
    "description",
    "color",
    "tags",
)
_EMPTY: dict[str, Any] = {}


def read_pack(path: str | Path) -> PackFile:
    """The pack of a file.

    Raises:
        PackError: the file cannot be read, or says something that it may not.
    """
    return parse_pack(read_text(path), path=path)


def parse_pack(text: str, *, path: str | Path | None = None) -> PackFile:
    """The pack that a YAML text writes down.

    Args:
        text: the YAML.
        path: the file it comes from, for errors.

    Raises:
        PackError: all problems of the text.
    """
    with paused_garbage_collector():
        data, report = begin_report(text, path)
        pack = read_pack_data(data, report)
        report.raise_if_any()

    return pack


def pack_from_data(data: Any, *, path: str | Path | None = None, at: str = "") -> PackFile:
    """The pack that plain data stands for, such as one written inside a config.

    Args:
        data: a mapping as YAML gives it.
        path: the file it comes from, for errors.
        at: its breadcrumb in that file, for errors.

    Raises:
        PackError: all problems of the data.
    """
    report = ProblemReport(None, None if path is None else str(path), split_breadcrumb(at))
    pack = read_pack_data(data, report)
    report.raise_if_any()
    return pack


def actions_from_data(data: Any) -> tuple[Action, ...]:
    """The actions of a list as YAML gives it.

    Raises:
        PackError: all problems of the list.
    """
    report = ProblemReport()
    actions = read_actions(data, "actions", (), report)
    report.raise_if_any()
    return actions


def read_pack_data(data: Any, report: ProblemReport) -> PackFile:
    """The pack that plain data stands for, as far as it is right; problems go to the report."""
    if not isinstance(data, dict):
        report.add(
            (),
            "A pack has to be a mapping",
            why="A pack names itself and its states.",
            fix="Begin it with 'pack: my_pack' and 'states:'.",
        )
        return PackFile("", ())

    extra = check_keys(data, PACK_KEYS, "a pack", (), report)
    name = text_field(data, "pack", (), report, owner="A pack", example="pack: my_pack")
    guards = _guards(data, report)
    states = _states(data, report)
    return PackFile(
        name=name or "",
        states=states,
        transitions=_transitions(data, {state.key for state in states}, guards, report),
        description=text_field(data, "description", (), report),
        guards=guards,
        context=mapping_field(data, "context", (), report),
        layout=read_layout(data, report),
        color=text_field(data, "color", (), report),
        tags=tags_field(data, (), report),
        extra=extra_keys(data, PACK_KEYS) if extra else _EMPTY,
    )


def _guards(data: dict[str, Any], report: ProblemReport) -> dict[str, str]:
    guards = mapping_field(data, "guards", (), report)
    for name, text in guards.items():
        if isinstance(text, str):
            check_expression(text, ("guards", name), report)
        else:
            report.add_type(("guards", name), name, "text", text)

    return guards


def _states(data: dict[str, Any], report: ProblemReport) -> tuple[StateDef, ...]:
    entries = data.get("states")
    if not isinstance(entries, dict):
        if entries is None:
            report.add_missing((), "states", "A pack", "states: {First: }")
        else:
            report.add_type(("states",), "states", "a mapping", entries)

        return ()

    return tuple(_state(key, value, report) for key, value in entries.items())


def _state(key: Any, value: Any, report: ProblemReport) -> StateDef:
    way = ("states", key)
    if not isinstance(key, str):
        report.add_key_type(("states",), key, "'states'")
        key = safe_str(key)
    elif not key.isidentifier():
        report.add(
            way,
            f"'{key}' is no name for a state",
            why="A state's key is a Python identifier: letters, digits and _, no digit first.",
            fix="Rename it, and put what it was called into its 'description'.",
            key=True,
        )

    if value is None:
        return StateDef(key)

    if not isinstance(value, dict):
        report.add_type(way, key, "a mapping, or nothing", value)
        return StateDef(key)

    extra = check_keys(value, STATE_KEYS, "a state", way, report)
    final = value.get("final")
    if not (final is None or isinstance(final, bool)):
        report.add_type((*way, "final"), "final", "true or false", final)

    return StateDef(
        key,
        text_field(value, "description", way, report),
        final is True,
        read_actions(value.get("entry"), "entry", (*way, "entry"), report),
        read_actions(value.get("exit"), "exit", (*way, "exit"), report),
        text_field(value, "color", way, report),
        tags_field(value, way, report),
        extra_keys(value, STATE_KEYS) if extra else _EMPTY,
    )


def _transitions(
    data: dict[str, Any], keys: set[str], guards: dict[str, str], report: ProblemReport
) -> tuple[TransitionDef, ...]:
    entries = data.get("transitions")
    if entries is None:
        return ()

    if not isinstance(entries, list):
        report.add_type(("transitions",), "transitions", "a list", entries)
        return ()

    read = (
        _transition(entry, ("transitions", index), keys, guards, report)
        for index, entry in enumerate(entries)
    )
    return tuple(transition for transition in read if transition is not None)


def _transition(
    data: Any, way: Way, keys: set[str], guards: dict[str, str], report: ProblemReport
) -> TransitionDef | None:
    if not isinstance(data, dict):
        report.add_type(way, "transition", "a mapping", data)
        return None

    extra = check_keys(data, TRANSITION_KEYS, "a transition", way, report)
    source = text_field(data, "from", way, report, owner="A transition", example="from: First")
    if source is not None and source not in keys:
        _unknown_source(source, way, keys, report)

    message = text_field(data, "message", way, report)
    after = duration_field(data, "after", way, report)
    if (data.get("message") is None) == (data.get("after") is None) or message == "":
        report.add(
            way,
            "A transition needs exactly one of 'message' and 'after'",
            why="It is triggered by a message, or by the time since its state was entered.",
            fix="Write 'message: my_message', or 'after: 30s', and not both.",
        )

    do = data.get("do")
    return TransitionDef(
        source or "",
        message,
        after,
        _target(data, way, report),
        _guard(data, way, guards, report),
        () if do is None else read_actions(do, "do", (*way, "do"), report),
        text_field(data, "description", way, report),
        text_field(data, "color", way, report),
        tags_field(data, way, report),
        extra_keys(data, TRANSITION_KEYS) if extra else _EMPTY,
    )


def _unknown_source(source: str, way: Way, keys: set[str], report: ProblemReport) -> None:
    report.add(
        (*way, "from"),
        f"Unknown state '{source}'",
        why="A transition leaves a state of its own pack.",
        fix=lambda: did_you_mean(source, keys) or f"Add it to 'states', or correct '{source}'.",
    )


def _target(data: dict[str, Any], way: Way, report: ProblemReport) -> str | None:
    target = text_field(data, "to", way, report)
    if target != "":
        return target

    report.add(
        (*way, "to"),
        "'to' is empty",
        why="It names the state that the transition leads to.",
        fix="Name a state, or leave 'to' out for an internal transition.",
    )
    return None


def _guard(
    data: dict[str, Any], way: Way, guards: dict[str, str], report: ProblemReport
) -> str | None:
    guard = text_field(data, "guard", way, report)
    if guard is None or guard in guards:
        return guard

    try:
        compile_expression(guard)
    except ExpressionError as error:
        if guard.isidentifier():
            _unknown_guard(guard, (*way, "guard"), guards, error, report)
        else:
            report.add_expression((*way, "guard"), error)

    return guard


def _unknown_guard(
    guard: str, way: Way, guards: dict[str, str], error: ExpressionError, report: ProblemReport
) -> None:
    report.add(
        way,
        f"Unknown guard '{guard}'",
        why="A guard is the name of one of the pack's 'guards', or an expression.",
        fix=lambda: did_you_mean(guard, filter(_is_text, guards)) or error.fix or "",
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def read_layout(data: dict[str, Any], report: ProblemReport) -> dict[str, tuple[float, float]]:
    """The ``layout`` of a pack or config: state key -> centre in px."""
    entries = data.get("layout")
    if entries is None:
        return {}

    if not isinstance(entries, dict):
        report.add_type(("layout",), "layout", "a mapping", entries)
        return {}

    places: dict[str, tuple[float, float]] = {}
    for key, place in entries.items():
        if not isinstance(key, str):
            report.add_key_type(("layout",), key, "'layout'")
        elif isinstance(place, list) and len(place) == 2 and all(map(_is_length, place)):
            places[key] = (float(place[0]), float(place[1]))
        else:
            report.add(
                ("layout", key),
                f"The place of '{key}' has to be two numbers",
                why="It is the centre of the drawn state, x and y in pixels.",
                fix=f"Write it like {key}: [220, 0], or remove it.",
            )

    return places


def _is_length(value: Any) -> bool:
    if type(value) is float:
        return math.isfinite(value) and abs(value) < 1e9

    return type(value) is int and abs(value) < 1_000_000_000
