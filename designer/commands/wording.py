"""How elements are called in the undo list and in refusals."""

from __future__ import annotations

from collections.abc import Collection

from designer.document.elements import ElementId, Pack, PackOrigin, State, Transition
from designer.document.model import Document
from flexiflow.pack_records import duration_text

__all__ = ["count_text", "element_text", "elements_text", "pack_text", "transition_text"]


def transition_text(document: Document, transition: Transition) -> str:
    """``Cart → Checkout``, or ``add_item in Cart`` for an internal one."""
    source = document.state_for(transition.source).key
    if transition.target is None:
        return f"{trigger_text(transition)} in {source}"
    return f"{source} → {document.state_for(transition.target).key}"


def trigger_text(transition: Transition) -> str:
    """The message's name, or ``after 15m``."""
    if transition.after is not None:
        return f"after {duration_text(transition.after)}"
    return transition.message or ""


def pack_text(pack: Pack) -> str:
    """What a pack is to a person who may not change it."""
    match pack.origin:
        case PackOrigin.BUILTIN:
            return "the engine's own states"
        case PackOrigin.ELSEWHERE:
            return "states that are not declared here"
        case PackOrigin.PYTHON:
            return f"Python ({pack.path})" if pack.path else "Python"
        case _:
            return pack.name


def element_text(document: Document, element_id: ElementId) -> str:
    """What one element is called; its id when the document does not hold it."""
    match document.find(element_id):
        case State() as state:
            return state.key
        case Transition() as transition:
            return transition_text(document, transition)
        case Pack() as pack:
            return f"pack {pack.name}"
        case _:
            return element_id


def elements_text(document: Document, ids: Collection[ElementId]) -> str:
    """The one element's name, else how many of which kind: ``2 states and 3 transitions``."""
    if len(ids) == 1:
        return element_text(document, next(iter(ids)))

    kinds = [type(document.find(element_id)) for element_id in ids]
    counts = [
        count_text(kinds.count(kind), word)
        for kind, word in ((Pack, "pack"), (State, "state"), (Transition, "transition"))
        if kind in kinds
    ]
    return " and ".join(counts)


def count_text(number: int, word: str) -> str:
    """``1 state``, ``2 states``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
