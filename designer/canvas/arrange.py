"""Tidying: what is drawn becomes a request for a layout, its answer one undoable step."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from designer.canvas.drawing import FlowDrawing
from designer.canvas.route_judge import drawing_cost
from designer.canvas.routing import EdgeInput, Rect
from designer.canvas.style import CanvasStyle
from designer.canvas.view import FlowView
from designer.commands.errors import EditError
from designer.commands.states import move_states
from designer.document.elements import ElementId, Point, Position
from designer.document.layout import GRID, Direction, EdgeSpec, LayoutRequest, NodeBox
from designer.document.layout_process import tidy_async
from designer.document.model import Content, Document
from designer.exchange.reader import OpenedFlow
from designer.host.theme import Theme

__all__ = ["layout_request", "needs_layout", "tidied", "tidy"]

#: The free room a tidied selection keeps to the states it has to fit between, in px.
ROOM = 30.0


def needs_layout(content: Content) -> bool:
    """Whether no state of a flow has a place yet."""
    return bool(content.states) and not content.positions


def layout_request(
    boxes: Mapping[ElementId, Rect],
    edges: Iterable[EdgeInput],
    initial: ElementId | None,
    direction: Direction | None = None,
) -> LayoutRequest:
    """What is drawn, as the layout wants to know it."""
    return LayoutRequest(
        nodes=tuple(NodeBox(key, box.width, box.height) for key, box in boxes.items()),
        edges=tuple(EdgeSpec(*edge) for edge in edges),
        initial=initial if initial in boxes else None,
        direction=direction,
    )


async def tidy(view: FlowView, *, direction: Direction | None = None) -> bool:
    """Arranges the selected states, or all of them where fewer than two are selected, in one step.

    Args:
        view: what shows the flow; it is fitted to the new arrangement.
        direction: which way the flow should run; None for what fits a window best.

    Returns:
        Whether anything moved.

    Raises:
        EditError: somebody edited the flow meanwhile; what that did is worth more.
    """
    scene = view.flow_scene
    drawing, document = scene.drawing, scene.document
    chosen = [key for key in scene.selected_ids() if key in drawing.boxes]
    states = set(chosen) if len(chosen) > 1 else set(drawing.boxes)
    boxes = {key: box for key, box in drawing.boxes.items() if key in states}
    edges = [edge for edge in drawing.edges if {edge.source, edge.target or edge.source} <= states]
    request = layout_request(boxes, edges, document.flow.initial, direction)
    before = _arrangement(drawing)
    centres = await tidy_async(request, judge=drawing_cost)
    if _arrangement(drawing) != before:
        raise EditError("The flow was edited while it was being tidied: tidy it again.")

    there = {key: point for key, point in centres.items() if key in drawing.boxes}
    if states != set(drawing.boxes):
        others = [box for key, box in drawing.boxes.items() if key not in states]
        there = _fitted_in(there, boxes, others)
    moved = move_states(scene.session, there, "Tidy layout") if there else False
    if moved:
        view.fit()
    return moved


def _arrangement(drawing: FlowDrawing) -> tuple[dict[ElementId, Rect], tuple[EdgeInput, ...]]:
    """What a layout is made of and would move."""
    return dict(drawing.boxes), tuple(drawing.edges)


async def tidied(opened: OpenedFlow, theme: Theme) -> OpenedFlow:
    """A flow as it was opened, with a place for every state where none had one."""
    if not needs_layout(opened.content):
        return opened

    drawing = FlowDrawing(Document(opened.content), CanvasStyle(theme))
    drawing.refresh()
    request = layout_request(drawing.boxes, drawing.edges, opened.content.flow.initial)
    centres = await tidy_async(request, judge=drawing_cost)
    positions = tuple(Position(key, x, y) for key, (x, y) in centres.items())
    return replace(opened, content=replace(opened.content, positions=positions))


def _fitted_in(
    centres: Mapping[ElementId, Point], boxes: Mapping[ElementId, Rect], others: Collection[Rect]
) -> dict[ElementId, Point]:
    """A tidied part of a flow, as near to where it was as it lies clear of the other states."""
    shift_x = _middle(box.centre[0] for box in boxes.values())
    shift_y = _middle(box.centre[1] for box in boxes.values())
    shift_x -= _middle(x for x, _ in centres.values())
    shift_y -= _middle(y for _, y in centres.values())
    for ring in itertools.count():
        for dx, dy in _ring(ring):
            x, y = round(shift_x / GRID + dx) * GRID, round(shift_y / GRID + dy) * GRID
            places = {key: (cx + x, cy + y) for key, (cx, cy) in centres.items()}
            taken = [
                Rect.around(place, boxes[key].width, boxes[key].height).grown(ROOM)
                for key, place in places.items()
            ]
            if not any(one.overlaps(other) for one in taken for other in others):
                return places
    raise AssertionError("a plane has room for everything")


def _ring(distance: int) -> list[tuple[int, int]]:
    """The grid points at that distance from the middle, in steps."""
    if distance == 0:
        return [(0, 0)]
    places = range(-distance, distance + 1)
    return [(x, y) for x in places for y in places if max(abs(x), abs(y)) == distance]


def _middle(values: Iterable[float]) -> float:
    found = list(values)
    return (min(found) + max(found)) / 2
