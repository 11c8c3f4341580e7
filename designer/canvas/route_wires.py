"""What is drawn as one line: a transition, or several that share it, with all its labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from designer.canvas.route_grid import Cell, Stamp
from designer.canvas.routes import EdgeInput, Rect, Route, RouteKind, Size
from designer.document.elements import ElementId, Point

__all__ = ["Wire", "wires_of"]

#: From this many transitions with the same source and target they share one line; in a dense flow,
#: one of more transitions and more a state than these, from one fewer.
BUNDLE_FROM = 4
DENSE = 20
DENSE_PER_STATE = 3.0
LOOP_BUNDLE_FROM = 3
HUNG_BUNDLE_FROM = 2
#: Px between the labels of a stack.
STACK_GAP = 3.0
#: A label whose middle is further than this from an upright line hangs beside it, in px.
ASIDE = 5.0


@dataclass(slots=True, eq=False)
class Wire:
    """One line on its way to be routed.

    Attributes:
        members: the transitions drawn by it, in order.
        size: of its label, or of the stack of its labels.
        corners: on the lattice; empty while it has no way.
        points: on the canvas.
        label: the centre of the label or the stack.
        label_leg: the leg the label lies on.
        label_side: 1 where the label hangs to the right of its line, -1 to the left, else 0.
        stamp: what it occupies.
        kept: how its members run where it is to stay as it was.
    """

    members: list[EdgeInput]
    size: Size
    corners: list[Cell] = field(default_factory=list)
    points: tuple[Point, ...] = ()
    label: Point = (0.0, 0.0)
    label_leg: int = -1
    label_side: int = 0
    stamp: Stamp = field(default_factory=list)
    kept: list[Route] = field(default_factory=list)

    @property
    def source(self) -> ElementId:
        """The state it leaves."""
        return self.members[0].source

    @property
    def target(self) -> ElementId:
        """The state it enters."""
        return self.members[0].target or self.source

    @property
    def kind(self) -> RouteKind:
        """How it is drawn."""
        if self.members[0].target is None:
            return RouteKind.INTERNAL
        return RouteKind.LOOP if self.source == self.target else RouteKind.LINE

    @property
    def movable(self) -> bool:
        """Whether it is a line between two states that is being routed."""
        return not self.kept and self.kind is RouteKind.LINE

    @property
    def label_rect(self) -> Rect:
        """The place of its label or labels."""
        return Rect.around(self.label, *self.size)

    def keep(self, routes: Mapping[ElementId, Route]) -> None:
        """Takes over how its members ran before, to stay so."""
        before = [routes[member.id] for member in self.members]
        widest = max(range(len(before)), key=lambda index: self.members[index].label_width)
        self.kept = before
        self.points = before[0].points
        middle = (before[0].label[1] + before[-1].label[1]) / 2
        self.label = (before[widest].label[0], middle)

    def let_go(self) -> None:
        """Forgets how it ran, to be routed anew."""
        self.kept, self.points = [], ()

    def hang_labels(self) -> None:
        """Notes on which side of its line the label hangs, once the points are known."""
        self.label_side = 0
        if not 0 <= self.label_leg < len(self.points) - 1:
            return
        (x1, _), (x2, _) = self.points[self.label_leg : self.label_leg + 2]
        aside = self.label[0] - x1
        if x1 == x2 and abs(aside) > ASIDE:
            self.label_side = 1 if aside > 0 else -1

    def iter_routes(self) -> Iterator[tuple[ElementId, Route]]:
        """The route of each member; labels of several stand in a column."""
        if self.kept:
            yield from zip((member.id for member in self.members), self.kept, strict=True)
            return

        bundle = self.members[0].id if len(self.members) > 1 else None
        kind = self.kind
        y = self.label[1] - self.size[1] / 2 + self._spare_above()
        for member in self.members:
            centre = (self._label_x(member.label_width), y + member.label_height / 2)
            yield member.id, Route(self.points, centre, kind, bundle)
            y += member.label_height + STACK_GAP

    def _spare_above(self) -> float:
        """The room above a stack: none where a level line runs through the middle of a label."""
        spare = self.size[1] - _height(self.members)
        legs = self.points[self.label_leg : self.label_leg + 2]
        level = self.label_leg >= 0 and len(legs) == 2 and legs[0][1] == legs[1][1]
        return 0.0 if level else spare / 2

    def _label_x(self, width: float) -> float:
        """The middle of one label of a stack: where the stack hangs aside, all touch the line."""
        return self.label[0] + self.label_side * (width - self.size[0]) / 2


def wires_of(edges: Iterable[EdgeInput]) -> list[Wire]:
    """The lines to be drawn for these transitions."""
    groups: dict[tuple[ElementId, ElementId | None], list[EdgeInput]] = {}
    for edge in edges:
        groups.setdefault((edge.source, edge.target), []).append(edge)

    states = {state for pair in groups for state in pair}
    count = sum(len(members) for members in groups.values())
    dense = count > max(DENSE, DENSE_PER_STATE * len(states))
    wires: list[Wire] = []
    for (source, target), members in groups.items():
        if len(members) >= _bundle_from(source, target, dense=dense):
            wires.append(_wire(members))
        else:
            wires.extend(_wire([member]) for member in members)
    return wires


def _bundle_from(source: ElementId, target: ElementId | None, *, dense: bool) -> int:
    if target is None:
        return HUNG_BUNDLE_FROM
    if source == target:
        return LOOP_BUNDLE_FROM
    return BUNDLE_FROM - 1 if dense else BUNDLE_FROM


def _wire(members: list[EdgeInput]) -> Wire:
    """A line with room for its labels; a stack of an even number may stand half a label off."""
    width = max(member.label_width for member in members)
    height = _height(members)
    if len(members) % 2 == 0 and members[0].target not in (None, members[0].source):
        height += members[0].label_height + STACK_GAP
    return Wire(members, (width, height))


def _height(members: Sequence[EdgeInput]) -> float:
    return sum(member.label_height + STACK_GAP for member in members) - STACK_GAP
