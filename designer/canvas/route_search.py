"""The way out when none of the usual ways is free: the cheapest way along the edges of states."""

from __future__ import annotations

import bisect
import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from designer.canvas.route_grid import CELL, Cell, RouteGrid, span
from designer.canvas.route_ways import BEND_COST, CROSSING_COST, Dock

__all__ = ["search"]

#: Places tried on each side, and lanes beside each state.
PORTS_TRIED = 3
LANES = (0, 2, 4)


class Step(NamedTuple):
    """A corner reached: what it cost, where, along which axis, and the corners before it."""

    cost: float
    cell: Cell
    axis: int
    before: Step | None


def search(
    grid: RouteGrid,
    source: Sequence[Dock],
    target: Sequence[Dock],
    states: Iterable[Sequence[Dock]],
    *,
    along_lines: bool = False,
) -> list[Cell]:
    """The corners of a way; empty when there is none.

    Args:
        grid: who occupies what.
        source: the sides to leave.
        target: the sides to enter.
        states: the sides of all states, along which ways may run.
        along_lines: whether it may lie on another line, for where nothing else is left.
    """
    walls = grid.states if along_lines else grid.walls
    lines = _lines(grid, (*states, source, target))
    ends = {cell: end for dock in target for cell, end in _exits(grid, dock, along_lines)}
    queue = [
        Step(0.0, cell, dock.axis, Step(0.0, end, dock.axis, None))
        for dock in source
        for cell, end in _exits(grid, dock, along_lines)
    ]
    heapq.heapify(queue)
    done: set[tuple[Cell, int]] = set()
    while queue:
        step = heapq.heappop(queue)
        if step.cell in ends:
            return _corners(step, ends[step.cell])
        if (step.cell, step.axis) in done:
            continue
        done.add((step.cell, step.axis))
        for following in _steps(grid, walls, lines, step):
            if (following.cell, following.axis) not in done:
                heapq.heappush(queue, following)
    return []


def _exits(grid: RouteGrid, dock: Dock, along_lines: bool) -> Iterator[tuple[Cell, Cell]]:
    """Where lines can turn after leaving a side, and where they leave it."""
    stub, lines = span(dock.edge, dock.out), grid.lines[dock.axis]
    free = [track for track in dock.tracks if along_lines or not lines[track] & stub]
    for track in free[::2][:PORTS_TRIED]:
        if dock.axis == 0:
            yield (dock.out, track), (dock.edge, track)
        else:
            yield (track, dock.out), (track, dock.edge)


def _lines(grid: RouteGrid, states: Iterable[Sequence[Dock]]) -> tuple[list[int], list[int]]:
    """The columns and rows ways may use: those beside the states, and those of their sides."""
    places: tuple[set[int], set[int]] = (set(), set())
    for docks in states:
        for dock in docks:
            places[dock.axis].update(dock.out + dock.sign * lane for lane in LANES)
            places[1 - dock.axis].update(dock.tracks[::2][:PORTS_TRIED])
    limits = (grid.columns, grid.rows)
    columns, rows = (
        sorted(place for place in found if 0 < place < limit - 1)
        for found, limit in zip(places, limits, strict=True)
    )
    return columns, rows


def _steps(
    grid: RouteGrid,
    walls: tuple[list[int], list[int]],
    lines: tuple[list[int], list[int]],
    step: Step,
) -> Iterator[Step]:
    """To the next line in each direction."""
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
            cost = step.cost + abs(along[other] - place) * CELL
            cost += (grid.crossed[axis][track] & bits).bit_count() * CROSSING_COST
            cost += BEND_COST if axis != step.axis else 0.0
            cell = (along[other], track) if axis == 0 else (track, along[other])
            yield Step(cost, cell, axis, step)


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
