"""YAML packs as states: each state of a pack becomes a subclass of ``State`` that is a table.

Which transition a message takes is decided in one place, :func:`choose`, a pure function; the engine
applies what it says, and :func:`plan` tells it without anything happening.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flexiflow.actions import Step, compile_actions, error_text, run_actions
from flexiflow.errors import EvaluationError, FlexiFlowError
from flexiflow.expressions import compile_expression
from flexiflow.pack_records import PackFile, StateDef, TransitionDef, duration_text
from flexiflow.state_machine import (
    UNDECIDED,
    EngineFacts,
    Message,
    State,
    StateMachine,
    StateRegistry,
)
from flexiflow.statepack import StateSpec, TransitionSpec
from flexiflow.turns import Turns

__all__ = [
    "Candidates",
    "CompiledTransition",
    "DeclarativePack",
    "DeclarativeState",
    "GuardCheck",
    "Plan",
    "StateTable",
    "choose",
    "compile_pack",
    "plan",
]

GUARD_FAILED = "guard.failed"
MESSAGE_HANDLED = "component.message.handled"

_NO_RULES: Mapping[str, Any] = {}

_TRUTH_FAILURES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What asking a guard's value for its truth may raise: it may come from a Python object in the data."""


class CompiledTransition:
    """A transition of a pack, ready to be taken.

    Attributes:
        pack: the name of its pack.
        index: its place in the pack's list of transitions.
        spec: what the pack says.
        guard: function of (message, context, rules, state, component, now); ``None`` without a guard.
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
            text = pack.guards.get(spec.guard, spec.guard)
            self.guard = compile_expression(text).function
            self.reads_more = "rules" in text or "now" in text

        self.do = compile_actions(spec.do)
        self.target: type[State] | None = None
        self.simple = False

    def __repr__(self) -> str:
        trigger = self.spec.message or f"after {duration_text(self.spec.after or 0)}"
        target = self.spec.target or "stays"
        return f"<{self.pack}[{self.index}] {self.spec.source} --[{trigger}]--> {target}>"

    def new_target(self, registry: StateRegistry) -> State:
        """The state that it leads to.

        Raises:
            StateError: it leads to a state of elsewhere that is not registered.
        """
        if self.target is not None:
            return self.target()

        assert self.spec.target is not None
        return registry.create(self.spec.target)


class Candidates(tuple[CompiledTransition, ...]):
    """The transitions that one trigger may take, in order; ``reads_more`` if one of their guards does."""

    reads_more: bool

    def __new__(cls, transitions: Iterable[CompiledTransition] = ()) -> Candidates:
        """Keeps the transitions in their order."""
        candidates = super().__new__(cls, transitions)
        candidates.reads_more = any(transition.reads_more for transition in candidates)
        return candidates


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
            return self.by_type.get(message.get("type"), _NONE)  # type: ignore[arg-type]  # any value may be looked up
        except TypeError:  # a type that cannot be a key
            return _NONE


_NONE = Candidates()


def choose(
    candidates: Iterable[CompiledTransition],
    scope: tuple[Any, ...],
    failures: list[tuple[CompiledTransition, FlexiFlowError]],
) -> CompiledTransition | None:
    """The first transition whose guard is absent or true; the one place that decides.

    Args:
        candidates: in order of evaluation.
        scope: message, context, rules, state, component, and the function that tells the time.
        failures: gets the guards that could not be evaluated; they count as false.
    """
    for transition in candidates:
        if transition.guard is None:
            return transition

        try:
            if _is_true(transition.guard(*scope)):
                return transition
        except EvaluationError as error:
            failures.append((transition, error))

    return None


def _is_true(value: Any) -> bool:
    try:
        return bool(value)
    except _TRUTH_FAILURES as error:
        raise EvaluationError(
            f"The guard's value is neither true nor false: {error!r}",
            why="The value comes from a Python object that has no truth.",
            fix="Compare it with something.",
        ) from error


def decide(state: Any, message: Message, component: Any) -> Any:
    """Where a message leads from a state of a pack, if that can be told without doing anything.

    The same rule as :func:`choose`, on the way of every message.

    Returns:
        The next state, ``None`` when no transition is taken, ``UNDECIDED`` when a guard fails or
        actions are to be run.
    """
    table = state._engine_facts.table
    try:
        candidates = table.by_type.get(message.get("type"))
    except TypeError:  # a type that cannot be a key
        return None

    for transition in candidates or ():
        guard = transition.guard
        if guard is not None:
            if transition.reads_more:
                rules, now = component._merged_rules(), component._now
            else:
                rules, now = _NO_RULES, time.time

            try:
                if not guard(message, component.context, rules, table.key, component.name, now):
                    continue
            except (EvaluationError, *_TRUTH_FAILURES):
                return UNDECIDED

        if not transition.simple:
            return UNDECIDED

        component.last_transition = transition
        return transition.target()

    return None


class DeclarativeState(State):
    """The base of all states of YAML packs."""

    __slots__ = ()

    async def handle_message(self, message: Message, component: Any) -> tuple[bool, State]:
        """Decides, runs exit actions and the transition's own, and gives the next state.

        Entry actions and timers are the component's affair, whoever leads it to a state. An internal
        transition is through when this returns, and does not proceed.

        Args:
            message: the message.
            component: the component; of any other object only ``context``, ``rules``, ``name`` and
                ``event_bus`` are used, where it has them.
        """
        host = component if isinstance(component, Turns) else DetachedHost(component)
        return await leave_by_message(self, message, host)


def table_of(state: Any) -> StateTable | None:
    """What a pack says about a state; ``None`` for states that come from no YAML pack."""
    facts: EngineFacts | None = getattr(state, "_engine_facts", None)
    return None if facts is None else facts.table


async def leave_by_message(state: State, message: Message, host: Any) -> tuple[bool, State]:
    """What a state of a pack does with a message; see :meth:`DeclarativeState.handle_message`."""
    table = table_of(state)
    assert table is not None
    transition = await take_choice(table, table.candidates(message), message, host)
    if transition is None:
        return False, state

    target = await leave(table, transition, message, host)
    return (False, state) if target is None else (True, target)


async def take_choice(
    table: StateTable, candidates: Candidates, message: Message, host: Any
) -> CompiledTransition | None:
    """Chooses, and publishes ``guard.failed`` for each guard that could not be evaluated."""
    failures: list[tuple[CompiledTransition, FlexiFlowError]] = []
    rules = host._merged_rules() if candidates.reads_more else _NO_RULES
    scope = (message, host.context, rules, table.key, host.name, host._now)
    transition = choose(candidates, scope, failures)
    for failed, error in failures:
        failure = {
            "component": host.name,
            "state": table.key,
            "guard": failed.guard_text,
            "error": error_text(error),
            "message": message,
        }
        await host._publish(GUARD_FAILED, failure)

    return transition


async def leave(
    table: StateTable, transition: CompiledTransition, message: Message, host: Any
) -> State | None:
    """Runs the actions of a transition up to where the state changes, and gives the next state.

    Returns:
        The next state; ``None`` after an internal transition, which has been published then.

    Raises:
        StateError: it leads to a state that is not registered; nothing has been done then.
    """
    if transition.spec.target is None:
        await run_actions(transition.do, host, message, table.key)
        host.last_transition = transition
        handled = {"component": host.name, "state": table.key, "message": message}
        await host._publish(MESSAGE_HANDLED, handled)
        return None

    target = transition.new_target(host.state_machine.registry)
    await run_actions(table.exit, host, message, table.key)
    await run_actions(transition.do, host, message, table.key)
    host.last_transition = transition
    return target


class DetachedHost:
    """Stands in for a component where a state is driven by something that is none."""

    def __init__(self, component: Any) -> None:
        self.name: str = getattr(component, "name", "")
        self.context: dict[str, Any] = getattr(component, "context", {})
        self.state_machine: Any = getattr(component, "state_machine", StateMachine(State()))
        self.last_transition: CompiledTransition | None = None
        self._component = component

    def _merged_rules(self) -> dict[str, Any]:
        return merge_rules(getattr(self._component, "rules", ()))

    def _now(self) -> float:
        return time.time()

    async def _publish(self, event_name: str, data: Any) -> None:
        bus = getattr(self._component, "event_bus", None)
        if bus is not None:
            await bus.publish(event_name, data)

    def _send(self, message: Message, to: str | None, after: float | None) -> None:  # noqa: ARG002 - a component's signature
        raise FlexiFlowError(
            f"There is nobody to queue message {message.get('type')!r} with",
            why="The state is driven by an object that is no component.",
            fix="Drive it with an AsyncComponent.",
        )


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
        raise TypeError(f"{state!r} comes from no YAML pack: what it does is known by running it")

    if table.final:
        return Plan(None, f"{table.key} is final: no message leaves it.")

    candidates = table.candidates(message)
    if not candidates:
        return Plan(None, f"{table.key} has no transition for {message.get('type')!r}.")

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
    seen = candidates if taken is None else candidates[: candidates.index(taken) + 1]
    errors = {id(transition): error_text(error) for transition, error in failures}
    return tuple(GuardCheck(t, t is taken, errors.get(id(t))) for t in seen)


def _reason(taken: CompiledTransition | None) -> str:
    if taken is None:
        return "No guard is true."

    if taken.guard is None:
        return "It is the first without a guard that is false."

    return f"Its guard is the first that is true: {taken.guard_text}"


def merge_rules(rules: Iterable[Any]) -> dict[str, Any]:
    """All rules that are mappings in one; later ones win."""
    merged: dict[str, Any] = {}
    for rule in rules:
        if isinstance(rule, Mapping):
            merged.update(rule)

    return merged


def compile_pack(pack: PackFile) -> dict[str, type[State]]:
    """State key -> the class made of it, in the pack's order.

    Raises:
        ExpressionError: a guard or value is no expression of the language.
    """
    transitions = [CompiledTransition(pack, index) for index in range(len(pack.transitions))]
    classes: dict[str, type[State]] = {}
    for definition in pack.states:
        table = StateTable(pack.name, definition, transitions)
        classes[definition.key] = type(
            definition.key,
            (DeclarativeState,),
            {
                "__slots__": (),
                "__doc__": definition.description,
                "__module__": f"pack {pack.name}",
                "_engine_facts": EngineFacts(decide, waits=True, table=table),
            },
        )

    for transition in transitions:
        transition.target = classes.get(transition.spec.target or "")
        transition.simple = _is_simple(transition, classes)

    return classes


def _is_simple(transition: CompiledTransition, classes: Mapping[str, type[State]]) -> bool:
    source = classes.get(transition.spec.source)
    if transition.target is None or source is None or transition.do:
        return False

    left, entered = source._engine_facts.table, transition.target._engine_facts.table
    assert left is not None
    assert entered is not None
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
        """Its transitions; a delay reads ``after 30s``, and an internal one leads to where it is."""
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
