"""The frozen records a document is made of, each known by an opaque id that is never reused.

A record's data fields are those of ``flexiflow.pack_records``; what names another element there
names its id here, so a renamed state is renamed everywhere at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from flexiflow.pack_records import Action

__all__ = [
    "Element",
    "ElementId",
    "Flow",
    "FlowKind",
    "Pack",
    "PackOrigin",
    "Point",
    "Position",
    "State",
    "Transition",
    "new_id",
    "written_alike",
]

ElementId = str
Point = tuple[float, float]


def written_alike(one: object, other: object) -> bool:
    """Whether two records (or plain values) say the same in a file.

    Python calls ``1``, ``1.0`` and ``True`` equal, and mappings of another order too; a file
    does not.
    """
    return one is other or repr(one) == repr(other)


def new_id(prefix: str) -> ElementId:
    """A fresh id such as ``s-3f2a...``; the prefix only helps a person who reads a log."""
    return f"{prefix}-{uuid.uuid4().hex}"


class FlowKind(Enum):
    """What kind of file a document is."""

    #: A component config that names packs.
    CONFIG = "config"
    #: A pack by itself, which runs as a component of its name from its first state.
    PACK = "pack"


class PackOrigin(Enum):
    """Where a pack's states come from."""

    #: A YAML pack in a file of its own.
    FILE = "file"
    #: A YAML pack written inside the config, or a pack opened by itself.
    INLINE = "inline"
    #: Python: a dotted path or the config's ``states:`` mapping. Drawn, never edited.
    PYTHON = "python"
    #: The engine's own four states. Drawn where transitions lead to them, never edited.
    BUILTIN = "builtin"
    #: States that are named, but declared nowhere in sight: perhaps by Python, perhaps by nobody.
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Flow:
    """What belongs to the whole flow.

    Attributes:
        name: the component's name. A flow of kind PACK is named by its one pack, and this field
            repeats it.
        initial: id of the initial state; for a PACK flow, always its pack's first state. None when
            none is written: the engine then starts in its own ``InitialState``.
        rules: the ordered rule mappings of the config.
        context: the config's starting context.
        resolution: ``initial_state_resolution``; empty when not written.
        extra: the config's ``x-`` keys and unknown keys.
        places: where the config draws states that are not there; kept.
    """

    id: ElementId
    kind: FlowKind
    name: str
    initial: ElementId | None = None
    rules: tuple[Any, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    resolution: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Point] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pack:
    """A group of states that is written in one place.

    Attributes:
        path: FILE: the path as the config writes it; PYTHON: the dotted path, "" for the config's
            ``states:`` mapping; otherwise "".
        guards: named guards: name -> expression.
        context: default starting context.
        places: where its file draws states that it does not declare; kept.
    """

    id: ElementId
    name: str
    origin: PackOrigin
    path: str = ""
    description: str | None = None
    guards: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    color: str | None = None
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Point] = field(default_factory=dict)

    @property
    def editable(self) -> bool:
        """Whether its states can be changed here: true of YAML packs."""
        return self.origin in (PackOrigin.FILE, PackOrigin.INLINE)


@dataclass(frozen=True, slots=True)
class State:
    """One state.

    Attributes:
        key: its name everywhere: on the canvas, in files, events and snapshots.
        path: the ``module:Class`` of a state that a config names so; "" for every other.
    """

    id: ElementId
    pack: ElementId
    key: str
    description: str | None = None
    final: bool = False
    entry: tuple[Action, ...] = ()
    exit: tuple[Action, ...] = ()
    color: str | None = None
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """One transition; exactly one of ``message`` and ``after`` is set.

    Attributes:
        target: the state it leads to; None makes it internal.
        pack: the pack it is written in, which is the pack of its source.
        after: seconds after entering the source.
        guard: the name of one of the pack's guards, or an expression.
    """

    id: ElementId
    pack: ElementId
    source: ElementId
    target: ElementId | None
    message: str | None = None
    after: float | None = None
    guard: str | None = None
    do: tuple[Action, ...] = ()
    description: str | None = None
    color: str | None = None
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a state is drawn: its centre on the canvas, in px. ``id`` is the state's id."""

    id: ElementId
    x: float
    y: float

    @property
    def point(self) -> Point:
        """The centre as a pair."""
        return (self.x, self.y)


Element = Flow | Pack | State | Transition | Position
