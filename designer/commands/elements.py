"""Edits of any elements: delete, and the fields that all kinds have."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from designer.commands.errors import EditError
from designer.commands.permissions import editable_state_for
from designer.commands.session import EditSession
from designer.commands.wording import elements_text, pack_text
from designer.document.elements import ElementId, FlowKind, PackOrigin, State, Transition
from designer.document.model import Change, Document

__all__ = ["CommonFields", "delete", "edit"]


class CommonFields(TypedDict, total=False):
    """What states and transitions have in common; an absent field stays as it is."""

    description: str | None
    color: str | None
    tags: tuple[str, ...]


def edit(session: EditSession, ids: Collection[ElementId], **fields: Unpack[CommonFields]) -> bool:
    """Changes common fields of states and transitions, as one step.

    Raises:
        EditError: an element is gone or read only.
    """
    document = session.document
    cleaned: dict[str, Any] = dict(fields)
    for name in ("description", "color"):
        if name in cleaned:
            cleaned[name] = (cleaned[name] or "").strip() or None

    changes = []
    for element_id in ids:
        match document.find(element_id):
            case State(id=state_id):
                state = editable_state_for(document, state_id)
                changes.append(Change(state, replace(state, **cleaned)))
            case Transition() as transition:
                changes.append(Change(transition, replace(transition, **cleaned)))
            case _:
                raise EditError("That is neither a state nor a transition.")

    return session.push(f"Edit {elements_text(document, ids)}", changes)


def delete(session: EditSession, ids: Collection[ElementId]) -> bool:
    """Deletes states, transitions and packs, as one step; ids that are gone are passed over.

    A state takes its transitions along, a pack its states. Another initial state is not chosen:
    a config is left without one, a pack by itself starts in what is then its first state.

    Raises:
        EditError: a state is Python's, or the pack is all there is.
    """
    document = session.document
    ids = [element_id for element_id in dict.fromkeys(ids) if document.find(element_id)]
    packs = {pack.id for pack in document.packs if pack.id in ids}
    if packs and document.flow.kind is FlowKind.PACK:
        raise EditError("The pack is what is open; it cannot be deleted from itself.")

    chosen = set(ids)
    states = {state.id for state in document.states if chosen & {state.id, state.pack}}
    for state_id in states:
        _check_deletable(document, document.state_for(state_id), packs)

    text = f"Delete {elements_text(document, ids)}" if ids else "Delete nothing"
    return session.push(text, _removals(document, chosen, states))


def _check_deletable(document: Document, state: State, packs: set[ElementId]) -> None:
    pack = document.pack_for(state.pack)
    if pack.origin is PackOrigin.PYTHON and pack.id not in packs:
        raise EditError(f"{state.key} belongs to {pack_text(pack)} and cannot be deleted here.")


def _removals(
    document: Document, chosen: set[ElementId], states: set[ElementId]
) -> Iterator[Change]:
    """Everything that goes, from the last to the first, so that places found stay true.

    The initial state comes first and thus, taken back, last: when its state is there again.
    """
    if document.flow.initial in states:
        yield _initial_without(document, states)

    transitions = list(enumerate(document.transitions))
    for place, transition in reversed(transitions):
        if transition.id in chosen or states & {transition.source, transition.target}:
            yield Change(transition, None, place)

    for place, position in reversed(list(enumerate(document.content.positions))):
        if position.id in states:
            yield Change(position, None, place)

    for place, state in reversed(list(enumerate(document.states))):
        if state.id in states:
            yield Change(state, None, place)

    for place, pack in reversed(list(enumerate(document.packs))):
        if pack.id in chosen:
            yield Change(pack, None, place)


def _initial_without(document: Document, gone: set[ElementId]) -> Change:
    flow = document.flow
    initial = None
    if flow.kind is FlowKind.PACK:
        left = (state for state in document.states if state.id not in gone)
        own = (state.id for state in left if document.pack_for(state.pack).editable)
        initial = next(own, None)
    return Change(flow, replace(flow, initial=initial))
