"""What may be typed into a field: each check gives the sentence to show beneath it, or None."""

from __future__ import annotations

import keyword

from designer.document.elements import ElementId, PackOrigin
from designer.document.guards import guard_fault
from designer.document.model import Document
from designer.exchange.action_text import actions_from_text
from designer.exchange.data_text import mapping_from_text
from flexiflow.errors import PackError
from flexiflow.packfile import parse_duration
from flexiflow.state_machine import BUILTIN_STATES

__all__ = [
    "BUILTIN_KEYS",
    "check_actions",
    "check_duration",
    "check_guard",
    "check_guards",
    "check_key",
    "check_mapping",
    "check_message",
    "check_name",
]

#: The names of the engine's own states.
BUILTIN_KEYS = tuple(state.__name__ for state in BUILTIN_STATES)


def check_guards(text: str) -> str | None:
    """Checks named guards as YAML text: a mapping from names to expressions."""
    try:
        guards = mapping_from_text(text)
    except PackError as error:
        return _first_problem(error)

    for name, guard in guards.items():
        fault = guard_fault({}, guard) if isinstance(guard, str) else "It has to be an expression."
        if fault:
            return f"{name}: {fault}"
    return None


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


def check_duration(value: str | float) -> str | None:
    """Checks a delay such as ``30s``, or a number of seconds."""
    try:
        parse_duration(value)
    except PackError as error:
        problem = error.problems[0]
        return f"{problem.why} {problem.fix}"
    return None


def check_actions(text: str) -> str | None:
    """Checks a list of actions as YAML text; empty is none."""
    try:
        actions_from_text(text)
    except PackError as error:
        return _first_problem(error)
    return None


def check_mapping(text: str) -> str | None:
    """Checks a mapping of plain values as YAML text; empty is none."""
    try:
        mapping_from_text(text)
    except PackError as error:
        return _first_problem(error)
    return None


def _first_problem(error: PackError) -> str:
    """The first problem of a text with its line, and how many more there are."""
    first, rest = error.problems[0], len(error.problems) - 1
    line = f"Line {first.line}: " if (first.line or 1) > 1 else ""
    reason = f": {first.why}" if first.why and len(first.why) <= 100 else ""
    more = f" ({rest} more)" if rest else ""
    return f"{line}{first.what.rstrip('.')}{reason.rstrip('.')}{more}."


def _not_identifier(key: str) -> str:
    if keyword.iskeyword(key):
        return f"{key} is a word of Python, which a state cannot be called by."
    if key[0].isdigit():
        return "A state's name begins with a letter or an underscore."
    return "A state's name is made of letters, digits and underscores, without blanks."
