"""What stays at one state: its loops, its internal transitions, and the initial marker."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from designer.canvas.label_places import HIDES_LINE, HIDES_MORE
from designer.canvas.route_grid import CELL, LABEL_MARGIN, Cell, RouteGrid, span
from designer.canvas.route_ways import Dock
from designer.canvas.routes import Rect, Size
from designer.document.elements import ElementId, Point

__all__ = ["Crowd", "Hung", "Loop", "crowd_of", "hung_label", "marker_way", "place_loop"]

#: How far a loop reaches out and how far apart its ends are, in lattice steps.
OUT_STEPS = 5
APART_STEPS = 7
CORNER_STEPS = 4
#: The height of one label; a stack of several lets the loop reach further out by the rest, in px.
LABEL_HEIGHT = 20.0
#: Cost of a side on which all the states joined to this one lie.
CROWDED = 60.0
#: Cost of a loop that is not above or below, and of one that uses up the middle of a side.
ROUND_CORNER = 12.0
BESIDE = 14.0
IN_THE_MIDDLE = 20.0
#: Cost per px by which a label is not over the middle of its loop.
OFF_LOOP = 0.2
#: Cost of a loop that runs into a state or along a line.
BLOCKED = 2_000.0
#: How far from its state an internal transition's label hangs, in px.
HANG = 11.0
#: How long the initial marker is, and how much room it needs, in px.
MARKER_REACH = 38.0
MARKER_ROOM = 8.0


class Crowd(NamedTuple):
    """How much the states joined to one crowd its sides; all four add up to their number."""

    right: float
    bottom: float
    left: float
    top: float


class Loop(NamedTuple):
    """A place for a loop: its cost, its corners on the lattice, and its label's centre."""

    cost: float
    corners: tuple[Cell, ...]
    label: Point


class Hung(NamedTuple):
    """A place for an internal transition: its cost, its short line, and its label's centre."""

    cost: float
    points: tuple[Point, Point]
    label: Point


def crowd_of(box: Rect, others: Sequence[Rect]) -> Crowd:
    """Says on which sides the states joined to this one lie."""
    right = bottom = left = top = 0.0
    x, y = box.centre
    for other in others:
        dx, dy = other.centre[0] - x, other.centre[1] - y
        reach = abs(dx) + abs(dy) or 1.0
        right += max(dx, 0.0) / reach
        left += max(-dx, 0.0) / reach
        bottom += max(dy, 0.0) / reach
        top += max(-dy, 0.0) / reach
    return Crowd(right, bottom, left, top)


def place_loop(grid: RouteGrid, docks: Sequence[Dock], crowd: Crowd, size: Size) -> Loop:
    """The best place for a loop round the state with these sides."""
    return min(
        loop._replace(cost=loop.cost + _label_cost(grid, loop.label, size))
        for loop in _loops(grid, docks, crowd, size)
    )


def _loops(grid: RouteGrid, docks: Sequence[Dock], crowd: Crowd, size: Size) -> Iterator[Loop]:
    right, bottom, left, top = docks
    for dock, crowded in ((top, crowd.top), (bottom, crowd.bottom)):
        yield from _over(grid, dock, CROWDED * crowded, size)
    for dock, crowded in ((right, crowd.right), (left, crowd.left)):
        yield _beside(grid, dock, CROWDED * crowded + BESIDE, size)
    for upper, over in ((top, crowd.top), (bottom, crowd.bottom)):
        for side, beside in ((right, crowd.right), (left, crowd.left)):
            extra = CROWDED * (over + beside) / 2 + ROUND_CORNER
            yield from _round_corner(grid, (upper, side), extra, size)


def _over(grid: RouteGrid, dock: Dock, extra: float, size: Size) -> Iterator[Loop]:
    """Loops on the upper or lower side, at either end of it or in the middle."""
    low, high = min(dock.tracks), max(dock.tracks)
    out, y = _height(grid, dock, OUT_STEPS, size)
    apart = min(APART_STEPS, high - low)
    middle = (low + high - apart) // 2
    for first, off in ((high - apart, 0.0), (low, 0.0), (middle, IN_THE_MIDDLE)):
        last = first + apart
        corners = ((first, dock.edge), (first, out), (last, out), (last, dock.edge))
        stubs = grid.lines[1][first] | grid.lines[1][last]
        cost = extra + off + _blocked(stubs & span(dock.edge, dock.out))
        cost += _outer_cost(grid, corners)
        left, right = grid.point_at((first, 0))[0], grid.point_at((last, 0))[0]
        for x, shifted in _over_leg(left, right, size):
            yield Loop(cost + shifted * OFF_LOOP, corners, (x, y))


def _height(grid: RouteGrid, dock: Dock, steps: int, size: Size) -> tuple[int, float]:
    """How far out the last leg of a loop lies, and the middle of the labels threaded on it."""
    reach = steps * CELL
    out = dock.edge + dock.sign * round((reach + size[1] - LABEL_HEIGHT) / CELL)
    middle = reach + (size[1] - LABEL_HEIGHT) / 2
    return out, grid.point_at((0, dock.edge))[1] + dock.sign * middle


def _over_leg(left: float, right: float, size: Size) -> Iterator[tuple[float, float]]:
    """Where a label may sit on a level leg: on its middle, or flush with either end."""
    middle = (left + right) / 2
    yield middle, 0.0
    room = size[0] / 2 - (right - left) / 2 - 8.0
    if room > 0:
        yield middle - room, room
        yield middle + room, room


def _beside(grid: RouteGrid, dock: Dock, extra: float, size: Size) -> Loop:
    """A loop on the left or right side; the label hangs outwards."""
    low, high = min(dock.tracks), max(dock.tracks)
    out = dock.edge + dock.sign * OUT_STEPS
    corners = ((dock.edge, low), (out, low), (out, high), (dock.edge, high))
    stubs = grid.lines[0][low] | grid.lines[0][high]
    cost = extra + _blocked(stubs & span(dock.edge, dock.out)) + _outer_cost(grid, corners)
    x, y = grid.point_at((out, low))
    label = (x + dock.sign * (size[0] / 2 - 10.0), y + (high - low) * CELL / 2)
    return Loop(cost, corners, label)


def _round_corner(
    grid: RouteGrid, docks: tuple[Dock, Dock], extra: float, size: Size
) -> Iterator[Loop]:
    """Loops from the upper or lower side round a corner to the left or right side."""
    upper, side = docks
    track = max(upper.tracks) if side.sign > 0 else min(upper.tracks)
    row = min(side.tracks) if upper.sign < 0 else max(side.tracks)
    beyond = side.edge + side.sign * CORNER_STEPS
    out, y = _height(grid, upper, CORNER_STEPS, size)
    corners = ((track, upper.edge), (track, out), (beyond, out), (beyond, row), (side.edge, row))
    cost = extra + _blocked(grid.lines[1][track] & span(upper.edge, upper.out))
    cost += _blocked(grid.lines[0][row] & span(side.edge, side.out))
    cost += _outer_cost(grid, corners)
    left, right = sorted((grid.point_at((track, 0))[0], grid.point_at((beyond, 0))[0]))
    for x, shifted in _over_leg(left, right, size):
        yield Loop(cost + shifted * OFF_LOOP, corners, (x, y))


def _outer_cost(grid: RouteGrid, corners: Sequence[Cell]) -> float:
    """What the legs that do not touch the state run into."""
    cost = 0.0
    for (x1, y1), (x2, y2) in itertools.pairwise(corners[1:-1]):
        if not (0 <= min(x1, x2) <= max(x1, x2) < grid.columns):
            return BLOCKED
        if not (0 <= min(y1, y2) <= max(y1, y2) < grid.rows):
            return BLOCKED
        axis, track, bits = (0, y1, span(x1, x2)) if y1 == y2 else (1, x1, span(y1, y2))
        cost += _blocked(grid.walls[axis][track] & bits)
        cost += (grid.crossed[axis][track] & bits).bit_count() * HIDES_LINE
        cost += HIDES_LINE if grid.labels[axis][track] & bits else 0.0
    return cost


def _blocked(bits: int) -> float:
    return BLOCKED if bits else 0.0


def _label_cost(grid: RouteGrid, centre: Point, size: Size) -> float:
    """How bad a label at that place would be."""
    rect = Rect.around(centre, *size).grown(LABEL_MARGIN)
    x1, x2 = grid.inside(rect.left, rect.right, 0)
    y1, y2 = grid.inside(rect.top, rect.bottom, 1)
    bits = span(max(x1, 0), max(x2, 0))
    hides = False
    for row in range(max(y1, 0), min(y2, grid.rows - 1) + 1):
        if grid.solid[row] & bits:
            return HIDES_MORE
        hides = hides or bool((grid.level[row] | grid.crossed[0][row]) & bits)
    return HIDES_LINE if hides else 0.0


def hung_label(grid: RouteGrid, box: Rect, crowd: Crowd, size: Size) -> Hung:
    """The best place for an internal transition's label: below, above or beside its state."""
    return min(
        hung._replace(cost=hung.cost + _label_cost(grid, hung.label, size))
        for hung in _hung_places(box, crowd, size)
    )


def _hung_places(box: Rect, crowd: Crowd, size: Size) -> Iterator[Hung]:
    x, y = box.centre
    room = max((box.width - size[0]) / 2 - 8.0, 0.0)
    for border, sign, cost in (
        (box.bottom, 1, CROWDED * crowd.bottom),
        (box.top, -1, CROWDED * crowd.top + BESIDE),
    ):
        far = border + sign * HANG
        for shift in (-room, 0.0, room) if room else (0.0,):
            line = ((x + shift, border), (x + shift, far))
            yield Hung(cost, line, (x + shift, far + sign * size[1] / 2))

    for border, sign, cost in (
        (box.left, -1, CROWDED * crowd.left + 2 * BESIDE),
        (box.right, 1, CROWDED * crowd.right + 2 * BESIDE),
    ):
        far = border + sign * HANG
        yield Hung(cost, ((border, y), (far, y)), (far + sign * size[0] / 2, y))


def marker_way(boxes: Mapping[ElementId, Rect], initial: ElementId) -> tuple[Point, Point]:
    """The initial marker: the dot's centre, and the tip on the border of the first free side."""
    box = boxes[initial]
    x, y = box.centre
    ways = (
        ((box.left - MARKER_REACH, y), (box.left, y)),
        ((x, box.top - MARKER_REACH), (x, box.top)),
        ((x, box.bottom + MARKER_REACH), (x, box.bottom)),
        ((box.right + MARKER_REACH, y), (box.right, y)),
    )
    near = [other for key, other in boxes.items() if key != initial]
    for way in ways:
        room = Rect.between(*way).grown(MARKER_ROOM)
        if not any(room.overlaps(other) for other in near):
            return way
    return ways[0]
