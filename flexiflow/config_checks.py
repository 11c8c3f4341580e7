"""What only shows when everything that a config names is known: clashes, and names of nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from flexiflow.analysis import left_final_states, missing_targets
from flexiflow.config_reading import ConfigReading, Part
from flexiflow.errors import FlexiFlowError, PackError, Problem
from flexiflow.pack_records import PackFile
from flexiflow.problem_report import ProblemReport, did_you_mean
from flexiflow.state_machine import BUILTIN_STATES, StateRegistry
from flexiflow.yaml_places import Way

__all__ = ["BUILTIN_KEYS", "check_reading", "check_targets", "check_transitions", "unknown_target"]

BUILTIN_KEYS = frozenset(state.__name__ for state in BUILTIN_STATES)


def check_reading(reading: ConfigReading, parent: StateRegistry, elsewhere: set[str]) -> None:
    """Checks the whole, and raises all problems at once.

    Args:
        reading: the config with its packs.
        parent: the registry below the component's own.
        elsewhere: state keys that transitions may lead to, although the config does not name them.

    Raises:
        PackError: all problems of the config and its packs.
        FlexiFlowError: nothing is wrong but one thing that could not be loaded.
    """
    files = [(part.file, part.report) for part in reading.parts if part.file is not None]
    _check_keys(reading)
    check_transitions(files)
    if reading.is_complete:
        keys = _known_keys(reading) | elsewhere
        _check_initial_state(reading, parent, keys)
        check_targets(files, keys)

    if reading.failures and not any(report.has_any for report in reading.reports):
        way, error = reading.failures[0]
        raise _placed(error, way, reading.report)

    for way, error in reading.failures:
        reading.report.add(way, error.what, why=error.why or "", fix=error.fix or "")

    problems: list[Problem] = []
    for report in reading.reports:
        problems += report.problems()

    if problems:
        raise PackError(problems)


def _placed(error: FlexiFlowError, way: Way, report: ProblemReport) -> FlexiFlowError:
    """An error that is raised as what it is, with its place in the config."""
    place = ProblemReport(report.text, report.path)
    place.add(way, error.what, why="", fix="")
    facts = place.problems()[0].context().items
    if report.path is not None:
        facts = {"config_path": report.path} | facts

    return error.add_facts(**facts)


def _check_keys(reading: ConfigReading) -> None:
    """A key comes from one pack only, and from none that is the engine's own."""
    providers: dict[str, str] = {}
    for part in reading.parts:
        for key in part.keys:
            problem = None
            if key in providers:
                problem = (
                    f"Duplicate state key: '{key}'",
                    f"It is provided by several packs: {providers[key]}, {part.name}.",
                )
            elif key in BUILTIN_KEYS:
                problem = (
                    f"State key '{key}' shadows builtin",
                    f"It is provided by {part.name}, and the engine has a state of that name.",
                )

            providers.setdefault(key, part.name)
            if problem is not None:
                _add_key_problem(part, key, *problem)


def _add_key_problem(part: Part, key: str, what: str, why: str) -> None:
    fix = "Rename the state, in all packs but one."
    if part.file is None:
        part.report.add(part.way, what, why=why, fix=fix)
    else:
        part.report.add(("states", key), what, why=why, fix=fix, key=True)


def _known_keys(reading: ConfigReading) -> set[str]:
    keys = {key for part in reading.parts for key in part.keys}
    keys |= BUILTIN_KEYS | set(reading.states)
    classes = [*reading.states.values()]
    if reading.initial_class is not None:
        classes.append(reading.initial_class)

    return keys | {state_class.__name__ for state_class in classes}


def _check_initial_state(reading: ConfigReading, parent: StateRegistry, keys: set[str]) -> None:
    initial = reading.initial
    if initial is None or initial in keys or parent.find(initial) is not None:
        return

    reading.report.add(
        ("initial_state",),
        f"Unknown initial_state: '{initial}'",
        why="It is no state of a pack, of 'states', or of the engine.",
        fix=lambda: did_you_mean(initial, keys) or f"Use one of: {', '.join(sorted(keys)[:5])}",
    )


def check_transitions(files: Sequence[tuple[PackFile, ProblemReport]]) -> None:
    """Reports transitions that no pack may have, each in the report of its pack."""
    for finding in left_final_states([file for file, _ in files]):
        report = files[finding.pack][1]
        report.add(finding.way, finding.what, why=finding.why, fix=finding.fix)


def check_targets(files: Sequence[tuple[PackFile, ProblemReport]], keys: Collection[str]) -> None:
    """Reports transitions that lead to none of the states, each in the report of its pack."""
    for index, way, target in missing_targets([file for file, _ in files], keys):
        what, why, fix = unknown_target(target, keys)
        files[index][1].add(way, what, why=why, fix=fix)


def unknown_target(target: str, keys: Collection[str]) -> tuple[str, str, Callable[[], str]]:
    """What, why and fix of a transition into nowhere; the fix takes long to find."""
    return (
        f"Unknown state '{target}'",
        "A transition leads to a state of a pack of the config, or to a builtin one.",
        lambda: did_you_mean(target, keys) or f"Add '{target}' to 'states', or correct it.",
    )
