"""Keeps a component in a JSON file, and makes one from it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flexiflow.errors import (
    ErrorContext,
    InvalidSnapshotError,
    PersistenceError,
    persistence_invalid_json,
    persistence_missing_field,
)
from flexiflow.extras.atomic_file import replace_text
from flexiflow.snapshot import (
    ComponentSnapshot,
    SnapshotFault,
    find_fault,
    snapshot_from_mapping,
    snapshot_to_text,
    take_snapshot,
)

if TYPE_CHECKING:
    from flexiflow.component import AsyncComponent
    from flexiflow.engine import FlexiFlowEngine
    from flexiflow.state_machine import StateRegistry

__all__ = ["ComponentSnapshot", "load_snapshot", "restore_component", "save_component"]


def save_component(
    component: AsyncComponent, path: str | Path, metadata: Mapping[str, Any] | None = None
) -> None:
    """Writes the component's name, state, rules and context, and ``metadata``, to a JSON file.

    The file is replaced as a whole: it holds the old snapshot or the new one at any moment, also
    when the process is killed. Missing folders are made. Subscriptions, the logger, the bus
    and attributes of the state object are not kept.

    Raises:
        PersistenceError: a value has no JSON form, or the file cannot be written.
    """
    snapshot = take_snapshot(component, metadata)
    try:
        text = snapshot_to_text(snapshot, indent=2)
    except (TypeError, ValueError, RecursionError) as error:
        raise _unserialisable(snapshot, path, error) from error

    try:
        replace_text(path, text)
    except (OSError, ValueError) as error:
        raise PersistenceError(
            f"Cannot write state file: {path}",
            why=f"The system refused: {error}.",
            fix="Check the folder's permissions and the free space, or save to another path.",
            context=ErrorContext({"path": str(path), "error": str(error)}),
        ) from error


def load_snapshot(path: str | Path) -> ComponentSnapshot:
    """Reads a snapshot from a JSON file. The name of its state is not checked here.

    Raises:
        FileNotFoundError: there is no such file.
        PersistenceError: the file cannot be read, or it is no snapshot (then an
            ``InvalidSnapshotError``, which is a ``ValueError`` as well).
    """
    data = _parse(_read(path), path)
    fault = find_fault(data)
    if fault is not None:
        raise _fault_error(fault, path)

    return snapshot_from_mapping(data)


def restore_component(
    snapshot: ComponentSnapshot,
    engine: FlexiFlowEngine,
    registry: StateRegistry | None = None,
) -> AsyncComponent:
    """Makes a component from a snapshot and registers it with the engine.

    The state is looked up by its key in ``registry`` (the default one if none is given), then by
    class name, as long as only one registered class has that name. No ``state.changed`` is
    published, the state's entry actions are not run again, and the snapshot's metadata stays with
    the snapshot.

    Raises:
        StateError: no state of that name is registered; then nothing is registered with the engine.
    """
    # Imported here: whoever only stores and reads snapshots needs no engine.
    from flexiflow.component import AsyncComponent
    from flexiflow.state_machine import DEFAULT_REGISTRY, StateMachine, create_stored

    if registry is None:
        registry = DEFAULT_REGISTRY

    state = create_stored(registry, snapshot.current_state)
    component = AsyncComponent(
        name=snapshot.name,
        rules=list(snapshot.rules),
        state_machine=StateMachine(state, registry),
        context=dict(snapshot.context),
    )
    component.mark_entered()
    engine.register(component)
    return component


def _unserialisable(
    snapshot: ComponentSnapshot, path: str | Path, error: Exception
) -> PersistenceError:
    return PersistenceError(
        f"Cannot save component '{snapshot.name}' as JSON",
        why=f"A value has no JSON form: {error}. The file was left as it is.",
        fix="Keep only text, numbers, booleans, null, lists and mappings in what is saved.",
        context=ErrorContext({"path": str(path), "error": str(error)}),
    )


def _read(path: str | Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError as error:
        raise FileNotFoundError(f"State file not found: {path}") from error
    except (OSError, ValueError) as error:
        raise PersistenceError(
            f"Cannot read state file: {path}",
            why=f"The system refused: {error}.",
            fix="Check that the path names a file and that you may read it.",
            context=ErrorContext({"path": str(path), "error": str(error)}),
        ) from error


def _parse(content: bytes, path: str | Path) -> Any:
    try:
        return json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise persistence_invalid_json(str(path), str(error)) from error


def _fault_error(fault: SnapshotFault, path: str | Path) -> InvalidSnapshotError:
    if fault.kind == "missing":
        return persistence_missing_field(str(path), fault.field)

    if fault.kind == "object":
        what = "State file must contain a JSON object"
    else:
        what = f"State file '{fault.field}' field has wrong type"

    return InvalidSnapshotError(
        what,
        why=f"Expected a JSON {fault.expected}, but got {fault.got}.",
        fix="Correct the file, or delete it and save the component again.",
        context=ErrorContext({"path": str(path), "got_type": fault.got}),
    )
