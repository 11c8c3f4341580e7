"""What is kept of a component: the record, its JSON form, and what may be wrong with one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flexiflow.component import AsyncComponent

__all__ = [
    "ComponentSnapshot",
    "SnapshotFault",
    "find_fault",
    "snapshot_from_mapping",
    "snapshot_to_mapping",
    "snapshot_to_text",
    "take_snapshot",
]


@dataclass(frozen=True)
class ComponentSnapshot:
    """A component at one moment.

    Attributes:
        name: the component's name.
        current_state: its state, by the name that events carry as well.
        rules: its rules.
        metadata: whatever the caller wants to keep beside it.
        context: the component's data.
    """

    name: str
    current_state: str
    rules: list[Any]
    metadata: dict[str, Any]
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SnapshotFault:
    """The first thing that keeps data from being a snapshot.

    Attributes:
        kind: ``object`` (the data is no mapping), ``missing`` (a required field says nothing) or
            ``type`` (a field is of another type).
        field: the field at fault; empty for ``object``.
        expected: the JSON type that belongs there.
        got: the name of the Python type found.
    """

    kind: str
    field: str
    expected: str
    got: str


_REQUIRED = ("name", "current_state")
_OPTIONAL: tuple[tuple[str, type, str], ...] = (
    ("rules", list, "array"),
    ("metadata", dict, "object"),
)


def find_fault(data: object) -> SnapshotFault | None:
    """The first fault of parsed JSON data, in the order in which the fields are written."""
    if not isinstance(data, dict):
        return SnapshotFault("object", "", "object", type(data).__name__)

    for name in _REQUIRED:
        value = data.get(name)
        if not isinstance(value, str) or not value:
            return SnapshotFault("missing", name, "string", type(value).__name__)

    for name, kind, expected in _OPTIONAL:
        if name in data and not isinstance(data[name], kind):
            return SnapshotFault("type", name, expected, type(data[name]).__name__)

    return None


def snapshot_from_mapping(data: Mapping[str, Any]) -> ComponentSnapshot:
    """The snapshot that faultless data describes; unknown keys are ignored.

    So is a ``context`` that is no object: to who wrote it, the key meant something else.
    """
    context = data.get("context")
    return ComponentSnapshot(
        name=data["name"],
        current_state=data["current_state"],
        rules=data.get("rules", []),
        metadata=data.get("metadata", {}),
        context=context if isinstance(context, dict) else {},
    )


def snapshot_to_mapping(snapshot: ComponentSnapshot) -> dict[str, Any]:
    """The JSON object of a snapshot; an empty context is left out, as older readers know none."""
    data = {
        "name": snapshot.name,
        "current_state": snapshot.current_state,
        "rules": snapshot.rules,
        "metadata": snapshot.metadata,
    }
    if snapshot.context:
        data["context"] = snapshot.context

    return data


def snapshot_to_text(snapshot: ComponentSnapshot, *, indent: int | None = None) -> str:
    """The JSON text of a snapshot, ASCII only.

    Raises:
        TypeError: a value has no JSON form.
        ValueError: a value contains itself.
        RecursionError: values are nested too deeply.
    """
    return json.dumps(snapshot_to_mapping(snapshot), indent=indent)


def take_snapshot(
    component: AsyncComponent, metadata: Mapping[str, Any] | None = None
) -> ComponentSnapshot:
    """The component as it is now; rules, context and metadata are copied one level deep.

    A component of another make may call anything ``context``; only a mapping is taken for data.
    """
    # Imported here: whoever only stores and reads snapshots needs no engine.
    from flexiflow.state_machine import label_in

    machine = component.state_machine
    context = getattr(component, "context", None)
    return ComponentSnapshot(
        name=component.name,
        current_state=label_in(getattr(machine, "registry", None), machine.current_state),
        rules=list(component.rules),
        metadata=dict(metadata or {}),
        context=dict(context) if isinstance(context, Mapping) else {},
    )
