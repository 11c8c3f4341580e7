"""Edits of states: add, rename, describe, move, start with."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from designer.commands.checks import check_key
from designer.commands.errors import EditError
from designer.commands.permissions import editable_pack_for, editable_state_for, state_for
from designer.commands.session import EditSession
from designer.commands.wording import count_text
from designer.document.elements import (
    ElementId,
    FlowKind,
    Pack,
    PackOrigin,
    Point,
    Position,
    State,
    new_id,
)
from designer.document.model import Change, Document
from flexiflow.pack_records import Action

__all__ = [
    "StateFields",
    "add_state",
    "edit_state",
    "edit_states",
    "free_key",
    "move_states",
    "new_state_changes",
    "pack_for_new_state",
    "rename_state",
    "set_initial",
]


class StateFields(TypedDict, total=False):
    """What can be edited of a state; an absent field stays as it is."""

    key: str
    description: str | None
    final: bool
    entry: tuple[Action, ...]
    exit: tuple[Action, ...]
    color: str | None
    tags: tuple[str, ...]


#: How far from the origin a state may be drawn, in px; farther, drawing loses its pixels.
_FARTHEST = 1e7

_TEXTS = {
    "description": "Describe {0}",
    "final": "Change whether {0} is final",
    "entry": "Change entry actions of {0}",
    "exit": "Change exit actions of {0}",
    "color": "Colour {0}",
    "tags": "Tag {0}",
}


def add_state(
    session: EditSession, pack_id: ElementId | None, point: Point, key: str | None = None
) -> ElementId:
    """Adds a state centred at ``point``; the first state of a flow becomes its initial one.

    Args:
        session: the flow's session.
        pack_id: the pack that gets it; None for what :func:`pack_for_new_state` says without a
            selection, or a new inline pack where a config has none to edit.
        point: its centre, in px.
        key: its name; None for a free one such as ``State3``.

    Raises:
        EditError: the name may not be, or the pack is read only.
    """
    document = session.document
    before: list[Change] = []
    if pack_id is None:
        pack = _first_editable(document)
        if pack is None:
            pack = _new_pack(document)
            before.append(Change(None, pack))
    else:
        pack = editable_pack_for(document, pack_id)

    state, changes = new_state_changes(document, pack.id, point, key)
    session.push(f"Add state {state.key}", [*before, *changes])
    return state.id


def new_state_changes(
    document: Document, pack_id: ElementId, point: Point, key: str | None = None
) -> tuple[State, list[Change]]:
    """A new state and the changes that bring it in; raises EditError."""
    if key is None:
        key = free_key(document)
    problem = check_key(document, key)
    if problem:
        raise EditError(problem)

    state = State(id=new_id("s"), pack=pack_id, key=key)
    changes = [Change(None, state), Change(None, _position(state.id, point))]
    changes += _take_over(document, state)
    flow = document.flow
    alone = not any(document.pack_for(other.pack).editable for other in document.states)
    if flow.initial is None and alone:
        changes.append(Change(flow, replace(flow, initial=state.id)))
    return state, changes


def pack_for_new_state(
    document: Document, selected: Collection[ElementId] = ()
) -> ElementId | None:
    """The pack a new state goes to: that of the selection, else the first editable one."""
    for element_id in selected:
        element = document.find(element_id)
        pack_id = element.id if isinstance(element, Pack) else getattr(element, "pack", None)
        if pack_id is not None and document.pack_for(pack_id).editable:
            return ElementId(pack_id)

    pack = _first_editable(document)
    return pack.id if pack else None


def free_key(document: Document, stem: str = "State") -> str:
    """The first name of ``State1``, ``State2``, ... that no state bears."""
    taken = {state.key for state in document.states}
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def edit_state(session: EditSession, state_id: ElementId, **fields: Unpack[StateFields]) -> bool:
    """Changes fields of one state, as one step; False when nothing becomes different.

    Raises:
        EditError: the state is read only, or its new name may not be.
    """
    return edit_states(session, (state_id,), **fields)


def edit_states(
    session: EditSession, state_ids: Collection[ElementId], **fields: Unpack[StateFields]
) -> bool:
    """Changes the same fields of several states, as one step; ``key`` needs a single one.

    Raises:
        EditError: a state is read only, or the new name may not be.
    """
    document = session.document
    states = [editable_state_for(document, state_id) for state_id in state_ids]
    if "key" in fields:
        return _edit_with_key(session, states, fields)

    cleaned = _cleaned(fields)
    name = states[0].key if len(states) == 1 else count_text(len(states), "state")
    text = _TEXTS.get(next(iter(cleaned), ""), "Edit {0}") if len(cleaned) == 1 else "Edit {0}"
    if len(cleaned) == 1 and "final" in cleaned:
        text = "Make {0} final" if cleaned["final"] else "Make {0} not final"
    changes = [Change(state, replace(state, **cleaned)) for state in states]
    return session.push(text.format(name), changes)


def rename_state(
    session: EditSession, state_id: ElementId, key: str, *, joins_last: bool = False
) -> bool:
    """Renames a state everywhere it is named.

    A state that was named by transitions without being declared is thereby declared.

    Args:
        session: the flow's session.
        state_id: the state.
        key: its new name.
        joins_last: makes it part of the step before, for a state that was just drawn.

    Raises:
        EditError: the name is no identifier or taken, or the state is read only.
    """
    document = session.document
    state = editable_state_for(document, state_id)
    problem = check_key(document, key, state_id)
    if problem:
        raise EditError(problem)

    joins_last = joins_last and session.can_join
    renamed = replace(state, key=key)
    text = f"Add state {key}" if joins_last else f"Rename {state.key} to {key}"
    changes = [Change(state, renamed), *_take_over(document, renamed)]
    return session.push(text, changes, joins=joins_last)


def move_states(
    session: EditSession, points: Mapping[ElementId, Point], text: str | None = None
) -> bool:
    """Draws states elsewhere, as one step.

    Args:
        session: the flow's session.
        points: the new centre of each state, in px.
        text: the step's name; None for ``Move Cart`` or ``Move 3 states``.

    Raises:
        EditError: a state is gone, or a place is no place.
    """
    document = session.document
    changes = []
    for state_id, point in points.items():
        state_for(document, state_id)
        old, new = document.find_position(state_id), _position(state_id, point)
        if old != new:
            changes.append(Change(old, new))

    if text is None:
        moved = [document.state_for(change.element.id).key for change in changes]
        text = "Move " + (moved[0] if len(moved) == 1 else count_text(len(moved), "state"))
    return session.push(text, changes)


def set_initial(session: EditSession, state_id: ElementId) -> bool:
    """Makes the flow start in a state; a pack by itself starts in its first, so it becomes that.

    Raises:
        EditError: the state is gone, or belongs to no pack of a pack that is open by itself.
    """
    document = session.document
    state, flow = state_for(document, state_id), document.flow
    changes = []
    if flow.kind is FlowKind.PACK:
        editable_state_for(document, state_id)
        changes.append(Change(state, state, 0))
    changes.append(Change(flow, replace(flow, initial=state_id)))
    return session.push(f"Start in {state.key}", changes)


def _edit_with_key(session: EditSession, states: list[State], fields: StateFields) -> bool:
    """Renames, and changes the rest in the same step."""
    if len(states) != 1:
        raise EditError("States are renamed one at a time.")

    document, state = session.document, states[0]
    cleaned = _cleaned(fields)
    if len(cleaned) == 1:
        return rename_state(session, state.id, cleaned["key"])

    problem = check_key(document, cleaned["key"], state.id)
    if problem:
        raise EditError(problem)

    edited = replace(state, **cleaned)
    return session.push(f"Edit {state.key}", [Change(state, edited), *_take_over(document, edited)])


def _cleaned(fields: StateFields) -> dict[str, Any]:
    """The fields as a file would say them: an empty text says nothing."""
    cleaned: dict[str, Any] = dict(fields)
    for name in ("description", "color"):
        if name in cleaned:
            cleaned[name] = (cleaned[name] or "").strip() or None
    return cleaned


def _take_over(document: Document, state: State) -> Iterator[Change]:
    """Lets a declared state step in for one of the same name that was only named so far."""
    named = next(
        (
            other
            for other in document.states
            if other.key == state.key
            and other.id != state.id
            and document.pack_for(other.pack).origin is PackOrigin.ELSEWHERE
        ),
        None,
    )
    if named is None:
        return

    for transition in document.iter_transitions_of(named.id):
        yield Change(transition, replace(transition, target=state.id))
    if document.flow.initial == named.id:
        yield Change(document.flow, replace(document.flow, initial=state.id))

    position = document.find_position(named.id)
    if position is not None:
        yield Change(position, None)
    yield Change(named, None)


def _position(state_id: ElementId, point: Point) -> Position:
    """A place with tenths of a px, which is what files keep."""
    x, y = point
    if not (math.isfinite(x) and math.isfinite(y)) or max(abs(x), abs(y)) > _FARTHEST:
        raise EditError("A state needs a place on the canvas.")
    return Position(state_id, round(float(x), 1) + 0.0, round(float(y), 1) + 0.0)


def _first_editable(document: Document) -> Pack | None:
    return next((pack for pack in document.packs if pack.editable), None)


def _new_pack(document: Document) -> Pack:
    """A pack for the states of a config that has none; raises EditError where none may be."""
    for pack in document.packs:
        if pack.origin is PackOrigin.PYTHON and not pack.path:
            raise EditError(
                "This config names its states in Python (`states:`), so it holds none of its own."
            )
    return Pack(id=new_id("p"), name=document.flow.name, origin=PackOrigin.INLINE)
