"""States on the fields of a board, moved about until short, straight, uncrossed lines remain.

Where layers make a long ribbon of a flow, this makes a sheet that fits a window. It throws dice,
but always the same ones: a request has one answer for each seed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from designer.document.elements import ElementId
from designer.document.layout import EdgeSpec, LayoutRequest

__all__ = ["Field", "board_layout"]

Field = tuple[int, int]

#: The shape of a window's canvas, and the size of a field with its share of the gaps, in px.
ASPECT = 1.6
COLUMN = 240.0
ROW = 120.0
#: What faults cost, in px of line.
BEND = 45.0
BLOCKED = 170.0
BLOCKED_MORE = 30.0
CROSSING = 110.0
ON_EACH_OTHER = 80.0
BACKWARD = 35.0
SIDE = 0.7
INITIAL_COLUMN = 150.0
INITIAL_ROW = 150.0
BEFORE_INITIAL = 120.0
#: A level label wider than this, or labels higher than that, push their states apart.
WIDE = 85.0
TALL = 42.0
PUSH = 0.8
TALL_PUSH = 0.5
#: The heat at which the search starts and ends, and how often it moves a state to a neighbour.
HOT = 400.0
COLD = 10.0
TO_NEIGHBOUR = 0.4
#: How many columns more each seed may use.
SHAPES = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Join:
    """All transitions between two states.

    Attributes:
        a: one state's index.
        b: the other's.
        weight: how much the length of the lines matters.
        wide: the width of the widest label.
        tall: the height of all labels.
        forward: 1 when most lead from a to b, -1 the other way, 0 when neither.
    """

    a: int
    b: int
    weight: float
    wide: float
    tall: float
    forward: int

    def touches(self, other: Join) -> bool:
        """Whether they have a state in common; so has a join with itself."""
        return self.a in (other.a, other.b) or self.b in (other.a, other.b)


def board_layout(request: LayoutRequest, seed: int, moves: int) -> dict[ElementId, Field]:
    """A field (column, row) for each state.

    Args:
        request: what is to be laid out.
        seed: another seed, another attempt.
        moves: how many moves are tried.
    """
    board = _Board(request, seed)
    board.cool_down(moves)
    return {node.id: field for node, field in zip(request.nodes, board.best, strict=True)}


class _Move(NamedTuple):
    """What a move changes: the cost, and all that the board knows about the joins."""

    delta: float
    costs: dict[int, float]
    meetings: dict[int, list[float]]
    shape: float


class _Board:
    """The states on their fields, with what each join costs there.

    Attributes:
        best: the fields of the states, in order, where all cost least so far.
    """

    def __init__(self, request: LayoutRequest, seed: int) -> None:
        index = {node.id: number for number, node in enumerate(request.nodes)}
        count = len(index)
        self._joins = _joins(request.edges, index)
        self._joins_of: list[list[int]] = [[] for _ in range(count)]
        for number, join in enumerate(self._joins):
            self._joins_of[join.a].append(number)
            self._joins_of[join.b].append(number)

        self._initial = index.get(request.initial or "", 0)
        self._dice = random.Random(seed)  # noqa: S311 (a search, not a secret)
        fields = max(count * 1.5, count + 2.0)
        columns = round(math.sqrt(fields * ASPECT * ROW / COLUMN)) + SHAPES[seed % len(SHAPES)]
        self._columns = max(2, columns)
        self._rows = max(2, math.ceil(fields / self._columns) + 1)
        self._at = [(0, 0)] * count
        for place, state in enumerate(_by_distance(self._joins, count, self._initial)):
            self._at[state] = (place % self._columns, place // self._columns)
        self._taken = {field: state for state, field in enumerate(self._at)}
        self._strangers = [
            [number for number, other in enumerate(self._joins) if not other.touches(join)]
            for join in self._joins
        ]
        self._costs = [self._join_cost(join) for join in self._joins]
        self._shape = self._shape_cost()
        meetings = self._meetings_of(range(len(self._joins)))
        self._meetings = [meetings[number] for number in range(len(self._joins))]
        self.best = self._at[:]

    def cool_down(self, moves: int) -> None:
        """Moves states about, at first almost freely, at last only where it helps."""
        cost = best = 0.0
        for step in range(moves):
            heat = HOT * (COLD / HOT) ** (step / moves)
            state = self._dice.randrange(len(self._at))
            old, field = self._at[state], self._somewhere(state)
            if field is None:
                continue

            move = self._move(state, field)
            if move.delta <= 0 or self._dice.random() < math.exp(-move.delta / heat):
                self._keep(move)
                cost += move.delta
                if cost < best - 1e-6:
                    best, self.best = cost, self._at[:]
            else:
                self._swap(state, old)

    def _somewhere(self, state: int) -> Field | None:
        """Another field for a state: any, or one beside a state it is joined to."""
        dice, joins = self._dice, self._joins_of[state]
        if joins and dice.random() < TO_NEIGHBOUR:
            join = self._joins[dice.choice(joins)]
            x, y = self._at[join.b if join.a == state else join.a]
            dx, dy = dice.choice(((0, 1), (0, -1), (1, 0), (-1, 0)))
            field = (x + dx, y + dy)
        else:
            field = (dice.randrange(self._columns), dice.randrange(self._rows))

        inside = 0 <= field[0] < self._columns and 0 <= field[1] < self._rows
        return field if inside and field != self._at[state] else None

    def _move(self, state: int, field: Field) -> _Move:
        """Puts a state on another field, and says what that changes."""
        old, other = self._at[state], self._taken.get(field)
        touched = set(self._joins_of[state])
        if other is not None:
            touched.update(self._joins_of[other])
        self._swap(state, field)

        shape = self._shape_cost()
        delta = shape - self._shape
        meetings = self._meetings_of(touched)
        delta += _sum_of(meetings) - _sum_of({number: self._meetings[number] for number in touched})
        costs = {}
        for number in self._affected(touched, old, field):
            costs[number] = self._join_cost(self._joins[number])
            delta += costs[number] - self._costs[number]
        return _Move(delta, costs, meetings, shape)

    def _keep(self, move: _Move) -> None:
        """Remembers what a move changed."""
        self._shape = move.shape
        for number, cost in move.costs.items():
            self._costs[number] = cost
        for number, row in move.meetings.items():
            self._meetings[number] = row
            for other in self._strangers[number]:
                self._meetings[other][number] = row[other]

    def _swap(self, state: int, field: Field) -> None:
        """Puts a state on a field; who stands there takes its place."""
        old, other = self._at[state], self._taken.get(field)
        self._at[state], self._taken[field] = field, state
        if other is None:
            del self._taken[old]
        else:
            self._at[other], self._taken[old] = old, other

    def _affected(self, touched: set[int], one: Field, two: Field) -> Iterable[int]:
        """The joins whose cost a move may change: those of the states, and those it stands in."""
        at = self._at
        for number, join in enumerate(self._joins):
            if number in touched:
                yield number
                continue
            (x1, y1), (x2, y2) = at[join.a], at[join.b]
            if x1 > x2:
                x1, x2 = x2, x1
            if y1 > y2:
                y1, y2 = y2, y1
            if (x1 <= one[0] <= x2 and y1 <= one[1] <= y2) or (
                x1 <= two[0] <= x2 and y1 <= two[1] <= y2
            ):
                yield number

    def _join_cost(self, join: Join) -> float:
        """What the lines between two states cost where these are."""
        (x1, y1), (x2, y2) = self._at[join.a], self._at[join.b]
        across, down = abs(x1 - x2), abs(y1 - y2)
        cost = across * COLUMN + down * ROW
        if across == 0:
            cost += BLOCKED * self._on_way((x1, y1), (x1, y2))
            if down == 1:
                cost += max(0.0, join.tall - TALL) * TALL_PUSH
        elif down == 0:
            cost += BLOCKED * self._on_way((x1, y1), (x2, y1))
            if across == 1:
                cost += max(0.0, join.wide - WIDE) * PUSH + max(0.0, join.tall - TALL) * PUSH
        else:
            one = self._on_way((x1, y1), (x1, y2)) + self._on_way((x1, y2), (x2, y2))
            two = self._on_way((x1, y1), (x2, y1)) + self._on_way((x2, y1), (x2, y2))
            one += (x1, y2) in self._taken
            two += (x2, y1) in self._taken
            blocked = min(one, two)
            cost += BEND + (BEND + BLOCKED_MORE * (blocked - 1) if blocked else 0.0)

        cost *= join.weight
        if join.forward and join.forward * ((x2 - x1) + (y2 - y1)) < 0:
            cost += BACKWARD
        return cost

    def _on_way(self, start: Field, end: Field) -> int:
        """How many states stand between two fields of one row or column."""
        (x1, y1), (x2, y2) = start, end
        taken = self._taken
        if x1 == x2:
            if y1 > y2:
                y1, y2 = y2, y1
            return sum((x1, y) in taken for y in range(y1 + 1, y2))
        if x1 > x2:
            x1, x2 = x2, x1
        return sum((x, y1) in taken for x in range(x1 + 1, x2))

    def _shape_cost(self) -> float:
        """How large and how badly shaped the sheet is, and where on it the initial state stands."""
        columns = [column for column, _ in self._at]
        rows = [row for _, row in self._at]
        left, top = min(columns), min(rows)
        width = (max(columns) - left + 1) * COLUMN
        height = (max(rows) - top + 1) * ROW
        x, y = self._at[self._initial]
        cost = SIDE * max(width, height * ASPECT)
        cost += INITIAL_COLUMN * (x - left) + INITIAL_ROW * (y - top)
        before = (x - 1, y) in self._taken
        return cost + BEFORE_INITIAL if before else cost

    def _meetings_of(self, numbers: Iterable[int]) -> dict[int, list[float]]:
        """What it costs that joins, as straight lines, cross each of the others or lie on it."""
        at, joins = self._at, self._joins
        found: dict[int, list[float]] = {}
        for number in numbers:
            row = [0.0] * len(joins)
            start, end = at[joins[number].a], at[joins[number].b]
            for other in self._strangers[number]:
                if other in found:
                    row[other] = found[other][number]
                else:
                    join = joins[other]
                    row[other] = _meeting(start, end, at[join.a], at[join.b])
            found[number] = row
        return found


def _sum_of(meetings: Mapping[int, list[float]]) -> float:
    """The cost of these meetings, each counted once."""
    all_of_them = sum(sum(row) for row in meetings.values())
    twice = sum(row[other] for row in meetings.values() for other in meetings)
    return float(all_of_them - twice / 2)


def _meeting(one: Field, two: Field, three: Field, four: Field) -> float:
    """What it costs that two straight lines cross, or lie on each other."""
    x1, y1 = one
    x2, y2 = two
    x3, y3 = three
    x4, y4 = four
    dx, dy = x2 - x1, y2 - y1
    side_3 = dx * (y3 - y1) - dy * (x3 - x1)
    side_4 = dx * (y4 - y1) - dy * (x4 - x1)
    if side_3 * side_4 > 0:
        return 0.0
    if side_3 == 0 and side_4 == 0:
        apart = max(min(x1, x2), min(x3, x4)) >= min(max(x1, x2), max(x3, x4))
        apart = apart and max(min(y1, y2), min(y3, y4)) >= min(max(y1, y2), max(y3, y4))
        return 0.0 if apart else ON_EACH_OTHER

    dx, dy = x4 - x3, y4 - y3
    side_1 = dx * (y1 - y3) - dy * (x1 - x3)
    side_2 = dx * (y2 - y3) - dy * (x2 - x3)
    return CROSSING if side_1 * side_2 < 0 and side_3 * side_4 < 0 else 0.0


def _joins(edges: Sequence[EdgeSpec], index: Mapping[ElementId, int]) -> list[Join]:
    """One join for each two states that transitions connect."""
    groups: dict[tuple[int, int], list[tuple[EdgeSpec, int]]] = {}
    for edge in edges:
        if edge.target is not None and edge.source != edge.target:
            a, b = index[edge.source], index[edge.target]
            groups.setdefault((min(a, b), max(a, b)), []).append((edge, 1 if a < b else -1))

    joins = []
    for (a, b), group in groups.items():
        balance = sum(sign for _, sign in group)
        joins.append(
            Join(
                a,
                b,
                weight=math.sqrt(len(group)),
                wide=max(edge.label_width for edge, _ in group),
                tall=sum(edge.label_height + 3 for edge, _ in group),
                forward=(balance > 0) - (balance < 0),
            )
        )
    return joins


def _by_distance(joins: Sequence[Join], count: int, initial: int) -> list[int]:
    """All states, those near the initial one first."""
    near: list[list[int]] = [[] for _ in range(count)]
    for join in joins:
        near[join.a].append(join.b)
        near[join.b].append(join.a)

    order: list[int] = []
    seen: set[int] = set()
    for start in (initial, *range(count)):
        if start in seen:
            continue
        seen.add(start)
        queue = [start]
        for state in queue:
            order.append(state)
            new = [other for other in near[state] if other not in seen]
            seen.update(new)
            queue.extend(dict.fromkeys(new))
    return order
