"""The commands ``explain`` and ``visualize``: looking at a flow without running it."""

from __future__ import annotations

import argparse
from typing import Any

from flexiflow.cli_output import write_line, write_note
from flexiflow.explain import explain
from flexiflow.explanation import ConfigExplanation, PackInfo
from flexiflow.json_text import to_json
from flexiflow.visualize import visualize

__all__ = ["cmd_explain", "cmd_visualize", "explanation_data"]


def cmd_explain(args: argparse.Namespace) -> None:
    """Prints what a config says.

    Raises:
        SystemExit: with 1, when the config will not load.
    """
    found = explain(args.file, imports=not args.no_imports)
    if args.json:
        write_line(to_json(explanation_data(found), indent=2))
    else:
        write_line(found.format(places=True))

    if not found.is_valid:
        raise SystemExit(1)


def cmd_visualize(args: argparse.Namespace) -> None:
    """Prints a diagram, and the errors of the config to standard error.

    Raises:
        SystemExit: with 1, when the config will not load.
    """
    found = explain(args.file, imports=not args.no_imports)
    write_line(visualize(found, format=args.format))
    for error in found.errors:
        parts = {"At": error.place(), "Why": error.why, "Fix": error.fix}
        said = [f"{label}: {text}" for label, text in parts.items() if text]
        write_note("\n".join([f"Error: {error.what}", *said]))

    if not found.is_valid:
        raise SystemExit(1)


def explanation_data(found: ConfigExplanation) -> dict[str, Any]:
    """An explanation as plain data."""
    return {
        "config_path": found.config_path,
        "is_valid": found.is_valid,
        "name": found.name,
        "initial_state": found.initial_state,
        "rules_count": found.rules_count,
        "states": [state.as_data() for state in found.states],
        "builtin_states": found.builtin_states,
        "packs": [_pack_data(pack) for pack in found.packs],
        "state_providers": found.state_providers,
        "pack_order": found.pack_order,
        "initial_state_resolution": found.initial_state_resolution,
        "warnings": [warning.as_data() for warning in found.warnings],
        "errors": [error.as_data() for error in found.errors],
    }


def _pack_data(pack: PackInfo) -> dict[str, Any]:
    transitions = [
        {
            "from": spec.from_state,
            "message": spec.on_message,
            "to": spec.to_state,
            "guard": getattr(spec, "guard", None),
            "description": getattr(spec, "description", None),
        }
        for spec in pack.transitions
    ]
    return {
        "name": pack.name,
        "provided_keys": pack.provided_keys,
        "transitions": transitions,
        "depends_on": pack.depends_on,
    }
