"""Where a label sits on its line: clear of states, other labels, and if it can of other lines."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from designer.canvas.route_grid import CELL, LABEL_MARGIN, Cell, RouteGrid, span
from designer.canvas.routes import Size
from designer.document.elements import Point

__all__ = ["HIDES_LINE", "HIDES_MORE", "Boards", "Place", "find_place"]

#: Cost of a label that hides another line, or lies on a state or another label.
HIDES_LINE = 350.0
HIDES_MORE = 1_500.0
#: Cost of a label whose line passes beneath its end instead of its middle.
ASIDE = 15.0
#: Cost of a label that is longer than the leg it lies on.
STICKS_OUT = 30.0
#: Cost of a label that covers the whole of its leg; half of the leg costs a quarter.
COVERS_LEG = 70.0
#: Cost per px off the middle of the leg.
OFF_MIDDLE = 0.2
#: Lattice steps kept free beneath a line's end for the arrowhead, and at its start.
ARROW_STEPS = 3
START_STEPS = 2
#: How far beside a line a label may lie that finds no place on it, in lattice steps.
FURTHEST_BESIDE = 40
#: How far from its end a line meets a label that hangs aside, in px.
ASIDE_INSET = 12.0


class Place(NamedTuple):
    """A label's place, how bad it is, and the leg it lies on; -1 when it lies on none."""

    cost: float
    centre: Point
    leg: int = -1


class Boards(NamedTuple):
    """Rows of what a label should not hide, without its own line, and of what it must not touch."""

    ink: list[int]
    solid: list[int]


class Leg(NamedTuple):
    """One leg: from where to where along its axis, on which track, and what to keep free."""

    start: int
    end: int
    track: int
    before: int
    after: int

    @property
    def inner(self) -> tuple[int, int]:
        """The part a label may cover, low end first."""
        if self.start <= self.end:
            return (self.start + self.before, self.end - self.after)
        return (self.end + self.after, self.start - self.before)

    def covered(self, extent: float) -> float:
        """What it costs that a label of that extent hides a part of the leg."""
        share = min(extent / (abs(self.end - self.start) * CELL + 1.0), 1.0)
        return COVERS_LEG * share * share


def find_place(
    grid: RouteGrid,
    boards: Boards,
    corners: Sequence[Cell],
    size: Size,
    limit: float = math.inf,
) -> Place:
    """The best place for a label on a line.

    Args:
        grid: tells where the lattice lies.
        boards: what is in the way.
        corners: the line.
        size: of the label.
        limit: a cost from which on no place is wanted; the search may then end early.
    """
    best: Place | None = None
    for board, penalty in ((boards.ink, 0.0), (boards.solid, HIDES_LINE)):
        if (best is not None and best.cost <= penalty) or limit <= penalty:
            break
        for place in _places(grid, board, corners, size):
            if best is None or place.cost + penalty < best.cost:
                best = place._replace(cost=place.cost + penalty)

    if best is None and limit > HIDES_MORE:
        best = _beside(grid, boards, corners, size)
    return best or Place(HIDES_MORE, _longest_middle(grid, corners))


def _beside(grid: RouteGrid, boards: Boards, corners: Sequence[Cell], size: Size) -> Place | None:
    """The free place nearest to a line on which there is none."""
    half = math.ceil((size[0] / 2 + LABEL_MARGIN) / CELL)
    rise = math.ceil((size[1] / 2 + LABEL_MARGIN) / CELL)
    best: Place | None = None
    for (x1, y1), (x2, y2) in itertools.pairwise(corners):
        x, y = (x1 + x2) // 2, (y1 + y2) // 2
        for away in range(rise, FURTHEST_BESIDE, 2):
            cost = HIDES_MORE + away * CELL
            if best is not None and best.cost <= cost:
                break
            for dx, dy in ((0, away), (0, -away), (away + half, 0), (-away - half, 0)):
                left, top = x + dx - half, y + dy - rise
                if left >= 0 and _is_free(boards.solid, span(left, left + 2 * half), top, rise):
                    best = Place(cost, grid.point_at((x + dx, y + dy)))
                    break
    return best


def _is_free(rows: list[int], bits: int, top: int, rise: int) -> bool:
    """Whether a place of some rows is free and on the grid."""
    if top < 0 or top + 2 * rise >= len(rows):
        return False
    return not any(row & bits for row in rows[top : top + 2 * rise + 1])


def _places(
    grid: RouteGrid, board: list[int], corners: Sequence[Cell], size: Size
) -> Iterator[Place]:
    """The best free place on each leg."""
    last = len(corners) - 2
    for index, ((x1, y1), (x2, y2)) in enumerate(itertools.pairwise(corners)):
        before = START_STEPS if index == 0 else 0
        after = ARROW_STEPS if index == last else 0
        if y1 == y2:
            place = _on_level(grid, board, Leg(x1, x2, y1, before, after), size)
        else:
            place = _on_upright(grid, board, Leg(y1, y2, x1, before, after), size)
        if place is not None:
            yield place._replace(leg=index)


def _on_level(grid: RouteGrid, board: list[int], leg: Leg, size: Size) -> Place | None:
    """The free place nearest to the middle of a level leg."""
    low, high = leg.inner
    half = math.ceil((size[0] / 2 + LABEL_MARGIN) / CELL)
    rise = math.floor((size[1] / 2 + LABEL_MARGIN) / CELL)
    if leg.track - rise < 0 or leg.track + rise >= grid.rows:
        return None

    taken = 0
    for row in range(leg.track - rise, leg.track + rise + 1):
        taken |= board[row]
    middle = (low + high) // 2
    room = (high - low) // 2 - half
    bits = span(0, 2 * half)
    for step in range(max(room, 0) + 1):
        for place in (middle + step, middle - step) if step else (middle,):
            if place - half >= 0 and not (taken >> (place - half)) & bits:
                cost = step * CELL * OFF_MIDDLE + (STICKS_OUT if room < 0 else 0.0)
                cost += leg.covered(size[0])
                return Place(cost, grid.point_at((place, leg.track)))
    return None


def _on_upright(grid: RouteGrid, board: list[int], leg: Leg, size: Size) -> Place | None:
    """The free place nearest to the middle of an upright leg, on it or hanging to a side."""
    low, high = leg.inner
    rise = math.ceil((size[1] / 2 + LABEL_MARGIN) / CELL)
    if high - low < 2 * rise:
        rise = math.floor((size[1] / 2 + LABEL_MARGIN) / CELL)
    if high - low < 2 * rise:
        return None

    best: Place | None = None
    covered = leg.covered(size[1])
    away = max(size[0] / 2 - ASIDE_INSET, 0.0)
    for shift, extra in ((0.0, 0.0), (away, ASIDE), (-away, ASIDE)):
        if best is not None and best.cost <= extra + covered:
            break
        x1 = leg.track + math.ceil((shift - size[0] / 2 - LABEL_MARGIN) / CELL)
        x2 = leg.track + math.floor((shift + size[0] / 2 + LABEL_MARGIN) / CELL)
        if x1 < 0:
            continue
        bits, taken = span(x1, x2), 0
        for row in range(max(low, 0), min(high, grid.rows - 1) + 1):
            if board[row] & bits:
                taken |= 1 << (row - low)

        place = _free_window(taken, high - low + 1, 2 * rise + 1)
        if place is None:
            continue
        cost = abs(place - (high - low) / 2) * CELL * OFF_MIDDLE + extra + covered
        if best is None or cost < best.cost:
            x, y = grid.point_at((leg.track, low + place))
            best = Place(cost, (x + shift, y))
    return best


def _free_window(taken: int, length: int, size: int) -> int | None:
    """The middle of the free run of ``size`` places nearest to the middle of ``length``."""
    middle, bits = (length - size) // 2, (1 << size) - 1
    for step in range(middle + 2):
        for first in (middle + step, middle - step) if step else (middle,):
            if 0 <= first <= length - size and not (taken >> first) & bits:
                return first + size // 2
    return None


def _longest_middle(grid: RouteGrid, corners: Sequence[Cell]) -> Point:
    (x1, y1), (x2, y2) = max(
        itertools.pairwise(corners),
        key=lambda leg: abs(leg[0][0] - leg[1][0]) + abs(leg[0][1] - leg[1][1]),
    )
    (left, top), (right, bottom) = grid.point_at((x1, y1)), grid.point_at((x2, y2))
    return ((left + right) / 2, (top + bottom) / 2)
