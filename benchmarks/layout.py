"""How flows look, in figures, and what that takes: python -m benchmarks.layout [--quick]."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from designer.canvas.arrange import layout_request
from designer.canvas.drawing import FlowDrawing
from designer.canvas.route_judge import drawing_cost
from designer.canvas.route_quality import Quality, quality_of
from designer.canvas.routing import EdgeInput, Rect, Route, reroute, route_all
from designer.canvas.style import CanvasStyle
from designer.document.layout import EdgeSpec, LayoutRequest, NodeBox
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
RANDOM = (20, 100, 1_000)
JUDGED = 200
DRAGGED_STATES, DRAG_STEPS = 6, 6
ROUNDS = 5

T = TypeVar("T")


@dataclass(frozen=True)
class Figures:
    """One flow: seconds to lay it out and route it, of one step of a drag, and how it looks."""

    layout: float
    routes: float
    drag: float
    quality: Quality | None


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the bundled flows only")
    quick = parser.parse_args().quick
    print(
        f"{'flow':<26}{'layout s':>9}{'routes ms':>10}{'drag ms':>8}{'size px':>12}{'bends':>6}"
        f"{'crossings':>10}{'shared px':>10}{'through':>8}{'labels on states/labels/lines':>30}"
    )
    for name, request in requests(quick=quick):
        print_row(name, request, measure(request))


def requests(*, quick: bool) -> Iterator[tuple[str, LayoutRequest]]:
    """The bundled flows, then random ones: out-degree 2, with loops, labels of usual widths."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication  # late: the line above has to come before it

    application = QGuiApplication.instance() or QGuiApplication([])
    style = CanvasStyle(LIGHT)
    for name in FLOWS:
        content = open_flow(resource_path(f"examples/{name}")).content
        drawing = FlowDrawing(Document(replace(content, positions=())), style)
        drawing.refresh()
        yield name, layout_request(drawing.boxes, drawing.edges, content.flow.initial)
    del application
    for count in () if quick else RANDOM:
        yield f"random, {count} states", random_request(count)


def random_request(count: int) -> LayoutRequest:
    """A state graph as people draw them: mostly to states nearby, now and then far away."""
    dice = random.Random(count)
    edges = []
    for number in range(2 * count):
        source = dice.randrange(count)
        near = source + dice.choice((-3, -2, -1, 0, 1, 1, 1, 2, 3))
        target = dice.randrange(count) if dice.random() < 0.3 else max(0, min(count - 1, near))
        width = dice.choice((40.0, 60.0, 80.0, 110.0))
        edges.append(EdgeSpec(f"t{number}", f"s{source}", f"s{target}", width, 20.0))
    nodes = tuple(NodeBox(f"s{number}", 150.0, 46.0) for number in range(count))
    return LayoutRequest(nodes, tuple(edges), "s0")


def measure(request: LayoutRequest) -> Figures:
    """Lays out, routes and drags one flow."""
    centres, layout = timed(lambda: best_layout(request, drawing_cost))
    boxes = {
        node.id: Rect.around(centres[node.id], node.width, node.height) for node in request.nodes
    }
    edges = [EdgeInput(*edge) for edge in request.edges]
    rounds = [timed(lambda: route_all(boxes, edges, request.initial)) for _ in range(ROUNDS)]
    routes = rounds[0][0]
    quality = quality_of(boxes, edges, routes) if len(boxes) <= JUDGED else None
    drag = statistics.median(drag_times(request, boxes, edges, routes))
    return Figures(layout, min(took for _, took in rounds), drag, quality)


def drag_times(
    request: LayoutRequest,
    boxes: dict[str, Rect],
    edges: list[EdgeInput],
    routes: dict[str, Route],
) -> Iterator[float]:
    """Seconds of each step of some drags."""
    for state in list(boxes)[:DRAGGED_STATES]:
        now, places = routes, dict(boxes)
        for _ in range(DRAG_STEPS):
            box = places[state]
            places[state] = Rect(box.left + 14, box.top + 8, box.width, box.height)
            step = (now, dict(places), edges, [state], request.initial)
            now, took = timed(lambda step=step: reroute(*step))
            yield took


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """A result and the seconds of this process it took."""
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def print_row(name: str, request: LayoutRequest, figures: Figures) -> None:
    """Prints one flow."""
    row = f"{name:<26}{figures.layout:>9.2f}{figures.routes * 1e3:>10.1f}{figures.drag * 1e3:>8.1f}"
    if (quality := figures.quality) is not None:
        labels = f"{quality.labels_on_states}/{quality.labels_on_labels}/{quality.labels_on_lines}"
        row += f"{f'{quality.width:.0f} x {quality.height:.0f}':>12}{quality.bends:>6}"
        row += f"{quality.crossings:>10}{quality.shared:>10.0f}{quality.through_states:>8}"
        row += f"{f'{labels} of {len(request.edges)}':>30}"
    print(row, flush=True)


if __name__ == "__main__":
    main()
