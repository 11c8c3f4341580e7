"""The bundled flows, as they look when somebody opens them."""

import itertools
from dataclasses import replace

import pytest

from designer.canvas.arrange import layout_request
from designer.canvas.drawing import FlowDrawing
from designer.canvas.route_judge import drawing_cost
from designer.canvas.route_quality import ASPECT, quality_of
from designer.canvas.routing import EdgeInput, Rect, route_all
from designer.canvas.style import CanvasStyle
from designer.document.layout_candidates import best_layout
from designer.document.model import Document
from designer.exchange.reader import open_flow
from designer.host.resources import resource_path
from designer.host.theme import LIGHT

FLOWS = (
    "order.yaml",
    "tcp.pack.yaml",
    "http2_stream.pack.yaml",
    "dhcp_client.pack.yaml",
    "bgp.pack.yaml",
)


@pytest.fixture(params=FLOWS)
def drawn(request, qapp):
    """Boxes, edges, initial state and routes of a tidied flow."""
    content = replace(open_flow(resource_path(f"examples/{request.param}")).content, positions=())
    drawing = FlowDrawing(Document(content), CanvasStyle(LIGHT))
    drawing.refresh()
    wanted = layout_request(drawing.boxes, drawing.edges, content.flow.initial)
    centres = best_layout(wanted, drawing_cost)
    boxes = {
        node.id: Rect.around(centres[node.id], node.width, node.height) for node in wanted.nodes
    }
    edges = [EdgeInput(*edge) for edge in wanted.edges]
    return boxes, edges, route_all(boxes, edges, content.flow.initial)


def test_it_can_be_shown_to_a_stranger(drawn):
    """Nothing lies on anything else, and the whole has about the shape of a window."""
    boxes, edges, routes = drawn
    assert not any(
        one.grown(20).overlaps(other) for one, other in itertools.combinations(boxes.values(), 2)
    )
    quality = quality_of(boxes, edges, routes)
    assert quality.through_states == 0
    assert quality.labels_on_states == 0
    assert quality.labels_on_labels == 0
    assert quality.shared <= 4
    assert quality.labels_on_lines <= len(edges) / 5
    assert quality.crossings <= len(edges) / 2
    assert 0.5 * ASPECT < quality.width / quality.height < 2 * ASPECT
