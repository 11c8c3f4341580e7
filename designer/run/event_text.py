"""What a row of the event log says about its event, in one line."""

from __future__ import annotations

import logging
import reprlib
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from designer.exchange.yaml_text import to_yaml_line
from flexiflow.errors import ConfigError

__all__ = [
    "LOG_EVENT",
    "Level",
    "changes_text",
    "component_of",
    "level_of",
    "short_name",
    "short_text",
    "state_of",
    "summary_of",
    "tip_of",
]

Level = Literal["debug", "info", "success", "warning", "error"]

#: The event name under which records of the engine's logger stand in the event log.
LOG_EVENT: Final = "log"

#: A summary is one line of a table: what is longer is found in the row's payload.
LONGEST_SUMMARY: Final = 500

#: Of an action that failed, so much that the reason still has room behind it.
_LONGEST_ACTION: Final = 160

_LEVELS: Final[dict[str, Level]] = {
    "state.changed": "success",
    "component.restored": "success",
    "component.message.ignored": "warning",
    "guard.failed": "warning",
    "action.failed": "error",
    "event.handler.failed": "error",
}


_FAILING: Final = frozenset({"guard.failed", "action.failed"})


class _ShortRepr(reprlib.Repr):
    """Values as a person would write them, cut short wherever they are long or deep."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxstring = 80
        self.maxother = 80
        self.maxlong = 40

    def repr_int(self, number: int, level: int) -> str:
        """An integer; Python refuses to write very long ones out."""
        if number.bit_length() > 4096:
            return f"a number of {number.bit_length():,} bits"
        return super().repr_int(number, level)


_short_repr: Final = _ShortRepr()


def short_text(value: Any) -> str:
    """A value in a few words; texts of the top level without quotes."""
    if isinstance(value, str) and len(value) <= _short_repr.maxstring:
        return " ".join(value.split()) if value.strip() else repr(value)
    return _short_repr.repr(value)


def short_name(event: str) -> str:
    """An event's name without the part that says only who sent it: ``message.received``."""
    for prefix in ("component.message.", "event.handler.", "engine.component."):
        if event.startswith(prefix):
            return event.split(".", 1)[1]
    return event


def level_of(event: str, payload: Mapping[str, Any]) -> Level:
    """How much a row matters: the colour of its dot."""
    if event != LOG_EVENT:
        return _LEVELS.get(event, "info")
    number = payload.get("levelno", logging.INFO)
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warning"
    return "info" if number >= logging.INFO else "debug"


def component_of(payload: Mapping[str, Any]) -> str:
    """The component an event speaks of; "" when it speaks of none."""
    name = payload.get("component") or payload.get("component_name") or ""
    return str(name)


def state_of(event: str, payload: Mapping[str, Any]) -> str | None:
    """The key of the state an event speaks of (of a change, the new one), or None."""
    name = payload.get("to_state" if event == "state.changed" else "state")
    return name if isinstance(name, str) else None


def changes_text(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What changed in a component's context: ``context.attempts 0 → 1``; "" for nothing."""
    missing = object()
    parts: list[str] = []
    for key, value in after.items():
        old = before.get(key, missing)
        if old is value:
            continue
        if old is missing:
            parts.append(f"context.{key} = {short_text(value)}")
        elif type(old) is not type(value) or old != value:
            parts.append(f"context.{key} {short_text(old)} → {short_text(value)}")
    parts.extend(f"context.{key} removed" for key in before if key not in after)
    return ", ".join(parts)


def summary_of(event: str, payload: Mapping[str, Any], note: str = "") -> str:
    """One line about an event: what happened, to what, and ``note``."""
    text = _text_of(event, payload)
    return f"{text}   {note}"[:LONGEST_SUMMARY] if note else text[:LONGEST_SUMMARY]


def tip_of(event: str, payload: Mapping[str, Any], summary: str) -> str:
    """The summary, and below it what a failing guard or action says of cause and remedy."""
    told = {"Why": payload.get("why"), "Fix": payload.get("fix")} if event in _FAILING else {}
    lines = [f"{word}: {text}" for word, text in told.items() if text]
    return "\n".join((summary, *lines))


def _text_of(event: str, payload: Mapping[str, Any]) -> str:
    teller = _TELLERS.get(event)
    return _fields_text(payload, without="component") if teller is None else teller(payload)


def _changed(payload: Mapping[str, Any]) -> str:
    return f"{payload.get('from_state')} → {payload.get('to_state')}"


def _received(payload: Mapping[str, Any]) -> str:
    return _message_text(payload.get("message"))


def _ignored(payload: Mapping[str, Any]) -> str:
    message = _message_text(payload.get("message"))
    return f"{message} in {payload.get('state')}: no transition takes it"


def _handled(payload: Mapping[str, Any]) -> str:
    return f"{_message_text(payload.get('message'))} in {payload.get('state')}"


def _guard_failed(payload: Mapping[str, Any]) -> str:
    return f"{payload.get('guard')}: {_first_line(payload.get('error'))}"


def _action_failed(payload: Mapping[str, Any]) -> str:
    return f"{_action_text(payload.get('action'))} \u2014 {_first_line(payload.get('error'))}"


def _handler_failed(payload: Mapping[str, Any]) -> str:
    return f"{payload.get('event_name')}: {short_text(payload.get('exception'))}"


def _restored(payload: Mapping[str, Any]) -> str:
    return f"back in {payload.get('state')}"


def _registered(payload: Mapping[str, Any]) -> str:
    return f"{payload.get('component')} is ready"


def _logged(payload: Mapping[str, Any]) -> str:
    return str(payload.get("message", ""))


_TELLERS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "state.changed": _changed,
    "component.message.received": _received,
    "component.message.ignored": _ignored,
    "component.message.handled": _handled,
    "guard.failed": _guard_failed,
    "action.failed": _action_failed,
    "event.handler.failed": _handler_failed,
    "component.restored": _restored,
    "engine.component.registered": _registered,
    LOG_EVENT: _logged,
}


def _action_text(action: Any) -> str:
    """An action as one writes it in a flow: ``set: {total: context.total + 1}``."""
    if not isinstance(action, Mapping):
        return short_text(action)
    try:
        text = to_yaml_line(action)
    except ConfigError:  # an object of Python code, which no file could say
        return short_text(action)
    return text if len(text) <= _LONGEST_ACTION else f"{text[: _LONGEST_ACTION - 1]}\u2026"


def _message_text(message: Any) -> str:
    if not isinstance(message, Mapping):
        return short_text(message)
    fields = _fields_text(message, without="type")
    kind = short_text(message.get("type"))
    return f"{kind}  {fields}" if fields else kind


def _fields_text(fields: Mapping[str, Any], *, without: str) -> str:
    return ", ".join(
        f"{key}: {short_text(value)}" for key, value in fields.items() if key != without
    )


def _first_line(error: Any) -> str:
    """Of an error, its What."""
    return str(error).partition("\n")[0]
