"""Edits of the flow as a whole and of its packs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from designer.commands.checks import check_name
from designer.commands.errors import EditError
from designer.commands.permissions import editable_pack_for
from designer.commands.session import EditSession
from designer.commands.wording import transition_text
from designer.document.elements import ElementId, FlowKind, Pack, PackOrigin, new_id
from designer.document.guards import guard_fault
from designer.document.model import Change, Document

__all__ = ["FlowFields", "PackFields", "add_pack", "edit_flow", "edit_pack"]


class FlowFields(TypedDict, total=False):
    """What can be edited of a flow; an absent field stays as it is."""

    name: str
    context: Mapping[str, Any]
    resolution: tuple[str, ...]


class PackFields(TypedDict, total=False):
    """What can be edited of a pack; an absent field stays as it is."""

    name: str
    description: str | None
    guards: Mapping[str, str]
    context: Mapping[str, Any]
    color: str | None
    tags: tuple[str, ...]


_FLOW_TEXTS = {
    "name": "Rename the flow",
    "context": "Change the starting context",
    "resolution": "Change where the initial state is looked for",
}

_PACK_TEXTS = {
    "name": "Rename pack {0}",
    "description": "Describe pack {0}",
    "guards": "Change guards of {0}",
    "context": "Change starting context of {0}",
    "color": "Colour pack {0}",
    "tags": "Tag pack {0}",
}


def edit_flow(session: EditSession, **fields: Unpack[FlowFields]) -> bool:
    """Changes fields of the flow, as one step; a pack by itself takes name and context for its own.

    Raises:
        EditError: a value may not be.
    """
    document = session.document
    flow = document.flow
    if "name" in fields:
        fields["name"] = _checked_name(fields["name"])
    if tuple(fields.get("resolution", ())) not in ((), ("packs", "builtin"), ("builtin", "packs")):
        raise EditError("The initial state is looked for in packs and builtin, in either order.")

    if flow.kind is FlowKind.PACK:
        return _edit_lone_pack(session, fields)

    text = _FLOW_TEXTS[next(iter(fields))] if len(fields) == 1 else "Edit the flow"
    return session.push(text, [Change(flow, replace(flow, **fields))])


def edit_pack(session: EditSession, pack_id: ElementId, **fields: Unpack[PackFields]) -> bool:
    """Changes fields of a pack, as one step; False when nothing becomes different.

    Raises:
        EditError: the pack is read only, or a value may not be.
    """
    document = session.document
    pack, flow = editable_pack_for(document, pack_id), document.flow
    cleaned: dict[str, Any] = dict(fields)
    if "name" in cleaned:
        cleaned["name"] = _checked_name(cleaned["name"])
    for name in ("description", "color"):
        if name in cleaned:
            cleaned[name] = (cleaned[name] or "").strip() or None

    if "guards" in cleaned:
        _check_guards(document, pack, cleaned["guards"])

    edited = replace(pack, **cleaned)
    changes = [Change(pack, edited)]
    if flow.kind is FlowKind.PACK and edited.name != flow.name:
        changes.append(Change(flow, replace(flow, name=edited.name)))

    text = _PACK_TEXTS[next(iter(cleaned))] if len(cleaned) == 1 else "Edit pack {0}"
    return session.push(text.format(pack.name), changes)


def add_pack(session: EditSession, name: str) -> ElementId:
    """Adds an empty pack that is written inside the config.

    Raises:
        EditError: the flow is no config, names its states in Python, or the name may not be.
    """
    document = session.document
    if document.flow.kind is FlowKind.PACK:
        raise EditError("A pack holds no further packs; a component config does.")
    if any(pack.origin is PackOrigin.PYTHON and not pack.path for pack in document.packs):
        raise EditError("This config names its states in Python (`states:`), so it has no packs.")

    pack = Pack(id=new_id("p"), name=_checked_name(name), origin=PackOrigin.INLINE)
    session.push(f"Add pack {pack.name}", [Change(None, pack)])
    return pack.id


def _edit_lone_pack(session: EditSession, fields: FlowFields) -> bool:
    """The flow of a pack is that pack; its file has no place for a resolution."""
    if fields.get("resolution"):
        raise EditError("A pack by itself starts in its first state.")

    pack = _lone_pack(session.document)
    pack_fields = PackFields()
    if "name" in fields:
        pack_fields["name"] = fields["name"]
    if "context" in fields:
        pack_fields["context"] = fields["context"]
    return edit_pack(session, pack.id, **pack_fields) if pack_fields else False


def _check_guards(document: Document, pack: Pack, guards: Mapping[str, str]) -> None:
    """Raises EditError unless all named guards can be used, and all that are in use are there."""
    for name, text in guards.items():
        fault = guard_fault({}, text)
        if not name or fault:
            raise EditError(f"{name}: {fault}" if name else "A guard needs a name.")

    gone = pack.guards.keys() - guards.keys()
    for transition in document.transitions:
        guard = transition.guard
        if transition.pack == pack.id and guard in gone and guard_fault(guards, str(guard)):
            name = transition_text(document, transition)
            raise EditError(f"The guard {guard} is in use by {name}.")


def _lone_pack(document: Document) -> Pack:
    return next(pack for pack in document.packs if pack.editable)


def _checked_name(name: str) -> str:
    problem = check_name(name)
    if problem:
        raise EditError(problem)
    return name.strip()
