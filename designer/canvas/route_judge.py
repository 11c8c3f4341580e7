"""The judge among several layouts: how good the flow would look, arrows and labels included.

It runs in the layout's process, which imports it by name; so nothing here needs Qt.
"""

from __future__ import annotations

from collections.abc import Mapping

from designer.canvas.route_quality import quality_of
from designer.canvas.route_wires import wires_of
from designer.canvas.route_work import RouteWork
from designer.canvas.routes import EdgeInput, Rect
from designer.document.elements import ElementId, Point
from designer.document.layout import LayoutRequest

__all__ = ["drawing_cost"]


#: Lines up to which the judge looks as closely as the canvas draws.
CLOSE_LOOK = 60
#: Cost per px that the initial state is not at the left and top.
INITIAL_AWAY = 2.0


def drawing_cost(request: LayoutRequest, centres: Mapping[ElementId, Point]) -> float:
    """How bad the flow would look with its states there; less is better."""
    boxes = {
        node.id: Rect.around(centres[node.id], node.width, node.height) for node in request.nodes
    }
    edges = [EdgeInput(*edge) for edge in request.edges]
    wires = wires_of(edges)
    for _ in RouteWork(boxes, wires, request.initial).steps(int(len(wires) <= CLOSE_LOOK)):
        pass  # nobody waits for a turn here
    routes = {key: route for wire in wires for key, route in wire.iter_routes()}
    return quality_of(boxes, edges, routes).cost + _initial_cost(request, centres)


def _initial_cost(request: LayoutRequest, centres: Mapping[ElementId, Point]) -> float:
    first = centres.get(request.initial) if request.initial is not None else None
    if first is None:
        return 0.0

    left, top = min(x for x, _ in centres.values()), min(y for _, y in centres.values())
    return INITIAL_AWAY * (first[0] - left + first[1] - top)
