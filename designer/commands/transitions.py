"""Edits of transitions: add, retarget, change, reorder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from designer.commands.checks import check_duration, check_guard, check_message
from designer.commands.errors import EditError
from designer.commands.permissions import editable_state_for, state_for, transition_for
from designer.commands.session import EditSession
from designer.commands.states import new_state_changes
from designer.commands.wording import count_text, transition_text
from designer.document.elements import ElementId, Point, Transition, new_id
from designer.document.model import Change, Document
from flexiflow.pack_records import Action

__all__ = [
    "TransitionFields",
    "add_state_with_transition",
    "add_transition",
    "edit_transition",
    "edit_transitions",
    "move_transition",
    "place_among_siblings",
    "retarget",
]


class TransitionFields(TypedDict, total=False):
    """What can be edited of a transition; an absent field stays as it is.

    Setting ``message`` takes the delay away, and setting ``after`` (seconds) the message.
    ``target`` None makes it internal.
    """

    source: ElementId
    target: ElementId | None
    message: str | None
    after: float | None
    guard: str | None
    do: tuple[Action, ...]
    description: str | None
    color: str | None
    tags: tuple[str, ...]


_TEXTS = {
    "source": "Let {0} leave another state",
    "target": "Lead {0} elsewhere",
    "message": "Change message of {0}",
    "after": "Change delay of {0}",
    "guard": "Change guard of {0}",
    "do": "Change actions of {0}",
    "description": "Describe {0}",
    "color": "Colour {0}",
    "tags": "Tag {0}",
}


def add_transition(
    session: EditSession, source: ElementId, target: ElementId | None, message: str | None = None
) -> ElementId:
    """Adds a transition, last among those that leave its source.

    Args:
        session: the flow's session.
        source: the state it leaves.
        target: the state it leads to; None makes it internal.
        message: what triggers it; None for a free name such as ``next``.

    Raises:
        EditError: a state is gone, the source is read only, or the message may not be.
    """
    document = session.document
    if target is not None:
        state_for(document, target)

    transition, change = _new_transition(document, source, target, message)
    key = editable_state_for(document, source).key
    aim = "" if target is None else f" → {document.state_for(target).key}"
    text = f"Add transition {key}{aim}" if aim else f"Add internal transition in {key}"
    session.push(text, [change])
    return transition.id


def add_state_with_transition(
    session: EditSession, source: ElementId, point: Point
) -> tuple[ElementId, ElementId]:
    """Adds a state at ``point`` and a transition that leads there, as one step.

    Raises:
        EditError: the source is gone or read only.
    """
    document = session.document
    origin = editable_state_for(document, source)
    state, changes = new_state_changes(document, origin.pack, point)
    transition, change = _new_transition(document, source, state.id, None)
    session.push(f"Add state {state.key} after {origin.key}", [*changes, change])
    return state.id, transition.id


def edit_transition(
    session: EditSession,
    transition_id: ElementId,
    *,
    joins_last: bool = False,
    **fields: Unpack[TransitionFields],
) -> bool:
    """Changes fields of one transition, as one step; False when nothing becomes different.

    Args:
        session: the flow's session.
        transition_id: the transition.
        joins_last: makes it part of the step before, for a transition that was just drawn.
        **fields: the new values.

    Raises:
        EditError: a state is gone or read only, or a value may not be.
    """
    document = session.document
    transition = transition_for(document, transition_id)
    cleaned = _cleaned(document, fields)
    changes = [_edited(document, transition, cleaned)]
    if joins_last and session.can_join:
        stack = session.undo_stack
        return session.push(stack.undoText(), changes, joins=True)

    name = transition_text(document, transition)
    return session.push(_text(cleaned).format(name), changes)


def edit_transitions(
    session: EditSession,
    transition_ids: Collection[ElementId],
    **fields: Unpack[TransitionFields],
) -> bool:
    """Changes the same fields of several transitions, as one step.

    Raises:
        EditError: a state is gone or read only, or a value may not be.
    """
    document = session.document
    cleaned = _cleaned(document, fields)
    changes = [
        _edited(document, transition_for(document, transition_id), cleaned)
        for transition_id in transition_ids
    ]
    name = count_text(len(transition_ids), "transition")
    return session.push(_text(cleaned).format(name), changes)


def retarget(
    session: EditSession,
    transition_id: ElementId,
    *,
    source: ElementId | None = None,
    target: ElementId | None = None,
) -> bool:
    """Takes an end of a transition to another state; None leaves that end where it is.

    Raises:
        EditError: a state is gone, or the new source is read only.
    """
    fields = TransitionFields()
    if source is not None:
        fields["source"] = source
    if target is not None:
        fields["target"] = target
    return edit_transition(session, transition_id, **fields)


def place_among_siblings(document: Document, transition_id: ElementId) -> tuple[int, int]:
    """Which place (from 0) a transition has among those that leave its state, and of how many."""
    transition = document.transition_for(transition_id)
    siblings = [other.id for other in document.transitions if other.source == transition.source]
    return siblings.index(transition_id), len(siblings)


def move_transition(session: EditSession, transition_id: ElementId, index: int) -> bool:
    """Lets a transition be tried earlier or later.

    Args:
        session: the flow's session.
        transition_id: the transition.
        index: its new place, from 0, among the transitions that leave its state.

    Raises:
        EditError: the transition is gone, or there is no such place.
    """
    document = session.document
    transition = transition_for(document, transition_id)
    siblings = [other for other in document.transitions if other.source == transition.source]
    if not 0 <= index < len(siblings):
        raise EditError(f"Its place is between 1 and {len(siblings)}.")

    place = document.index_for(siblings[index])
    name = transition_text(document, transition)
    return session.push(f"Reorder {name}", [Change(transition, transition, place)])


def _new_transition(
    document: Document, source: ElementId, target: ElementId | None, message: str | None
) -> tuple[Transition, Change]:
    """A new transition and the change that brings it in; raises EditError."""
    origin = editable_state_for(document, source)
    if message is None:
        message = _free_message(document, source)
    problem = check_message(message)
    if problem:
        raise EditError(problem)

    transition = Transition(
        id=new_id("t"), pack=origin.pack, source=source, target=target, message=message
    )
    return transition, Change(None, transition, _end_of_siblings(document, source))


def _end_of_siblings(document: Document, source: ElementId) -> int:
    """The place right after the last transition that leaves a state; -1 when none does."""
    places = [n for n, other in enumerate(document.transitions) if other.source == source]
    return places[-1] + 1 if places else -1


def _free_message(document: Document, source: ElementId) -> str:
    taken = {other.message for other in document.transitions if other.source == source}
    number, message = 1, "next"
    while message in taken:
        number += 1
        message = f"next{number}"
    return message


def _edited(document: Document, transition: Transition, fields: dict[str, Any]) -> Change:
    """The change that gives a transition its new values; raises EditError."""
    edited = replace(transition, **fields)
    if edited.message is None and edited.after is None:
        raise EditError("A transition needs a message or a delay.")

    old, new = document.pack_for(transition.pack), document.pack_for(edited.pack)
    if old is not new and edited.guard is not None and edited.guard not in new.guards:
        edited = replace(edited, guard=old.guards.get(edited.guard, edited.guard))
    if fields.get("guard") is not None:
        problem = check_guard(document, edited.pack, fields["guard"])
        if problem:
            raise EditError(problem)
    return Change(transition, edited)


def _cleaned(document: Document, fields: TransitionFields) -> dict[str, Any]:
    """The fields as a file would say them, checked; raises EditError."""
    cleaned: dict[str, Any] = dict(fields)
    for name in ("description", "color", "guard"):
        if name in cleaned:
            cleaned[name] = (cleaned[name] or "").strip() or None

    if "source" in cleaned:
        cleaned["pack"] = editable_state_for(document, cleaned["source"]).pack
    if cleaned.get("target") is not None:
        state_for(document, cleaned["target"])

    message, after = cleaned.get("message"), cleaned.get("after")
    if message is not None and after is not None:
        raise EditError("A transition has a message or a delay, not both.")
    if message is not None:
        problem = check_message(message)
        if problem:
            raise EditError(problem)
        cleaned["after"] = None
    if after is not None:
        problem = check_duration(after)
        if problem:
            raise EditError(problem)
        cleaned["after"], cleaned["message"] = float(after), None
    return cleaned


def _text(fields: dict[str, Any]) -> str:
    """The step's name, with a gap for the transition's."""
    said = [name for name in _TEXTS if fields.get(name) is not None] or list(fields)
    return _TEXTS[said[0]] if len(said) == 1 else "Edit {0}"
