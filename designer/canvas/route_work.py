"""The work of routing: own lines first, then the short ways, then those in trouble once more."""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator, Iterator, Mapping, Sequence

from designer.canvas.label_places import Boards, find_place
from designer.canvas.label_round import place_labels, without_lines
from designer.canvas.plain_routes import plain_route
from designer.canvas.route_grid import CELL, LABEL_MARGIN, Cell, RouteGrid, Stamp, span
from designer.canvas.route_loops import Crowd, crowd_of, hung_label, marker_way, place_loop
from designer.canvas.route_nudge import nudge
from designer.canvas.route_search import search
from designer.canvas.route_ways import (
    BEND_COST,
    CROSSING_COST,
    LABEL_COST,
    MOST_BENDS,
    Dock,
    dock_pairs,
    docks_of,
    find_ways,
    least_length,
    line_cost,
)
from designer.canvas.route_wires import Wire
from designer.canvas.routes import Rect, RouteKind
from designer.document.elements import ElementId, Point

__all__ = ["RouteWork"]

#: Lattice room around the states, in px.
REACH = 220.0
#: A line that costs this much more than a straight one is tried again.
TROUBLE = 95.0
#: How far from a moving line another can be in its way, in lattice steps.
NEAR = 60
#: The trouble of a line without a way.
NO_WAY = 1e6
#: How many pairs of labels may try each other's place at the end.
SWAPS = 24
#: The px kept free about the initial marker.
MARKER_ROOM = 11.0


class _Docks(dict[ElementId, tuple[Dock, ...]]):
    """The sides of the states, each worked out when first asked for."""

    def __init__(self, grid: RouteGrid, boxes: Mapping[ElementId, Rect]) -> None:
        super().__init__()
        self._grid, self._boxes = grid, boxes

    def __missing__(self, state: ElementId) -> tuple[Dock, ...]:
        docks = self[state] = docks_of(self._grid, self._boxes[state])
        return docks


class RouteWork:
    """Routes the lines that have no way yet, between states that stay.

    Args:
        boxes: the states.
        wires: all lines, in order; those not movable are kept as they are.
        initial: the initial state, beside which room is kept.
    """

    def __init__(
        self, boxes: Mapping[ElementId, Rect], wires: Sequence[Wire], initial: ElementId | None
    ) -> None:
        self._boxes = boxes
        self._wires = wires
        self._lines = [wire for wire in wires if wire.movable]
        self._grid = RouteGrid(boxes.values(), REACH)
        self._docks = _Docks(self._grid, boxes)
        self._marker: Stamp = []
        self._thorough = all(not wire.kept for wire in wires)
        if initial is not None and initial in boxes:
            area = Rect.between(*marker_way(boxes, initial)).grown(MARKER_ROOM)
            self._marker = self._grid.area_stamp(area)

    def steps(self, rounds: int, *, spaced: bool = True) -> Iterator[None]:
        """Gives each wire points and a label, in steps between which others may have their turn.

        Args:
            rounds: how often lines in trouble are routed once more.
            spaced: whether lines are spaced evenly at the end.
        """
        self._grid.put(self._marker)
        for wire in self._wires:
            if wire.kept:
                wire.corners = [self._grid.cell_at(point) for point in wire.points]
                self._mark(wire)
        for wire in self._wires:
            if not wire.kept and not wire.movable:
                self._place_own(wire)

        for wire in sorted(self._lines, key=self._distance):
            self._route(wire)
            self._mark(wire)
            yield

        yield from self._mend(rounds)
        if spaced:
            yield from nudge(self._grid, self._docks, self._near_movable())
        yield from self._relabel(swaps=SWAPS)
        for wire in self._lines:
            if wire.label_leg < 0:
                self._route_again(wire)
                yield
        for wire in self._wires:
            self._finish(wire)

    def _mend(self, rounds: int) -> Iterator[None]:
        """Routes lines in trouble again, the worst first; what makes things worse is taken back."""
        if rounds == 0:
            return

        best, kept = math.inf, self._ways()
        for left in range(rounds, -1, -1):
            trouble = yield from self._relabel()
            total = sum(trouble.values())
            if total < best:
                best, kept = total, self._ways()
            bad = [wire for wire in self._lines if trouble[wire] > TROUBLE]
            if not bad or left == 0:
                break
            for wire in sorted(bad, key=trouble.__getitem__, reverse=True):
                self._route_again(wire)
                yield

        for wire, (corners, label, label_leg) in kept.items():
            wire.corners, wire.label, wire.label_leg = corners, label, label_leg
        bent = [wire for wire in self._lines if self._could_be_straight(wire)]
        if bent:
            yield from self._relabel()
        for wire in bent:
            self._route_again(wire)
            yield

    def _could_be_straight(self, wire: Wire) -> bool:
        """Whether it is bent between states that stand side by side or above each other."""
        a, b = self._boxes[wire.source], self._boxes[wire.target]
        across = min(a.right, b.right) - max(a.left, b.left)
        down = min(a.bottom, b.bottom) - max(a.top, b.top)
        return len(wire.corners) > 2 and max(across, down) > CELL

    def _ways(self) -> dict[Wire, tuple[list[Cell], Point, int]]:
        return {wire: (wire.corners, wire.label, wire.label_leg) for wire in self._lines}

    def _route_again(self, wire: Wire) -> None:
        self._clear()
        for other in self._wires:
            if other is not wire:
                self._grid.put(other.stamp)
        self._route(wire)
        self._mark(wire)

    def _clear(self) -> None:
        self._grid.clear()
        self._grid.put(self._marker)

    def _mark(self, wire: Wire) -> None:
        """Puts a line and its label on the grid."""
        wire.stamp = []
        if wire.corners:
            wire.stamp = self._grid.line_stamp(wire.corners)
            wire.stamp += self._grid.label_stamp(wire.label_rect)
            self._grid.put(wire.stamp)

    def _near_movable(self) -> list[Wire]:
        """The lines that are being routed, and those they may come near to."""
        if len(self._lines) == len(self._wires):
            return [wire for wire in self._wires if wire.corners]

        moving = _extent(self._lines, NEAR)
        return [
            wire for wire in self._wires if wire.corners and _extent([wire], 0.5).overlaps(moving)
        ]

    def _distance(self, wire: Wire) -> float:
        return least_length(self._boxes[wire.source], self._boxes[wire.target])

    def _crowd(self, state: ElementId) -> Crowd:
        """How much the states joined to one crowd its sides."""
        others = [
            self._boxes[wire.target if wire.source == state else wire.source]
            for wire in self._wires
            if state in (wire.source, wire.target) and wire.source != wire.target
        ]
        return crowd_of(self._boxes[state], others)

    def _place_own(self, wire: Wire) -> None:
        """Places a loop or an internal transition."""
        grid, box = self._grid, self._boxes[wire.source]
        crowd = self._crowd(wire.source)
        if wire.kind is RouteKind.INTERNAL:
            _, wire.points, wire.label = hung_label(grid, box, crowd, wire.size)
            wire.corners = [grid.cell_at(point) for point in wire.points]
        else:
            docks = self._docks[wire.source]
            _, corners, wire.label = place_loop(grid, docks, crowd, wire.size)
            wire.corners = list(corners)
        self._mark(wire)

    def _route(self, wire: Wire) -> None:
        """Finds the way on which line and label together cost least; it may be the one it has."""
        grid, best = self._grid, math.inf
        boards = Boards(without_lines(grid.ink(), self._siblings(wire)), grid.solid)
        if wire.corners:
            place = find_place(grid, boards, wire.corners, wire.size)
            best = line_cost(grid, wire.corners) + place.cost
            wire.label, wire.label_leg = place.centre, place.leg

        shortest = self._distance(wire)
        pairs = dock_pairs(grid, self._docks[wire.source], self._docks[wire.target])
        for bends in range(MOST_BENDS + 1):
            if best <= shortest + bends * BEND_COST:
                return
            for way in find_ways(grid, pairs, bends, best):
                if way.cost >= best:
                    break
                corners = way.corners()
                place = find_place(grid, boards, corners, wire.size, best - way.cost)
                if way.cost + place.cost < best:
                    best = way.cost + place.cost
                    wire.corners, wire.label, wire.label_leg = corners, place.centre, place.leg

        if best == math.inf:
            self._search(wire)

    def _search(self, wire: Wire) -> None:
        """Looks further for a way; along other lines where there is no other."""
        grid, source, target = self._grid, self._docks[wire.source], self._docks[wire.target]
        if self._boxes[wire.source].overlaps(self._boxes[wire.target]):
            return
        states = [self._docks[state] for state in self._boxes]
        wire.corners = search(grid, source, target, states, thorough=self._thorough)
        if wire.corners:
            place = find_place(grid, Boards(grid.ink(), grid.solid), wire.corners, wire.size)
            wire.label, wire.label_leg = place.centre, place.leg

    def _siblings(self, wire: Wire) -> list[Sequence[Cell]]:
        """The lines beside it, with the same ends; its label may lie on them."""
        return [
            other.corners
            for other in self._lines
            if other is not wire
            and other.source == wire.source
            and other.target == wire.target
            and other.corners
        ]

    def _relabel(self, swaps: int = 0) -> Generator[None, None, dict[Wire, float]]:
        """Places all labels anew now that all lines are known; tells how bad each line is."""
        grid = self._grid
        self._clear()
        for wire in self._wires:
            if wire.movable:
                wire.stamp = grid.line_stamp(wire.corners)
            grid.put(wire.stamp)

        trouble = yield from place_labels(grid, self._lines, swaps)
        for wire in trouble:
            wire.stamp = wire.stamp + grid.label_stamp(wire.label_rect)
        return {
            wire: trouble[wire] + self._line_trouble(wire) if wire in trouble else NO_WAY
            for wire in self._lines
        }

    def _line_trouble(self, wire: Wire) -> float:
        """Bends, crossings, labels in the way, and detour."""
        grid = self._grid
        rect = wire.label_rect.grown(LABEL_MARGIN)
        own = grid.inside(rect.left, rect.right, 0), grid.inside(rect.top, rect.bottom, 1)
        cost = -self._distance(wire) - BEND_COST
        for start, end in itertools.pairwise(wire.corners):
            axis = 0 if start[1] == end[1] else 1
            track = start[1 - axis]
            low, high = sorted((start[axis], end[axis]))
            cost += (high - low) * CELL + BEND_COST
            if high - low < 2:
                continue
            inner = span(low + 1, high - 1)
            cost += (grid.crossed[axis][track] & inner).bit_count() * CROSSING_COST
            if own[1 - axis][0] <= track <= own[1 - axis][1]:
                inner &= ~span(*own[axis])
            if grid.labels[axis][track] & inner:
                cost += LABEL_COST
        return cost

    def _finish(self, wire: Wire) -> None:
        """Says on the canvas what was found on the lattice."""
        if wire.kept or wire.kind is RouteKind.INTERNAL:
            return
        if not wire.corners:
            route = plain_route(self._boxes[wire.source], self._boxes[wire.target])
            wire.points, wire.label = route.points, route.label
            return

        points = [self._grid.point_at(corner) for corner in wire.corners]
        points[0] = _on_border(self._boxes[wire.source], points[0], points[1])
        points[-1] = _on_border(self._boxes[wire.target], points[-1], points[-2])
        wire.points = tuple(points)
        wire.hang_labels()


def _extent(wires: Sequence[Wire], room: float) -> Rect:
    """The part of the lattice some lines take up, with room about it; empty without corners."""
    corners = [corner for wire in wires for corner in wire.corners]
    if not corners:
        return Rect(0.0, 0.0, 0.0, 0.0)
    low = (min(x for x, _ in corners), min(y for _, y in corners))
    return Rect.between(low, (max(x for x, _ in corners), max(y for _, y in corners))).grown(room)


def _on_border(box: Rect, end: Point, turn: Point) -> Point:
    """The point of the border at which a leg that comes from ``turn`` meets it."""
    if end[1] == turn[1]:
        return (box.right if turn[0] > box.centre[0] else box.left, end[1])
    return (end[0], box.bottom if turn[1] > box.centre[1] else box.top)
