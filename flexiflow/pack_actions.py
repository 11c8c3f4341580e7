"""Reading the actions of a pack: lists of mappings with one key each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flexiflow.errors import ImportError_
from flexiflow.imports import split_dotted_path
from flexiflow.pack_fields import (
    check_expression,
    check_keys,
    check_plain,
    duration_field,
    mapping_field,
    text_field,
)
from flexiflow.pack_records import Action, CallAction, EmitAction, SendAction, SetAction
from flexiflow.problem_report import ProblemReport, did_you_mean
from flexiflow.safe_text import safe_str
from flexiflow.yaml_places import Way

__all__ = ["EMIT_KEYS", "KINDS", "SEND_KEYS", "read_actions"]

EMIT_KEYS = ("event", "data")
SEND_KEYS = ("type", "to", "content", "data", "after")


def read_actions(data: Any, name: str, way: Way, report: ProblemReport) -> tuple[Action, ...]:
    """The actions of a list, those that are right; reports the others.

    Args:
        data: the list as YAML gives it; None is an empty one.
        name: the field, for problems.
        way: where it stands.
        report: where problems go.
    """
    if data is None:
        return ()

    if not isinstance(data, list):
        report.add(
            way,
            f"'{name}' has to be a list of actions",
            why="Actions run in the order of a list, also when there is only one.",
            fix=f"Begin each action with a dash: {name}: [{{set: {{key: 1}}}}]",
        )
        return ()

    read = (_action(item, (*way, index), report) for index, item in enumerate(data))
    return tuple(action for action in read if action is not None)


def _action(data: Any, way: Way, report: ProblemReport) -> Action | None:
    if isinstance(data, dict) and len(data) == 1:
        ((kind, value),) = data.items()
        reader = _READERS.get(kind)
        if reader is not None:
            return reader(value, (*way, kind), report)

        nearest = did_you_mean(safe_str(kind), KINDS)
        report.add(
            (*way, kind),
            lambda written: f"Unknown action '{written or safe_str(kind)}'",
            why=f"The actions are {', '.join(KINDS)}.",
            fix=nearest or f"Use one of {', '.join(KINDS)}.",
            key=True,
        )
        return None

    report.add(
        way,
        "An action is a mapping of one key",
        why=f"The key says what it does: {', '.join(KINDS)}.",
        fix="Write each action as an entry of its own, like - set: {key: 1}",
    )
    return None


def _check_values(values: dict[str, Any], way: Way, report: ProblemReport) -> None:
    """A text is an expression, any other value is itself."""
    for key, value in values.items():
        if isinstance(value, str):
            check_expression(value, (*way, key), report)


def _set(value: Any, way: Way, report: ProblemReport) -> Action | None:
    values = mapping_field({"set": value}, "set", way[:-1], report)
    if not values and not isinstance(value, dict):
        if value is None:
            report.add_type(way, "set", "a mapping", value)

        return None

    _check_values(values, way, report)
    return SetAction(values)


def _emit(value: Any, way: Way, report: ProblemReport) -> Action | None:
    if not _is_mapping(value, "emit", way, report):
        return None

    check_keys(value, EMIT_KEYS, "an 'emit' action", way, report, keeps=False)
    event = text_field(value, "event", way, report, owner="An 'emit'", example="event: my.event")
    data = mapping_field(value, "data", way, report)
    _check_values(data, (*way, "data"), report)
    return None if event is None else EmitAction(event, data)


def _send(value: Any, way: Way, report: ProblemReport) -> Action | None:
    if not _is_mapping(value, "send", way, report):
        return None

    check_keys(value, SEND_KEYS, "a 'send' action", way, report, keeps=False)
    kind = text_field(value, "type", way, report, owner="A 'send'", example="type: my_message")
    to = text_field(value, "to", way, report)
    content = value.get("content")
    if isinstance(content, str):
        check_expression(content, (*way, "content"), report)
    else:
        check_plain(content, (*way, "content"), report)

    data = mapping_field(value, "data", way, report)
    _check_values(data, (*way, "data"), report)
    after = duration_field(value, "after", way, report)
    return None if kind is None else SendAction(kind, to or None, content, data, after)


def _call(value: Any, way: Way, report: ProblemReport) -> Action | None:
    if not isinstance(value, str):
        report.add_type(way, "call", "text", value)
        return None

    try:
        split_dotted_path(value)
    except ImportError_ as error:
        report.add(way, error.what, why=error.why or "", fix=error.fix or "")
        return None

    return CallAction(value)


def _is_mapping(value: Any, name: str, way: Way, report: ProblemReport) -> bool:
    if isinstance(value, dict):
        return True

    report.add_type(way, name, "a mapping", value)
    return False


_READERS: dict[Any, Callable[[Any, Way, ProblemReport], Action | None]] = {
    "set": _set,
    "emit": _emit,
    "send": _send,
    "call": _call,
}
KINDS = tuple(_READERS)
"""The keys an action may have."""
