"""The part of ``explain`` that looks for state classes: the ``states`` mapping and dotted paths."""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec
from typing import Any

from flexiflow.errors import ImportError_
from flexiflow.explain_report import Report
from flexiflow.explanation import StateResolution
from flexiflow.imports import split_dotted_path
from flexiflow.pack_view import attempt
from flexiflow.safe_text import safe_str
from flexiflow.state_machine import State

__all__ = ["explain_states", "find_module", "resolve_state", "try_import_symbol"]

_NOT_TEXT = "Both key and value must be strings"
_NO_COLON = "Missing ':' separator (use 'module:ClassName' format)"
_EMPTY_PART = "Invalid format: empty module or symbol"


def explain_states(report: Report, states: object) -> dict[str, type[State]]:
    """Resolves the ``states`` mapping into the report.

    Returns:
        The usable entries: key -> class. A class that was not looked at is ``State`` itself.
    """
    if states is None:
        return {}

    if not isinstance(states, dict):
        fix = "Write the states as a mapping, for example: StateName: 'module:ClassName'"
        report.wrong_type("states", "a mapping", states, fix)
        return {}

    usable = {}
    for key, dotted in states.items():
        resolution, symbol = _resolve_entry(key, dotted, imports=report.imports)
        report.result.states.append(resolution)
        report.state_entries.append((key, dotted))
        if resolution.error is None:
            usable[resolution.key] = symbol

    return usable


def _resolve_entry(key: object, dotted: object, *, imports: bool) -> tuple[StateResolution, Any]:
    if not isinstance(key, str) or not isinstance(dotted, str):
        is_there, failure = attempt(bool, dotted)
        text = safe_str(dotted) if is_there or failure else None
        return StateResolution(safe_str(key), text, False, False, _NOT_TEXT), None

    return resolve_state(key, dotted, imports=imports)


def resolve_state(key: str, dotted: str, *, imports: bool) -> tuple[StateResolution, Any]:
    """What becomes of one dotted path, and what it leads to: ``State`` if nothing is imported."""
    if ":" not in dotted:
        return _failed(key, dotted, _NO_COLON), None

    if not imports:
        error = find_module(dotted)
        if error is not None:
            return _failed(key, dotted, error), None

        return StateResolution(key, dotted, True, False).unverified(), State

    symbol, error = try_import_symbol(dotted)
    if error is not None:
        return _failed(key, dotted, error), None

    if not (isinstance(symbol, type) and issubclass(symbol, State)):
        error = f"Not a State subclass (got {type(symbol).__name__})"
        return StateResolution(key, dotted, True, False, error), symbol

    return StateResolution(key, dotted, True, True), symbol


def _failed(key: str, dotted: str, error: str) -> StateResolution:
    return StateResolution(key, dotted, False, False, error)


def try_import_symbol(dotted: str) -> tuple[Any, str | None]:
    """The object at a dotted path, or the reason why there is none."""
    if ":" not in dotted:
        return None, "Invalid format: missing ':' separator"

    try:
        module_name, symbol = split_dotted_path(dotted)
    except ImportError_:
        return None, _EMPTY_PART

    module, failure = attempt(importlib.import_module, module_name)
    if failure is not None:
        return None, f"Module not found: {module_name}"

    found, failure = attempt(getattr, module, symbol)
    if failure is not None:
        return None, f"Symbol '{symbol}' not found in '{module_name}'"

    return found, None


def find_module(dotted: str) -> str | None:
    """Why the module of a dotted path cannot be found, if so; imports nothing."""
    try:
        module_name, _ = split_dotted_path(dotted)
    except ImportError_:
        return _EMPTY_PART

    found, failure = attempt(_has_module, module_name)
    return None if found and failure is None else f"Module not found: {module_name}"


def _has_module(name: str) -> bool:
    if name in sys.modules:
        return True

    top, *rest = name.split(".")
    # ``find_spec`` of a whole dotted name would import the packages on the way.
    spec = find_spec(top)
    for number in range(len(rest)):
        if spec is None or spec.submodule_search_locations is None:
            return False

        below = ".".join((top, *rest[: number + 1]))
        spec = PathFinder.find_spec(below, spec.submodule_search_locations)

    return spec is not None
