"""How good a drawing is, in figures: what a person would complain about, counted."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from designer.canvas.routes import EdgeInput, Rect, Route
from designer.document.elements import ElementId

__all__ = ["Quality", "quality_of"]

#: The shape of the window's canvas: width over height.
ASPECT = 1.6
#: A label may touch a line by this much, in px, before it hides it.
TOUCH = 1.0

Leg = tuple[int, float, float, float]


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures of one drawing; all of them are better when smaller.

    Attributes:
        width: of everything drawn, in px.
        height: the same.
        length: of all lines together, in px.
        bends: corners of all lines together.
        crossings: places where two lines cross.
        shared: px along which two lines lie on each other.
        through_states: legs that run through a state.
        labels_on_states: labels that overlap a state.
        labels_on_labels: pairs of labels that overlap.
        labels_on_lines: labels that hide a piece of another line.
    """

    width: float
    height: float
    length: float
    bends: int
    crossings: int
    shared: float
    through_states: int
    labels_on_states: int
    labels_on_labels: int
    labels_on_lines: int

    @property
    def cost(self) -> float:
        """One figure, to choose between drawings of the same flow."""
        side = max(self.width, self.height * ASPECT)
        other = min(self.width, self.height * ASPECT)
        conflicts = 200.0 * self.labels_on_lines + 500.0 * self.labels_on_labels
        conflicts += 600.0 * (self.labels_on_states + self.through_states) + 10.0 * self.shared
        lines = 0.35 * self.length + 16 * self.bends + 70 * self.crossings
        return 2.4 * side + 0.2 * other + conflicts + lines


def quality_of(
    boxes: Mapping[ElementId, Rect], edges: Sequence[EdgeInput], routes: Mapping[ElementId, Route]
) -> Quality:
    """Counts a drawing's virtues and faults; edges that share a line on purpose count as one."""
    labels = [(edge, Rect.around(routes[edge.id].label, *edge[3:])) for edge in edges]
    lines: dict[ElementId, list[Leg]] = {}
    for edge in edges:
        route = routes[edge.id]
        lines.setdefault(route.bundle or edge.id, _legs(route))

    crossings, shared = _meetings(list(lines.values()))
    everything = [*boxes.values(), *(rect for _, rect in labels)]
    for route in routes.values():
        everything.extend(Rect(x, y, 0.0, 0.0) for x, y in route.points)

    left = min(rect.left for rect in everything)
    top = min(rect.top for rect in everything)
    return Quality(
        width=max(rect.right for rect in everything) - left,
        height=max(rect.bottom for rect in everything) - top,
        length=sum(leg[3] - leg[2] for legs in lines.values() for leg in legs),
        bends=sum(len(legs) - 1 for legs in lines.values()),
        crossings=crossings,
        shared=shared,
        through_states=_through_states(boxes, edges, routes),
        labels_on_states=sum(
            any(rect.overlaps(box) for box in boxes.values()) for _, rect in labels
        ),
        labels_on_labels=sum(
            one.overlaps(other) for (_, one), (_, other) in itertools.combinations(labels, 2)
        ),
        labels_on_lines=_hidden(labels, edges, routes),
    )


def _legs(route: Route) -> list[Leg]:
    """Axis, track, and the range along it, of each leg; a slanting one counts as level."""
    legs = []
    for (x1, y1), (x2, y2) in itertools.pairwise(route.points):
        if x1 == x2:
            legs.append((1, x1, min(y1, y2), max(y1, y2)))
        else:
            legs.append((0, y1, min(x1, x2), max(x1, x2)))
    return legs


def _meetings(lines: Sequence[list[Leg]]) -> tuple[int, float]:
    """How often lines cross, and how many px they lie on each other."""
    crossings, shared = 0, 0.0
    for one, other in itertools.combinations(lines, 2):
        for axis, track, low, high in one:
            for other_axis, other_track, other_low, other_high in other:
                if axis != other_axis:
                    if low < other_track < high and other_low < track < other_high:
                        crossings += 1
                elif abs(track - other_track) < TOUCH and low < other_high and other_low < high:
                    shared += min(high, other_high) - max(low, other_low)
    return crossings, shared


def _through_states(
    boxes: Mapping[ElementId, Rect], edges: Sequence[EdgeInput], routes: Mapping[ElementId, Route]
) -> int:
    return sum(
        _rect(leg).overlaps(box.grown(-TOUCH))
        for edge in edges
        for leg in _legs(routes[edge.id])
        for box in boxes.values()
    )


def _hidden(
    labels: Sequence[tuple[EdgeInput, Rect]],
    edges: Sequence[EdgeInput],
    routes: Mapping[ElementId, Route],
) -> int:
    """How many labels hide a piece of a line; those of parallel edges may lie on each other's."""
    lines: dict[tuple[ElementId, ElementId | None], list[Rect]] = {}
    for edge in edges:
        legs = [_rect(leg) for leg in _legs(routes[edge.id])]
        lines.setdefault((edge.source, edge.target), []).extend(legs)

    hidden = 0
    for edge, label in labels:
        inner = label.grown(-TOUCH)
        hidden += any(
            pair != (edge.source, edge.target) and any(leg.overlaps(inner) for leg in legs)
            for pair, legs in lines.items()
        )
    return hidden


def _rect(leg: Leg) -> Rect:
    """A leg as a very thin rectangle, so that it overlaps what it runs through."""
    axis, track, low, high = leg
    if axis == 0:
        return Rect(low, track - 0.05, high - low, 0.1)
    return Rect(track - 0.05, low, 0.1, high - low)
