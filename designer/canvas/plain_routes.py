"""The cheap routes: straight or stepped from border to border, without a look at anything else.

Drawn for flows so large that nobody sees a single arrow, and wherever no free way exists.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from designer.canvas.routes import EdgeInput, Rect, Route, RouteKind
from designer.document.elements import ElementId, Point

__all__ = ["plain_route", "plain_routes"]

LANE = 14.0
CORNER = 10.0
LOOP_OUT = 24.0
HANG = 10.0


def plain_routes(
    boxes: Mapping[ElementId, Rect], edges: Sequence[EdgeInput]
) -> Iterator[tuple[ElementId, Route]]:
    """A route for each edge; those between the same two states run side by side."""
    groups: dict[tuple[ElementId, ElementId], list[EdgeInput]] = {}
    for edge in edges:
        target = edge.target or edge.source
        pair = (min(edge.source, target), max(edge.source, target))
        groups.setdefault(pair, []).append(edge)

    for group in groups.values():
        depths: dict[bool, float] = {True: 0.0, False: 0.0}
        for lane, edge in enumerate(group):
            if edge.target is None or edge.target == edge.source:
                internal = edge.target is None
                yield edge.id, _own(boxes[edge.source], edge, depths[internal])
                depths[internal] += edge.label_height + 4
            else:
                offset = (lane - (len(group) - 1) / 2) * LANE
                yield edge.id, plain_route(boxes[edge.source], boxes[edge.target], offset)


def plain_route(source: Rect, target: Rect, offset: float = 0.0) -> Route:
    """One stepped way between the sides that face each other, ``offset`` px off the middle."""
    gap_x = max(target.left - source.right, source.left - target.right)
    gap_y = max(target.top - source.bottom, source.top - target.bottom)
    if gap_x >= gap_y:
        points = _level(source, target, offset)
    else:
        turned = _level(_turned(source), _turned(target), offset)
        points = tuple((y, x) for x, y in turned)
    return Route(points, _middle(points))


def _level(source: Rect, target: Rect, offset: float) -> tuple[Point, ...]:
    """The way that starts and ends level."""
    rightwards = source.centre[0] <= target.centre[0]
    start = source.right if rightwards else source.left
    end = target.left if rightwards else target.right
    low = max(source.top, target.top) + CORNER
    high = min(source.bottom, target.bottom) - CORNER
    middle = (low + high) / 2 + offset
    if low <= middle <= high:
        return ((start, middle), (end, middle))

    from_y = source.centre[1] + _clipped(offset, source.height)
    to_y = target.centre[1] + _clipped(offset, target.height)
    downwards = from_y < to_y
    turn = (start + end) / 2 + (-offset if downwards == rightwards else offset)
    return ((start, from_y), (turn, from_y), (turn, to_y), (end, to_y))


def _own(box: Rect, edge: EdgeInput, depth: float) -> Route:
    """A loop above the state or a label hung below it, beyond those already there."""
    if edge.target is None:
        x = box.left + min(box.width / 2, edge.label_width / 2)
        label = (x, box.bottom + HANG + depth + edge.label_height / 2)
        return Route(((x, box.bottom), label), label, RouteKind.INTERNAL)

    top = box.top - LOOP_OUT - depth
    left, right = box.right - 44 - depth / 4, box.right - 16 + depth / 4
    points = ((left, box.top), (left, top), (right, top), (right, box.top))
    return Route(points, ((left + right) / 2, top), RouteKind.LOOP)


def _clipped(offset: float, extent: float) -> float:
    room = max(extent / 2 - CORNER, 0.0)
    return max(-room, min(room, offset))


def _middle(points: tuple[Point, ...]) -> Point:
    """The middle of the longest leg."""
    legs = itertools.pairwise(points)
    (x1, y1), (x2, y2) = max(
        legs, key=lambda leg: abs(leg[0][0] - leg[1][0]) + abs(leg[0][1] - leg[1][1])
    )
    return ((x1 + x2) / 2, (y1 + y2) / 2)


def _turned(box: Rect) -> Rect:
    return Rect(box.top, box.left, box.height, box.width)
