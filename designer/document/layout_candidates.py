"""Several layouts of one flow and the choice among them: what runs in the child process."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from designer.document.board_search import best_board
from designer.document.elements import ElementId, Point
from designer.document.layout import Direction, EdgeSpec, LayoutRequest, layered_layout, normalised

__all__ = ["Judge", "best_layout"]

#: How bad a drawing of the request with these centres is.
Judge = Callable[[LayoutRequest, Mapping[ElementId, Point]], float]

#: Up to this many states a flow becomes a sheet; beyond, layers are quicker and clearer.
MOST_ON_BOARD = 60
MOST_LINES_ON_BOARD = 180
#: States with more edges than this are hubs, whose edges slow the engine out of proportion.
HUB = 60
#: Above this many states the engine only takes a quick look.
MOST_WITH_EFFORT = 150
#: The shape of a window's canvas.
ASPECT = 1.6
#: Room for a loop and its label beside a state, in px.
LOOP_ROOM = 30.0


def best_layout(request: LayoutRequest, judge: Judge | None) -> dict[ElementId, Point]:
    """The layout the judge likes best; without a judge, or for many states, one in layers."""
    layered = _in_layers(request)
    lines = {(edge.source, edge.target) for edge in request.edges}
    small = 0 < len(request.nodes) <= MOST_ON_BOARD and len(lines) <= MOST_LINES_ON_BOARD
    if judge is None or not small or request.direction is not None:
        return layered

    cost = functools.partial(judge, request)
    board = best_board(request, cost)
    return board.places if board.cost <= cost(layered) else layered


def _in_layers(request: LayoutRequest) -> dict[ElementId, Point]:
    """The engine's layout, or ours where the engine is not installed or gives up."""
    try:
        import graphlay  # late: only the child process needs it, and it may not be there

        directions: tuple[Direction, ...] = ("down", "right")
        if request.direction is not None:
            directions = (request.direction,)
        layouts = [_engine_layout(graphlay, request, direction) for direction in directions]
        return normalised(min(layouts, key=_side), request.initial)
    except (ImportError, ValueError):
        return layered_layout(request)


def _side(centres: Mapping[ElementId, Point]) -> float:
    """How wide a window has to be to show a layout."""
    width = max((x for x, _ in centres.values()), default=0.0)
    height = max((y for _, y in centres.values()), default=0.0)
    return max(width, height * ASPECT)


def _engine_layout(
    graphlay: Any, request: LayoutRequest, direction: Direction
) -> dict[ElementId, Point]:
    graph = graphlay.Graph()
    room = _loop_room(request)
    for node in request.nodes:
        extra = room.get(node.id, 0.0)
        graph.node(node.id, width=node.width + extra, height=node.height + extra)
    for edge in _edges_between(request):
        size = {"width": edge.label_width, "height": edge.label_height}
        graph.edge(edge.source, edge.target, label_size=size)
    options = {
        "direction": "leftright" if direction == "right" else "topbottom",
        "effort": "balanced" if len(request.nodes) <= MOST_WITH_EFFORT else "fast",
    }
    return dict(graphlay.layout(graph, options=options).positions())


def _loop_room(request: LayoutRequest) -> dict[ElementId, float]:
    """How much more room states with loops need."""
    return {
        edge.source: LOOP_ROOM
        for edge in request.edges
        if edge.target is None or edge.target == edge.source
    }


def _edges_between(request: LayoutRequest) -> list[EdgeSpec]:
    """The edges the engine is given: no loops, and none of a hub."""
    degree: dict[ElementId, int] = {}
    for edge in request.edges:
        for end in {edge.source, edge.target or edge.source}:
            degree[end] = degree.get(end, 0) + 1
    return [
        edge
        for edge in request.edges
        if edge.target is not None
        and edge.target != edge.source
        and max(degree[edge.source], degree[edge.target]) <= HUB
    ]
