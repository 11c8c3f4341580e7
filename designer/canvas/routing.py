"""Where the arrows run: routes for fixed states, as pure functions on plain tuples."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from designer.canvas.plain_routes import plain_routes
from designer.canvas.routes import EdgeInput, Rect, Route, RouteKind
from designer.document.elements import ElementId, Point

__all__ = ["EdgeInput", "Rect", "Route", "RouteKind", "initial_marker", "reroute", "route_all"]

MARKER_REACH = 38.0


def route_all(
    boxes: Mapping[ElementId, Rect], edges: Sequence[EdgeInput], initial: ElementId | None = None
) -> dict[ElementId, Route]:
    """Routes for all edges, by id, in the order of the edges.

    Args:
        boxes: the states' rectangles.
        edges: the transitions; both ends must have a box.
        initial: the initial state, beside which room is kept for its marker.

    Returns:
        The same routes for the same input, always.
    """
    found = dict(plain_routes(boxes, edges))
    return {edge.id: found[edge.id] for edge in edges}


def reroute(
    routes: Mapping[ElementId, Route],
    boxes: Mapping[ElementId, Rect],
    edges: Sequence[EdgeInput],
    moved: Collection[ElementId],
    initial: ElementId | None = None,
) -> dict[ElementId, Route]:
    """Routes after some states moved: anew for what they touch, kept for the rest.

    For each step of a drag; :func:`route_all` once it is over.

    Args:
        routes: the routes so far; what is missing is routed anew.
        boxes: the states' rectangles now.
        edges: all transitions.
        moved: ids of the states that are not where they were.
        initial: the initial state.
    """
    stale = set(moved)
    lost = [
        edge
        for edge in edges
        if edge.id not in routes or edge.source in stale or edge.target in stale
    ]
    fresh = route_all(boxes, lost, initial)
    return {edge.id: fresh.get(edge.id) or routes[edge.id] for edge in edges}


def initial_marker(
    boxes: Mapping[ElementId, Rect], routes: Mapping[ElementId, Route], initial: ElementId | None
) -> tuple[Point, Point] | None:
    """The arrow that marks the initial state: the dot's centre and its tip on the border."""
    box = boxes.get(initial) if initial is not None else None
    if box is None:
        return None

    x, y = box.centre
    ways = (
        ((box.left - MARKER_REACH, y), (box.left, y)),
        ((x, box.top - MARKER_REACH), (x, box.top)),
        ((box.right + MARKER_REACH, y), (box.right, y)),
        ((x, box.bottom + MARKER_REACH), (x, box.bottom)),
    )
    taken = {point for route in routes.values() for point in (route.points[0], route.points[-1])}
    return min(ways, key=lambda way: way[1] in taken)
