"""The best of several boards: judged by the drawing they make, varied, and drawn together."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from designer.document.board_layout import Field, board_layout
from designer.document.board_places import (
    LEAST_GAP,
    Spacing,
    first_spacing,
    packed,
    placed,
)
from designer.document.elements import ElementId, Point
from designer.document.layout import GRID, LayoutRequest

__all__ = ["Drawn", "best_board"]

#: How many boards are tried, and how many moves each, for a flow of few states.
BOARDS = 9
FEWEST_BOARDS = 2
STATES_FOR_BOARDS = 180
MOVES = 200
MOVES_PER_STATE = 80
#: The boards that are varied, and how much room states have until the gaps are looked at.
VARIED = 2
ROOM = 20.0
#: How many drawings are made: fewer of flows with more lines, as each takes longer.
MOST_TRIALS = 50
LEAST_TRIALS = 4
TRIALS = 36_000.0
SHARE_FOR_BOARDS = 0.45
#: Trials after which variations are given up, for each that is asked for.
DRAWS = 6
TO_NEIGHBOUR = 0.6
SWAP = 0.5
#: How the gaps are tried: all wider by these, then each by two steps and by one.
ALL_WIDER = (-20.0, 20.0, 60.0, 120.0)
STEP = float(GRID)
#: Seconds of work after which the best so far has to do; a busy machine changes nothing.
PATIENCE = 2.0

Cost = Callable[[Mapping[ElementId, Point]], float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing and how bad it is."""

    cost: float
    fields: dict[ElementId, Field]
    spacing: Spacing
    places: dict[ElementId, Point]


def best_board(request: LayoutRequest, cost: Cost) -> Drawn:
    """The best drawing that a limited search finds.

    Args:
        request: what is to be laid out; at least one state.
        cost: how bad a drawing with these centres is.
    """
    search = _Search(request, cost)
    count = len(request.nodes)
    boards = min(BOARDS, max(FEWEST_BOARDS, STATES_FOR_BOARDS // count))
    moves = MOVES + MOVES_PER_STATE * count
    found: list[Drawn] = []
    for seed in range(1, boards + 1):
        fields = packed(board_layout(request, seed, moves))
        if all(fields != drawn.fields for drawn in found):
            found.append(search.drawn(fields))

    found.sort(key=_cost)
    trials = _trials(request)
    varied = found[:VARIED]
    share = int(trials * SHARE_FOR_BOARDS / len(varied))
    best = min((search.varied(drawn, share) for drawn in varied), key=_cost)
    return search.drawn_together(best, int(trials * (1 - SHARE_FOR_BOARDS)))


def _cost(drawn: Drawn) -> float:
    return drawn.cost


def _trials(request: LayoutRequest) -> int:
    """How many drawings there is time for."""
    lines = len({(edge.source, edge.target) for edge in request.edges}) or 1
    return round(min(MOST_TRIALS, max(LEAST_TRIALS, TRIALS / lines**2)))


class _Search:
    """Draws boards, until there is no time left."""

    def __init__(self, request: LayoutRequest, cost: Cost) -> None:
        self._request, self._cost = request, cost
        self._end = time.process_time() + PATIENCE

    def drawn(self, fields: Mapping[ElementId, Field], spacing: Spacing | None = None) -> Drawn:
        """A board as a drawing; with ample room where no spacing is given."""
        if spacing is None:
            spacing = first_spacing(self._request, fields).wider(ROOM)
        places = placed(self._request, fields, spacing)
        return Drawn(self._cost(places), dict(fields), spacing, places)

    def varied(self, best: Drawn, trials: int) -> Drawn:
        """The best among a drawing and others with a few states elsewhere."""
        dice = random.Random(len(best.fields))  # noqa: S311 (a search, not a secret)
        seen = [best.fields]
        for _ in range(trials * DRAWS):
            if trials <= 0 or self._is_late():
                break
            fields = packed(_with_one_elsewhere(best.fields, dice))
            if fields in seen:
                continue
            trials -= 1
            seen.append(fields)
            best = min(best, self.drawn(fields), key=_cost)
        return best

    def drawn_together(self, best: Drawn, trials: int) -> Drawn:
        """The same board with the best gaps that few trials find."""
        gaps = _Gaps(self, best, trials)
        start = first_spacing(self._request, best.fields)
        worse = 0
        for wider in ALL_WIDER:
            worse = 0 if gaps.better(start.wider(wider)) else worse + 1
            if worse > 1:
                break

        for step in (2 * STEP, STEP):
            for index in range(len(start.gaps)):
                if not gaps.pulled(index, -step):
                    gaps.pulled(index, step)
        return gaps.best

    def _is_late(self) -> bool:
        return time.process_time() > self._end


class _Gaps:
    """Tries spacings of one board."""

    def __init__(self, search: _Search, best: Drawn, trials: int) -> None:
        self._search, self.best, self._trials = search, best, trials

    def better(self, spacing: Spacing) -> bool:
        """Takes a spacing that costs less; False without a look when there were many trials."""
        if self._trials <= 0 or min(spacing.gaps, default=LEAST_GAP) < LEAST_GAP:
            return False

        self._trials -= 1
        drawn = self._search.drawn(self.best.fields, spacing)
        if drawn.cost >= self.best.cost:
            return False
        self.best = drawn
        return True

    def pulled(self, index: int, by: float) -> bool:
        """Changes one gap for as long as that is better; False when it never was."""
        if not self.better(self.best.spacing.with_gap(index, by)):
            return False
        while self.better(self.best.spacing.with_gap(index, by)):
            pass
        return True


def _with_one_elsewhere(
    fields: Mapping[ElementId, Field], dice: random.Random
) -> dict[ElementId, Field]:
    """The fields with one state moved; who stands there takes its place."""
    states = list(fields)
    state = dice.choice(states)
    x, y = fields[state]
    if dice.random() < SWAP:
        field = fields[dice.choice(states)]
    elif dice.random() < TO_NEIGHBOUR:
        field = (x + dice.choice((-1, 0, 1)), y + dice.choice((-1, 0, 1)))
    else:
        other = fields[dice.choice(states)]
        dx, dy = dice.choice(((0, 1), (0, -1), (1, 0), (-1, 0)))
        field = (other[0] + dx, other[1] + dy)

    moved = {key: (x, y) if place == field else place for key, place in fields.items()}
    moved[state] = field
    return moved
