"""From what a run tells (names and numbers) to what is drawn (ids), and back to messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from designer.canvas.overlay import Overlay
from designer.document.elements import ElementId, State, Transition
from designer.document.guards import NO_REFERENCES, references
from designer.document.model import Content
from flexiflow.errors import ExpressionError
from flexiflow.expressions import compile_expression
from flexiflow.pack_records import Action, CallAction, EmitAction, SendAction, SetAction

__all__ = ["RunMap"]


class RunMap:
    """The flow as a run started with it.

    Ids are never used again, so they still fit the canvas after an edit: what was removed since is
    simply not drawn.
    """

    def __init__(self, content: Content) -> None:
        self.content = content
        packs = {pack.id: pack for pack in content.packs}
        self._states = {state.key: state for state in content.states}
        self._by_id = {state.id: state for state in content.states}
        self._guards = {pack.id: pack.guards for pack in content.packs}
        self._transitions: dict[tuple[str, int], Transition] = {}
        self._leaving: dict[ElementId, list[Transition]] = {}
        counts: dict[str, int] = {}
        for transition in content.transitions:
            name = packs[transition.pack].name
            index = counts.get(name, 0)
            counts[name] = index + 1
            self._transitions[name, index] = transition
            self._leaving.setdefault(transition.source, []).append(transition)

    def find_state_id(self, key: str | None) -> ElementId | None:
        """The id of the state of that key, or None."""
        state = self._states.get(key or "")
        return state.id if state is not None else None

    def find_transition_id(self, place: tuple[str, int] | None) -> ElementId | None:
        """The id of the transition at that place: its pack's name and its number there."""
        transition = self._transitions.get(place) if place is not None else None
        return transition.id if transition is not None else None

    def possible_ids(self, state_id: ElementId | None) -> frozenset[ElementId]:
        """The transitions that leave the state on a message."""
        leaving = self._leaving.get(state_id or "", ())
        return frozenset(item.id for item in leaving if item.message is not None)

    def overlay(
        self,
        active: str | None,
        taken: tuple[str, int] | None,
        visits: Mapping[str, int],
        note: str = "",
    ) -> Overlay:
        """What the canvas shows of a moment of the run."""
        state_id = self.find_state_id(active)
        return Overlay(
            active=state_id,
            taken=self.find_transition_id(taken),
            possible=self.possible_ids(state_id),
            visits={
                found: count for key, count in visits.items() if (found := self.find_state_id(key))
            },
            note=note,
        )

    def message_for(self, transition_id: ElementId) -> str | None:
        """The message a transition waits for; None for a timer's or one that is not known."""
        for transition in self.content.transitions:
            if transition.id == transition_id:
                return transition.message
        return None

    def fields_for(self, transition_id: ElementId) -> tuple[str, ...]:
        """The fields a message should have to take a transition, besides its type.

        They are those that the guards of every transition read which leaves the same state on the
        same message, and those that the actions of these read.
        """
        fields: set[str] = set()
        for transition in self._rivals_of(transition_id):
            fields |= self._fields_of(transition)
        return tuple(sorted(fields - {"type"}))

    def _rivals_of(self, transition_id: ElementId) -> Iterator[Transition]:
        chosen = next((item for item in self.content.transitions if item.id == transition_id), None)
        if chosen is None:
            return
        for transition in self._leaving[chosen.source]:
            if transition.message == chosen.message:
                yield transition

    def _fields_of(self, transition: Transition) -> set[str]:
        fields: set[str] = set()
        if transition.guard:
            guards = self._guards[transition.pack]
            fields |= references(guards, transition.guard).message
        source, target = self._by_id[transition.source], self._target_of(transition)
        leaves = target is not None
        actions = (
            *(source.exit if leaves else ()),
            *transition.do,
            *(target.entry if target else ()),
        )
        for text in _iter_expressions(actions):
            fields |= _references_of(text)
        return fields

    def _target_of(self, transition: Transition) -> State | None:
        return self._by_id.get(transition.target or "")


def _iter_expressions(actions: Iterable[Action]) -> Iterator[str]:
    for action in actions:
        match action:
            case SetAction():
                values = list(action.values.values())
            case EmitAction():
                values = list(action.data.values())
            case SendAction():
                values = [action.content, *action.data.values()]
            case CallAction():
                values = []
        yield from (value for value in values if isinstance(value, str))


def _references_of(text: str) -> frozenset[str]:
    try:
        return compile_expression(text).references().message
    except ExpressionError:
        return NO_REFERENCES.message
