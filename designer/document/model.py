"""The document: one open flow, changed through :meth:`Document.apply` alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from designer.document.elements import (
    Element,
    ElementId,
    Flow,
    Pack,
    Position,
    State,
    Transition,
)

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
    """One element before and after: added (``before`` is None), replaced, or removed (``after`` is None).

    Attributes:
        index: where an added element goes, or a removed one stood, among its kind; -1 appends.
            A replaced element keeps its place unless ``index`` names another.
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
        position_changed(str): a state was moved (also when it got its first place). Not sent for removal.
        applied(): all of one edit has been applied; what is costly (problems, YAML, routes) waits for this.
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
        self._packs = {pack.id: pack for pack in content.packs}
        self._states = {state.id: state for state in content.states}
        self._transitions = {transition.id: transition for transition in content.transitions}
        self._positions = {position.id: position for position in content.positions}

    # -- reading ---------------------------------------------------------------------------

    @property
    def flow(self) -> Flow:
        """What belongs to the whole flow."""
        return self._flow

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs in file order."""
        return tuple(self._packs.values())

    @property
    def states(self) -> tuple[State, ...]:
        """The states in file order."""
        return tuple(self._states.values())

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """The transitions in file order, which is the order guards are tried in."""
        return tuple(self._transitions.values())

    @property
    def content(self) -> Content:
        """All of it, as one frozen value."""
        return Content(
            flow=self._flow,
            packs=self.packs,
            states=self.states,
            transitions=self.transitions,
            positions=tuple(self._positions.values()),
        )

    def find(self, element_id: ElementId) -> Pack | State | Transition | None:
        """The pack, state or transition of that id, or None."""
        return (
            self._states.get(element_id)
            or self._transitions.get(element_id)
            or self._packs.get(element_id)
        )

    def pack_for(self, pack_id: ElementId) -> Pack:
        """The pack of that id; raises KeyError."""
        return self._packs[pack_id]

    def state_for(self, state_id: ElementId) -> State:
        """The state of that id; raises KeyError."""
        return self._states[state_id]

    def transition_for(self, transition_id: ElementId) -> Transition:
        """The transition of that id; raises KeyError."""
        return self._transitions[transition_id]

    def find_state(self, key: str) -> State | None:
        """The state of that key, or None."""
        return next((state for state in self._states.values() if state.key == key), None)

    def find_position(self, state_id: ElementId) -> Position | None:
        """Where the state is drawn, or None while it has no place."""
        return self._positions.get(state_id)

    def iter_transitions_of(self, state_id: ElementId) -> Iterator[Transition]:
        """Transitions that leave or enter the state, in order."""
        for transition in self._transitions.values():
            if state_id in (transition.source, transition.target):
                yield transition

    def index_for(self, element: Element) -> int:
        """The element's place among its kind; raises KeyError or ValueError."""
        return list(self._shelf(element)).index(element.id)

    # -- changing --------------------------------------------------------------------------

    def apply(self, changes: Iterable[Change]) -> None:
        """Makes all changes, in order, then announces each that had an effect.

        Raises:
            ValueError: a change does not start from what the document holds; nothing was changed.
        """
        changes = tuple(changes)
        self.check(changes)
        effective = [change for change in changes if self._place(change)]

        for change in effective:
            self._announce(change)

        if effective:
            self.applied.emit()

    def check(self, changes: tuple[Change, ...]) -> None:
        """Raises ValueError unless every ``before`` is what is held, counting the changes before it."""
        seen: dict[tuple[type[Element], ElementId], Element | None] = {}
        for change in changes:
            element = change.element
            key = (type(element), element.id)
            held = seen[key] if key in seen else self._held(element)
            if held != change.before:
                raise ValueError(f"{type(element).__name__} {element.id} is not as the edit found it")
            if isinstance(element, Flow) and change.after is None:
                raise ValueError("a document always has its flow")
            seen[key] = change.after

    def _held(self, element: Element) -> Element | None:
        if isinstance(element, Flow):
            return self._flow
        return self._shelf(element).get(element.id)

    def _shelf(self, element: Element) -> dict[ElementId, Element]:
        shelves: dict[type, dict[ElementId, Element]] = {
            Pack: self._packs,  # type: ignore[dict-item]
            State: self._states,  # type: ignore[dict-item]
            Transition: self._transitions,  # type: ignore[dict-item]
            Position: self._positions,  # type: ignore[dict-item]
        }
        return shelves[type(element)]

    def _place(self, change: Change) -> bool:
        """Puts one change into the records; False when it changes nothing."""
        element = change.element
        if isinstance(element, Flow):
            changed = self._flow != element
            self._flow = element
            return changed

        shelf = self._shelf(element)
        if change.after is None:
            return shelf.pop(element.id, None) is not None

        moves = change.before is not None and change.index not in (-1, list(shelf).index(element.id))
        if change.before == change.after and not moves:
            return False

        if moves:
            del shelf[element.id]
        shelf[element.id] = change.after
        if change.index != -1 and (moves or change.before is None):
            _move_to(shelf, element.id, change.index)
        return True

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


def _move_to(shelf: dict[ElementId, Element], element_id: ElementId, index: int) -> None:
    """Reorders a shelf so that the element stands at ``index``."""
    element = shelf.pop(element_id)
    items = list(shelf.items())
    items.insert(index, (element_id, element))
    shelf.clear()
    shelf.update(items)
