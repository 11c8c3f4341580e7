"""All labels placed at once, on lines that stay: each finds its best place, then they make room."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable, Iterator, Sequence

from designer.canvas.label_places import HIDES_LINE, Boards, Place, find_place
from designer.canvas.route_grid import CELL, Cell, RouteGrid, span
from designer.canvas.route_wires import Wire
from designer.canvas.routes import Rect
from designer.document.elements import ElementId

__all__ = ["place_labels"]


def place_labels(
    grid: RouteGrid, wires: Sequence[Wire], swaps: int
) -> Generator[None, None, dict[Wire, float]]:
    """Gives each line's label a place and marks it on the grid; tells how bad each place is.

    The grid holds all lines, and the labels that stay where they are. Others may have their turn
    between any two labels.
    """
    board = _Board(grid, wires)
    for wire in sorted((wire for wire in wires if wire.corners), key=_room):
        board.place(wire)
        yield

    yield from board.make_room(swaps)
    for wire, place in board.places.items():
        wire.label, wire.label_leg = place.centre, place.leg
        grid.put(grid.label_stamp(wire.label_rect))
    return {wire: place.cost for wire, place in board.places.items()}


class _Board:
    """The labels placed so far, on rows of their own."""

    def __init__(self, grid: RouteGrid, wires: Sequence[Wire]) -> None:
        self._grid = grid
        self._ink = grid.ink()
        self._rows = Boards(self._ink[:], grid.solid[:])
        self._siblings: dict[tuple[ElementId, ElementId], list[Sequence[Cell]]] = {}
        for wire in wires:
            self._siblings.setdefault((wire.source, wire.target), []).append(wire.corners)
        self._stamps: dict[Wire, list[tuple[int, int]]] = {}
        self.places: dict[Wire, Place] = {}

    def place(self, wire: Wire) -> Place:
        """Finds the best place among the labels there are."""
        ink = without_lines(self._rows.ink, self._siblings[wire.source, wire.target])
        boards = Boards(ink, self._rows.solid)
        place = find_place(self._grid, boards, wire.corners, wire.size)
        self._put(wire, place)
        return place

    def _put(self, wire: Wire, place: Place) -> None:
        stamp = self._grid.label_rows(Rect.around(place.centre, *wire.size))
        self.places[wire], self._stamps[wire] = place, stamp
        for board in self._rows:
            for row, bits in stamp:
                board[row] |= bits

    def _take_away(self, wires: Sequence[Wire]) -> None:
        """Starts again from the lines, with all labels but these."""
        for wire in wires:
            del self._stamps[wire]
        self._rows = Boards(self._ink[:], self._grid.solid[:])
        for board in self._rows:
            for stamp in self._stamps.values():
                for row, bits in stamp:
                    board[row] |= bits

    def make_room(self, swaps: int) -> Iterator[None]:
        """Lets labels without a good place choose before those that are in their way."""
        tried = 0
        for wire in [wire for wire, place in self.places.items() if place.cost >= HIDES_LINE]:
            if tried >= swaps:
                break
            yield
            for other in self._in_the_way(wire):
                if tried >= swaps or self.places[wire].cost < HIDES_LINE:
                    break
                tried += 1
                self._try_before(wire, other)
                yield

    def _try_before(self, wire: Wire, other: Wire) -> None:
        """Places two labels in the other order, unless that makes it worse."""
        before = self.places[wire], self.places[other]
        self._take_away((wire, other))
        cost = self.place(wire).cost + self.place(other).cost
        if cost >= before[0].cost + before[1].cost:
            self._take_away((wire, other))
            self._put(wire, before[0])
            self._put(other, before[1])

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
    """The rows without some lines; a copy where there are any."""
    lines = list(lines)
    rows = ink[:] if lines else ink
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
