"""YAML packs as states: each state of a pack becomes a subclass of ``State`` that is a table.

Which transition a message takes is decided in one place, ``transitions.choose``, a pure function:
the engine applies what it says, and :func:`plan` tells it without anything happening.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flexiflow.actions import error_text
from flexiflow.errors import FlexiFlowError
from flexiflow.execution import DeclarativeState
from flexiflow.pack_records import PackFile, TransitionDef, duration_text
from flexiflow.safe_text import safe_repr
from flexiflow.state_machine import EngineFacts, Message, State
from flexiflow.statepack import StateSpec, TransitionSpec
from flexiflow.transitions import (
    Candidates,
    CompiledTransition,
    StateTable,
    choose,
    decide,
    merge_rules,
)

__all__ = [
    "CompiledTransition",
    "DeclarativePack",
    "DeclarativeState",
    "GuardCheck",
    "Plan",
    "StateTable",
    "compile_pack",
    "plan",
]


@dataclass(frozen=True, slots=True)
class GuardCheck:
    """What became of one transition while deciding.

    Attributes:
        transition: the transition.
        passed: whether its guard is absent or true.
        error: why the guard could not be evaluated; ``None`` if it could.
    """

    transition: CompiledTransition
    passed: bool
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen with a message.

    Attributes:
        transition: the transition that would be taken; ``None`` if none would.
        reason: why, in one sentence.
        checks: the transitions that were looked at, in order; those after the one taken were not.
    """

    transition: CompiledTransition | None
    reason: str
    checks: tuple[GuardCheck, ...] = ()


def plan(
    state: State | type[State],
    message: Message,
    context: Mapping[str, Any],
    rules: Iterable[Any] | Mapping[str, Any] = (),
    *,
    component: str = "",
    now: Callable[[], float] = time.time,
) -> Plan:
    """Tells which transition of a pack's state a message would take, and why; nothing happens.

    Args:
        state: a state made from a pack, or its class.
        message: the message.
        context: the component's data.
        rules: the component's rules, or all of them merged.
        component: the component's name, for guards that read it.
        now: the clock, for guards that ask for the time.

    Raises:
        TypeError: the state comes from Python code, which only running tells about.
    """
    table = state._engine_facts.table
    if table is None:
        raise TypeError(
            f"{safe_repr(state)} comes from no YAML pack: what it does is known by running it"
        )

    if table.final:
        return Plan(None, f"{table.key} is final: no message leaves it.")

    candidates = table.candidates(message)
    if not candidates.all:
        return Plan(None, f"{table.key} has no transition for {safe_repr(message.get('type'))}.")

    merged = rules if isinstance(rules, Mapping) else merge_rules(rules)
    failures: list[tuple[CompiledTransition, FlexiFlowError]] = []
    scope = (message, context, merged, table.key, component, now)
    taken = choose(candidates, scope, failures)
    return Plan(taken, _reason(taken), _checks(candidates, taken, failures))


def _checks(
    candidates: Candidates,
    taken: CompiledTransition | None,
    failures: list[tuple[CompiledTransition, FlexiFlowError]],
) -> tuple[GuardCheck, ...]:
    seen = candidates.all
    if taken is not None:
        seen = seen[: seen.index(taken) + 1]

    errors = {id(transition): error_text(error) for transition, error in failures}
    return tuple(GuardCheck(t, t is taken, errors.get(id(t))) for t in seen)


def _reason(taken: CompiledTransition | None) -> str:
    if taken is None:
        return "No guard is true."

    if taken.guard is None:
        return "It is the first without a guard that is false."

    return f"Its guard is the first that is true: {taken.guard_text}"


def compile_pack(pack: PackFile) -> dict[str, type[State]]:
    """State key -> the class made of it, in the pack's order.

    Equal packs give the same classes, so that many components of one flow take little room.

    Raises:
        ExpressionError: a guard or value is no expression of the language.
    """
    return dict(_compile(_Content(pack)))


class _Content:
    """A pack as a key: equal when all that it says is."""

    __slots__ = ("pack", "text")

    def __init__(self, pack: PackFile) -> None:
        self.pack = pack
        self.text = repr(pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


@lru_cache(maxsize=64)
def _compile(content: _Content) -> dict[str, type[State]]:
    pack = content.pack
    transitions = [CompiledTransition(pack, index) for index in range(len(pack.transitions))]
    leaving: dict[str, list[CompiledTransition]] = {}
    for transition in transitions:
        leaving.setdefault(transition.spec.source, []).append(transition)

    classes: dict[str, type[State]] = {}
    tables: dict[str, StateTable] = {}
    for definition in pack.states:
        own = leaving.get(definition.key, ())
        table = tables[definition.key] = StateTable(pack.name, definition, own)
        classes[definition.key] = type(
            definition.key,
            (DeclarativeState,),
            {
                "__slots__": (),
                "__doc__": definition.description,
                "__module__": f"pack {pack.name}",
                "_engine_facts": EngineFacts(
                    DeclarativeState.handle_message, decide=decide, table=table
                ),
            },
        )

    for transition in transitions:
        transition.target = classes.get(transition.spec.target or "")
        transition.simple = _is_simple(transition, tables)

    return classes


def _is_simple(transition: CompiledTransition, tables: Mapping[str, StateTable]) -> bool:
    left, entered = tables.get(transition.spec.source), tables.get(transition.spec.target or "")
    if left is None or entered is None or transition.do:
        return False

    return not (left.exit or left.timers or entered.entry or entered.timers)


class DeclarativePack:
    """A YAML pack as a ``StatePack``.

    Attributes:
        file: the pack as written.
    """

    def __init__(self, file: PackFile) -> None:
        self.file = file
        self.classes = compile_pack(file)

    @property
    def name(self) -> str:
        """The pack's name."""
        return self.file.name

    @property
    def first(self) -> str | None:
        """The key of its first state, where a component of this pack alone starts."""
        return next(iter(self.classes), None)

    def provides(self) -> dict[str, StateSpec]:
        """State key -> the state; the same classes at each call."""
        described = {definition.key: definition.description for definition in self.file.states}
        return {key: StateSpec(cls, described[key]) for key, cls in self.classes.items()}

    def transitions(self) -> list[TransitionSpec]:
        """Its transitions; a delay reads ``after 30s``, an internal one leads to where it is."""
        return [_transition_spec(transition) for transition in self.file.transitions]

    def depends_on(self) -> set[str]:
        """The keys of states that transitions lead to and that the pack does not have."""
        targets = {transition.target for transition in self.file.transitions}
        return {target for target in targets if target is not None} - self.classes.keys()


def _transition_spec(transition: TransitionDef) -> TransitionSpec:
    trigger = transition.message or f"after {duration_text(transition.after or 0)}"
    return TransitionSpec(
        transition.source,
        trigger,
        transition.target or transition.source,
        guard=transition.guard,
        description=transition.description,
    )
