"""The way out when none of the usual ways is free: the cheapest way along the edges of states."""

from __future__ import annotations

import bisect
import heapq
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from designer.canvas.route_grid import CELL, Cell, RouteGrid, span
from designer.canvas.route_ways import BEND_COST, Dock

__all__ = ["search"]

#: Places tried on each side, and lanes beside each state, at first and when these are taken.
PORTS_TRIED = 3
FEW_LANES = 2
MANY_LANES = 6
#: How far about its ends a way is looked for at first, in lattice steps, and how long.
NEAR = 60
MOST_STEPS = 8_000
#: How much rather a way is followed that comes nearer than one that is short.
HASTE = 2.5
#: What crossing a line costs here: less than elsewhere, or every way would be looked at.
CROSSED = 80.0


class Step(NamedTuple):
    """A corner reached: what a way through it costs at least, where, and the corners before it."""

    estimate: float
    cost: float
    cell: Cell
    axis: int
    before: Step | None


def search(
    grid: RouteGrid,
    source: Sequence[Dock],
    target: Sequence[Dock],
    states: Collection[Sequence[Dock]],
    *,
    thorough: bool,
) -> list[Cell]:
    """The corners of a way; on another line where nothing else is left, empty when there is none.

    Args:
        grid: who occupies what.
        source: the sides to leave.
        target: the sides to enter.
        states: the sides of all states, along which ways may run.
        thorough: whether to look far and wide before lying on another line.
    """
    near = _near(source, target, states)
    attempts = [_lanes(near, FEW_LANES)]
    if thorough:
        attempts.append(_lanes(near, MANY_LANES))
        attempts.append(_lanes(states, FEW_LANES))
    for lanes in attempts:
        corners = _search(grid, source, target, lanes)
        if corners:
            return corners
    return _search(grid, source, target, attempts[0], along_lines=True)


def _near(
    source: Sequence[Dock], target: Sequence[Dock], states: Collection[Sequence[Dock]]
) -> list[Sequence[Dock]]:
    """The states that lie about two others and between them."""
    ends = (*source, *target)
    low = [min(dock.out for dock in ends if dock.axis == axis) - NEAR for axis in (0, 1)]
    high = [max(dock.out for dock in ends if dock.axis == axis) + NEAR for axis in (0, 1)]
    return [
        docks
        for docks in states
        if any(low[dock.axis] <= dock.out <= high[dock.axis] for dock in docks[::2])
        and any(low[dock.axis] <= dock.out <= high[dock.axis] for dock in docks[1::2])
    ]


def _search(
    grid: RouteGrid,
    source: Sequence[Dock],
    target: Sequence[Dock],
    lanes: tuple[set[int], set[int]],
    *,
    along_lines: bool = False,
) -> list[Cell]:
    """The cheapest way along some columns and rows."""
    walls = grid.states if along_lines else grid.walls
    ends = {cell: end for dock in target for cell, end in _exits(grid, dock, along_lines)}
    starts = [(dock.axis, *out) for dock in source for out in _exits(grid, dock, along_lines)]
    if not starts or not ends:
        return []

    goal = _middle(ends)
    lines = _lines(grid, lanes, (*ends, *(cell for _, cell, _ in starts)))
    queue = [
        Step(_far(cell, goal), 0.0, cell, axis, Step(0.0, 0.0, end, axis, None))
        for axis, cell, end in starts
    ]
    heapq.heapify(queue)
    done: set[tuple[Cell, int]] = set()
    while queue and len(done) < MOST_STEPS:
        step = heapq.heappop(queue)
        if step.cell in ends:
            return _corners(step, ends[step.cell])
        if (step.cell, step.axis) in done:
            continue
        done.add((step.cell, step.axis))
        for cell, axis, extra in _steps(grid, walls, lines, step):
            if (cell, axis) not in done:
                cost = step.cost + extra
                heapq.heappush(queue, Step(cost + _far(cell, goal), cost, cell, axis, step))
    return []


def _middle(cells: Iterable[Cell]) -> Cell:
    found = list(cells)
    return (sum(x for x, _ in found) // len(found), sum(y for _, y in found) // len(found))


def _far(cell: Cell, goal: Cell) -> float:
    return (abs(cell[0] - goal[0]) + abs(cell[1] - goal[1])) * CELL * HASTE


def _exits(grid: RouteGrid, dock: Dock, along_lines: bool) -> Iterator[tuple[Cell, Cell]]:
    """Where lines can turn after leaving a side, and where they leave it."""
    stub, lines = span(dock.edge, dock.out), grid.lines[dock.axis]
    free = [track for track in dock.tracks if along_lines or not lines[track] & stub]
    for track in free[::2][:PORTS_TRIED]:
        if dock.axis == 0:
            yield (dock.out, track), (dock.edge, track)
        else:
            yield (track, dock.out), (track, dock.edge)


def _lanes(states: Collection[Sequence[Dock]], count: int) -> tuple[set[int], set[int]]:
    """The columns and rows beside the states."""
    places: tuple[set[int], set[int]] = (set(), set())
    for docks in states:
        for dock in docks:
            places[dock.axis].update(dock.out + 2 * dock.sign * lane for lane in range(count))
    return places


def _lines(
    grid: RouteGrid, lanes: tuple[set[int], set[int]], cells: Iterable[Cell]
) -> tuple[list[int], list[int]]:
    """The columns and rows ways may use: the lanes, and those of some cells."""
    columns, rows = set(lanes[0]), set(lanes[1])
    for x, y in cells:
        columns.add(x)
        rows.add(y)
    return (
        sorted(place for place in columns if 0 < place < grid.columns - 1),
        sorted(place for place in rows if 0 < place < grid.rows - 1),
    )


def _steps(
    grid: RouteGrid,
    walls: tuple[list[int], list[int]],
    lines: tuple[list[int], list[int]],
    step: Step,
) -> Iterator[tuple[Cell, int, float]]:
    """To the next line in each direction: where that is, along which axis, and what it costs."""
    for axis in (0, 1):
        place, track = step.cell[axis], step.cell[1 - axis]
        along = lines[axis]
        index = bisect.bisect_left(along, place)
        after = index + (index < len(along) and along[index] == place)
        for other in (index - 1, after):
            if not 0 <= other < len(along):
                continue
            bits = span(place, along[other])
            if walls[axis][track] & bits:
                continue
            cost = abs(along[other] - place) * CELL + (BEND_COST if axis != step.axis else 0.0)
            cost += (grid.crossed[axis][track] & bits).bit_count() * CROSSED
            cell = (along[other], track) if axis == 0 else (track, along[other])
            yield cell, axis, cost


def _corners(step: Step, end: Cell) -> list[Cell]:
    """The way to a step and on to the end, without the places where nothing turns."""
    cells = [end]
    current: Step | None = step
    while current is not None:
        cells.append(current.cell)
        current = current.before
    cells.reverse()

    corners = cells[:1]
    for index in range(1, len(cells) - 1):
        (x0, y0), (x1, y1), (x2, y2) = corners[-1], cells[index], cells[index + 1]
        if not (x0 == x1 == x2 or y0 == y1 == y2):
            corners.append(cells[index])
    return [*corners, end]
