"""Sizes and distances on the canvas: pure functions of numbers, in px of the drawing."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from enum import Enum

from designer.canvas.routes import Rect
from designer.document.elements import Point

__all__ = [
    "BORDER_INSIDE",
    "BORDER_OUTSIDE",
    "HIT_DISTANCE",
    "Side",
    "StateZone",
    "border_point",
    "contains",
    "distance_to_line",
    "free_place",
    "line_length",
    "nearest_in_direction",
    "point_along",
    "side_middle",
    "state_zone",
    "union",
]

#: How far from a line a click still means it, in px.
HIT_DISTANCE = 8.0
#: How far inside and outside a state's border a drag connects instead of moving, in px.
BORDER_INSIDE = 6.0
BORDER_OUTSIDE = 9.0


class Side(Enum):
    """A side of a box, with the unit vector that leaves it."""

    LEFT = (-1, 0)
    RIGHT = (1, 0)
    TOP = (0, -1)
    BOTTOM = (0, 1)


class StateZone(Enum):
    """What a point on or near a state means to the hand."""

    #: Drags move the state.
    BODY = "body"
    #: Drags draw a transition.
    BORDER = "border"
    OUTSIDE = "outside"


def contains(box: Rect, point: Point) -> bool:
    """Whether the point lies inside the box or on its border."""
    return box.left <= point[0] <= box.right and box.top <= point[1] <= box.bottom


def union(rects: Iterable[Rect]) -> Rect | None:
    """The smallest box around all of them; None around nothing."""
    boxes = tuple(rects)
    if not boxes:
        return None

    left = min(box.left for box in boxes)
    top = min(box.top for box in boxes)
    right = max(box.right for box in boxes)
    bottom = max(box.bottom for box in boxes)
    return Rect(left, top, right - left, bottom - top)


def state_zone(
    box: Rect, point: Point, *, inside: float = BORDER_INSIDE, outside: float = BORDER_OUTSIDE
) -> StateZone:
    """Which zone of the state the point lies in."""
    if not contains(box.grown(outside), point):
        return StateZone.OUTSIDE
    if contains(box.grown(-inside), point):
        return StateZone.BODY
    return StateZone.BORDER


def side_middle(box: Rect, side: Side) -> Point:
    """The middle of a side, where a connect handle sits."""
    cx, cy = box.centre
    dx, dy = side.value
    return (cx + dx * box.width / 2, cy + dy * box.height / 2)


def border_point(box: Rect, toward: Point) -> Point:
    """Where the straight line from the box's middle towards a point crosses its border."""
    cx, cy = box.centre
    dx, dy = toward[0] - cx, toward[1] - cy
    if dx == 0 and dy == 0:
        return side_middle(box, Side.RIGHT)

    scales = [
        extent / 2 / abs(delta)
        for extent, delta in ((box.width, dx), (box.height, dy))
        if abs(delta) > 1e-9
    ]
    scale = min(scales)
    return (cx + dx * scale, cy + dy * scale)


def distance_to_line(points: Sequence[Point], point: Point) -> float:
    """The distance of a point from a line of straight pieces; infinite from no line."""
    if len(points) == 1:
        return math.dist(points[0], point)
    return min(
        (_distance_to_piece(a, b, point) for a, b in itertools.pairwise(points)),
        default=math.inf,
    )


def line_length(points: Sequence[Point]) -> float:
    """How long a line of straight pieces is."""
    return sum(math.dist(a, b) for a, b in itertools.pairwise(points))


def point_along(points: Sequence[Point], distance: float) -> Point:
    """The point at that distance from the line's start; its end when the line is shorter.

    Raises:
        ValueError: there is no line.
    """
    if not points:
        raise ValueError("a line needs a point")

    left = distance
    for a, b in itertools.pairwise(points):
        length = math.dist(a, b)
        if length > 0 and left <= length:
            share = left / length
            return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
        left -= length

    return points[-1]


def nearest_in_direction(
    origin: Point, candidates: Iterable[tuple[str, Point]], direction: Side
) -> str | None:
    """The candidate a person means who asks for the next one in a direction, or None.

    What lies straight ahead is nearer than what lies to the side: sideways distance counts double.
    """
    dx, dy = direction.value
    best: tuple[float, str] | None = None
    for key, (x, y) in candidates:
        ahead = (x - origin[0]) * dx + (y - origin[1]) * dy
        aside = abs((x - origin[0]) * dy) + abs((y - origin[1]) * dx)
        if ahead < 1 or aside > 2 * ahead:
            continue
        cost = ahead + 2 * aside
        if best is None or cost < best[0]:
            best = (cost, key)

    return None if best is None else best[1]


def _distance_to_piece(a: Point, b: Point, point: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    if length == 0:
        return math.dist(a, point)

    share = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length
    share = max(0.0, min(1.0, share))
    return math.dist((a[0] + share * dx, a[1] + share * dy), point)


def free_place(wanted: Rect, taken: Sequence[Rect], step: float = 80.0, gap: float = 20.0) -> Rect:
    """The box nearest above or below the wanted one, in steps, that is clear of what is there."""
    for number in range(2 * len(taken) + 1):
        way = (number + 1) // 2 * step * (1 if number % 2 else -1)
        box = Rect(wanted.left, wanted.top + way, wanted.width, wanted.height)
        if not any(box.grown(gap).overlaps(other) for other in taken):
            return box
    return wanted
