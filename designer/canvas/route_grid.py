"""The lattice the arrows run on: who occupies which point, as one integer of bits a row.

A question such as "is this leg free, and how many lines would it cross" is then two operations on
integers, however long the leg is; that is what makes routing fast enough to follow a drag.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

from designer.canvas.routes import Rect
from designer.document.elements import Point

__all__ = ["CELL", "CLEARANCE", "LABEL_MARGIN", "Cell", "RouteGrid", "Stamp", "span"]

#: Distance of lattice points, in px.
CELL = 5.0
#: How near a line may pass a state it does not belong to, in px; also the shortest first leg.
CLEARANCE = 14.0
#: The same for a label.
LABEL_CLEARANCE = 6.0
#: Free px around a label.
LABEL_MARGIN = 3.0

Cell = tuple[int, int]
#: What something occupies: boards, places on them, bits.
Stamp = list[tuple[list[int], int, int]]

_ONES = [(1 << count) - 1 for count in range(4096)]


def span(first: int, last: int) -> int:
    """The bits from one place to another, both included, in either order."""
    if first > last:
        first, last = last, first
    count = last - first + 1
    return (_ONES[count] if count < 4096 else (1 << count) - 1) << first


class RouteGrid:
    """Occupancy of a piece of the canvas.

    Row boards hold, for each row, a bit per column; column boards the reverse. ``walls[0]`` are
    rows, for level legs, ``walls[1]`` columns, for upright ones; so for the other pairs.

    Attributes:
        walls: where no leg of that axis may run: near states, and on or beside its lines.
        lines: the part of the walls that is lines.
        crossed: where a leg of that axis would cross a line of the other.
        labels: where a leg of that axis would run beneath a label.
        states: the part of the walls that is states.
        state_ink: rows; where a label would overlap a state.
        solid: rows; where a label would overlap a state or a label.
        level: rows; where level lines run.
    """

    def __init__(self, boxes: Iterable[Rect], reach: float) -> None:
        rects = list(boxes)
        self.left = math.floor((min(box.left for box in rects) - reach) / CELL)
        self.top = math.floor((min(box.top for box in rects) - reach) / CELL)
        self.columns = math.ceil((max(box.right for box in rects) + reach) / CELL) - self.left + 1
        self.rows = math.ceil((max(box.bottom for box in rects) + reach) / CELL) - self.top + 1
        self.states = ([0] * self.rows, [0] * self.columns)
        self.state_ink = [0] * self.rows
        for box in rects:
            self._add_state(box)

        self.walls = (self.states[0][:], self.states[1][:])
        self.lines = ([0] * self.rows, [0] * self.columns)
        self.crossed = ([0] * self.rows, [0] * self.columns)
        self.labels = ([0] * self.rows, [0] * self.columns)
        self.solid = self.state_ink[:]
        self.level = [0] * self.rows

    def clear(self) -> None:
        """Takes away all lines and labels."""
        for axis, count in ((0, self.rows), (1, self.columns)):
            nothing = [0] * count
            self.walls[axis][:] = self.states[axis]
            self.lines[axis][:] = nothing
            self.crossed[axis][:] = nothing
            self.labels[axis][:] = nothing
        self.solid[:] = self.state_ink
        self.level[:] = [0] * self.rows

    def ink(self) -> list[int]:
        """Rows of all a label should not hide: states, labels and lines."""
        return [
            solid | level | upright
            for solid, level, upright in zip(self.solid, self.level, self.crossed[0], strict=True)
        ]

    def cell_at(self, point: Point) -> Cell:
        """The lattice point nearest to a point of the canvas."""
        return (round(point[0] / CELL) - self.left, round(point[1] / CELL) - self.top)

    def point_at(self, cell: Cell) -> Point:
        """Where a lattice point lies on the canvas."""
        return ((cell[0] + self.left) * CELL, (cell[1] + self.top) * CELL)

    def inside(self, low: float, high: float, axis: int) -> tuple[int, int]:
        """First and last place along an axis between two coordinates; 0 is x."""
        origin = self.left if axis == 0 else self.top
        return (math.ceil(low / CELL) - origin, math.floor(high / CELL) - origin)

    def put(self, stamp: Stamp) -> None:
        """Occupies what a stamp says."""
        for board, place, bits in stamp:
            board[place] |= bits

    def line_stamp(self, corners: Sequence[Cell]) -> Stamp:
        """What the legs of a line occupy."""
        stamp: Stamp = []
        for (x1, y1), (x2, y2) in itertools.pairwise(corners):
            if y1 == y2:
                self._stamp_leg(stamp, 0, y1, min(x1, x2), max(x1, x2))
            else:
                self._stamp_leg(stamp, 1, x1, min(y1, y2), max(y1, y2))
        return stamp

    def label_stamp(self, rect: Rect) -> Stamp:
        """What a label occupies."""
        rows = self.label_rows(rect)
        stamp: Stamp = [
            (board, row, bits) for board in (self.labels[0], self.solid) for row, bits in rows
        ]
        if rows:
            columns, down = self.labels[1], span(rows[0][0], rows[-1][0])
            x1, x2 = self.inside(rect.left - LABEL_MARGIN, rect.right + LABEL_MARGIN, 0)
            places = range(max(x1, 0), min(x2, self.columns - 1) + 1)
            stamp.extend((columns, x, down) for x in places)
        return stamp

    def label_rows(self, rect: Rect) -> list[tuple[int, int]]:
        """The rows a label occupies, and the bits of each."""
        x1, x2 = self.inside(rect.left - LABEL_MARGIN, rect.right + LABEL_MARGIN, 0)
        y1, y2 = self.inside(rect.top - LABEL_MARGIN, rect.bottom + LABEL_MARGIN, 1)
        x1, x2 = max(x1, 0), min(x2, self.columns - 1)
        if x1 > x2:
            return []
        bits = span(x1, x2)
        return [(row, bits) for row in range(max(y1, 0), min(y2, self.rows - 1) + 1)]

    def area_stamp(self, rect: Rect) -> Stamp:
        """What something occupies that neither a line nor a label may touch."""
        x1, x2 = self.inside(rect.left, rect.right, 0)
        y1, y2 = self.inside(rect.top, rect.bottom, 1)
        across, down = span(x1, x2), span(y1, y2)
        rows = (self.walls[0], self.lines[0], self.solid)
        stamp: Stamp = [(board, y, across) for board in rows for y in range(y1, y2 + 1)]
        columns = (self.walls[1], self.lines[1])
        stamp.extend((board, x, down) for board in columns for x in range(x1, x2 + 1))
        return stamp

    def _stamp_leg(self, stamp: Stamp, axis: int, track: int, low: int, high: int) -> None:
        tracks, places = (self.rows, self.columns) if axis == 0 else (self.columns, self.rows)
        low, high = max(low, 0), min(high, places - 1)
        if low > high:
            return

        wide = span(max(low - 1, 0), high + 1)
        walls, lines = self.walls[axis], self.lines[axis]
        for near in range(max(track - 1, 0), min(track + 2, tracks)):
            stamp.append((walls, near, wide))
            stamp.append((lines, near, wide))

        if not 0 <= track < tracks:
            return

        crossed, bit = self.crossed[1 - axis], 1 << track
        stamp.extend([(crossed, place, bit) for place in range(low, high + 1)])
        if axis == 0:
            stamp.append((self.level, track, span(low, high)))

    def _add_state(self, box: Rect) -> None:
        near = box.grown(CLEARANCE)
        x1, x2 = self.inside(near.left, near.right, 0)
        y1, y2 = self.inside(near.top, near.bottom, 1)
        across, down = span(x1, x2), span(y1, y2)
        rows, columns = self.states
        for y in range(y1, y2 + 1):
            rows[y] |= across
        for x in range(x1, x2 + 1):
            columns[x] |= down

        near = box.grown(LABEL_CLEARANCE)
        across = span(*self.inside(near.left, near.right, 0))
        y1, y2 = self.inside(near.top, near.bottom, 1)
        for y in range(y1, y2 + 1):
            self.state_ink[y] |= across
