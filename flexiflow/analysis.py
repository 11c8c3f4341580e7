"""What the transitions of YAML packs tell about a flow before it runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flexiflow.pack_records import Action, CallAction, EmitAction, PackFile
from flexiflow.state_machine import StateRegistry

__all__ = [
    "Finding",
    "called_functions",
    "emitted_events",
    "iter_actions",
    "left_final_states",
    "lint",
    "missing_targets",
    "reachable_states",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a pack that was hardly meant so.

    Attributes:
        what: what it is, in one line.
        why: why that matters.
        fix: what to do about it.
        pack: index of the pack.
        way: the way to it in the pack.
        is_error: whether no pack may say it; anything else runs.
    """

    what: str
    why: str
    fix: str
    pack: int
    way: tuple[Any, ...]
    is_error: bool = False


def reachable_states(packs: Iterable[PackFile], start: str) -> set[str]:
    """The states that transitions lead to from ``start``, itself included."""
    leads_to: dict[str, list[str]] = {}
    for pack in packs:
        final = {state.key for state in pack.states if state.final}
        for transition in pack.transitions:
            if transition.target is not None and transition.source not in final:
                leads_to.setdefault(transition.source, []).append(transition.target)

    reached = {start}
    waiting = deque([start])
    while waiting:
        for target in leads_to.get(waiting.popleft(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)

    return reached


def missing_targets(
    packs: Sequence[PackFile], known: Collection[str]
) -> Iterator[tuple[int, tuple[Any, ...], str]]:
    """The targets of transitions that are no known state: index of the pack, way in it, target."""
    for index, pack in enumerate(packs):
        for number, transition in enumerate(pack.transitions):
            if transition.target is not None and transition.target not in known:
                yield index, ("transitions", number, "to"), transition.target


def lint(packs: Sequence[PackFile], start: str | None) -> Iterator[Finding]:
    """Final states that something leaves, and states that nothing leads to.

    Args:
        packs: all packs of a flow.
        start: the starting state; None when it is not known, then reachability is not looked at.
    """
    yield from left_final_states(packs)
    if start is None:
        return

    reached = reachable_states(packs, start)
    for index, pack in enumerate(packs):
        for state in pack.states:
            if state.key not in reached:
                yield Finding(
                    f"State '{state.key}' cannot be reached",
                    f"No transitions lead to it from '{start}'.",
                    "Add a transition that leads to it, or remove it.",
                    index,
                    ("states", state.key),
                )


def left_final_states(packs: Iterable[PackFile]) -> Iterator[Finding]:
    """The transitions that leave a final state."""
    for index, pack in enumerate(packs):
        final = {state.key for state in pack.states if state.final}
        for number, transition in enumerate(pack.transitions):
            if transition.source in final:
                yield Finding(
                    f"State '{transition.source}' is final, but a transition leaves it",
                    "No transition may leave a final state; it would never be taken.",
                    "Remove the transition, or 'final' from the state.",
                    index,
                    ("transitions", number, "from"),
                    is_error=True,
                )


def iter_actions(pack: PackFile) -> Iterator[tuple[tuple[Any, ...], Action]]:
    """All actions of a pack, each with the way to it."""
    for state in pack.states:
        for name, actions in (("entry", state.entry), ("exit", state.exit)):
            for number, action in enumerate(actions):
                yield ("states", state.key, name, number), action

    for index, transition in enumerate(pack.transitions):
        for number, action in enumerate(transition.do):
            yield ("transitions", index, "do", number), action


def emitted_events(registry: StateRegistry) -> set[str]:
    """The names of all events that actions of the registered states publish."""
    events: set[str] = set()
    for name in registry.names():
        facts = getattr(registry.find(name), "_engine_facts", None)
        if facts is None or facts.table is None:
            continue

        table = facts.table

        leaving = [*table.timers, *(t for found in table.by_type.values() for t in found.all)]
        steps = [*table.entry, *table.exit, *(step for taken in leaving for step in taken.do)]
        actions = (step.action for step in steps)
        events.update(action.event for action in actions if isinstance(action, EmitAction))

    return events


def called_functions(pack: PackFile) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The dotted paths that a pack's actions call, each with the way to it."""
    for way, action in iter_actions(pack):
        if isinstance(action, CallAction):
            yield (*way, "call"), action.target
