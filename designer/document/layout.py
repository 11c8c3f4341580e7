"""Where states stand: the request for a layout, and a layered layout that needs only Python."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from designer.document.elements import ElementId, Point

__all__ = [
    "GRID",
    "Direction",
    "EdgeSpec",
    "LayoutRequest",
    "NodeBox",
    "layered_layout",
    "normalised",
]

#: Centres of tidied states lie on multiples of this, in px.
GRID = 20
#: Where a tidied flow starts, in px from the canvas's origin.
MARGIN = 60
STATE_GAP = 60.0
LAYER_GAP = 60.0
WIDEST_GAP = 220.0
SWEEPS = 8
NUDGES = 4

Direction = Literal["right", "down"]


class NodeBox(NamedTuple):
    """A state and its size in px."""

    id: ElementId
    width: float
    height: float


class EdgeSpec(NamedTuple):
    """A transition and the size of its label in px; no target means internal."""

    id: ElementId
    source: ElementId
    target: ElementId | None
    label_width: float
    label_height: float


@dataclass(frozen=True, slots=True)
class LayoutRequest:
    """What is to be laid out; plain data, so that it travels to another process.

    Attributes:
        edges: transitions between the nodes; self-loops and internal ones only reserve room.
        initial: the state that comes first, at the left or top.
        direction: which way the flow runs; None lets the layout choose what fits a window best.
    """

    nodes: tuple[NodeBox, ...]
    edges: tuple[EdgeSpec, ...]
    initial: ElementId | None = None
    direction: Direction | None = None


def layered_layout(request: LayoutRequest) -> dict[ElementId, Point]:
    """Centres by state id: layers from the initial state on, ordered by what they are joined to.

    Cycles are broken depth-first, layers are longest paths, order and places follow barycentres.
    """
    if not request.nodes:
        return {}

    across = request.direction == "right"
    order = _depth_first(request)
    ranks = _longest_paths(request, order)
    layers: list[list[ElementId]] = [[] for _ in range(max(ranks.values()) + 1)]
    for node in order:
        layers[ranks[node]].append(node)

    near = _neighbours(request)
    _sort_layers(layers, ranks, near)
    return normalised(_placed(request, layers, near, across=across), request.initial)


def normalised(
    centres: Mapping[ElementId, Point], initial: ElementId | None
) -> dict[ElementId, Point]:
    """The same picture on the grid, mirrored so that the initial state is left and top."""
    if not centres:
        return {}

    columns = _on_grid([x for x, _ in centres.values()])
    rows = _on_grid([y for _, y in centres.values()])
    first = centres.get(initial) if initial is not None else None
    if first is not None:
        columns = _facing(columns, first[0])
        rows = _facing(rows, first[1])
    return {node: (columns[x], rows[y]) for node, (x, y) in centres.items()}


def _on_grid(values: list[float]) -> dict[float, float]:
    least = min(values)
    return {value: float(round((value - least) / GRID) * GRID + MARGIN) for value in values}


def _facing(places: dict[float, float], first: float) -> dict[float, float]:
    """Mirrors the places when the first one lies beyond the middle."""
    low, high = min(places.values()), max(places.values())
    if places[first] <= (low + high) / 2:
        return places
    return {value: low + high - place for value, place in places.items()}


def _depth_first(request: LayoutRequest) -> list[ElementId]:
    """The states in the order a depth-first walk from the initial state leaves them, reversed."""
    following: dict[ElementId, list[ElementId]] = {node.id: [] for node in request.nodes}
    for edge in request.edges:
        following[edge.source].append(edge.target or edge.source)

    seen: set[ElementId] = set()
    left: list[ElementId] = []
    starts = [node.id for node in request.nodes]
    if request.initial in following:
        starts.insert(0, request.initial)

    groups: list[list[ElementId]] = []
    for start in starts:
        if start in seen:
            continue

        left = []
        seen.add(start)
        stack = [(start, iter(following[start]))]
        while stack:
            node, rest = stack[-1]
            new = next((other for other in rest if other not in seen), None)
            if new is None:
                stack.pop()
                left.append(node)
            else:
                seen.add(new)
                stack.append((new, iter(following[new])))

        groups.append(left[::-1])
    return [node for group in groups for node in group]


def _longest_paths(request: LayoutRequest, order: list[ElementId]) -> dict[ElementId, int]:
    """The layer of each state, counting only the edges that go forward in the order."""
    place = {node: index for index, node in enumerate(order)}
    entering: dict[ElementId, list[ElementId]] = {node: [] for node in order}
    for edge in request.edges:
        if edge.target is not None and place[edge.source] < place[edge.target]:
            entering[edge.target].append(edge.source)

    ranks: dict[ElementId, int] = {}
    for node in order:
        ranks[node] = 1 + max((ranks[other] for other in entering[node]), default=-1)
    return ranks


def _neighbours(request: LayoutRequest) -> dict[ElementId, list[ElementId]]:
    near: dict[ElementId, list[ElementId]] = {node.id: [] for node in request.nodes}
    for edge in request.edges:
        if edge.target is not None and edge.source != edge.target:
            near[edge.source].append(edge.target)
            near[edge.target].append(edge.source)
    return near


def _sort_layers(
    layers: list[list[ElementId]],
    ranks: Mapping[ElementId, int],
    near: Mapping[ElementId, list[ElementId]],
) -> None:
    """Orders each layer by the mean place of what its states are joined to, forwards and back."""
    place = {
        node: index / max(len(layer) - 1, 1) for layer in layers for index, node in enumerate(layer)
    }

    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        for layer in layers if downwards else layers[::-1]:
            wish = {
                node: _mean(
                    [
                        place[other]
                        for other in near[node]
                        if (ranks[other] < ranks[node]) == downwards
                    ],
                    place[node],
                )
                for node in layer
            }
            layer.sort(key=wish.__getitem__)
            for index, node in enumerate(layer):
                place[node] = index / max(len(layer) - 1, 1)


def _placed(
    request: LayoutRequest,
    layers: list[list[ElementId]],
    near: Mapping[ElementId, list[ElementId]],
    *,
    across: bool,
) -> dict[ElementId, Point]:
    """Centres: layers one after another, each state as near to its neighbours' mean as it gets."""
    size = {
        node.id: (node.height, node.width) if across else (node.width, node.height)
        for node in request.nodes
    }
    room = _room_for_loops(request, across=across)
    gap = _layer_gap(request, across=across)

    depth: dict[ElementId, float] = {}
    along: dict[ElementId, float] = {}
    reach = 0.0
    for layer in layers:
        thickness = max(size[node][1] for node in layer)
        offset = 0.0
        for node in layer:
            depth[node] = reach + thickness / 2
            along[node] = offset + size[node][0] / 2
            offset += size[node][0] + room[node] + STATE_GAP
        for node in layer:
            along[node] -= offset / 2
        reach += thickness + gap

    for sweep in range(NUDGES):
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            wishes = [_mean([along[other] for other in near[node]], along[node]) for node in layer]
            _settle(layer, wishes, along, {n: size[n][0] + room[n] for n in layer})

    if across:
        return {node: (depth[node], along[node]) for node in along}
    return {node: (along[node], depth[node]) for node in along}


def _settle(
    layer: list[ElementId],
    wishes: list[float],
    along: dict[ElementId, float],
    extent: Mapping[ElementId, float],
) -> None:
    """Places one layer in its order near the wishes: blocks that would overlap share their mean."""
    offsets = [0.0]
    for left, right in itertools.pairwise(layer):
        offsets.append(offsets[-1] + (extent[left] + extent[right]) / 2 + STATE_GAP)

    blocks: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        mean, count = wish - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, size = blocks.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        blocks.append((mean, count))

    starts = [mean for mean, count in blocks for _ in range(count)]
    for node, start, offset in zip(layer, starts, offsets, strict=True):
        along[node] = start + offset


def _room_for_loops(request: LayoutRequest, *, across: bool) -> dict[ElementId, float]:
    """How much room each state needs beside it for its loops and their labels."""
    room = {node.id: 0.0 for node in request.nodes}
    for edge in request.edges:
        if edge.target in (None, edge.source):
            room[edge.source] += edge.label_height + 8 if across else edge.label_width / 2
    return room


def _layer_gap(request: LayoutRequest, *, across: bool) -> float:
    """The way between layers: enough for the labels that lie in it."""
    if not across:
        return LAYER_GAP
    widest = max((edge.label_width for edge in request.edges), default=0.0)
    return LAYER_GAP + min(widest, WIDEST_GAP)


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
