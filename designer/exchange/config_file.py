"""A component config as a checked record, read without importing anything it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from designer.document.elements import Point
from flexiflow.config_source import policy_problem
from flexiflow.errors import ImportError_
from flexiflow.imports import split_dotted_path
from flexiflow.pack_fields import mapping_field, text_field
from flexiflow.pack_loader import is_pack_file, name_of
from flexiflow.pack_records import PackFile, to_data
from flexiflow.packfile import read_layout, read_pack_data
from flexiflow.problem_report import ProblemReport

__all__ = [
    "CONFIG_KEYS",
    "ConfigFile",
    "config_to_data",
    "pack_to_data",
    "read_config_data",
]

CONFIG_KEYS = (
    "name",
    "initial_state",
    "initial_state_resolution",
    "rules",
    "context",
    "packs",
    "states",
    "layout",
)


_ANYWHERE = Path()


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A config, as written.

    Attributes:
        initial: the initial state's key or ``module:Class``; None when not written.
        resolution: empty when not written.
        packs: a pack file's path, a Python pack's dotted path, or a pack written inside.
        states: the ``states:`` mapping: key -> ``module:Class``.
        layout: state key -> (x, y), the centre of the drawn state in px.
        extra: the ``x-`` keys, and keys the format does not know.
    """

    name: str
    initial: str | None = None
    resolution: tuple[str, ...] = ()
    rules: tuple[Any, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    packs: tuple[str | PackFile, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    layout: Mapping[str, Point] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


def read_config_data(data: dict[Any, Any], report: ProblemReport) -> ConfigFile:
    """The config that plain data stands for, as far as it is right; problems go to the report."""
    if data.get("states") is not None and data.get("packs") is not None:
        report.add(
            ("states",),
            "A config has 'states' or 'packs', not both",
            why="They are two ways to say the same.",
            fix="Keep one of them.",
            key=True,
        )

    return ConfigFile(
        name=text_field(data, "name", (), report, owner="A config", example="name: worker") or "",
        initial=_initial(data, report),
        resolution=_resolution(data, report),
        rules=_rules(data, report),
        context=mapping_field(data, "context", (), report),
        packs=_packs(data, report),
        states=_states(data, report),
        layout=read_layout(data, report),
        extra=_extra(data, report),
    )


def config_to_data(config: ConfigFile) -> dict[str, Any]:
    """The YAML data a config is read from; what says nothing is left out."""
    packs = [entry if isinstance(entry, str) else pack_to_data(entry) for entry in config.packs]
    optional = {
        "initial_state": config.initial,
        "initial_state_resolution": list(config.resolution),
        "rules": list(config.rules),
        "context": dict(config.context),
        "packs": packs,
        "states": dict(config.states),
    }
    said = {key: value for key, value in optional.items() if value}
    layout = {"layout": _layout_data(config.layout)} if config.layout else {}
    return {"name": config.name} | said | dict(config.extra) | layout


def pack_to_data(pack: PackFile) -> dict[str, Any]:
    """The YAML data of a pack, its places in whole numbers where they are."""
    data = to_data(pack)
    return data | ({"layout": _layout_data(pack.layout)} if pack.layout else {})


def _layout_data(layout: Mapping[str, Point]) -> dict[str, list[float]]:
    return {key: [int(n) if n.is_integer() else n for n in place] for key, place in layout.items()}


def _initial(data: dict[Any, Any], report: ProblemReport) -> str | None:
    if "initial_state" not in data:
        return None

    initial = data["initial_state"]
    if type(initial) is not str or not initial:
        report.add_type(("initial_state",), "initial_state", "text", initial)
        return None

    if ":" in initial:
        _check_dotted(initial, ("initial_state",), report)
    return initial


def _resolution(data: dict[Any, Any], report: ProblemReport) -> tuple[str, ...]:
    written = data.get("initial_state_resolution")
    if written is None:
        return ()

    way = ("initial_state_resolution",)
    if not isinstance(written, list):
        report.add_type(way, way[0], "a list", written)
        return ()

    problem = policy_problem(written)
    if problem is not None:
        what, why, fix = problem
        report.add(way, what, why=why, fix=fix)
        return ()
    return tuple(written)


def _rules(data: dict[Any, Any], report: ProblemReport) -> tuple[Any, ...]:
    rules = data.get("rules")
    if rules is None:
        return ()

    if not isinstance(rules, list):
        report.add_type(("rules",), "rules", "a list", rules)
        return ()

    return tuple(rules)


def _packs(data: dict[Any, Any], report: ProblemReport) -> tuple[str | PackFile, ...]:
    entries = data.get("packs")
    if entries is None:
        return ()

    if not isinstance(entries, list):
        report.add_type(("packs",), "packs", "a list", entries)
        return ()

    packs: list[str | PackFile] = []
    seen: set[str | None] = set()
    for index, entry in enumerate(entries):
        way = ("packs", index)
        if isinstance(entry, dict) and "pack" in entry:
            packs.append(read_pack_data(entry, report.below(*way)))
        elif type(entry) is not str:
            report.add_type(way, "pack", "a file, a dotted path, or a mapping with 'pack'", entry)
        elif name_of(entry, _ANYWHERE) not in seen:  # the engine, too, takes a pack once
            seen.add(name_of(entry, _ANYWHERE))
            packs.append(entry)
            if not is_pack_file(entry):
                _check_dotted(entry, way, report)

    return tuple(packs)


def _states(data: dict[Any, Any], report: ProblemReport) -> dict[str, str]:
    entries = data.get("states")
    if entries is None:
        return {}

    if not isinstance(entries, dict):
        report.add_type(("states",), "states", "a mapping", entries)
        return {}

    for key, path in entries.items():
        if type(key) is not str:
            report.add_key_type(("states",), key, "'states'")
        elif type(path) is not str:
            report.add_type(("states", key), key, "text", path)
        else:
            _check_dotted(path, ("states", key), report)

    return entries


def _extra(data: dict[Any, Any], report: ProblemReport) -> dict[str, Any]:
    """What the format does not know; kept, and ignored by the engine."""
    for key in data:
        if type(key) is not str:
            report.add_key_type((), key, "a config")

    return {key: value for key, value in data.items() if key not in CONFIG_KEYS}


def _check_dotted(path: str, way: tuple[Any, ...], report: ProblemReport) -> None:
    try:
        split_dotted_path(path)
    except ImportError_ as error:
        report.add(way, error.what, why=error.why or "", fix=error.fix or "")
