"""From the content of a document to the records of the files it is written as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from designer.document.elements import (
    ElementId,
    FlowKind,
    PackOrigin,
    Point,
    State,
    Transition,
)
from designer.document.model import Content
from designer.exchange.config_file import ConfigFile
from flexiflow.pack_records import PackFile, StateDef, TransitionDef

__all__ = ["RecordMaker", "as_record", "lone_pack_file"]


def as_record(content: Content) -> ConfigFile | PackFile:
    """The record of the file that a flow is opened by: its config, or its one pack."""
    if content.flow.kind is FlowKind.PACK:
        return lone_pack_file(content)
    return RecordMaker(content).config_file()


def lone_pack_file(content: Content) -> PackFile:
    """The record of the pack that is open by itself."""
    pack_id = next(pack.id for pack in content.packs if pack.editable)
    return RecordMaker(content).pack_file(pack_id)


class RecordMaker:
    """Makes records of one content."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._packs = {pack.id: pack for pack in content.packs}
        self._states = {state.id: state for state in content.states}
        self._places = {position.id: position.point for position in content.positions}

    def pack_file(self, pack_id: ElementId) -> PackFile:
        """One YAML pack; raises KeyError."""
        pack = self._packs[pack_id]
        states = [state for state in self._content.states if state.pack == pack_id]
        alone = self._content.flow.kind is FlowKind.PACK
        drawn = [*states, *self._others()] if alone else states
        return PackFile(
            name=pack.name,
            states=tuple(map(_state_def, states)),
            transitions=tuple(
                self._transition_def(transition)
                for transition in self._content.transitions
                if transition.pack == pack_id
            ),
            description=pack.description,
            guards=pack.guards,
            context=pack.context,
            layout=self._layout(drawn, pack.places),
            color=pack.color,
            tags=pack.tags,
            extra=pack.extra,
        )

    def config_file(self) -> ConfigFile:
        """The config; packs in files of their own are named, others are written inside."""
        flow = self._content.flow
        return ConfigFile(
            name=flow.name,
            initial=self._initial(),
            resolution=flow.resolution,
            rules=flow.rules,
            context=flow.context,
            packs=tuple(self._entries()),
            states={
                state.key: state.path
                for state in self._content.states
                if self._packs[state.pack].origin is PackOrigin.PYTHON
            },
            layout=self._layout(self._others(), flow.places),
            extra=flow.extra,
        )

    def _entries(self) -> Iterator[str | PackFile]:
        for pack in self._content.packs:
            if pack.origin is PackOrigin.INLINE:
                yield self.pack_file(pack.id)
            elif pack.path:
                yield pack.path

    def _initial(self) -> str | None:
        initial = self._content.flow.initial
        if initial is None:
            return None

        state = self._states[initial]
        declared = self._packs[state.pack].origin is PackOrigin.PYTHON
        return state.key if declared else state.path or state.key

    def _others(self) -> list[State]:
        """The states of no YAML pack that the flow names, by name: no file says their order."""
        named = {transition.target for transition in self._content.transitions}
        named.add(self._content.flow.initial)
        others = [
            state
            for state in self._content.states
            if not (pack := self._packs[state.pack]).editable
            and (state.id in named or pack.origin is PackOrigin.PYTHON)
        ]
        return sorted(others, key=lambda state: state.key)

    def _layout(self, states: Iterable[State], rest: Mapping[str, Point]) -> dict[str, Point]:
        """The places of states that have one, then those of nobody."""
        layout = {state.key: self._places[state.id] for state in states if state.id in self._places}
        return layout | {key: place for key, place in rest.items() if key not in layout}

    def _transition_def(self, transition: Transition) -> TransitionDef:
        target = transition.target
        return TransitionDef(
            source=self._states[transition.source].key,
            message=transition.message,
            after=transition.after,
            target=None if target is None else self._states[target].key,
            guard=transition.guard,
            do=transition.do,
            description=transition.description,
            color=transition.color,
            tags=transition.tags,
            extra=transition.extra,
        )


def _state_def(state: State) -> StateDef:
    return StateDef(
        key=state.key,
        description=state.description,
        final=state.final,
        entry=state.entry,
        exit=state.exit,
        color=state.color,
        tags=state.tags,
        extra=state.extra,
    )
