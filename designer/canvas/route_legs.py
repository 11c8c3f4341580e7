"""The legs of lines as things that may move sideways: how far, and how close to each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from designer.canvas.route_grid import CELL, LABEL_MARGIN, RouteGrid, span
from designer.canvas.route_ways import Dock
from designer.canvas.route_wires import Wire
from designer.document.elements import ElementId

__all__ = ["Leg", "Near", "Part", "SideKey", "conflicts", "distance", "legs_of", "neighbours"]

#: Lattice steps two lines keep between them.
APART = 2
ON_EACH_OTHER = 100

SideKey = tuple[ElementId, int, int]


class Part(NamedTuple):
    """What a leg occupies: offsets from its track, first and last, and the range along it."""

    first: int
    last: int
    low: int
    high: int


class Near(NamedTuple):
    """Another leg to keep clear of: its place in the list, the distance, and on which side."""

    other: int
    apart: int
    above: bool


@dataclass(slots=True, eq=False)
class Leg:
    """A leg of a line, or a label that stays where it is.

    Attributes:
        place: its track.
        parts: what it occupies: the line, and the label it carries.
        least: the lowest track it may have.
        most: the highest.
        wire: the line it belongs to; None for what does not move.
        index: its place among the line's legs.
        sides: the sides of states on which it starts or ends.
    """

    place: int
    parts: list[Part]
    least: int
    most: int
    wire: Wire | None = None
    index: int = 0
    sides: list[tuple[SideKey, Dock]] = field(default_factory=list)

    def move(self, axis: int, place: int) -> None:
        """Puts the leg on another track, with its label."""
        wire, moved = self.wire, place - self.place
        if wire is None or not moved:
            return

        self.place = place
        corners, index = wire.corners, self.index
        (x1, y1), (x2, y2) = corners[index], corners[index + 1]
        if axis == 0:
            corners[index], corners[index + 1] = (x1, place), (x2, place)
        else:
            corners[index], corners[index + 1] = (place, y1), (place, y2)
        if wire.label_leg == index:
            x, y = wire.label
            wire.label = (x, y + moved * CELL) if axis == 0 else (x + moved * CELL, y)


def legs_of(
    grid: RouteGrid, docks: Mapping[ElementId, Sequence[Dock]], wire: Wire, axis: int
) -> Iterator[Leg]:
    """The line's legs of that axis, and its label where that does not move with one of them."""
    label = _label_range(grid, wire, axis)
    carrier = wire.label_leg if wire.movable else -1
    for index, (start, end) in enumerate(itertools.pairwise(wire.corners)):
        if (start[1] == end[1]) != (axis == 0):
            continue

        track = start[1 - axis]
        low, high = sorted((start[axis], end[axis]))
        leg = Leg(track, [Part(0, 0, low, high)], track, track)
        if wire.movable:
            leg.wire, leg.index = wire, index
            if index == carrier:
                leg.parts.append(Part(label.first - track, label.last - track, *label[2:]))
            _bound(grid, leg, axis, _sides_of(docks, leg, axis, start[axis], end[axis]))
        yield leg

    if carrier < 0 or _axis_of(wire, carrier) != axis:
        yield Leg(
            label.first, [Part(0, label.last - label.first, *label[2:])], label.first, label.first
        )


def _axis_of(wire: Wire, index: int) -> int:
    return 0 if wire.corners[index][1] == wire.corners[index + 1][1] else 1


def _sides_of(
    docks: Mapping[ElementId, Sequence[Dock]], leg: Leg, axis: int, start: int, end: int
) -> tuple[int, int]:
    """Notes the sides the leg stands on; returns the part of it that lies clear of them."""
    wire = leg.wire
    if wire is None:
        return (start, end)

    free = [start, end]
    last = len(wire.corners) - 2
    for state, at_end, here, there, which in (
        (wire.source, leg.index == 0, start, end, 0),
        (wire.target, leg.index == last, end, start, 1),
    ):
        if at_end:
            sign = 1 if there > here else -1
            dock = next(dock for dock in docks[state] if dock.axis == axis and dock.sign == sign)
            leg.sides.append(((state, axis, sign), dock))
            free[which] = dock.out
    return (free[0], free[1]) if start < end else (free[1], free[0])


def _label_range(grid: RouteGrid, wire: Wire, axis: int) -> Part:
    """The label in tracks and places of an axis."""
    rect = wire.label_rect.grown(LABEL_MARGIN)
    across = grid.inside(rect.left, rect.right, 0)
    down = grid.inside(rect.top, rect.bottom, 1)
    return Part(*down, *across) if axis == 0 else Part(*across, *down)


def _bound(grid: RouteGrid, leg: Leg, axis: int, free: tuple[int, int]) -> None:
    """How far the leg may move before it leaves its sides or comes near a state."""
    board, place = grid.states[axis], leg.place
    least, most = 1, len(board) - 2
    for _, dock in leg.sides:
        least, most = max(least, min(dock.tracks)), min(most, max(dock.tracks))

    if free[0] <= free[1]:
        bits = span(*free)
        least = _last_free(board, bits, place, least, -1)
        most = _last_free(board, bits, place, most, 1)
    for part in leg.parts[1:]:
        low, high = _label_reach(grid, part, place, axis)
        least, most = max(least, low), min(most, high)
    leg.least, leg.most = min(least, place), max(most, place)


def _last_free(board: Sequence[int], bits: int, place: int, limit: int, step: int) -> int:
    """The last track before something stands in the way."""
    while place != limit and 0 <= place + step < len(board) and not board[place + step] & bits:
        place += step
    return place


def _label_reach(grid: RouteGrid, part: Part, place: int, axis: int) -> tuple[int, int]:
    """How far the leg may move before the label it carries comes near a state."""
    ink = grid.state_ink
    if axis == 0:
        bits = span(max(part.low, 0), max(part.high, 0))
        low = _last_free(ink, bits, max(place + part.first, 0), 0, -1)
        high = _last_free(ink, bits, min(place + part.last, grid.rows - 1), grid.rows - 1, 1)
        return low - part.first, high - part.last

    taken = 0
    for row in range(max(part.low, 0), min(part.high, grid.rows - 1) + 1):
        taken |= ink[row]
    below = taken & span(0, max(place + part.first, 0))
    above = taken >> max(place + part.last, 0)
    low = below.bit_length() if below else 0
    high = place + part.last + (above & -above).bit_length() - 2 if above else grid.columns
    return low - part.first, high - part.last


def neighbours(legs: Sequence[Leg]) -> list[list[Near]]:
    """For each leg those it must keep clear of; the legs are sorted by track.

    What is closer than it should be may stay so.
    """
    near: list[list[Near]] = [[] for _ in legs]
    reaches = [_reach(leg) for leg in legs]
    for i, leg in enumerate(legs):
        if leg.wire is None:
            continue
        from_, to = reaches[i]
        for j, (low, high) in enumerate(reaches):
            if low > to or from_ > high or j == i or (j < i and legs[j].wire is not None):
                continue
            below, above = (i, j) if i < j else (j, i)
            apart = distance(legs[below], legs[above])
            if apart is not None:
                apart = min(apart, legs[above].place - legs[below].place)
                near[below].append(Near(above, apart, above=True))
                near[above].append(Near(below, apart, above=False))
    return near


def _reach(leg: Leg) -> tuple[int, int]:
    """The range along which a leg and its label lie, with a step's room."""
    return min(part.low for part in leg.parts) - 1, max(part.high for part in leg.parts)


def distance(left: Leg, right: Leg) -> int | None:
    """Steps to keep between two legs when the second lies above; None when they never meet."""
    if left.wire is not None and left.wire is right.wire and _end_to_end(left, right):
        return None

    apart = None
    for first, last, low, high in left.parts:
        for other_first, other_last, other_low, other_high in right.parts:
            if low - 1 > other_high or other_low - 1 > high:
                continue
            lines = first == last and other_first == other_last
            need = last - other_first + (APART if lines else 1)
            if apart is None or need > apart:
                apart = need
    return apart


def _end_to_end(left: Leg, right: Leg) -> bool:
    """Whether two legs of one line only touch, as those of a step do."""
    one, other = left.parts[0], right.parts[0]
    return one.high <= other.low or other.high <= one.low


def conflicts(one: Wire, other: Wire) -> int:
    """How often two lines cross; lying beside or on each other counts as many crossings."""
    count = 0
    others = _legs(other)
    for axis, track, low, high in _legs(one):
        for other_axis, other_track, other_low, other_high in others:
            if axis != other_axis:
                count += low < other_track < high and other_low < track < other_high
            elif low <= other_high and other_low <= high and abs(track - other_track) < APART:
                count += ON_EACH_OTHER
    return count


def _legs(wire: Wire) -> list[tuple[int, int, int, int]]:
    """Axis, track and range of each leg."""
    legs = []
    x1, y1 = wire.corners[0]
    for x2, y2 in wire.corners[1:]:
        if y1 == y2:
            legs.append((0, y1, x1, x2) if x1 < x2 else (0, y1, x2, x1))
        else:
            legs.append((1, x1, y1, y2) if y1 < y2 else (1, x1, y2, y1))
        x1, y1 = x2, y2
    return legs
