"""What lies under the hand: a state, its border, a line, an end of it, a label, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, Qt

from designer.canvas.geometry import (
    BORDER_INSIDE,
    BORDER_OUTSIDE,
    HIT_DISTANCE,
    StateZone,
    contains,
    distance_to_line,
    line_length,
    point_along,
    state_zone,
)
from designer.canvas.items.label_item import LabelItem
from designer.canvas.items.state_item import StateItem
from designer.canvas.items.transition_item import TransitionItem
from designer.canvas.routes import Route, RouteKind
from designer.canvas.scene import FlowScene
from designer.document.elements import ElementId, Point

__all__ = ["Hit", "HitKind", "hit_at"]

#: A line can be taken by its end within this distance from it, in px.
END_REACH = 26.0
#: Where the hand is coarse (zoomed out), distances in the drawing grow up to this factor.
COARSEST = 2.5


class HitKind(Enum):
    """What a point means to the hand."""

    NOTHING = "nothing"
    STATE = "state"
    #: The border of a state, from which transitions are dragged.
    BORDER = "border"
    LINE = "line"
    LABEL = "label"
    SOURCE_END = "source end"
    TARGET_END = "target end"


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies at a point; ``id`` names a state or a transition, or is None for nothing."""

    kind: HitKind
    id: ElementId | None = None

    @property
    def on_transition(self) -> bool:
        """Whether it is any part of a transition."""
        return self.kind in (
            HitKind.LINE,
            HitKind.LABEL,
            HitKind.SOURCE_END,
            HitKind.TARGET_END,
        )

    @property
    def on_state(self) -> bool:
        """Whether it is any part of a state."""
        return self.kind in (HitKind.STATE, HitKind.BORDER)


NOTHING = Hit(HitKind.NOTHING)


def hit_at(scene: FlowScene, point: Point, zoom: float = 1.0) -> Hit:
    """What a person means who points there.

    Ends of what is selected come first, then labels, states, their borders, and lines last.
    """
    coarse = min(max(1.0 / zoom, 1.0), COARSEST)
    reach = HIT_DISTANCE * coarse
    area = QRectF(point[0] - reach - 1, point[1] - reach - 1, 2 * reach + 2, 2 * reach + 2)
    # Bounding rectangles are enough to find the candidates; the rest is measured here.
    found = scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
    lines = [item for item in found if isinstance(item, TransitionItem)]

    return (
        _selected_end(lines, point, reach)
        or _label([item for item in found if isinstance(item, LabelItem)], point)
        or _state([item for item in found if isinstance(item, StateItem)], point, coarse)
        or _line(lines, point, reach)
        or NOTHING
    )


def _selected_end(lines: list[TransitionItem], point: Point, reach: float) -> Hit | None:
    for item in lines:
        if item.look.selected and item.route.kind is not RouteKind.INTERNAL:
            if distance_to_line(item.route.points[-1:], point) <= reach:
                return Hit(HitKind.TARGET_END, item.element_id)
            if distance_to_line(item.route.points[:1], point) <= reach:
                return Hit(HitKind.SOURCE_END, item.element_id)
    return None


def _label(labels: list[LabelItem], point: Point) -> Hit | None:
    for item in labels:
        if contains(item.box, point):
            return Hit(HitKind.LABEL, item.element_id)
    return None


def _state(states: list[StateItem], point: Point, coarse: float) -> Hit | None:
    inside = min(BORDER_INSIDE * coarse, 12.0)
    border = None
    for item in states:
        zone = state_zone(item.box, point, inside=inside, outside=BORDER_OUTSIDE * coarse)
        if zone is StateZone.BODY:
            return Hit(HitKind.STATE, item.element_id)
        if zone is StateZone.BORDER and border is None:
            border = Hit(HitKind.BORDER, item.element_id)
    return border


def _line(lines: list[TransitionItem], point: Point, reach: float) -> Hit | None:
    if not lines:
        return None
    distance, nearest = min(
        ((distance_to_line(item.route.points, point), item) for item in lines),
        key=lambda found: (found[0], not found[1].look.selected),
    )
    if distance > reach:
        return None
    return Hit(_part_of(nearest.route, point), nearest.element_id)


def _part_of(route: Route, point: Point) -> HitKind:
    """Which part of a line the point is nearest to; short lines have no ends to take."""
    length = line_length(route.points)
    if route.kind is RouteKind.INTERNAL or length < 3 * END_REACH:
        return HitKind.LINE

    head = point_along(route.points, length - END_REACH)
    if distance_to_line((head, route.points[-1]), point) <= HIT_DISTANCE:
        return HitKind.TARGET_END
    tail = point_along(route.points, END_REACH)
    if distance_to_line((tail, route.points[0]), point) <= HIT_DISTANCE:
        return HitKind.SOURCE_END
    return HitKind.LINE
