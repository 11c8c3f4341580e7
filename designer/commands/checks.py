"""What may be typed into a field: each check gives the sentence to show beneath it, or None."""

from __future__ import annotations

import keyword

from designer.document.elements import ElementId, PackOrigin
from designer.document.guards import guard_fault
from designer.document.model import Document

__all__ = ["BUILTIN_KEYS", "check_guard", "check_key", "check_message", "check_name"]

#: The engine's own states; ``flexiflow.state_machine`` registers them under these names.
BUILTIN_KEYS = ("AwaitingConfirmation", "ErrorHandling", "InitialState", "ProcessingRequest")


def check_key(document: Document, key: str, state_id: ElementId | None = None) -> str | None:
    """Checks a state's name.

    Args:
        document: the flow it is for.
        key: the name as typed.
        state_id: the state that would bear it; None for a new one.
    """
    if not key:
        return "A state needs a name."
    if not key.isidentifier() or keyword.iskeyword(key):
        return _not_identifier(key)

    for state in document.states:
        if state.key != key or state.id == state_id:
            continue
        if document.pack_for(state.pack).origin is not PackOrigin.ELSEWHERE:
            return f"There is a state {key} already."

    if key in BUILTIN_KEYS:
        return f"{key} is the name of one of the engine's own states."
    return None


def check_guard(document: Document, pack_id: ElementId, text: str) -> str | None:
    """Checks a guard: nothing, the name of one of the pack's guards, or an expression."""
    text = text.strip()
    return guard_fault(document.pack_for(pack_id).guards, text) if text else None


def check_message(text: str) -> str | None:
    """Checks a message's type."""
    if not text.strip():
        return "A transition needs a message or a delay."
    if text != text.strip():
        return "A message's name neither begins nor ends with a blank."
    return None if text.isprintable() else "A message's name is one line of visible characters."


def check_name(text: str) -> str | None:
    """Checks the name of a component or a pack."""
    if not text.strip():
        return "It needs a name."
    return None if text.isprintable() else "A name is one line of visible characters."


def _not_identifier(key: str) -> str:
    if keyword.iskeyword(key):
        return f"{key} is a word of Python, which a state cannot be called by."
    if key[0].isdigit():
        return "A state's name begins with a letter or an underscore."
    return "A state's name is made of letters, digits and underscores, without blanks."
