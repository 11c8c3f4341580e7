"""The compiled transitions of YAML packs, and the one place that decides which one is taken."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from time import monotonic, thread_time
from typing import Any

from flexiflow.actions import Step, compile_actions
from flexiflow.errors import EvaluationError, FlexiFlowError
from flexiflow.expressions import compile_expression
from flexiflow.pack_records import PackFile, StateDef, duration_text
from flexiflow.safe_text import safe_repr
from flexiflow.state_machine import UNDECIDED, Message, State, StateRegistry

__all__ = [
    "NO_RULES",
    "Candidates",
    "CompiledTransition",
    "StateTable",
    "choose",
    "decide",
    "merge_rules",
    "needs_entering",
    "table_of",
]

NO_RULES: Mapping[str, Any] = {}

LONGEST_CHOICE = 0.25
"""In seconds: when the guards of a message have taken so long, and once more, no other is tried."""

_FEW = 4
"""Guards of one message that take no time worth watching."""


class CompiledTransition:
    """A transition of a pack, ready to be taken.

    Attributes:
        pack: the name of its pack.
        index: its place in the pack's list of transitions.
        spec: what the pack says.
        guard: function of (message, context, rules, state, component, now); ``None`` if there is
            no guard.
        guard_text: the guard as written.
        reads_more: the guard reads more than message and context.
        do: its own actions.
        target: the class it leads to, if that is one of this pack.
        simple: taking it changes the state and does nothing else.
    """

    __slots__ = (
        "do",
        "guard",
        "guard_text",
        "index",
        "pack",
        "reads_more",
        "simple",
        "spec",
        "target",
    )

    def __init__(self, pack: PackFile, index: int) -> None:
        self.pack = pack.name
        self.index = index
        self.spec = spec = pack.transitions[index]
        self.guard_text = spec.guard
        self.guard: Callable[..., Any] | None = None
        self.reads_more = False
        if spec.guard is not None:
            expression = compile_expression(pack.guards.get(spec.guard, spec.guard))
            self.guard = expression.function
            self.reads_more = expression.syntax.reads_more

        self.do = compile_actions(spec.do)
        self.target: type[State] | None = None
        self.simple = False

    def __repr__(self) -> str:
        trigger = self.spec.message or f"after {duration_text(self.spec.after or 0)}"
        target = self.spec.target or "stays"
        return f"<{self.pack}[{self.index}] {self.spec.source} --[{trigger}]--> {target}>"

    def new_target(self, registry: StateRegistry) -> State:
        """The state that it leads to; not for internal transitions.

        Raises:
            StateError: it leads to a state of elsewhere that is not registered.
        """
        return registry.create(self.spec.target or "") if self.target is None else self.target()


class _InTime:
    """So many that each of their guards may be within its limits, and all together take hours."""

    __slots__ = ("_transitions",)

    def __init__(self, transitions: tuple[CompiledTransition, ...]) -> None:
        self._transitions = transitions

    def __iter__(self) -> Iterator[CompiledTransition]:
        """All of them, as long as what is done with each does not take too long.

        Raises:
            EvaluationError: there are more, but no time is left for them.
        """
        return chain(self._transitions[:_FEW], self._watched(self._transitions[_FEW:]))

    @staticmethod
    def _watched(transitions: Iterable[CompiledTransition]) -> Iterator[CompiledTransition]:
        clock, end = monotonic, monotonic() + LONGEST_CHOICE
        for transition in transitions:
            if clock() > end:
                if clock is thread_time:
                    raise _no_time()

                # Now only time counts that is spent here: the machine may be busy otherwise.
                clock, end = thread_time, thread_time() + LONGEST_CHOICE

            yield transition


class Candidates:
    """The transitions that one trigger may take.

    Attributes:
        all: they, in order.
        reads_more: the guard of one of them does.
        tried: the same as ``all``, as far as there is time to try them.
    """

    __slots__ = ("all", "reads_more", "tried")

    def __init__(self, transitions: Iterable[CompiledTransition] = ()) -> None:
        self.all = tuple(transitions)
        self.reads_more = any(transition.reads_more for transition in self.all)
        self.tried: Iterable[CompiledTransition] = self.all
        if len(self.all) > _FEW:
            self.tried = _InTime(self.all)


class StateTable:
    """What a pack says about one state.

    Attributes:
        pack: the name of the pack.
        definition: the state as written.
        key: its key.
        final: nothing leaves it.
        entry: actions on entering.
        exit: actions on leaving.
        by_type: message type -> the transitions that it may take.
        timers: the transitions that take themselves after a delay.
    """

    __slots__ = ("by_type", "definition", "entry", "exit", "final", "key", "pack", "timers")

    def __init__(
        self, pack: str, definition: StateDef, transitions: Iterable[CompiledTransition]
    ) -> None:
        self.pack = pack
        self.definition = definition
        self.key = definition.key
        self.final = definition.final
        self.entry: tuple[Step, ...] = compile_actions(definition.entry)
        self.exit: tuple[Step, ...] = compile_actions(definition.exit)
        leaving = [] if self.final else [t for t in transitions if t.spec.source == self.key]
        by_type: dict[str, list[CompiledTransition]] = {}
        for transition in leaving:
            if transition.spec.message is not None:
                by_type.setdefault(transition.spec.message, []).append(transition)

        self.by_type = {kind: Candidates(found) for kind, found in by_type.items()}
        self.timers = tuple(t for t in leaving if t.spec.after is not None)

    def candidates(self, message: Message) -> Candidates:
        """The transitions that a message may take."""
        try:
            return self.by_type.get(message.get("type", ""), _NONE)
        except TypeError:  # a type that cannot be a key
            return _NONE


_NONE = Candidates()


def choose(
    candidates: Candidates,
    scope: tuple[Any, ...],
    failures: list[tuple[CompiledTransition, FlexiFlowError]],
) -> CompiledTransition | None:
    """The first transition whose guard is absent or true; the one place that decides.

    Args:
        candidates: in order of evaluation.
        scope: message, context, rules, state, component, and the function that tells the time.
        failures: gets the guards that could not be evaluated; they count as false. After the last
            one that there was time for comes no other.
    """
    try:
        for transition in candidates.tried:
            guard = transition.guard
            try:
                if guard is None or guard(*scope):
                    return transition
            except EvaluationError as error:
                failures.append((transition, error))
            except Exception as error:  # noqa: BLE001 - the truth of data is asked, also of Python's
                failures.append((transition, _no_truth(error)))
    except EvaluationError as error:
        failures.append((transition, error))

    return None


def _no_time() -> EvaluationError:
    return EvaluationError(
        "The guards take too long: those after this one are not tried",
        why=f"The guards of one message have about {2 * LONGEST_CHOICE:g} s together.",
        fix="Try fewer guards in one state, or compute in 'set' actions what they look for.",
    )


def _no_truth(error: Exception) -> EvaluationError:
    return EvaluationError(
        f"The guard's value is neither true nor false: {safe_repr(error)}",
        why="The value comes from a Python object that has no truth.",
        fix="Compare it with something.",
    )


def decide(state: Any, message: Message, component: Any) -> Any:
    """Where a message leads from a state of a pack, if that can be told without doing anything.

    Returns:
        The next state, ``None`` when no transition is taken, ``UNDECIDED`` when a guard fails or
        actions are to be run.
    """
    table = state._engine_facts.table
    try:
        candidates = table.by_type[message.get("type")]
    except (KeyError, TypeError):  # TypeError: a type that cannot be a key
        return None

    rules, now = NO_RULES, time.time
    if candidates.reads_more:
        rules, now = component._merged_rules(), component._now

    failures: list[tuple[CompiledTransition, FlexiFlowError]] = []
    scope = (message, component.context, rules, table.key, component.name, now)
    transition = choose(candidates, scope, failures)
    if failures or (transition is not None and not transition.simple):
        return UNDECIDED

    if transition is None or transition.target is None:
        return None

    target = transition.target()
    component._taken = (transition, target)
    return target


def table_of(state: Any) -> StateTable | None:
    """What a pack says about a state; ``None`` for states that come from no YAML pack."""
    # Not isinstance(), which believes in test doubles that say they are states.
    return state._engine_facts.table if issubclass(type(state), State) else None


def needs_entering(state: Any) -> bool:
    """Whether there is something to do on entering a state."""
    table = table_of(state)
    return table is not None and bool(table.entry or table.timers)


def merge_rules(rules: Iterable[Any]) -> dict[str, Any]:
    """All rules that are mappings in one; later ones win."""
    merged: dict[str, Any] = {}
    for rule in rules:
        if isinstance(rule, Mapping):
            merged.update(rule)

    return merged
