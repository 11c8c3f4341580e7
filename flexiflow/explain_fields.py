"""The steps of ``explain``, field by field of a config."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flexiflow.config_source import policy_problem
from flexiflow.explain_packs import explain_lone_pack, explain_packs, is_lone_pack, lint_packs
from flexiflow.explain_report import Report
from flexiflow.explain_states import explain_states, resolve_state
from flexiflow.explanation import Diagnostic
from flexiflow.pack_fields import mapping_field
from flexiflow.pack_view import attempt
from flexiflow.packfile import read_layout
from flexiflow.problem_report import ProblemReport, did_you_mean
from flexiflow.safe_text import safe_repr, safe_str
from flexiflow.state_machine import BUILTIN_STATES
from flexiflow.yaml_places import breadcrumb

__all__ = ["CONFIG_KEYS", "explain_fields"]

CONFIG_KEYS = (
    "name",
    "initial_state",
    "initial_state_resolution",
    "rules",
    "context",
    "states",
    "packs",
    "layout",
)
_BUILTIN_NAMES = frozenset(state.__name__ for state in BUILTIN_STATES)
_SHOWN_STATES = 5


def explain_fields(report: Report, config: dict[Any, Any]) -> None:
    """Looks at every field of a config's data, or of a pack's that stands for one."""
    if is_lone_pack(config):
        _looked_at(report, "pack", explain_lone_pack, config)
        return

    for key in config:
        _explain_key(report, key)

    _explain_name(report, config.get("name"))
    _looked_at(report, "rules", _explain_rules, config.get("rules"))
    _looked_at(report, "context", _explain_data, mapping_field, config, "context", ())
    _looked_at(report, "layout", _explain_data, read_layout, config)
    states = _looked_at(report, "states", explain_states, config.get("states")) or {}
    _looked_at(report, "packs", explain_packs, config, states)
    policy = config.get("initial_state_resolution")
    _looked_at(report, "initial_state_resolution", _explain_policy, policy)
    initial = config.get("initial_state", "InitialState")
    _looked_at(report, "initial_state", _explain_initial_state, initial, states)
    _report_failed_states(report)
    _looked_at(report, "packs", lint_packs)
    if report.result.rules_count == 0 and report.result.is_valid:
        fix = "Add rules if your component needs them."
        report.result.warnings.append(Diagnostic("warning", "No rules defined", fix=fix))


def _looked_at(report: Report, name: str, look: Callable[..., Any], *args: Any) -> Any:
    """What a step finds; None, and an error, where the field's own objects raise something."""
    found, failure = attempt(look, report, *args)
    if failure is not None:
        report.unusable(name, failure)

    return found


def _explain_key(report: Report, key: object) -> None:
    if isinstance(key, str) and (key in CONFIG_KEYS or key.startswith("x-")):
        return

    text = safe_repr(key)
    meant = did_you_mean(key, CONFIG_KEYS) if isinstance(key, str) else None
    report.warn_of_key(
        key,
        f"Unknown key {text}",
        why=f"A config has the keys {', '.join(CONFIG_KEYS)}; this one is ignored.",
        fix=(meant or f"Remove it, or keep it as 'x-{safe_str(key)}'.") + report.quote_hint(key),
    )


def _explain_name(report: Report, name: object) -> None:
    is_there, failure = attempt(bool, name)
    if not is_there and failure is None:
        report.error(
            "Missing required field: 'name'",
            why="Every component must have a name.",
            fix="Add one, for example: name: my_component" + report.quote_hint(name),
        )
    elif not isinstance(name, str):
        report.wrong_type("name", "a string", name, "Write it as a string, quoted if need be.")
    else:
        report.result.name = name


def _explain_rules(report: Report, rules: object) -> None:
    if rules is None:
        return

    if not isinstance(rules, list):
        report.wrong_type("rules", "a list", rules, "Write the rules as a list of mappings.")
        return

    report.result.rules_count = len(rules)
    for index, rule in enumerate(rules):
        if not isinstance(rule, dict):
            report.warn(
                f"Rule {index} is not a mapping",
                why=f"Got {type(rule).__name__}; guards and states find rules by their keys.",
                fix="Write it as key: value.",
                at=f"rules[{index}]",
                index=index,
            )


def _explain_data(report: Report, read: Callable[..., Any], config: Any, *args: Any) -> None:
    """The starting data, or where an editor draws the states."""
    problems = ProblemReport(report.text, report.file_path)
    read(config, *args, problems)
    for problem in problems.problems():
        report.problem(problem)


def _explain_policy(report: Report, policy: object) -> None:
    if policy is None:
        return

    name = "initial_state_resolution"
    if not isinstance(policy, list):
        report.error(
            f"Field '{name}' must be a list",
            why=f"Got {type(policy).__name__}.",
            fix='Write it as a list: ["packs", "builtin"]',
            at=name,
        )
        return

    problem = policy_problem(policy)
    if problem is None:
        report.result.initial_state_resolution = list(policy)
    else:
        what, why, fix = problem
        _, failure = attempt(repr, policy)
        fact = policy if failure is None else safe_str(policy)
        report.error(what, why=why, fix=fix, at=name, policy=fact)


def _explain_initial_state(report: Report, value: object, states: Iterable[str]) -> None:
    if not isinstance(value, str):
        fix = "Write the state's name as a string, quoted if need be."
        report.wrong_type("initial_state", "a string", value, fix)
    elif ":" in value:
        _explain_dotted_state(report, value)
    else:
        _explain_named_state(report, value, states)


def _explain_dotted_state(report: Report, value: str) -> None:
    resolution, found = resolve_state("initial_state", value, imports=report.imports)
    report.has_failures |= resolution.error is not None
    if not resolution.resolved:
        report.error(
            f"Cannot resolve initial_state: {value}",
            why=resolution.error,
            fix="Write it as module:ClassName, and check that the module can be imported.",
            at="initial_state",
            initial_state=value,
        )
    elif resolution.error is not None:
        report.error(
            "initial_state is not a State subclass",
            why=f"'{value}' resolved to {type(found).__name__}.",
            fix="Name a class that inherits from flexiflow.State.",
            at="initial_state",
            initial_state=value,
        )
    else:
        is_seen = resolution.verified
        report.initial_class = found.__name__ if is_seen else value.partition(":")[2].strip()
        report.result.initial_state = report.initial_class


def _explain_named_state(report: Report, value: str, states: Iterable[str]) -> None:
    own = [*states, *(key for key in report.pack_keys if key not in states)]
    registered = report.result.builtin_states
    if value in own or value in registered:
        report.result.initial_state = value
        if value not in own and value not in _BUILTIN_NAMES:
            report.warn(
                f"initial_state '{value}' comes from elsewhere",
                why="It is registered in this process, but neither built in nor from this config.",
                fix="Name its class under 'states', or see to it that it is registered first.",
                at="initial_state",
                initial_state=value,
            )
    elif report.has_unseen_packs:
        report.result.initial_state = value
        report.warn(
            f"initial_state '{value}' could not be verified",
            why="It may come from a pack that was not imported.",
            at="initial_state",
            initial_state=value,
        )
    else:
        _report_unknown_state(report, value, [*registered, *own])


def _report_unknown_state(report: Report, value: str, known: list[str]) -> None:
    meant = did_you_mean(value, known)
    report.error(
        f"Unknown initial_state: '{value}'",
        why="It is neither registered nor provided by the config's states or packs.",
        fix=f"Use one of: {', '.join(known[:_SHOWN_STATES])}" + (f". {meant}" if meant else ""),
        at="initial_state",
        initial_state=value,
    )


def _report_failed_states(report: Report) -> None:
    entries = [*report.state_entries]
    entries += [(state.key, None) for state in report.result.states[len(entries) :]]
    for state, (key, dotted) in zip(report.result.states, entries, strict=True):
        if state.mark != "✗":
            continue

        fix = "Write it as module:ClassName, and check that the module can be imported."
        facts = {"key": state.key, "dotted_path": state.dotted_path}
        is_text = isinstance(key, str)
        error = Diagnostic(
            "error",
            f"State '{state.key}' failed to resolve",
            state.error,
            fix + report.quote_hint(dotted if is_text else key),
            facts,
        ).placed(at=breadcrumb(("states", state.key)))
        report.result.errors.append(error)
        if not is_text:
            report.is_about_key(error, ("states", key))
