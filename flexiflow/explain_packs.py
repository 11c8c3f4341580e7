"""The part of ``explain`` that loads packs and looks at what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flexiflow.analysis import called_functions, lint, missing_targets
from flexiflow.config_checks import unknown_target
from flexiflow.declarative import DeclarativePack
from flexiflow.errors import (
    ConfigError,
    FlexiFlowError,
    ImportError_,
    PackError,
    import_module_not_found,
)
from flexiflow.explain_report import Report
from flexiflow.explain_states import find_module, try_import_symbol
from flexiflow.explanation import Diagnostic, PackInfo, StateResolution
from flexiflow.imports import split_dotted_path
from flexiflow.pack_loader import (
    collisions,
    is_pack_file,
    load_pack,
    load_packs,
    name_of,
)
from flexiflow.pack_records import PackFile
from flexiflow.pack_view import PackView, attempt, state_class_error, view_pack
from flexiflow.packfile import read_pack_data
from flexiflow.problem_report import ProblemReport, did_you_mean
from flexiflow.safe_text import safe_str
from flexiflow.state_machine import BUILTIN_STATES, State
from flexiflow.statepack import MappingPack
from flexiflow.yaml_source import read_text, scan_yaml

__all__ = ["explain_lone_pack", "explain_packs", "is_lone_pack", "lint_packs"]

_BUILTIN_NAMES = frozenset(state.__name__ for state in BUILTIN_STATES)


def explain_packs(
    report: Report, config: dict[Any, Any], usable_states: Mapping[str, type[State]]
) -> None:
    """Loads what ``packs`` names, or wraps the usable entries of ``states`` as one pack."""
    states, packs = config.get("states"), config.get("packs")
    if states is not None and packs is not None:
        try:
            load_packs(states={}, packs=[])
        except ConfigError as error:
            report.pack_error(error, at="packs")

    if isinstance(states, dict) and states:
        if usable_states:
            _record(report, view_pack(MappingPack(usable_states)))
    elif packs is not None:
        _explain_list(report, packs)


def _explain_list(report: Report, packs: object) -> None:
    if not isinstance(packs, list):
        report.error(
            "Field 'packs' must be a list",
            why=f"Got {type(packs).__name__}.",
            fix="Write it as a list, for example: ['module:PackClass']",
            at="packs",
        )
        return

    errors_before = len(report.result.errors)
    views = list(_load_all(report, packs))
    keys = [(view.name, view.specs) for view in views]
    for collision in collisions(keys, _BUILTIN_NAMES):
        report.pack_error(collision, at="packs")

    if len(report.result.errors) == errors_before:
        for view in views:
            _record(report, view)
            _resolve_states(report, view)

        _check_needs(report, views)


def is_lone_pack(config: Mapping[Any, Any]) -> bool:
    """Whether the data is a pack by itself, which runs as a component of the pack's name."""
    return "pack" in config and "name" not in config


def explain_lone_pack(report: Report, data: dict[Any, Any]) -> None:
    """Looks at a pack that is no part of a config: it starts in its first state."""
    problems = ProblemReport(report.text, report.file_path)
    file = read_pack_data(data, problems)
    for problem in problems.problems():
        report.problem(problem)

    if not file.states:
        report.error(
            "The pack has no states",
            why="A pack that runs by itself starts in its first state.",
            fix="Add a state: states: {First: }",
            at="states",
        )

    for collision in collisions(
        [(file.name, [state.key for state in file.states])], _BUILTIN_NAMES
    ):
        report.pack_error(collision, at="states")

    report.pack_files = [(file, None, ())]
    report.pack_keys.extend(state.key for state in file.states)
    if report.result.is_valid:
        pack = DeclarativePack(file)
        view = view_pack(pack)
        report.result.name = pack.name
        report.result.initial_state = pack.first
        _record(report, view)
        _resolve_states(report, view)

    lint_packs(report)


def lint_packs(report: Report) -> None:
    """Notes what the YAML packs say that is not right, or runs, but hardly as it was meant."""
    _check_targets(report)
    files = [file for file, _, _ in report.pack_files]
    start = report.result.initial_state
    is_known = any(state.key == start for file in files for state in file.states)
    # Whoever has states in Python knows more about what they lead to than can be seen here.
    is_whole = len(files) == len(report.result.packs) and not report.has_unseen_packs
    for finding in lint(files, start if is_known and is_whole else None):
        _, path, prefix = report.pack_files[finding.pack]
        note = report.error_at if finding.is_error else report.warn_at
        note((finding.what, finding.why, finding.fix), path, (*prefix, *finding.way))

    _check_calls(report)


def _load_all(report: Report, packs: list[Any]) -> Iterator[PackView]:
    """What each pack says; one that is there already is left out with a warning."""
    names: set[str] = set()
    loaded: list[Any] = []
    for index, item in enumerate(packs):
        name = name_of(item, report.folder)
        view = None
        is_known = name in names
        if not is_known:
            view = _loaded(report, item, index)
            is_known = view is not None and any(view.pack is pack for pack in loaded)

        if is_known:
            _warn_of_repetition(report, item, index)
        elif view is not None:
            loaded.append(view.pack)
            if isinstance(view.pack, DeclarativePack):
                _keep_file(report, view.pack.file, item, index)
            else:
                report.pack_keys.extend(view.specs)

            yield view

        if name is not None:
            names.add(name)


def _keep_file(report: Report, file: PackFile, item: Any, index: int) -> None:
    """Remembers a YAML pack, and where it is written, for what is to be said about it later."""
    report.pack_keys.extend(state.key for state in file.states)
    if is_pack_file(item):
        report.pack_files.append((file, str(report.folder / item), ()))
    else:
        report.pack_files.append((file, None, ("packs", index)))


def _keep_broken_file(report: Report, item: Any, index: int) -> None:
    """Remembers what is right in a YAML pack file with problems, which are noted already."""
    try:
        data = scan_yaml(read_text(report.folder / item)).data
    except PackError:
        report.has_failures = True
    else:
        _keep_file(report, read_pack_data(data, ProblemReport()), item, index)


def _warn_of_repetition(report: Report, item: Any, index: int) -> None:
    name = item if isinstance(item, str) else item.name
    report.warn(
        f"Pack '{name}' is listed more than once",
        why="It is loaded once.",
        fix="Remove all but one of its entries.",
        at=f"packs[{index}]",
        index=index,
    )


def _loaded(report: Report, item: Any, index: int) -> PackView | None:
    """What the pack of an entry says; None when it cannot be loaded, or may not be."""
    at = f"packs[{index}]"
    if isinstance(item, dict) and "pack" in item and not _is_good_inline(report, item, index):
        return None

    if isinstance(item, str) and not is_pack_file(item) and not report.imports:
        _look_without_importing(report, item, at)
        return None

    pack, failure = attempt(load_pack, item, report.folder)
    view = None
    if failure is None:
        view, failure = attempt(view_pack, pack)

    if isinstance(failure, FlexiFlowError):
        report.pack_error(failure, at=at)
    elif failure is not None:
        _report_unexpected(report, failure, at)

    if failure is not None and is_pack_file(item):
        _keep_broken_file(report, item, index)
    elif failure is not None:
        report.has_failures = True

    return view


def _is_good_inline(report: Report, item: dict[Any, Any], index: int) -> bool:
    """Whether a pack inside the config is right; notes the places of its problems."""
    problems = ProblemReport(report.text, report.file_path)
    file, failure = attempt(read_pack_data, item, problems.below("packs", index))
    if failure is not None:
        _report_unexpected(report, failure, f"packs[{index}]")
        report.has_failures = True
        return False

    for problem in problems.problems():
        report.problem(problem, prefix="Pack loading failed: ")

    if problems.findings:
        _keep_file(report, file, item, index)

    return not problems.findings


def _look_without_importing(report: Report, dotted: str, at: str) -> None:
    try:
        module, _ = split_dotted_path(dotted)
    except ImportError_ as error:
        report.pack_error(error, at=at)
        report.has_failures = True
        return

    if find_module(dotted) is not None:
        report.pack_error(import_module_not_found(module, dotted), at=at)
        report.has_failures = True
        return

    report.has_unseen_packs = True
    report.warn(
        f"Pack '{dotted}' was not imported",
        why="Importing would run its code, so its states and transitions are not known.",
        at=at,
        dotted_path=dotted,
    )


def _report_unexpected(report: Report, failure: BaseException, at: str) -> None:
    report.result.errors.append(
        Diagnostic(
            "error",
            f"Unexpected error loading packs: {safe_str(failure)}",
            fix="Check the pack definitions, and the code that makes them.",
        ).placed(at=at)
    )


def _record(report: Report, view: PackView) -> None:
    result = report.result
    result.packs.append(
        PackInfo(view.name, sorted(view.specs), view.transition_list, sorted(view.needs))
    )
    result.pack_order.append(view.name)
    for key in view.specs:
        result.state_providers.setdefault(key, view.name)

    for fault in view.faults:
        report.warn(f"Pack '{view.name}': {fault}", fix="Correct the pack's code.")


def _resolve_states(report: Report, view: PackView) -> None:
    for key, spec in view.specs.items():
        error = state_class_error(spec)
        report.result.states.append(
            StateResolution(key, None, resolved=True, is_state_subclass=error is None, error=error)
        )


def _check_targets(report: Report) -> None:
    """Notes transitions of YAML packs into states that nobody has; such a pack does not load."""
    if report.has_unseen_packs or report.has_failures:
        return

    own = {*_BUILTIN_NAMES, *report.pack_keys}
    if report.initial_class is not None:
        own.add(report.initial_class)

    files = [file for file, _, _ in report.pack_files]
    for index, way, target in missing_targets(files, own):
        _, path, prefix = report.pack_files[index]
        what, why, fix = unknown_target(target, own)
        report.error_at((what, why, fix()), path, (*prefix, *way))


def _check_needs(report: Report, views: list[PackView]) -> None:
    """Warns of states that a Python pack needs and nobody has; it only tells what it knows."""
    if report.has_unseen_packs:
        return

    known = {*_BUILTIN_NAMES, *report.pack_keys, *report.result.builtin_states}
    for view in views:
        for key in sorted(view.needs - known if not isinstance(view.pack, DeclarativePack) else ()):
            report.warn(
                f"Pack '{view.name}' needs state '{key}', which nothing provides",
                why="It is neither provided by a pack of this config nor registered.",
                fix=did_you_mean(key, known) or "Add a pack that provides it.",
                pack=view.name,
                key=key,
            )


def _check_calls(report: Report) -> None:
    """Warns of functions that actions call and that cannot be found."""
    for file, path, prefix in report.pack_files:
        for way, dotted in called_functions(file):
            error = try_import_symbol(dotted)[1] if report.imports else find_module(dotted)
            if error is not None:
                words = (
                    f"Action cannot call '{dotted}'",
                    f"{error}; the action will fail, and the flow go on.",
                    "Correct the path, or see to it that the module can be imported.",
                )
                report.warn_at(words, path, (*prefix, *way))
