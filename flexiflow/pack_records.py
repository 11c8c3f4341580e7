"""The records a YAML pack is read into: what it says, checked, and nothing else.

Records are frozen and hold plain YAML data (``str``, numbers, ``bool``, ``None``, lists and
mappings), which nobody changes once a record is built. ``flexiflow.packfile`` makes them from text,
``flexiflow.declarative`` turns them into states, and ``to_data`` turns them back into YAML data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Action",
    "CallAction",
    "EmitAction",
    "PackFile",
    "SendAction",
    "SetAction",
    "StateDef",
    "TransitionDef",
    "duration_text",
    "to_data",
]


@dataclass(frozen=True, slots=True)
class SetAction:
    """Assigns into the component's context, in order.

    Attributes:
        values: key -> expression (a ``str``) or a value that is itself.
    """

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EmitAction:
    """Publishes an event on the engine's bus.

    Attributes:
        event: the event's name.
        data: key -> expression (a ``str``) or a value that is itself.
    """

    event: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SendAction:
    """Queues a message.

    Attributes:
        type: the message's type, taken literally.
        to: the receiving component's name; ``None`` is the sending component itself.
        content: value of the message's ``content`` field; an expression when a ``str``; ``None``
            leaves it out.
        data: further fields, as in :class:`EmitAction`.
        after: delay in seconds; ``None`` sends at once.
    """

    type: str
    to: str | None = None
    content: Any = None
    data: Mapping[str, Any] = field(default_factory=dict)
    after: float | None = None


@dataclass(frozen=True, slots=True)
class CallAction:
    """Awaits a Python function ``module:function`` with (component, message)."""

    target: str


Action = SetAction | EmitAction | SendAction | CallAction


@dataclass(frozen=True, slots=True)
class StateDef:
    """One state of a pack, as written."""

    key: str
    description: str | None = None
    final: bool = False
    entry: tuple[Action, ...] = ()
    exit: tuple[Action, ...] = ()
    color: str | None = None
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    """The entry's ``x-`` keys."""


@dataclass(frozen=True, slots=True)
class TransitionDef:
    """One transition of a pack, as written; exactly one of ``message`` and ``after`` is set.

    Attributes:
        source: the state it leaves.
        message: the message type that triggers it.
        after: seconds after entering ``source`` at which it triggers itself.
        target: the state it leads to; ``None`` makes it internal.
        guard: the name of a guard of the pack, or an expression.
        do: actions between exit and entry.
    """

    source: str
    message: str | None = None
    after: float | None = None
    target: str | None = None
    guard: str | None = None
    do: tuple[Action, ...] = ()
    description: str | None = None
    color: str | None = None
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackFile:
    """A whole YAML pack, checked.

    Attributes:
        layout: state key -> (x, y), the centre of the drawn state in px; for editors only.
        extra: the pack's ``x-`` keys.
    """

    name: str
    states: tuple[StateDef, ...]
    transitions: tuple[TransitionDef, ...] = ()
    description: str | None = None
    guards: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    layout: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    color: str | None = None
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


def duration_text(seconds: float) -> str:
    """The shortest way to write a duration: ``250ms``, ``30s``, ``15m``, ``2h``."""
    for unit, length in (("h", 3600), ("m", 60), ("s", 1)):
        count = int(seconds / length)
        if count and count * length == seconds:
            return f"{count}{unit}"

    milliseconds = round(seconds * 1000)
    if milliseconds and milliseconds / 1000 == seconds:
        return f"{milliseconds}ms"

    return f"{seconds!r}s"


def to_data(record: Action | StateDef | TransitionDef | PackFile) -> dict[str, Any]:
    """The YAML data a record is read from; what says nothing is left out.

    The result shares no mapping or list of its own making with the record, but values inside are
    not copied.
    """
    return _WRITERS[type(record)](record)


def _set_action(action: SetAction) -> dict[str, Any]:
    return {"set": dict(action.values)}


def _emit_action(action: EmitAction) -> dict[str, Any]:
    return {"emit": {"event": action.event} | _present({"data": dict(action.data)})}


def _send_action(action: SendAction) -> dict[str, Any]:
    return {"send": _send_data(action)}


def _call_action(action: CallAction) -> dict[str, Any]:
    return {"call": action.target}


def _send_data(action: SendAction) -> dict[str, Any]:
    after = None if action.after is None else duration_text(action.after)
    content = {} if action.content is None else {"content": action.content}
    return (
        {"type": action.type}
        | _present({"to": action.to})
        | content
        | _present({"data": dict(action.data), "after": after})
    )


def _state_data(state: StateDef) -> dict[str, Any]:
    return _present(
        {
            "description": state.description,
            "final": state.final or None,
            "entry": [to_data(action) for action in state.entry],
            "exit": [to_data(action) for action in state.exit],
            "color": state.color,
            "tags": list(state.tags),
        }
    ) | dict(state.extra)


def _transition_data(transition: TransitionDef) -> dict[str, Any]:
    after = None if transition.after is None else duration_text(transition.after)
    return (
        {"from": transition.source}
        | _present(
            {
                "message": transition.message,
                "after": after,
                "to": transition.target,
                "guard": transition.guard,
                "do": [to_data(action) for action in transition.do],
                "description": transition.description,
                "color": transition.color,
                "tags": list(transition.tags),
            }
        )
        | dict(transition.extra)
    )


def _pack_data(pack: PackFile) -> dict[str, Any]:
    states = {state.key: to_data(state) or None for state in pack.states}
    return (
        {"pack": pack.name}
        | _present(
            {
                "description": pack.description,
                "color": pack.color,
                "tags": list(pack.tags),
                "guards": dict(pack.guards),
                "context": dict(pack.context),
            }
        )
        | {"states": states}
        | _present(
            {
                "transitions": [to_data(transition) for transition in pack.transitions],
                "layout": {key: list(place) for key, place in pack.layout.items()},
            }
        )
        | dict(pack.extra)
    )


def _present(data: dict[str, Any]) -> dict[str, Any]:
    """The entries that say something: neither None nor an empty list or mapping."""
    return {
        key: value for key, value in data.items() if value is not None and value not in ([], {})
    }


_WRITERS: dict[type, Callable[[Any], dict[str, Any]]] = {
    SetAction: _set_action,
    EmitAction: _emit_action,
    SendAction: _send_action,
    CallAction: _call_action,
    StateDef: _state_data,
    TransitionDef: _transition_data,
    PackFile: _pack_data,
}
