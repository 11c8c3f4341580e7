"""Snapping while states are dragged: to neighbours' edges and centres, else to the grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from designer.canvas.routes import Rect
from designer.document.elements import Point
from designer.host.theme import GRID

__all__ = ["Guide", "Snap", "snap", "snapped_to_grid"]

#: A guide line reaches this far beyond the boxes it joins.
OVERHANG = 12.0


@dataclass(frozen=True, slots=True)
class Guide:
    """A line that shows with what a dragged box is in line."""

    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Snap:
    """How far a box is drawn from where the hand has it, and why.

    Attributes:
        dx, dy: what to add to its place, in px.
        guides: the lines to show; none when the grid drew it.
    """

    dx: float
    dy: float
    guides: tuple[Guide, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pull:
    """One axis: how far to go, and the position of the line that is met then."""

    distance: float
    line: float
    other: Rect


def snap(box: Rect, anchor: Point, others: Sequence[Rect], reach: float) -> Snap:
    """Draws a box to what it nearly is in line with.

    Args:
        box: the dragged box, or the box around all that is dragged.
        anchor: the point that the grid draws: the centre of the state under the hand.
        others: the boxes that stay.
        reach: neighbours draw over this distance at most, in px.
    """
    across = _pull(_levels_x(box), [(_levels_x(other), other) for other in others], reach)
    along = _pull(_levels_y(box), [(_levels_y(other), other) for other in others], reach)
    dx = across.distance if across else _to_grid(anchor[0])
    dy = along.distance if along else _to_grid(anchor[1])

    moved = Rect(box.left + dx, box.top + dy, box.width, box.height)
    guides = []
    if across:
        top = min(moved.top, across.other.top) - OVERHANG
        bottom = max(moved.bottom, across.other.bottom) + OVERHANG
        guides.append(Guide((across.line, top), (across.line, bottom)))
    if along:
        left = min(moved.left, along.other.left) - OVERHANG
        right = max(moved.right, along.other.right) + OVERHANG
        guides.append(Guide((left, along.line), (right, along.line)))

    return Snap(dx, dy, tuple(guides))


def snapped_to_grid(point: Point) -> Point:
    """The nearest point of the grid."""
    return (point[0] + _to_grid(point[0]), point[1] + _to_grid(point[1]))


def _to_grid(value: float) -> float:
    return round(value / GRID) * GRID - value


def _levels_x(box: Rect) -> tuple[float, float, float]:
    return (box.left, box.centre[0], box.right)


def _levels_y(box: Rect) -> tuple[float, float, float]:
    return (box.top, box.centre[1], box.bottom)


def _pull(
    levels: tuple[float, float, float],
    others: Sequence[tuple[tuple[float, float, float], Rect]],
    reach: float,
) -> _Pull | None:
    """The shortest way onto a level of a neighbour: edge onto edge, centre onto centre."""
    best: _Pull | None = None
    for other_levels, other in others:
        for mine, theirs in _pairs(levels, other_levels):
            distance = theirs - mine
            if abs(distance) <= reach and (best is None or abs(distance) < abs(best.distance)):
                best = _Pull(distance, theirs, other)
    return best


def _pairs(
    mine: tuple[float, float, float], theirs: tuple[float, float, float]
) -> tuple[tuple[float, float], ...]:
    """Which levels are compared: any edge with any edge, centres with each other."""
    return (
        (mine[1], theirs[1]),
        (mine[0], theirs[0]),
        (mine[2], theirs[2]),
        (mine[0], theirs[2]),
        (mine[2], theirs[0]),
    )
