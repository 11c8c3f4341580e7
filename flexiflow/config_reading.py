"""Reading a config, or a pack by itself: every field, every pack, and all that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flexiflow.analysis import iter_actions
from flexiflow.config_source import policy_problem
from flexiflow.errors import FlexiFlowError, PackError
from flexiflow.pack_fields import mapping_field, text_field
from flexiflow.pack_loader import is_pack_file, load_pack, name_of, provided_states
from flexiflow.pack_records import CallAction, PackFile
from flexiflow.packfile import read_layout, read_pack_data
from flexiflow.problem_report import ProblemReport
from flexiflow.state_machine import State
from flexiflow.state_names import load_state_class
from flexiflow.yaml_places import Way
from flexiflow.yaml_source import begin_report, read_text

__all__ = ["ConfigReading", "Part"]


@dataclass(slots=True)
class Part:
    """One pack of the config.

    Attributes:
        way: where the config names it.
        keys: the state keys it provides.
        report: the problems of the file it is written in.
        file: the pack as written, of a YAML pack.
        pack: the pack, of a Python pack.
        states: its classes.
    """

    way: Way
    name: str
    keys: tuple[str, ...]
    report: ProblemReport
    file: PackFile | None = None
    pack: Any = None
    states: dict[str, type[State]] = field(default_factory=dict)


class ConfigReading:
    """What a config says, as far as it is right.

    Args:
        report: where the problems of the config go.
        folder: where relative paths of pack files begin.
        trust: whether dotted paths may import Python code.

    Attributes:
        reports: the problems of the config, and of each pack file.
        failures: dotted paths that led nowhere, by where they stand.
        is_complete: whether all states are known.
        parts: the packs.
        states: the classes of the ``states`` mapping.
        initial: the name of the initial state; None while it is not known.
        initial_class: the class of a dotted initial state.
    """

    def __init__(self, report: ProblemReport, folder: Path, *, trust: bool) -> None:
        self.report = report
        self.folder = folder
        self.trust = trust
        self.reports = [report]
        self.failures: list[tuple[Way, FlexiFlowError]] = []
        self.is_complete = True
        self.parts: list[Part] = []
        self.states: dict[str, type[State]] = {}
        self.name = ""
        self.rules: list[Any] = []
        self.context: dict[str, Any] = {}
        self.initial: str | None = "InitialState"
        self.initial_class: type[State] | None = None

    def read_pack_alone(self, data: dict[Any, Any]) -> None:
        """A pack that runs as a component of its name, from its first state."""
        pack = read_pack_data(data, self.report)
        self._add_pack_file((), pack, self.report)
        self.name = pack.name
        self.initial = pack.states[0].key if pack.states else None
        if self.initial is None and not self.report.findings:
            self.report.add(
                ("states",),
                "The pack has no states",
                why="A pack that runs by itself starts in its first state.",
                fix="Add a state: states: {First: }",
            )

    def read_config(self, data: dict[Any, Any]) -> None:
        """Every field of a config."""
        example = "name: my_component"
        name = text_field(data, "name", (), self.report, owner="A config", example=example)
        self.name = name or ""
        self.rules = self._list(data, "rules")
        self.context = mapping_field(data, "context", (), self.report)
        read_layout(data, self.report)
        self._read_states(data)
        self._read_packs(data)
        self._read_policy(data)

        self._read_initial_state(data)

    def _read_policy(self, data: dict[Any, Any]) -> None:
        policy = data.get("initial_state_resolution")
        if policy is not None and not isinstance(policy, list):
            self.report.add_type(
                ("initial_state_resolution",), "initial_state_resolution", "a list", policy
            )
            return

        problem = policy_problem(policy)
        if problem is not None:
            what, why, fix = problem
            self.report.add(("initial_state_resolution",), what, why=why, fix=fix)

    def _list(self, data: dict[Any, Any], name: str) -> list[Any]:
        value = data.get(name)
        if value is None:
            return []

        if isinstance(value, list):
            return value

        self.report.add_type((name,), name, "a list", value)
        return []

    def _read_states(self, data: dict[Any, Any]) -> None:
        states = data.get("states")
        if states is None:
            return

        if data.get("packs") is not None:
            self.report.add(
                ("states",),
                "Cannot specify both 'states' and 'packs'",
                why="They are mutually exclusive: each says where states come from.",
                fix="Keep one of them.",
                key=True,
            )

        if not isinstance(states, dict):
            self.report.add_type(("states",), "states", "a mapping", states)
            return

        for key, dotted in states.items():
            self._read_state(key, dotted)

    def _read_state(self, key: Any, dotted: Any) -> None:
        way = ("states", key)
        if not isinstance(key, str):
            self.report.add_key_type(("states",), key, "'states'")
        elif not isinstance(dotted, str):
            self.report.add_type(way, key, "text", dotted)
        elif ":" not in dotted:
            self.report.add(
                way,
                f"Invalid dotted path in states['{key}']: {dotted!r}",
                why="A dotted path needs the module:ClassName format.",
                fix=f"Write it like {key}: 'mypackage.module:ClassName'.",
            )
        elif self._is_trusted(way, dotted):
            state_class = self._state_class(way, dotted)
            if state_class is not None:
                self.states[key] = state_class

    def _read_packs(self, data: dict[Any, Any]) -> None:
        seen: set[str | None] = {None}
        for index, item in enumerate(self._list(data, "packs")):
            name = name_of(item, self.folder)
            if name is None or name not in seen:
                self._read_pack(("packs", index), item)

            seen.add(name)

    def _read_pack(self, way: Way, item: Any) -> None:
        if isinstance(item, Mapping) and "pack" in item:
            report = self.report.below(*way)
            self._add_pack_file(way, read_pack_data(dict(item), report), report)
        elif is_pack_file(item):
            self._read_pack_file(way, item)
        elif not isinstance(item, str) or self._is_trusted(way, item):
            self._read_python_pack(way, item)

    def _read_pack_file(self, way: Way, item: str) -> None:
        path = self.folder / item
        try:
            data, report = begin_report(read_text(path), path)
        except PackError as error:
            self.is_complete = False
            if isinstance(error.__cause__, FileNotFoundError):
                self.report.add(
                    way,
                    f"Pack file not found: {item}",
                    why=f"There is no {path}.",
                    fix="Correct the path; it is relative to the config's folder.",
                )
            else:
                self.reports.append(ProblemReport(None, str(path), known=list(error.problems)))

            return

        self.reports.append(report)
        self._add_pack_file(way, read_pack_data(data, report), report)

    def _add_pack_file(self, way: Way, pack: PackFile, report: ProblemReport) -> None:
        keys = tuple(state.key for state in pack.states)
        self.parts.append(Part(way, pack.name, keys, report, file=pack))
        if self.trust:
            return

        for place, action in iter_actions(pack):
            if isinstance(action, CallAction):
                _add_untrusted(report, (*place, "call"), action.target)

    def _read_python_pack(self, way: Way, item: Any) -> None:
        try:
            pack = load_pack(item, self.folder)
            states = provided_states(pack)
        except FlexiFlowError as error:
            self._fail(way, error)
            return

        if not any(pack is part.pack for part in self.parts):
            name = str(pack.name)
            self.parts.append(Part(way, name, tuple(states), self.report, pack=pack, states=states))

    def _read_initial_state(self, data: dict[Any, Any]) -> None:
        initial = data.get("initial_state", "InitialState")
        way = ("initial_state",)
        if not isinstance(initial, str):
            self.report.add_type(way, "initial_state", "text", initial)
            self.initial = None
        elif ":" not in initial:
            self.initial = initial
        elif self._is_trusted(way, initial):
            self.initial_class = self._state_class(way, initial)
            self.initial = None if self.initial_class is None else self.initial_class.__name__

    def _is_trusted(self, way: Way, dotted: str) -> bool:
        if not self.trust:
            self.is_complete = False
            _add_untrusted(self.report, way, dotted)

        return self.trust

    def _state_class(self, way: Way, dotted: str) -> type[State] | None:
        try:
            return load_state_class(dotted)
        except FlexiFlowError as error:
            self._fail(way, error)
            return None

    def _fail(self, way: Way, error: FlexiFlowError) -> None:
        self.is_complete = False
        self.failures.append((way, error))


def _add_untrusted(report: ProblemReport, way: Way, dotted: str) -> None:
    report.add(
        way,
        f"Refused: '{dotted}' is Python code",
        why="The file is not trusted, and importing a module runs its code.",
        fix="Look at the file; load it with trust=True once you trust who wrote it.",
    )
