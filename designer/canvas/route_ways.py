"""The ways an arrow may take between two states: few bends first, and what each would cost."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

from designer.canvas.route_grid import CELL, CLEARANCE, Cell, RouteGrid, span
from designer.canvas.routes import Rect

__all__ = [
    "BEND_COST",
    "CROSSING_COST",
    "LABEL_COST",
    "MOST_BENDS",
    "Dock",
    "Pair",
    "Way",
    "dock_pairs",
    "docks_of",
    "find_ways",
    "least_length",
    "line_cost",
]

#: What a way costs, in px of detour that would be as bad.
BEND_COST = 40.0
CROSSING_COST = 200.0
LABEL_COST = 300.0
OFF_CENTRE_COST = 0.4

#: Free px at the ends of a side, where the corner is round.
CORNER = 12.0
#: How many places on a side, and lanes of a channel, are tried for a way with bends.
PORTS_TRIED = 4
LANES_TRIED = 6
LANES_SEEN = 24
WINDING_TRIED = 3
#: How many ways of one kind are handed out.
WAYS_KEPT = 8
MOST_BENDS = 3


class Dock(NamedTuple):
    """One side of a state as the lattice sees it.

    Attributes:
        axis: the axis along which a line leaves; 0 is x, so the left and right side.
        sign: the direction in which it leaves.
        tracks: where on the side lines may leave, the middle first.
        edge: the last place on the axis that still touches the state.
        out: the first place where a line may turn.
        middle: the middle of the side.
    """

    axis: int
    sign: int
    tracks: tuple[int, ...]
    edge: int
    out: int
    middle: float


class Pair(NamedTuple):
    """A side to leave, a side to enter, and the places on them that are free."""

    a: Dock
    tracks_a: list[int]
    b: Dock
    tracks_b: list[int]


class Way(NamedTuple):
    """A way in alternate coordinates: along the axis to the first turn, then across, and so on."""

    cost: float
    axis: int
    turns: tuple[int, ...]

    def corners(self) -> list[Cell]:
        """The corners on the lattice, both ends included."""
        points = [
            (second, first) if index % 2 else (first, second)
            for index, (first, second) in enumerate(itertools.pairwise(self.turns))
        ]
        return [(y, x) for x, y in points] if self.axis else points


def docks_of(grid: RouteGrid, box: Rect) -> tuple[Dock, ...]:
    """The four sides: right, bottom, left, top."""
    near = box.grown(CLEARANCE)
    across = grid.inside(box.left, box.right, 0), grid.inside(near.left, near.right, 0)
    down = grid.inside(box.top, box.bottom, 1), grid.inside(near.top, near.bottom, 1)
    columns = _tracks(grid, box.left, box.right, 0)
    rows = _tracks(grid, box.top, box.bottom, 1)
    return (
        Dock(0, 1, rows[0], across[0][1], across[1][1] + 1, rows[1]),
        Dock(1, 1, columns[0], down[0][1], down[1][1] + 1, columns[1]),
        Dock(0, -1, rows[0], across[0][0], across[1][0] - 1, rows[1]),
        Dock(1, -1, columns[0], down[0][0], down[1][0] - 1, columns[1]),
    )


def _tracks(grid: RouteGrid, low: float, high: float, axis: int) -> tuple[tuple[int, ...], float]:
    """The places on a side, the middle first, and the middle."""
    middle = (low + high) / 2 / CELL - (grid.left if axis == 0 else grid.top)
    first, last = grid.inside(low + CORNER, high - CORNER, axis)
    places = range(first, last + 1) if first <= last else (round(middle),)
    return tuple(sorted(places, key=lambda place: (abs(place - middle), place))), middle


def least_length(source: Rect, target: Rect) -> float:
    """The least length a way between two states can have, in px."""
    across = max(target.left - source.right, source.left - target.right, 0.0)
    down = max(target.top - source.bottom, source.top - target.bottom, 0.0)
    return across + down


def dock_pairs(grid: RouteGrid, source: Sequence[Dock], target: Sequence[Dock]) -> list[Pair]:
    """The pairs of sides with free places, lines already drawn considered."""
    ends = [(dock, _free_tracks(grid, dock)) for dock in target]
    return [
        Pair(a, tracks_a, b, tracks_b)
        for a in source
        if (tracks_a := _free_tracks(grid, a))
        for b, tracks_b in ends
        if tracks_b
    ]


def _free_tracks(grid: RouteGrid, dock: Dock) -> list[int]:
    """The places on a side from which a line may leave without touching another's."""
    stub = span(dock.edge, dock.out)
    lines = grid.lines[dock.axis]
    return [track for track in dock.tracks if not lines[track] & stub]


def find_ways(grid: RouteGrid, pairs: Sequence[Pair], bends: int, limit: float) -> list[Way]:
    """The cheapest ways with that many bends that cost less than the limit, cheapest first."""
    family = (_straight, _turning, _stepping, _winding)[bends]
    ways: list[Way] = []
    for pair in pairs:
        found = family(grid, pair, limit)
        if found:
            ways.extend(found)
            ways.sort()
            del ways[WAYS_KEPT:]
            if len(ways) == WAYS_KEPT:
                limit = ways[-1].cost
    return ways


def _spread(dock: Dock, tracks: list[int], count: int) -> list[tuple[int, float]]:
    """A few places of a side, the middle first, and what being off the middle costs."""
    return [
        (track, abs(track - dock.middle) * CELL * OFF_CENTRE_COST) for track in tracks[::2][:count]
    ]


def _leg_cost(grid: RouteGrid, axis: int, track: int, bits: int) -> float:
    """What a leg costs beyond its length; infinite when it is not free."""
    if grid.walls[axis][track] & bits:
        return math.inf

    cost = (grid.crossed[axis][track] & bits).bit_count() * CROSSING_COST
    return cost + LABEL_COST if grid.labels[axis][track] & bits else cost


def _reach(grid: RouteGrid, dock: Dock, track: int) -> int | None:
    """The last place a line can come to from a side before a wall; None when it cannot turn."""
    walls = grid.walls[dock.axis][track]
    if dock.sign > 0:
        ahead = walls >> dock.out
        if not ahead:
            return (grid.rows if dock.axis else grid.columns) - 1
        free = (ahead & -ahead).bit_length() - 1
        return dock.out + free - 1 if free else None

    behind = (walls & span(0, dock.out)).bit_length()
    return behind if behind <= dock.out else None


def line_cost(grid: RouteGrid, corners: Sequence[Cell]) -> float:
    """What a line that is not on the grid costs now, by the same measure as a way."""
    cost = (len(corners) - 2) * BEND_COST
    for start, end in itertools.pairwise(corners):
        axis = 0 if start[1] == end[1] else 1
        track, bits = start[1 - axis], span(start[axis], end[axis])
        if grid.lines[axis][track] & bits:
            return math.inf
        cost += abs(end[axis] - start[axis]) * CELL
        cost += (grid.crossed[axis][track] & bits).bit_count() * CROSSING_COST
        if grid.labels[axis][track] & bits:
            cost += LABEL_COST
    return cost


def _straight(grid: RouteGrid, pair: Pair, limit: float) -> list[Way]:
    """No bend: two sides that face each other."""
    a, tracks_a, b, tracks_b = pair
    axis = a.axis
    length = (b.edge - a.edge) * a.sign * CELL
    if axis != b.axis or a.sign == b.sign or length <= 0 or length >= limit:
        return []

    ways = []
    whole, inner = span(a.edge, b.edge), span(a.out, b.out)
    apart = (b.out - a.out) * a.sign >= 0
    for track in set(tracks_a).intersection(tracks_b):
        if grid.lines[axis][track] & whole:
            continue
        cost = _leg_cost(grid, axis, track, inner) if apart else 0.0
        off = abs(track - a.middle) + abs(track - b.middle)
        cost += length + off * CELL * OFF_CENTRE_COST
        if cost < limit:
            ways.append(Way(cost, axis, (a.edge, track, b.edge)))
    return ways


def _turning(grid: RouteGrid, pair: Pair, limit: float) -> list[Way]:
    """One bend: a level side and an upright one."""
    a, tracks_a, b, tracks_b = pair
    if a.axis == b.axis:
        return []

    ways: list[Way] = []
    starts = [
        place for place in _spread(a, tracks_a, PORTS_TRIED) if (place[0] - b.out) * b.sign >= 0
    ]
    ends = [
        place for place in _spread(b, tracks_b, PORTS_TRIED) if (place[0] - a.out) * a.sign >= 0
    ]
    for track, off in starts:
        for other, other_off in ends:
            length = (abs(other - a.edge) + abs(track - b.edge)) * CELL
            cost = length + BEND_COST + off + other_off
            if cost < limit:
                cost += _leg_cost(grid, a.axis, track, span(a.out, other))
            if cost < limit:
                cost += _leg_cost(grid, b.axis, other, span(track, b.out))
            if cost < limit:
                ways.append(Way(cost, a.axis, (a.edge, track, other, b.edge)))
    return ways


def _stepping(grid: RouteGrid, pair: Pair, limit: float) -> list[Way]:
    """Two bends: a step between facing sides, or a bow around sides that look the same way."""
    a, tracks_a, b, tracks_b = pair
    axis = a.axis
    if axis != b.axis or (a.sign != b.sign and (b.out - a.out) * a.sign < 0):
        return []
    if 2 * BEND_COST + abs(a.edge - b.edge) * CELL >= limit:
        return []

    starts = [
        (*place, far)
        for place in _spread(a, tracks_a, PORTS_TRIED)
        if (far := _reach(grid, a, place[0])) is not None
    ]
    ends = [
        (*place, far)
        for place in _spread(b, tracks_b, PORTS_TRIED)
        if (far := _reach(grid, b, place[0])) is not None
    ]
    ways: list[Way] = []
    for track, off, far_a in starts:
        for other, other_off, far_b in ends:
            base = 2 * BEND_COST + off + other_off + abs(track - other) * CELL
            if other != track and base < limit:
                lanes = _lanes(a, far_a, b, far_b)
                ways += _steps(grid, pair, (track, other, base, limit), lanes)
    return ways


def _steps(
    grid: RouteGrid, pair: Pair, ends: tuple[int, int, float, float], lanes: list[int]
) -> list[Way]:
    """The ways between two places, one for each free lane: their cost without lanes, and limit."""
    ways: list[Way] = []
    a, _, b, _ = pair
    axis, (track, other, base, limit) = a.axis, ends
    across = span(track, other)
    walls, crossed, labels = grid.walls[1 - axis], grid.crossed[1 - axis], grid.labels[1 - axis]
    for lane in lanes:
        cost = base + (abs(lane - a.edge) + abs(lane - b.edge)) * CELL
        if cost >= limit or walls[lane] & across:
            continue
        cost += (crossed[lane] & across).bit_count() * CROSSING_COST
        if labels[lane] & across:
            cost += LABEL_COST
        if cost < limit:
            cost += _leg_cost(grid, axis, track, span(a.out, lane))
        if cost < limit:
            cost += _leg_cost(grid, axis, other, span(lane, b.out))
        if cost < limit:
            ways.append(Way(cost, axis, (a.edge, track, lane, other, b.edge)))
            if len(ways) == LANES_TRIED:
                break
    return ways


def _lanes(a: Dock, far_a: int, b: Dock, far_b: int) -> list[int]:
    """Where the middle leg of a step or bow may run: the middle first, or the nearest first."""
    if a.sign == b.sign:
        start = max(a.out, b.out) if a.sign > 0 else min(a.out, b.out)
        end = min(far_a, far_b) if a.sign > 0 else max(far_a, far_b)
        return _outwards(start, end, a.sign, LANES_SEEN)

    low = max(a.out, far_b) if a.sign > 0 else max(b.out, far_a)
    high = min(far_a, b.out) if a.sign > 0 else min(far_b, a.out)
    middle = (low + high) // 2
    lanes = [middle + 2 * step for step in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5)]
    return [lane for lane in lanes if low <= lane <= high]


def _outwards(start: int, end: int, sign: int, count: int) -> list[int]:
    """The nearest lanes in one direction."""
    count = min((end - start) * sign // 2 + 1, count)
    return [start + 2 * step * sign for step in range(count)]


def _winding(grid: RouteGrid, pair: Pair, limit: float) -> list[Way]:
    """Three bends: out of a level side, along, across, and into an upright one, or the reverse."""
    a, tracks_a, b, tracks_b = pair
    if a.axis == b.axis or limit <= 3 * BEND_COST:
        return []

    ends = [
        (*place, lane)
        for place in _spread(b, tracks_b, 2)
        if (far := _reach(grid, b, place[0])) is not None
        for lane in _outwards(b.out, far, b.sign, WINDING_TRIED)
    ]
    ways: list[Way] = []
    for track, off in _spread(a, tracks_a, 2):
        far_a = _reach(grid, a, track)
        if far_a is None:
            continue
        for lane in _outwards(a.out, far_a, a.sign, WINDING_TRIED):
            base = 3 * BEND_COST + off + abs(lane - a.edge) * CELL
            if base < limit:
                ways += _winds(grid, pair, (track, lane, base, limit), ends)
    return ways


def _winds(
    grid: RouteGrid,
    pair: Pair,
    start: tuple[int, int, float, float],
    ends: list[tuple[int, float, int]],
) -> list[Way]:
    """The ways from one turn of the first leg to all turns of the last."""
    ways: list[Way] = []
    a, _, b, _ = pair
    track, lane, base, limit = start
    along, across = a.axis, b.axis
    for other, off, far_lane in ends:
        length = abs(far_lane - track) + abs(other - lane) + abs(far_lane - b.edge)
        cost = base + off + length * CELL
        if cost < limit:
            cost += _leg_cost(grid, across, lane, span(track, far_lane))
        if cost < limit:
            cost += _leg_cost(grid, along, far_lane, span(lane, other))
        if cost < limit:
            cost += _leg_cost(grid, along, track, span(a.out, lane))
        if cost < limit:
            cost += _leg_cost(grid, across, other, span(far_lane, b.out))
        if cost < limit:
            ways.append(Way(cost, along, (a.edge, track, lane, far_lane, other, b.edge)))
    return ways
