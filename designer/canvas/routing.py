"""Where the arrows run: routes for fixed states, as pure functions on plain tuples."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Generator, Mapping, Sequence

from designer.canvas.plain_routes import plain_routes
from designer.canvas.route_loops import marker_way
from designer.canvas.route_wires import Wire, wires_of
from designer.canvas.route_work import RouteWork
from designer.canvas.routes import EdgeInput, Rect, Route, RouteKind
from designer.document.elements import ElementId, Point

__all__ = [
    "EdgeInput",
    "Rect",
    "Route",
    "RouteKind",
    "initial_marker",
    "reroute",
    "route_all",
    "route_steps",
]

#: Above this many states or lines only plain routes are drawn.
MOST_STATES = 300
MOST_LINES = 600
#: While a state is dragged, only plain routes are drawn above this many transitions.
MOST_DRAGGED = 250
#: Up to this many lines those in trouble are routed again, twice, or once.
TWO_ROUNDS = 60
ONE_ROUND = 120
#: Up to this many lines they are spaced evenly.
MOST_SPACED = 250
#: A kept line that comes nearer than this to a moved state is routed anew, in px.
TOO_NEAR = 12.0


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
    return _result_of(route_steps(boxes, edges, initial))


def route_steps(
    boxes: Mapping[ElementId, Rect], edges: Sequence[EdgeInput], initial: ElementId | None = None
) -> Generator[None, None, dict[ElementId, Route]]:
    """Works out the routes of :func:`route_all` in steps of some ms, and returns them."""
    if not edges:
        return {}
    if len(boxes) > MOST_STATES or len(edges) > MOST_LINES:
        return _in_order(dict(plain_routes(boxes, edges)), edges)

    wires = wires_of(edges)
    rounds = 2 if len(wires) <= TWO_ROUNDS else int(len(wires) <= ONE_ROUND)
    work = RouteWork(boxes, wires, initial)
    yield from work.steps(rounds, spaced=len(wires) <= MOST_SPACED)
    return _routes_of(wires, edges)


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
    if not edges:
        return {}

    stale = set(moved)
    near = [boxes[state].grown(TOO_NEAR) for state in stale]
    if len(boxes) > MOST_STATES or len(edges) > MOST_DRAGGED:
        lost = [
            edge
            for edge in edges
            if edge.id not in routes or edge.source in stale or edge.target in stale
        ]
        return _in_order({**routes, **dict(plain_routes(boxes, lost))}, edges)

    wires = wires_of(edges)
    for wire in wires:
        known = all(member.id in routes for member in wire.members)
        if known and wire.source not in stale and wire.target not in stale:
            wire.keep(routes)
            if _touches(wire, near):
                wire.let_go()
    for _ in RouteWork(boxes, wires, initial).steps(0):
        pass  # a drag has no time to wait for
    return _routes_of(wires, edges)


def initial_marker(
    boxes: Mapping[ElementId, Rect], initial: ElementId | None
) -> tuple[Point, Point] | None:
    """The arrow that marks the initial state: the dot's centre and its tip on the border."""
    if initial is None or initial not in boxes:
        return None
    return marker_way(boxes, initial)


def _result_of(steps: Generator[None, None, dict[ElementId, Route]]) -> dict[ElementId, Route]:
    """What a generator returns after all its steps."""
    result: dict[ElementId, Route] = {}

    def run() -> Generator[None, None, None]:
        nonlocal result
        result = yield from steps

    for _ in run():
        pass
    return result


def _touches(wire: Wire, near: Sequence[Rect]) -> bool:
    """Whether a line or its label comes near one of the rectangles."""
    places = [Rect.between(*leg).grown(0.1) for leg in itertools.pairwise(wire.points)]
    places.append(wire.label_rect)
    return any(place.overlaps(rect) for place in places for rect in near)


def _routes_of(wires: Sequence[Wire], edges: Sequence[EdgeInput]) -> dict[ElementId, Route]:
    return _in_order({key: route for wire in wires for key, route in wire.iter_routes()}, edges)


def _in_order(
    routes: Mapping[ElementId, Route], edges: Sequence[EdgeInput]
) -> dict[ElementId, Route]:
    return {edge.id: routes[edge.id] for edge in edges}
