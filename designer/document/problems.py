"""What is wrong with a flow, or likely to be: pure functions from content to problems.

Each check yields problems with a stable code. F1xx are about states and where a flow starts and
ends, F2xx about transitions, F3xx about guards and what they read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from designer.document.elements import (
    ElementId,
    FlowKind,
    Pack,
    PackOrigin,
    State,
    Transition,
)
from designer.document.guards import expanded, guard_fault, references
from designer.document.model import Content
from flexiflow.pack_records import CallAction, SetAction, duration_text
from flexiflow.state_machine import BUILTIN_STATES

__all__ = ["CHECKS", "FlowProblem", "Severity", "find_problems"]


_BUILTIN_KEYS = frozenset(state.__name__ for state in BUILTIN_STATES)


class Severity(Enum):
    """How bad a problem is."""

    #: The flow cannot run, or not as it says.
    ERROR = "error"
    #: It runs, but hardly as it was meant.
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class FlowProblem:
    """One thing that is wrong.

    Attributes:
        code: what kind of problem, such as ``F103``; stable.
        severity: how bad it is.
        message: one or two sentences.
        ids: the elements it is about, the first one first.
    """

    code: str
    severity: Severity
    message: str
    ids: tuple[ElementId, ...]


@dataclass(slots=True)
class _View:
    """A content with the lookups the checks share."""

    content: Content
    states: dict[ElementId, State] = field(init=False)
    packs: dict[ElementId, Pack] = field(init=False)
    leaving: defaultdict[ElementId, list[Transition]] = field(init=False)

    def __post_init__(self) -> None:
        self.states = {state.id: state for state in self.content.states}
        self.packs = {pack.id: pack for pack in self.content.packs}
        self.leaving = defaultdict(list)
        for transition in self.content.transitions:
            self.leaving[transition.source].append(transition)

    def origin(self, state: State) -> PackOrigin:
        return self.packs[state.pack].origin

    def own_states(self) -> Iterator[State]:
        """The states that are declared in YAML, whose ways in and out are all in sight."""
        return (state for state in self.content.states if self.packs[state.pack].editable)

    def uses_python(self) -> bool:
        """Whether Python may do what the file does not show."""
        if any(pack.origin is PackOrigin.PYTHON for pack in self.content.packs):
            return True
        return any(isinstance(action, CallAction) for action in _actions(self.content))

    def text(self, transition: Transition) -> str:
        source = self.states[transition.source].key
        if transition.target is None:
            return f"{_trigger(transition)} in {source}"
        return f"{source} → {self.states[transition.target].key}"


def find_problems(content: Content) -> tuple[FlowProblem, ...]:
    """Everything that is wrong, errors first, otherwise in the order of the checks."""
    view = _View(content)
    problems = [problem for check in CHECKS for problem in check(view)]
    return tuple(sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR))


def check_initial(view: _View) -> Iterator[FlowProblem]:
    """F101 no initial state, F102 one that nothing declares."""
    flow = view.content.flow
    if flow.initial is None:
        if any(view.own_states()):
            yield FlowProblem(
                "F101",
                Severity.WARNING,
                "No initial state is chosen: a run starts in the engine's own InitialState.",
                (flow.id,),
            )
        return

    state = view.states[flow.initial]
    if view.origin(state) is PackOrigin.ELSEWHERE and not state.path:
        yield _undeclared("F102", view, f"The flow starts in {state.key}", (state.id,))


def check_targets(view: _View) -> Iterator[FlowProblem]:
    """F201 a transition leads to a state that nothing declares."""
    for transition in view.content.transitions:
        target = view.states.get(transition.target or "")
        if target is not None and view.origin(target) is PackOrigin.ELSEWHERE and not target.path:
            says = f"{view.text(transition)} leads to {target.key}"
            yield _undeclared("F201", view, says, (transition.id, target.id))


def check_duplicates(view: _View) -> Iterator[FlowProblem]:
    """F103 two packs declare a state of one name."""
    seen: dict[str, State] = {}
    for state in view.content.states:
        if view.origin(state) in (PackOrigin.BUILTIN, PackOrigin.ELSEWHERE):
            continue

        first = seen.setdefault(state.key, state)
        if first is not state:
            names = f"{view.packs[first.pack].name} and {view.packs[state.pack].name}"
            yield FlowProblem(
                "F103",
                Severity.ERROR,
                f"{state.key} is declared twice, in {names}.",
                (state.id, first.id),
            )


def check_builtin_names(view: _View) -> Iterator[FlowProblem]:
    """F107 a state is called like one of the engine's own."""
    for state in view.own_states():
        if state.key in _BUILTIN_KEYS:
            yield FlowProblem(
                "F107",
                Severity.ERROR,
                f"The engine has a state {state.key} of its own; a pack cannot have another.",
                (state.id,),
            )


def check_reachable(view: _View) -> Iterator[FlowProblem]:
    """F104 no way leads from the initial state to a state."""
    start = view.content.flow.initial
    if start is None or not view.packs[view.states[start].pack].editable:
        return

    reached, waiting = {start}, [start]
    while waiting:
        state_id = waiting.pop()
        if view.origin(view.states[state_id]) in (PackOrigin.PYTHON, PackOrigin.ELSEWHERE):
            return  # Python leads where no file says.

        targets = {transition.target for transition in view.leaving[state_id]}
        new = [target for target in targets if target is not None and target not in reached]
        reached.update(new)
        waiting += new

    for state in view.own_states():
        if state.id not in reached:
            yield FlowProblem(
                "F104",
                Severity.WARNING,
                f"{state.key} cannot be reached from the initial state.",
                (state.id,),
            )


def check_traps(view: _View) -> Iterator[FlowProblem]:
    """F105 a state that is not final has no way out."""
    for state in view.own_states():
        ways = (transition.target for transition in view.leaving[state.id])
        if not state.final and not any(target not in (None, state.id) for target in ways):
            yield FlowProblem(
                "F105",
                Severity.WARNING,
                f"{state.key} has no way out and is not final.",
                (state.id,),
            )


def check_final(view: _View) -> Iterator[FlowProblem]:
    """F106 a transition leaves a final state."""
    for state in view.own_states():
        if state.final and view.leaving[state.id]:
            ids = tuple(transition.id for transition in view.leaving[state.id])
            yield FlowProblem(
                "F106",
                Severity.ERROR,
                f"{state.key} is final, so no transition may leave it.",
                (state.id, *ids),
            )


def check_shadowed(view: _View) -> Iterator[FlowProblem]:
    """F202 a transition is never taken, because an earlier one always is."""
    for leaving in view.leaving.values():
        for place, transition in enumerate(leaving):
            earlier = next(
                (
                    other
                    for other_place, other in enumerate(leaving)
                    if other is not transition
                    and _shadows(view, other, transition, before=other_place < place)
                ),
                None,
            )
            if earlier is not None:
                yield FlowProblem(
                    "F202",
                    Severity.WARNING,
                    f"{view.text(transition)} on {_trigger(transition)} is never taken: "
                    f"{view.text(earlier)} always comes first.",
                    (transition.id, earlier.id),
                )


def check_guards(view: _View) -> Iterator[FlowProblem]:
    """F301 a guard does not compile."""
    for transition in view.content.transitions:
        guards = view.packs[transition.pack].guards
        fault = transition.guard and guard_fault(guards, transition.guard)
        if fault:
            says = f"The guard of {view.text(transition)} cannot be used. {fault}"
            yield FlowProblem("F301", Severity.ERROR, says, (transition.id,))

    for pack in view.content.packs:
        for name, text in pack.guards.items():
            fault = guard_fault({}, text)
            if fault:
                says = f"The guard {name} of {pack.name} cannot be used. {fault}"
                yield FlowProblem("F301", Severity.ERROR, says, (pack.id,))


def check_reads(view: _View) -> Iterator[FlowProblem]:
    """F302 a guard reads a rule that nothing sets, F303 a context key that nothing sets."""
    flow = view.content.flow
    rules = {key for rule in flow.rules if isinstance(rule, dict) for key in rule}
    rules_known = flow.kind is FlowKind.CONFIG
    context, context_known = _context_keys(view.content), not view.uses_python()
    for transition in view.content.transitions:
        if transition.guard is None:
            continue

        read = references(view.packs[transition.pack].guards, transition.guard)
        says = f"The guard of {view.text(transition)} reads"
        for key in sorted(read.rules - rules) if rules_known else ():
            message = f"{says} rules.{key}, which no rule sets."
            yield FlowProblem("F302", Severity.WARNING, message, (transition.id,))
        for key in sorted(read.context - context) if context_known else ():
            message = f"{says} context.{key}, which nothing sets."
            yield FlowProblem("F303", Severity.WARNING, message, (transition.id,))


CHECKS = (
    check_initial,
    check_targets,
    check_duplicates,
    check_builtin_names,
    check_final,
    check_guards,
    check_reachable,
    check_traps,
    check_shadowed,
    check_reads,
)


def _undeclared(code: str, view: _View, says: str, ids: tuple[ElementId, ...]) -> FlowProblem:
    """A name without a state; where Python packs may declare it, that is only a suspicion."""
    if any(pack.origin is PackOrigin.PYTHON for pack in view.content.packs):
        message = f"{says}, which no YAML pack declares; perhaps a Python pack does."
        return FlowProblem(code, Severity.WARNING, message, ids)
    return FlowProblem(code, Severity.ERROR, f"{says}, which nothing declares.", ids)


def _shadows(view: _View, one: Transition, other: Transition, *, before: bool) -> bool:
    """Whether ``other`` can never be taken because of ``one``, of the same source."""
    guards = view.packs[one.pack].guards
    same_guard = _meaning(guards, one.guard) in (None, _meaning(guards, other.guard))
    if not same_guard:
        return False
    if one.message is not None:
        return before and one.message == other.message
    if one.after is None or other.after is None or one.guard is not None:
        return False
    leaves = one.target is not None
    return leaves and (one.after < other.after or (one.after == other.after and before))


def _meaning(guards: Any, guard: str | None) -> str | None:
    """A guard's expression; None when it is always true."""
    text = None if guard is None else expanded(guards, guard).strip()
    return None if text == "True" else text


def _trigger(transition: Transition) -> str:
    if transition.after is not None:
        return f"after {duration_text(transition.after)}"
    return transition.message or ""


def _actions(content: Content) -> Iterator[Any]:
    for state in content.states:
        yield from state.entry
        yield from state.exit
    for transition in content.transitions:
        yield from transition.do


def _context_keys(content: Content) -> set[str]:
    """Every context key that the flow starts with or an action sets."""
    starts: Iterable[Any] = (content.flow.context, *(pack.context for pack in content.packs))
    keys = {key for start in starts for key in start}
    for action in _actions(content):
        if isinstance(action, SetAction):
            keys.update(action.values)
    return keys
