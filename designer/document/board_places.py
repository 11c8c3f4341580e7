"""From fields of a board to places on the canvas: how wide the gaps of columns and rows are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from designer.document.board_layout import Field
from designer.document.elements import ElementId, Point
from designer.document.layout import LayoutRequest, normalised

__all__ = ["LEAST_GAP", "Spacing", "first_spacing", "packed", "placed"]

#: The usual gaps, the narrowest, and what a label in one needs besides itself, in px.
COLUMN_GAP = 80.0
ROW_GAP = 60.0
LEAST_GAP = 60.0
LABEL_ROOM = 44.0
WIDEST_GAP = 260.0
#: From this many labels between two states they may be stacked.
STACK = 3
STACK_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Spacing:
    """The gaps between columns and between rows, in px."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]

    @property
    def gaps(self) -> tuple[float, ...]:
        """The columns' gaps, then the rows'."""
        return (*self.columns, *self.rows)

    def wider(self, by: float) -> Spacing:
        """All gaps wider."""
        return Spacing(
            tuple(gap + by for gap in self.columns), tuple(gap + by for gap in self.rows)
        )

    def with_gap(self, index: int, by: float) -> Spacing:
        """One of the gaps wider."""
        gaps = [*self.gaps]
        gaps[index] += by
        count = len(self.columns)
        return Spacing(tuple(gaps[:count]), tuple(gaps[count:]))


def packed(fields: Mapping[ElementId, Field]) -> dict[ElementId, Field]:
    """The same fields without empty rows and columns."""
    columns = {x: index for index, x in enumerate(sorted({x for x, _ in fields.values()}))}
    rows = {y: index for index, y in enumerate(sorted({y for _, y in fields.values()}))}
    return {state: (columns[x], rows[y]) for state, (x, y) in fields.items()}


def first_spacing(request: LayoutRequest, fields: Mapping[ElementId, Field]) -> Spacing:
    """Gaps in which the labels between neighbours have room; the fields are packed."""
    columns = [COLUMN_GAP] * max(x for x, _ in fields.values())
    rows = [ROW_GAP] * max(y for _, y in fields.values())
    groups: dict[tuple[ElementId, ElementId], list[Point]] = {}
    for edge in request.edges:
        if edge.target is not None:
            label = (edge.label_width, edge.label_height + STACK_GAP)
            groups.setdefault((edge.source, edge.target), []).append(label)

    for (source, target), labels in groups.items():
        (x1, y1), (x2, y2) = fields[source], fields[target]
        if y1 == y2 and abs(x1 - x2) == 1:
            wide = min(max(width for width, _ in labels) + LABEL_ROOM, WIDEST_GAP)
            columns[min(x1, x2)] = max(columns[min(x1, x2)], wide)
        elif x1 == x2 and abs(y1 - y2) == 1 and len(labels) >= STACK:
            tall = sum(height for _, height in labels) + LABEL_ROOM
            rows[min(y1, y2)] = max(rows[min(y1, y2)], tall)
    return Spacing(tuple(columns), tuple(rows))


def placed(
    request: LayoutRequest, fields: Mapping[ElementId, Field], spacing: Spacing
) -> dict[ElementId, Point]:
    """Centres on the grid: every state in the middle of its column and row."""
    widths = [0.0] * (len(spacing.columns) + 1)
    heights = [0.0] * (len(spacing.rows) + 1)
    for node in request.nodes:
        x, y = fields[node.id]
        widths[x] = max(widths[x], node.width)
        heights[y] = max(heights[y], node.height)
    xs, ys = _middles(widths, spacing.columns), _middles(heights, spacing.rows)
    return normalised({state: (xs[x], ys[y]) for state, (x, y) in fields.items()}, None)


def _middles(extents: list[float], gaps: tuple[float, ...]) -> list[float]:
    middles, reach = [], 0.0
    for index, extent in enumerate(extents):
        middles.append(reach + extent / 2)
        reach += extent + (gaps[index] if index < len(gaps) else 0.0)
    return middles
