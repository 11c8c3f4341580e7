"""Finding what an edit is about, and refusing what may not be changed."""

from __future__ import annotations

from designer.commands.errors import EditError
from designer.commands.wording import pack_text
from designer.document.elements import ElementId, Pack, State, Transition
from designer.document.model import Document

__all__ = ["editable_pack_for", "editable_state_for", "state_for", "transition_for"]


def editable_pack_for(document: Document, pack_id: ElementId) -> Pack:
    """The pack of that id; raises EditError when there is none or it is read only."""
    pack = document.find(pack_id)
    if not isinstance(pack, Pack):
        raise EditError("That pack is not there any more.")
    if not pack.editable:
        raise EditError(f"This belongs to {pack_text(pack)} and cannot be changed here.")
    return pack


def state_for(document: Document, state_id: ElementId) -> State:
    """The state of that id; raises EditError when it is gone."""
    state = document.find(state_id)
    if not isinstance(state, State):
        raise EditError("That state is not there any more.")
    return state


def editable_state_for(document: Document, state_id: ElementId) -> State:
    """The state of that id; raises EditError when it is gone or read only."""
    state = state_for(document, state_id)
    pack = document.pack_for(state.pack)
    if not pack.editable:
        raise EditError(f"{state.key} belongs to {pack_text(pack)} and cannot be changed here.")
    return state


def transition_for(document: Document, transition_id: ElementId) -> Transition:
    """The transition of that id, which is always of an editable pack; raises EditError."""
    transition = document.find(transition_id)
    if not isinstance(transition, Transition):
        raise EditError("That transition is not there any more.")
    return transition
