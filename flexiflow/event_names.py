"""The names of the events that the library itself publishes."""

from __future__ import annotations

__all__ = [
    "ACTION_FAILED",
    "COMPONENT_REGISTERED",
    "EVENT_NAMES",
    "GUARD_FAILED",
    "HANDLER_FAILED",
    "MESSAGE_HANDLED",
    "MESSAGE_IGNORED",
    "MESSAGE_RECEIVED",
    "RESTORED",
    "STATE_CHANGED",
]

COMPONENT_REGISTERED = "engine.component.registered"
"""``component``: its name."""

MESSAGE_RECEIVED = "component.message.received"
"""``component``, ``message``; before the state sees the message."""

MESSAGE_HANDLED = "component.message.handled"
"""``component``, ``state``, ``message``; after an internal transition."""

MESSAGE_IGNORED = "component.message.ignored"
"""``component``, ``state``, ``message``; no transition took the message."""

STATE_CHANGED = "state.changed"
"""``component``, ``from_state``, ``to_state``; after a transition."""

GUARD_FAILED = "guard.failed"
"""``component``, ``state``, ``guard`` (as written), ``error``, ``message``; it counted as false."""

ACTION_FAILED = "action.failed"
"""``component``, ``state``, ``action`` (as a pack writes it), ``error``; the next one was run."""

RESTORED = "component.restored"
"""``component``, ``state``; a snapshot has taken the place of what it was."""

HANDLER_FAILED = "event.handler.failed"
"""``event_name``, ``component_name`` (of the subscription), ``exception``."""

EVENT_NAMES: tuple[str, ...] = (
    COMPONENT_REGISTERED,
    MESSAGE_RECEIVED,
    MESSAGE_HANDLED,
    MESSAGE_IGNORED,
    STATE_CHANGED,
    GUARD_FAILED,
    ACTION_FAILED,
    RESTORED,
    HANDLER_FAILED,
)
