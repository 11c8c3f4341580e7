"""Component configs: the original's loader, and the one step from a config to a component."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flexiflow.component_loader import load_component
from flexiflow.config_checks import BUILTIN_KEYS, check_targets, check_transitions
from flexiflow.config_source import ConfigSource, policy_problem
from flexiflow.declarative import DeclarativePack
from flexiflow.errors import (
    ConfigError,
    ErrorContext,
    FlexiFlowError,
    PackError,
    config_missing_field,
    config_wrong_type,
)
from flexiflow.pack_fields import mapping_field
from flexiflow.pack_loader import (
    is_pack_file,
    load_pack,
    load_provided,
    name_of,
    states_and_packs,
)
from flexiflow.pack_records import PackFile
from flexiflow.packfile import read_pack_data
from flexiflow.problem_report import ProblemReport, quote_hint
from flexiflow.safe_text import safe_repr
from flexiflow.state_machine import DEFAULT_REGISTRY, State, StateRegistry
from flexiflow.state_names import load_state_class, register_states
from flexiflow.yaml_source import begin_report, read_text

__all__ = ["ComponentConfig", "ConfigLoader", "load_component"]


@dataclass(frozen=True)
class ComponentConfig:
    """What a config says of a component.

    Attributes:
        name: the component's name.
        rules: its rules, free in form.
        initial_state: the registered name of the state that it starts in.
    """

    name: str
    rules: list[Any]
    initial_state: str = "InitialState"

    @property
    def context(self) -> dict[str, Any]:
        """The component's starting data, of the config and its packs; no field of the record."""
        context: dict[str, Any] = self.__dict__.setdefault("_context", {})
        return context


class ConfigLoader:
    """Reads configs and rules from YAML files; a place for functions, never instantiated."""

    @staticmethod
    def load_yaml(path: str | Path) -> dict[Any, Any]:
        """The mapping that a YAML file holds; an empty or otherwise falsy document is an empty one.

        Raises:
            FileNotFoundError: there is no such file.
            ConfigError: the file cannot be read, is no YAML, or holds something else.
        """
        return ConfigSource.read(path).data

    @staticmethod
    def load_component_config(
        path: str | Path, registry: StateRegistry | None = None
    ) -> ComponentConfig:
        """Reads a config, and registers the states that it names.

        Everything is resolved and checked before the first state is registered.

        Args:
            path: the config.
            registry: where states are registered; the default registry if there is none.

        Raises:
            FileNotFoundError: there is no such file.
            ConfigError: the config or one of its packs says something that it may not.
            ImportError_: a dotted path leads nowhere, or to no state.
        """
        return _Reading(ConfigSource.read(path)).config(
            DEFAULT_REGISTRY if registry is None else registry
        )

    @staticmethod
    def load_rules(path: str | Path) -> list[Any]:
        """The ``rules`` of a YAML file; such a file needs nothing else.

        Raises:
            FileNotFoundError: there is no such file.
            ConfigError: the file cannot be read, or its rules are no list.
        """
        return _Reading(ConfigSource.read(path)).rules()

    @staticmethod
    def _register_dotted_state(dotted_path: str, config_path: str | Path | None = None) -> str:
        """Loads, checks and registers a state class; returns its name."""
        try:
            state_class = load_state_class(dotted_path)
        except FlexiFlowError as error:
            if config_path is not None:
                error.add_facts(config_path=str(config_path))

            raise

        name = state_class.__name__
        register_states(DEFAULT_REGISTRY, {name: state_class})
        return name


class _Reading:
    """Reads one config, field by field, up to the first error."""

    def __init__(self, source: ConfigSource) -> None:
        self.source = source
        self.data = source.data
        self.files: list[tuple[PackFile, ProblemReport]] = []

    def config(self, registry: StateRegistry) -> ComponentConfig:
        """The config, with all its states registered."""
        name = self.name()
        rules = self.rules()
        states = self.states()
        provided = self.packs()
        self.policy()
        initial, dotted = self.initial_state()
        self.transitions({*provided, *dotted, *BUILTIN_KEYS, *registry.names()})
        context = self.context()

        register_states(registry, states, class_names=True)
        register_states(registry, provided)
        register_states(registry, dotted)
        config = ComponentConfig(name, rules, initial)
        config.context.update(context)
        return config

    def name(self) -> str:
        """The component's name."""
        name = self.data.get("name")
        if isinstance(name, str) and name:
            return name

        if name is None or name == "":
            raise self.source.located(config_missing_field("name", self.source.path), "name")

        raise self.wrong_type("name", "string", name)

    def rules(self) -> list[Any]:
        """The rules, unchecked."""
        rules = self.data.get("rules")
        if rules is None:
            return []

        if isinstance(rules, list):
            return rules

        raise self.wrong_type("rules", "list", rules)

    def states(self) -> dict[str, type[State]]:
        """The ``states`` mapping, resolved."""
        states = self.data.get("states")
        if states is not None and self.data.get("packs") is not None:
            raise self.both()

        if states is None:
            return {}

        if not isinstance(states, dict):
            raise self.wrong_type("states", "mapping", states)

        return {key: self.state_entry(key, value) for key, value in states.items()}

    def both(self) -> ConfigError:
        """The error for ``states`` together with ``packs``."""
        error = states_and_packs().add_facts(config_path=self.source.path)
        return self.source.located(error, "states", key=True)

    def state_entry(self, key: Any, value: Any) -> type[State]:
        """The class of one entry of ``states``."""
        facts = ErrorContext({"config_path": self.source.path, "key": key, "value": value})
        if not (isinstance(key, str) and isinstance(value, str)):
            error = ConfigError(
                f"Invalid states entry: {safe_repr(key)}: {safe_repr(value)}",
                why="Both the name of a state and its dotted path must be strings.",
                fix="Write each entry like StateName: 'mypackage.module:ClassName'.",
                context=facts,
            ).add_advice(quote_hint(value if isinstance(key, str) else key))
            raise self.source.located(error, "states", key, key=not isinstance(key, str))

        if ":" not in value:
            error = ConfigError(
                f"Invalid dotted path in states['{key}']: {value!r}",
                why="A dotted path needs the module:ClassName format.",
                fix=f"Write it like {key}: 'mypackage.module:ClassName'.",
                context=facts,
            )
            raise self.source.located(error, "states", key)

        with self.source.blamed("states", key):
            return load_state_class(value)

    def packs(self) -> dict[str, type[State]]:
        """The states of all packs."""
        packs = self.data.get("packs")
        if packs is None:
            return {}

        if not isinstance(packs, list):
            raise self.wrong_type("packs", "list", packs)

        loaded: list[Any] = []
        seen: set[str | None] = {None}
        for index, item in enumerate(packs):
            name = name_of(item, self.source.folder)
            if name is None or name not in seen:
                with self.source.blamed("packs", index):
                    loaded.append(self.pack(index, item))

            seen.add(name)

        with self.source.blamed("packs"):
            provided = load_provided(loaded, BUILTIN_KEYS, self.source.folder)

        return {key: cls for _, states in provided for key, cls in states.items()}

    def pack(self, index: int, item: Any) -> Any:
        """One entry of ``packs``; the problems of one written inline have places in this file."""
        if isinstance(item, dict) and "pack" in item:
            report = ProblemReport(self.source.text, self.source.path, ("packs", index))
            return self.yaml_pack(item, report)

        if not is_pack_file(item):
            return load_pack(item, self.source.folder)

        path = str(self.source.folder / item)
        return self.yaml_pack(*begin_report(read_text(path), path))

    def yaml_pack(self, data: Any, report: ProblemReport) -> DeclarativePack:
        """A YAML pack, which is remembered for what shows when all packs are known."""
        file = read_pack_data(data, report)
        report.raise_if_any()
        self.files.append((file, report))
        return DeclarativePack(file)

    def transitions(self, keys: set[str]) -> None:
        """Checks where the transitions of the YAML packs begin and end."""
        check_transitions(self.files)
        check_targets(self.files, keys)
        problems = [problem for _, report in self.files for problem in report.problems()]
        if problems:
            with self.source.blamed("packs"):
                raise PackError(problems)

    def context(self) -> dict[str, Any]:
        """The starting data: the defaults of the packs, and what the config sets."""
        report = ProblemReport(self.source.text, self.source.path)
        own = mapping_field(self.data, "context", (), report)
        with self.source.blamed("context"):
            report.raise_if_any()

        defaults: dict[str, Any] = {}
        for file, _ in self.files:
            defaults |= file.context

        return deepcopy(defaults | own)

    def policy(self) -> None:
        """Checks the policy, which decides nothing: packs may not hide builtin states."""
        policy = self.data.get("initial_state_resolution")
        if policy is not None and not isinstance(policy, list):
            raise self.wrong_type("initial_state_resolution", "list", policy)

        problem = policy_problem(policy)
        if problem is not None:
            what, why, fix = problem
            facts = {"config_path": self.source.path, "policy": policy}
            error = ConfigError(what, why=why, fix=fix, context=ErrorContext(facts))
            raise self.source.located(error, "initial_state_resolution", tells=True)

    def initial_state(self) -> tuple[str, dict[str, type[State]]]:
        """The name of the initial state, and the class to register for a dotted one."""
        initial = self.data.get("initial_state", "InitialState")
        if not isinstance(initial, str):
            raise self.wrong_type("initial_state", "string", initial)

        if ":" not in initial:
            return initial, {}

        with self.source.blamed("initial_state"):
            state_class = load_state_class(initial)

        return state_class.__name__, {state_class.__name__: state_class}

    def wrong_type(self, name: str, expected: str, value: Any) -> ConfigError:
        """The error for a field of another type."""
        error = config_wrong_type(name, expected, type(value).__name__, self.source.path)
        if expected == "string":
            error.add_advice(quote_hint(value))

        return self.source.located(error, name)
