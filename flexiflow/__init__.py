"""FlexiFlow: asynchronous components with state machines, an event bus and YAML flows.

The parts that most programs need are importable from here; each stands in a module of its own.
"""

from __future__ import annotations

from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component as load_component
from flexiflow.config_loader import ComponentConfig, ConfigLoader
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import (
    ConfigError,
    FlexiFlowError,
    ImportError_,
    PersistenceError,
    StateError,
)
from flexiflow.explain import ConfigExplanation, Diagnostic, explain
from flexiflow.pack_loader import collect_provided_keys as collect_provided_keys
from flexiflow.pack_loader import load_packs as load_packs
from flexiflow.state_machine import DEFAULT_REGISTRY, State, StateMachine, StateRegistry
from flexiflow.statepack import MappingPack as MappingPack
from flexiflow.statepack import StatePack, StateSpec, TransitionSpec
from flexiflow.version import __version__ as __version__
from flexiflow.visualize import visualize

__all__ = [  # noqa: RUF022 - what matters most comes first
    "FlexiFlowEngine",
    "AsyncComponent",
    "StateMachine",
    "State",
    "ConfigLoader",
    "ComponentConfig",
    "StatePack",
    "StateSpec",
    "TransitionSpec",
    "StateRegistry",
    "DEFAULT_REGISTRY",
    "FlexiFlowError",
    "ConfigError",
    "StateError",
    "PersistenceError",
    "ImportError_",
    "explain",
    "ConfigExplanation",
    "Diagnostic",
    "visualize",
]
