"""All labels placed at once, on lines that stay: each finds its best place, then they make room."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from designer.canvas.label_places import HIDES_LINE, Boards, Place, find_place
from designer.canvas.route_grid import CELL, Cell, RouteGrid, span
from designer.canvas.route_wires import Wire
from designer.canvas.routes import Rect

__all__ = ["place_labels"]

#: How many pairs of labels are tried in the other order.
SWAPS_TRIED = 40


def place_labels(grid: RouteGrid, wires: Sequence[Wire]) -> dict[Wire, float]:
    """Gives each line's label a place and marks it on the grid; tells how bad each place is.

    The grid holds all lines, and the labels that stay where they are.
    """
    board = _Board(grid, wires)
    for wire in sorted((wire for wire in wires if wire.corners), key=_room):
        board.place(wire)

    board.make_room()
    for wire, place in board.places.items():
        wire.label, wire.label_leg = place.centre, place.leg
        grid.put(grid.label_stamp(wire.label_rect))
    return {wire: place.cost for wire, place in board.places.items()}


class _Board:
    """The labels placed so far, on rows of their own."""

    def __init__(self, grid: RouteGrid, wires: Sequence[Wire]) -> None:
        self._grid = grid
        self._ink, self._solid = grid.ink, grid.solid
        self._siblings: dict[tuple[str, str], list[Sequence[Cell]]] = {}
        for wire in wires:
            self._siblings.setdefault((wire.source, wire.target), []).append(wire.corners)
        self._stamps: dict[Wire, list[tuple[int, int]]] = {}
        self.places: dict[Wire, Place] = {}

    def place(self, wire: Wire) -> Place:
        """Finds the best place among the labels there are."""
        grid = self._grid
        ink = without_lines(self._ink, self._siblings[wire.source, wire.target])
        solid = self._solid[:]
        for stamp in self._stamps.values():
            for row, bits in stamp:
                ink[row] |= bits
                solid[row] |= bits

        place = find_place(grid, Boards(ink, solid), wire.corners, wire.size)
        self.places[wire] = place
        self._stamps[wire] = grid.label_rows(Rect.around(place.centre, *wire.size))
        return place

    def make_room(self) -> None:
        """Lets labels without a good place choose before those that are in their way."""
        tried = 0
        for wire in [wire for wire, place in self.places.items() if place.cost >= HIDES_LINE]:
            for other in self._in_the_way(wire):
                if tried >= SWAPS_TRIED or self.places[wire].cost < HIDES_LINE:
                    break
                tried += 1
                self._try_before(wire, other)

    def _try_before(self, wire: Wire, other: Wire) -> None:
        before = [(each, self.places[each], self._stamps[each]) for each in (wire, other)]
        del self._stamps[wire], self._stamps[other]
        cost = self.place(wire).cost + self.place(other).cost
        if cost >= before[0][1].cost + before[1][1].cost:
            for each, place, stamp in before:
                self.places[each], self._stamps[each] = place, stamp

    def _in_the_way(self, wire: Wire) -> list[Wire]:
        """The labels that lie near the line."""
        grid = self._grid
        near = [
            Rect.between(grid.point_at(first), grid.point_at(last)).grown(wire.size[1])
            for first, last in itertools.pairwise(wire.corners)
        ]
        return [
            other
            for other, place in self.places.items()
            if other is not wire
            and any(Rect.around(place.centre, *other.size).overlaps(rect) for rect in near)
        ]


def without_lines(ink: list[int], lines: Iterable[Sequence[Cell]]) -> list[int]:
    """A copy of the rows without some lines."""
    rows = ink[:]
    for corners in lines:
        for (x1, y1), (x2, y2) in itertools.pairwise(corners):
            if y1 == y2:
                rows[y1] &= ~span(x1, x2)
            else:
                bit = ~(1 << x1)
                for row in range(min(y1, y2), max(y1, y2) + 1):
                    rows[row] &= bit
    return rows


def _room(wire: Wire) -> float:
    """How much longer a line is than its label: those with little room choose first."""
    length = sum(
        abs(x1 - x2) + abs(y1 - y2) for (x1, y1), (x2, y2) in itertools.pairwise(wire.corners)
    )
    return length * CELL - wire.size[0]
