"""``flexiflow diagnose``: whether this installation is sound."""

from __future__ import annotations

import argparse
import importlib
import platform
import sys
from typing import Any

from flexiflow.cli_output import write_line
from flexiflow.json_text import to_json
from flexiflow.safe_text import safe_str
from flexiflow.version import __version__

__all__ = ["cmd_diagnose"]

_MODULES = ("component", "engine", "event_manager", "state_machine", "config_loader")
_EXTRAS = {"reload": "watchfiles", "api": "fastapi"}


def cmd_diagnose(args: argparse.Namespace) -> None:
    """Prints the checks.

    Raises:
        SystemExit: with 1, when a check failed.
    """
    checks = _checks()
    is_sound = all(check["ok"] for check in checks)
    if args.diag_json:
        write_line(to_json({"ok": is_sound, "checks": checks}, indent=2))
    else:
        write_line(f"FlexiFlow environment: {'OK' if is_sound else 'ISSUES FOUND'}")
        write_line("")
        for check in checks:
            mark = "OK" if check["ok"] else "FAIL"
            write_line(f"  [{mark}] {check['check']}: {check['value']}")

    if not is_sound:
        raise SystemExit(1)


def _checks() -> list[dict[str, Any]]:
    facts = {
        "python.version": sys.version.split()[0],
        "platform": platform.platform(),
        "package.version": __version__,
    }
    return [
        *(_check(name, value) for name, value in facts.items()),
        *(_module_check(name) for name in _MODULES),
        *(_extra_check(extra, module) for extra, module in _EXTRAS.items()),
    ]


def _check(name: str, value: str, *, ok: bool = True) -> dict[str, Any]:
    return {"check": name, "value": value, "ok": ok}


def _module_check(name: str) -> dict[str, Any]:
    try:
        importlib.import_module(f"flexiflow.{name}")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return _check(f"module.{name}", safe_str(error), ok=False)

    return _check(f"module.{name}", "ok")


def _extra_check(extra: str, module: str) -> dict[str, Any]:
    try:
        importlib.import_module(module)
    except Exception:  # noqa: BLE001 - what cannot be imported is as good as not there
        return _check(f"extra.{extra}", "not installed")

    return _check(f"extra.{extra}", "installed")
