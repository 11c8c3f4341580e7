"""From the records of files to the content of a document, with ids in place of names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from designer.document.elements import (
    Flow,
    FlowKind,
    Pack,
    PackOrigin,
    Point,
    Position,
    State,
    Transition,
    new_id,
)
from designer.document.model import Content
from designer.exchange.config_file import ConfigFile
from flexiflow.pack_loader import is_pack_file
from flexiflow.pack_records import PackFile, StateDef, TransitionDef
from flexiflow.state_machine import BUILTIN_STATES

__all__ = ["content_of_config", "content_of_pack"]

_BUILTIN_KEYS = frozenset(state.__name__ for state in BUILTIN_STATES)


def content_of_pack(record: PackFile) -> Content:
    """The content of a pack that is open by itself."""
    assembly = _Assembly()
    pack = assembly.add_pack(record, PackOrigin.INLINE)
    assembly.add_transitions({pack.id: record})
    left = assembly.place_others(pack.places)
    assembly.packs[pack.id] = replace(pack, places=left)
    first = next(iter(assembly.states), None) if record.states else None
    return assembly.content(
        Flow(id=new_id("f"), kind=FlowKind.PACK, name=record.name, initial=first)
    )


def content_of_config(config: ConfigFile, files: Mapping[str, PackFile]) -> Content:
    """The content of a config.

    Args:
        config: the config.
        files: its pack files, by the path as the config writes it.
    """
    assembly = _Assembly()
    records: dict[str, PackFile] = {}
    for entry in config.packs:
        if isinstance(entry, PackFile):
            records[assembly.add_pack(entry, PackOrigin.INLINE).id] = entry
        elif is_pack_file(entry):
            records[assembly.add_pack(files[entry], PackOrigin.FILE, entry).id] = files[entry]
        else:
            assembly.add_group(PackOrigin.PYTHON, entry.split(":")[-1].strip(), entry)

    if config.states:
        pack = assembly.add_group(PackOrigin.PYTHON, "states")
        for key, path in config.states.items():
            assembly.add_state(pack, key, path)

    assembly.add_transitions(records)
    initial = assembly.initial_id(config)
    return assembly.content(
        Flow(
            id=new_id("f"),
            kind=FlowKind.CONFIG,
            name=config.name,
            initial=initial,
            rules=config.rules,
            context=config.context,
            resolution=config.resolution,
            extra=config.extra,
            places=assembly.place_others(config.layout),
        )
    )


@dataclass(slots=True)
class _Assembly:
    """A content that is being put together."""

    packs: dict[str, Pack] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    transitions: list[Transition] = field(default_factory=list)
    places: dict[str, Point] = field(default_factory=dict)
    by_key: dict[str, State] = field(default_factory=dict)

    def content(self, flow: Flow) -> Content:
        """What has been put together."""
        return Content(
            flow=flow,
            packs=tuple(self.packs.values()),
            states=tuple(self.states.values()),
            transitions=tuple(self.transitions),
            positions=tuple(Position(key, *place) for key, place in self.places.items()),
        )

    def add_group(self, origin: PackOrigin, name: str, path: str = "") -> Pack:
        """A pack that is no YAML."""
        pack = Pack(id=new_id("p"), name=name, origin=origin, path=path)
        self.packs[pack.id] = pack
        return pack

    def add_state(self, pack: Pack, key: str, path: str = "") -> State:
        """A state that is known by name alone."""
        return self._keep(State(id=new_id("s"), pack=pack.id, key=key, path=path))

    def add_pack(self, record: PackFile, origin: PackOrigin, path: str = "") -> Pack:
        """A YAML pack with its states and their places, as yet without transitions."""
        own = {state.key for state in record.states}
        pack = Pack(
            id=new_id("p"),
            name=record.name,
            origin=origin,
            path=path,
            description=record.description,
            guards=record.guards,
            context=record.context,
            color=record.color,
            tags=record.tags,
            extra=record.extra,
            places={key: place for key, place in record.layout.items() if key not in own},
        )
        self.packs[pack.id] = pack
        for definition in record.states:
            state = self._keep(_state(definition, pack.id))
            if state.key in record.layout:
                self.places[state.id] = record.layout[state.key]
        return pack

    def add_transitions(self, records: Mapping[str, PackFile]) -> None:
        """The transitions of all packs, once all states are there that they may lead to."""
        for pack_id, record in records.items():
            own = {state.key: state.id for state in self.states.values() if state.pack == pack_id}
            for definition in record.transitions:
                aim = definition.target
                target = None if aim is None else own.get(aim) or self.state_id(aim)
                self.transitions.append(
                    _transition(definition, pack_id, own[definition.source], target)
                )

    def state_id(self, key: str) -> str:
        """The state that a name means; a builtin or undeclared one is added for it."""
        state = self.by_key.get(key)
        if state is None:
            origin = PackOrigin.BUILTIN if key in _BUILTIN_KEYS else PackOrigin.ELSEWHERE
            state = self.add_state(self._group(origin), key)
        return state.id

    def initial_id(self, config: ConfigFile) -> str | None:
        """The initial state of a config; None when none is written."""
        initial = config.initial
        if initial is None:
            return None

        if ":" in initial:
            group = self._group(PackOrigin.ELSEWHERE)
            return self.add_state(group, initial.split(":")[-1].strip(), initial).id

        if config.resolution[:1] == ("builtin",) and initial in _BUILTIN_KEYS:
            group = self._group(PackOrigin.BUILTIN)
            held = (s for s in self.states.values() if (s.pack, s.key) == (group.id, initial))
            state = next(held, None) or self.add_state(group, initial)
            return state.id

        return self.state_id(initial)

    def place_others(self, layout: Mapping[str, Point]) -> dict[str, Point]:
        """Gives states of no YAML pack their places; returns the places of nobody."""
        left = dict(layout)
        for state in self.states.values():
            if state.key in left and not self.packs[state.pack].editable:
                self.places[state.id] = left.pop(state.key)
        return left

    def _group(self, origin: PackOrigin) -> Pack:
        """The one pack of builtin states, or of those declared elsewhere."""
        held = (pack for pack in self.packs.values() if pack.origin is origin)
        return next(held, None) or self.add_group(origin, origin.value)

    def _keep(self, state: State) -> State:
        """Of two states that share a name, the name means the first."""
        self.states[state.id] = state
        self.by_key.setdefault(state.key, state)
        return state


def _state(definition: StateDef, pack_id: str) -> State:
    return State(
        id=new_id("s"),
        pack=pack_id,
        key=definition.key,
        description=definition.description,
        final=definition.final,
        entry=definition.entry,
        exit=definition.exit,
        color=definition.color,
        tags=definition.tags,
        extra=definition.extra,
    )


def _transition(
    definition: TransitionDef, pack_id: str, source: str, target: str | None
) -> Transition:
    return Transition(
        id=new_id("t"),
        pack=pack_id,
        source=source,
        target=target,
        message=definition.message,
        after=definition.after,
        guard=definition.guard,
        do=definition.do,
        description=definition.description,
        color=definition.color,
        tags=definition.tags,
        extra=definition.extra,
    )
