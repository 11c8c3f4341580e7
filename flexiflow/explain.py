"""Looks at a config without running it: what it says, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flexiflow.errors import PackError
from flexiflow.explain_fields import explain_fields
from flexiflow.explain_report import Report
from flexiflow.explain_states import try_import_symbol as _try_import_symbol
from flexiflow.explanation import (
    VALID_RESOLUTION_SOURCES,
    ConfigExplanation,
    Diagnostic,
    PackInfo,
    StateResolution,
)
from flexiflow.pack_view import attempt
from flexiflow.safe_text import safe_str
from flexiflow.yaml_source import INVALID_SYNTAX, read_text, scan_yaml

__all__ = [
    "VALID_RESOLUTION_SOURCES",
    "ConfigExplanation",
    "Diagnostic",
    "PackInfo",
    "StateResolution",
    "_try_import_symbol",
    "explain",
]


def explain(
    config: Mapping[str, Any] | str | Path,
    *,
    imports: bool = True,
    base_dir: str | Path | None = None,
) -> ConfigExplanation:
    """What a config says, and everything that keeps it from loading or may be meant otherwise.

    Nothing is raised for anything that a config may say, and nothing is registered anywhere. But
    finding out whether a dotted path leads to a state or a pack means to import its module, which
    runs the module's code, and to make the pack. With ``imports=False`` none of that happens:
    dotted paths are only checked for their form and for whether their module can be found.

    Args:
        config: a config's data, or the path of a YAML file: a config, or a pack by itself.
        imports: whether modules may be imported.
        base_dir: the folder that pack files named in ``config`` are relative to; the folder of the
            file by default, the current one for data.
    """
    if isinstance(config, Mapping):
        report = Report("(dict)", base_dir=_folder(base_dir), imports=imports)
        _explain_data(report, config)
        return report.finished()

    report = Report(safe_str(config), imports=imports)
    text = _read(report, config)
    if text is not None:
        report.text = text
        report.folder = _folder(base_dir) or Path(config).parent
        data = _parse(report, text)
        if data is not None:
            _explain_data(report, data)

    return report.finished()


def _explain_data(report: Report, data: Mapping[Any, Any]) -> None:
    config, failure = attempt(dict, data)
    if failure is None:
        _, failure = attempt(explain_fields, report, config)

    if failure is not None:
        report.error(
            "Config cannot be looked at",
            why=f"Its data raised {type(failure).__name__}.",
            fix="Give plain data: texts, numbers, lists and mappings.",
        )


def _folder(base_dir: str | Path | None) -> Path | None:
    return None if base_dir is None else Path(base_dir)


def _read(report: Report, path: object) -> str | None:
    if not isinstance(path, str | Path):
        report.error(
            f"Config file not found: {report.result.config_path}",
            why=f"Got {type(path).__name__} instead of a mapping or a path.",
            fix="Give a mapping, or a path, and check that the file exists.",
        )
        return None

    try:
        return read_text(path)
    except PackError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            fix = "Check that the path is right and that the file exists."
            report.error(f"Config file not found: {path}", fix=fix)
        else:
            _note_problems(report, error)

        return None


def _parse(report: Report, text: str) -> dict[Any, Any] | None:
    """The mapping of the file's text; None when there is none to go on with."""
    try:
        parsed = scan_yaml(text, report.result.config_path, data_tags=True)
    except PackError as error:
        _note_problems(report, error)
        return None

    for problem in parsed.problems:
        report.problem(problem)

    data = parsed.data or {}
    if not isinstance(data, dict):
        report.error(
            "Config must be a YAML mapping",
            why=f"Got {type(data).__name__} instead of mapping.",
            fix="Write the config as lines of the form key: value",
            got_type=type(data).__name__,
        )
        return None

    return data


def _note_problems(report: Report, error: PackError) -> None:
    """Notes what keeps a file from being read or parsed, with the path as the one fact."""
    for problem in error.problems:
        why, fix = problem.why, problem.fix or ""
        if problem.what == INVALID_SYNTAX:
            fix = f"Check the YAML syntax. {fix}".strip()
            if problem.line is not None:
                why = f"{why} It stands in line {problem.line}, column {problem.column}."

        report.error(problem.what, why=why, fix=fix)
        found = report.result.errors[-1]
        found.line, found.column = problem.line, problem.column
