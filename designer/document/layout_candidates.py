"""Several layouts of one flow and the choice among them: what runs in the child process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from designer.document.elements import ElementId, Point
from designer.document.layout import (
    EdgeSpec,
    LayoutRequest,
    layered_layout,
    normalised,
)

__all__ = ["Judge", "best_layout"]

#: How bad a drawing of the request with these centres is; the least is taken.
Judge = Callable[[LayoutRequest, Mapping[ElementId, Point]], float]

#: States with more edges than this are hubs, whose edges slow the engine down out of proportion.
HUB = 60


def best_layout(request: LayoutRequest, judge: Judge | None) -> dict[ElementId, Point]:
    """The candidate the judge likes best; the first without a judge."""
    candidates = [normalised(centres, request.initial) for centres in _candidates(request)]
    if judge is None:
        return candidates[0]
    return min(candidates, key=lambda centres: judge(request, centres))


def _candidates(request: LayoutRequest) -> Iterator[dict[ElementId, Point]]:
    try:
        import graphlay  # late: only the child process needs it, and it may not be there
    except ImportError:
        pass
    else:
        for direction in ("topbottom", "leftright"):
            yield _engine_layout(graphlay, request, direction)
    yield layered_layout(request)


def _engine_layout(graphlay: Any, request: LayoutRequest, direction: str) -> dict[ElementId, Point]:
    graph = graphlay.Graph()
    for node in request.nodes:
        graph.node(node.id, width=node.width, height=node.height)
    for edge in _edges_between(request):
        size = {"width": edge.label_width, "height": edge.label_height}
        graph.edge(edge.source, edge.target, label_size=size)
    drawing = graphlay.layout(graph, options={"direction": direction})
    return dict(drawing.positions())


def _edges_between(request: LayoutRequest) -> list[EdgeSpec]:
    """The edges the engine is given: no loops, and none of a hub."""
    degree: dict[ElementId, int] = {}
    for edge in request.edges:
        for end in {edge.source, edge.target or edge.source}:
            degree[end] = degree.get(end, 0) + 1
    return [
        edge
        for edge in request.edges
        if edge.target not in (None, edge.source)
        and max(degree[edge.source], degree[edge.target]) <= HUB
    ]
