"""The document: one open flow, changed through :meth:`Document.apply` alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QObject, Signal

from designer.document.elements import (
    Element,
    ElementId,
    Flow,
    Pack,
    Position,
    State,
    Transition,
    written_alike,
)
from designer.document.shelf import Shelf

__all__ = ["Change", "Content", "Document"]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a document says at one moment; states and transitions in file order."""

    flow: Flow
    packs: tuple[Pack, ...] = ()
    states: tuple[State, ...] = ()
    transitions: tuple[Transition, ...] = ()
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One element before and after.

    Attributes:
        before: what it was; None adds it.
        after: what it becomes; None removes it.
        index: where an added element goes among its kind; -1 appends. For a replaced element, where
            it moves to; -1 leaves it where it is. For a removed one, where to look for it first.
    """

    before: Element | None
    after: Element | None
    index: int = -1

    @property
    def element(self) -> Element:
        """The record that tells kind and id."""
        element = self.after if self.after is not None else self.before
        if element is None:
            raise ValueError("a change needs a record before or after it")
        return element


class Document(QObject):
    """One open flow, as frozen records by id.

    Signals carry ids and are emitted after the change, one per element that really changed.
    Whoever shows the document starts from its records and then follows the signals.

    Signals:
        flow_changed(): name, initial state, rules, context or resolution.
        pack_added(str), pack_changed(str), pack_removed(str)
        state_added(str), state_changed(str), state_removed(str)
        transition_added(str), transition_changed(str), transition_removed(str)
        position_changed(str): a state was moved, or got its first place. Not sent for removal.
        applied(): all of one edit has been applied; what is costly (problems, YAML, routes) waits
            for this.
    """

    flow_changed = Signal()
    pack_added = Signal(str)
    pack_changed = Signal(str)
    pack_removed = Signal(str)
    state_added = Signal(str)
    state_changed = Signal(str)
    state_removed = Signal(str)
    transition_added = Signal(str)
    transition_changed = Signal(str)
    transition_removed = Signal(str)
    position_changed = Signal(str)
    applied = Signal()

    def __init__(self, content: Content, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._flow = content.flow
        self._packs = Shelf(content.packs)
        self._states = Shelf(content.states)
        self._transitions = Shelf(content.transitions)
        self._positions = Shelf(content.positions)
        self._shelves = {
            Pack: self._packs,
            State: self._states,
            Transition: self._transitions,
            Position: self._positions,
        }

    # -- reading ---------------------------------------------------------------------------

    @property
    def flow(self) -> Flow:
        """What belongs to the whole flow."""
        return self._flow

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs in file order."""
        return self._packs.records

    @property
    def states(self) -> tuple[State, ...]:
        """The states in file order."""
        return self._states.records

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """The transitions in file order, which is the order guards are tried in."""
        return self._transitions.records

    @property
    def content(self) -> Content:
        """All of it, as one frozen value."""
        return Content(
            flow=self._flow,
            packs=self.packs,
            states=self.states,
            transitions=self.transitions,
            positions=self._positions.records,
        )

    def find(self, element_id: ElementId) -> Pack | State | Transition | None:
        """The pack, state or transition of that id, or None."""
        return (
            self._states.find(element_id)
            or self._transitions.find(element_id)
            or self._packs.find(element_id)
        )

    def pack_for(self, pack_id: ElementId) -> Pack:
        """The pack of that id; raises KeyError."""
        return self._packs.record_for(pack_id)

    def state_for(self, state_id: ElementId) -> State:
        """The state of that id; raises KeyError."""
        return self._states.record_for(state_id)

    def transition_for(self, transition_id: ElementId) -> Transition:
        """The transition of that id; raises KeyError."""
        return self._transitions.record_for(transition_id)

    def find_state(self, key: str) -> State | None:
        """The first state of that key, or None."""
        return next((state for state in self.states if state.key == key), None)

    def find_position(self, state_id: ElementId) -> Position | None:
        """Where the state is drawn, or None while it has no place."""
        return self._positions.find(state_id)

    def iter_transitions_of(self, state_id: ElementId) -> Iterator[Transition]:
        """Transitions that leave or enter the state, in order."""
        for transition in self.transitions:
            if state_id in (transition.source, transition.target):
                yield transition

    def index_for(self, element: Element) -> int:
        """The element's place among its kind; raises ValueError when it is not there."""
        return 0 if isinstance(element, Flow) else self._shelf(element).index_for(element.id)

    # -- changing --------------------------------------------------------------------------

    def apply(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Makes all changes, in order, then announces each element that is not as it was.

        Returns:
            the changes that take it all back, places included, in the order to apply them.

        Raises:
            ValueError: a change does not start from what the document holds; nothing was changed.
        """
        changes = tuple(changes)
        self.check(changes)
        inverse = [self._place(change) for change in changes]
        inverse.reverse()

        announced = list(_net_effects(changes, inverse))
        for change in announced:
            self._announce(change)

        if announced:
            self.applied.emit()

        return tuple(inverse)

    def check(self, changes: tuple[Change, ...]) -> None:
        """Raises ValueError unless every ``before`` is what is held when its turn comes."""
        seen: dict[tuple[type[Element], ElementId], Element | None] = {}
        for change in changes:
            element = change.element
            key = (type(element), element.id)
            held = seen[key] if key in seen else self._held(element)
            if held is not change.before and held != change.before:
                raise ValueError(f"{element.id} is not as the edit found it")

            if isinstance(element, Flow) and change.after is None:
                raise ValueError("a document always has its flow")

            seen[key] = change.after

    def has_effect(self, change: Change) -> bool:
        """Whether the change would leave anything otherwise than it is."""
        if change.before is None or change.after is None:
            return change.before is not change.after
        if not written_alike(change.before, change.after):
            return True
        return change.index not in (-1, self.index_for(change.before))

    def _held(self, element: Element) -> Element | None:
        if isinstance(element, Flow):
            return self._flow if self._flow.id == element.id else None
        return self._shelf(element).find(element.id)

    def _shelf(self, element: Element) -> Shelf[Element]:
        return cast("Shelf[Element]", self._shelves[type(element)])

    def _place(self, change: Change) -> Change:
        """Puts one change into the records and returns its inverse."""
        before, after = change.before, change.after
        if isinstance(after, Flow):
            self._flow = after
            return Change(after, before)

        shelf = self._shelf(change.element)
        if after is None:
            return Change(None, before, shelf.remove(change.element.id, change.index))

        if before is None:
            shelf.add(after, change.index)
            return Change(after, None, change.index)

        shelf.replace(after)
        stood = -1 if change.index == -1 else shelf.move(after.id, change.index)
        return Change(after, before, stood)

    def _announce(self, change: Change) -> None:
        element = change.element
        match element:
            case Flow():
                self.flow_changed.emit()
            case Position():
                if change.after is not None:
                    self.position_changed.emit(element.id)
            case _:
                kind = type(element).__name__.lower()
                verb = "added" if change.before is None else "changed"
                verb = "removed" if change.after is None else verb
                getattr(self, f"{kind}_{verb}").emit(element.id)


def _net_effects(changes: tuple[Change, ...], inverse: list[Change]) -> Iterator[Change]:
    """One change per element that did not end as it began, in the order of its first change."""
    net: dict[tuple[type[Element], ElementId], Change] = {}
    for change, undone in zip(changes, reversed(inverse), strict=True):
        key = (type(change.element), change.element.id)
        first = net.get(key)
        moved = change.index != undone.index
        if first is None:
            net[key] = Change(change.before, change.after, int(moved))
        else:
            net[key] = Change(first.before, change.after, int(moved or first.index == 1))

    for change in net.values():
        if change.before is None or change.after is None:
            if change.before is not change.after:
                yield change
        elif change.index == 1 or not written_alike(change.before, change.after):
            yield change
