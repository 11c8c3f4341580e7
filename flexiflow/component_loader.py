"""From a config, or a pack by itself, to a component that is ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from flexiflow.clock import Clock
from flexiflow.component import AsyncComponent
from flexiflow.config_checks import BUILTIN_KEYS, check_reading
from flexiflow.config_reading import ConfigReading
from flexiflow.declarative import compile_pack
from flexiflow.problem_report import ProblemReport
from flexiflow.state_machine import DEFAULT_REGISTRY, StateMachine, StateRegistry
from flexiflow.yaml_source import begin_report, paused_garbage_collector, read_text

__all__ = ["load_component"]


def load_component(
    path_or_mapping: str | Path | Mapping[str, Any],
    *,
    registry: StateRegistry | None = None,
    trust: bool = True,
    base_dir: str | Path | None = None,
    clock: Clock | None = None,
) -> AsyncComponent:
    """A component built from a config, with a registry of its own that leaves no trace elsewhere.

    A pack by itself becomes a component of the pack's name that starts in its first state.

    Args:
        path_or_mapping: a YAML file, or the data of one.
        registry: the registry below the component's own; the default one if there is none.
        trust: whether dotted paths may import Python code, and thereby run it.
        base_dir: where relative paths of pack files begin; the config's own folder by default.
        clock: what the component's timers run on; by default the engine's clock, or real time.

    Raises:
        ConfigError: the config or its packs say something that they may not; all problems at
            once. Without trust also for each dotted path.
        ImportError_: a dotted path leads nowhere, and nothing else is wrong.
    """
    with paused_garbage_collector():
        data, report = _read(path_or_mapping)
        if base_dir is None:
            base_dir = Path(report.path).parent if report.path is not None else Path()

        reading = ConfigReading(report, Path(base_dir), trust=trust)
        if "pack" in data and "name" not in data:
            reading.read_pack_alone(data)
        else:
            reading.read_config(data)

        parent = DEFAULT_REGISTRY if registry is None else registry
        check_reading(reading, parent, set() if registry is None else set(registry.names()))
        component = _component(reading, StateRegistry(parent=parent))
        if clock is not None:
            component.clock = clock

        return component


def _read(source: str | Path | Mapping[str, Any]) -> tuple[dict[Any, Any], ProblemReport]:
    """The data of a config, and the report for its problems."""
    if isinstance(source, Mapping):
        return dict(source), ProblemReport()

    found, report = begin_report(read_text(source), source, data_tags=True)
    data = {} if found is None else found
    if not isinstance(data, dict):
        report.add(
            (),
            "A config has to be a mapping",
            why="A config names a component and its packs.",
            fix="Begin it with 'name: my_component', or a pack with 'pack: my_pack'.",
        )
        report.raise_if_any()

    return data, report


def _component(reading: ConfigReading, registry: StateRegistry) -> AsyncComponent:
    """The component of a config in which nothing is wrong."""
    context: dict[str, Any] = {}
    for part in reading.parts:
        states = part.states
        if part.file is not None:
            context |= part.file.context
            states = compile_pack(part.file)

        for key, state_class in states.items():
            registry.register(key, state_class)

    _register_named(reading, registry)
    assert reading.initial is not None  # noqa: S101 - else the check has raised
    return AsyncComponent(
        reading.name,
        list(reading.rules),
        StateMachine.from_name(reading.initial, registry),
        context=deepcopy(context | reading.context),
    )


def _register_named(reading: ConfigReading, registry: StateRegistry) -> None:
    """The states of the mapping under their keys, and under their class names where free.

    Events and snapshots use the keys, unless the config itself goes by class names.
    """
    for key, state_class in reading.states.items():
        registry.register(key, state_class)

    taken = {*BUILTIN_KEYS, *reading.states}
    by_key = reading.initial in taken or any(reading.initial in part.keys for part in reading.parts)
    register = registry.register_alias if by_key else registry.register
    classes = [*reading.states.values()]
    if reading.initial_class is not None:
        classes.append(reading.initial_class)

    for state_class in classes:
        if state_class.__name__ not in taken:
            taken.add(state_class.__name__)
            register(state_class.__name__, state_class)
