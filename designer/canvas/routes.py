"""The records of routing: what goes in, what comes out, and the figures everybody must agree on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from designer.document.elements import ElementId, Point

__all__ = ["EdgeInput", "Rect", "Route", "RouteKind", "Size"]

#: Width and height, in px.
Size = tuple[float, float]


class Rect(NamedTuple):
    """An upright rectangle in px, y growing downwards."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.top + self.height

    @property
    def centre(self) -> Point:
        """The middle."""
        return (self.left + self.width / 2, self.top + self.height / 2)

    def overlaps(self, other: Rect) -> bool:
        """Whether the two share any area; touching is not overlapping."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def grown(self, by: float) -> Rect:
        """The rectangle with ``by`` px more on each side."""
        return Rect(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)

    @classmethod
    def around(cls, centre: Point, width: float, height: float) -> Rect:
        """The rectangle of that size about a centre."""
        return cls(centre[0] - width / 2, centre[1] - height / 2, width, height)

    @classmethod
    def between(cls, first: Point, second: Point) -> Rect:
        """The rectangle with two points as opposite corners; it may have no area."""
        (x1, y1), (x2, y2) = first, second
        return cls(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))


class EdgeInput(NamedTuple):
    """One transition to draw and the size of its label; no target means internal."""

    id: ElementId
    source: ElementId
    target: ElementId | None
    label_width: float
    label_height: float


class RouteKind(Enum):
    """How a route is drawn."""

    #: An arrow from one state to another.
    LINE = "line"
    #: An arrow that leaves a state and enters it again.
    LOOP = "loop"
    #: An internal transition: its label hangs on the state by a short line without an arrowhead.
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Route:
    """How one transition runs.

    Attributes:
        points: the corners from the source's border to the target's border, each leg upright or
            level; painting rounds the corners. The arrowhead stands at the last point.
        label: the centre of the label pill.
        bundle: the id of the edge whose line this one shares, its own id where others share it,
            None for a line of its own. Members of a bundle have equal points, and their labels
            are stacked on the line.
    """

    points: tuple[Point, ...]
    label: Point
    kind: RouteKind = RouteKind.LINE
    bundle: ElementId | None = None
