"""The judge among several layouts: how good the flow would look, arrows and labels included.

It runs in the layout's process, which imports it by name; so nothing here needs Qt.
"""

from __future__ import annotations

from collections.abc import Mapping

from designer.canvas.route_quality import quality_of
from designer.canvas.routing import EdgeInput, Rect, route_all
from designer.document.elements import ElementId, Point
from designer.document.layout import LayoutRequest

__all__ = ["drawing_cost"]


def drawing_cost(request: LayoutRequest, centres: Mapping[ElementId, Point]) -> float:
    """How bad the flow would look with its states there; less is better."""
    boxes = {
        node.id: Rect.around(centres[node.id], node.width, node.height) for node in request.nodes
    }
    edges = [EdgeInput(*edge) for edge in request.edges]
    return quality_of(boxes, edges, route_all(boxes, edges, request.initial)).cost
