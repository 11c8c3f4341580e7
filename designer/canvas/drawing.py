"""Where everything of a document is drawn: faces, boxes, labels and routes, by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from designer.canvas.captions import LabelText, StateFace, face_for, label_for
from designer.canvas.geometry import union
from designer.canvas.route_book import RouteBook
from designer.canvas.routing import EdgeInput, Rect, Route, initial_marker
from designer.canvas.sizes import label_size, state_size
from designer.canvas.style import TextWidths
from designer.document.elements import ElementId, PackOrigin, Point, State
from designer.document.model import Document

__all__ = ["FlowDrawing"]

#: Distances of the states that have no place yet, and how many stand in a row.
FALLBACK_STEP = (240.0, 120.0)
FALLBACK_COLUMNS = 5

#: While a state is dragged, its lines may reach this far around it.
SCENE_MARGIN = 40.0

#: A pack's region reaches this far beyond its states; the title has its own room above.
REGION_PADDING = 28.0
REGION_TITLE = 24.0
#: ... and this far beyond the middle of the dot before the initial state.
DOT_ROOM = 16.0


class FlowDrawing:
    """The numbers of one drawn document; the scene's items show them.

    Attributes:
        faces: what each drawn state shows; builtin states only while something leads to them.
        boxes: where each drawn state is.
        labels: what each transition's label says.
        book: keeps the routes in step.
    """

    def __init__(self, document: Document, widths: TextWidths) -> None:
        self._document = document
        self._widths = widths
        self.faces: dict[ElementId, StateFace] = {}
        self.boxes: dict[ElementId, Rect] = {}
        self.labels: dict[ElementId, LabelText] = {}
        self.book = RouteBook()
        self._edges: tuple[EdgeInput, ...] = ()
        self._bounds: Rect | None = None

    @property
    def routes(self) -> Mapping[ElementId, Route]:
        """How each transition runs."""
        return self.book.routes

    @property
    def edges(self) -> tuple[EdgeInput, ...]:
        """The transitions with the sizes of their labels, in file order."""
        return self._edges

    def refresh(self) -> None:
        """Takes everything from the document again; routes only when something they see changed."""
        packs = {pack.id: pack for pack in self._document.packs}
        shown = tuple(self._iter_shown())
        self.faces = {state.id: face_for(state, packs.get(state.pack)) for state in shown}
        self.boxes = self._placed()
        self.labels = {edge.id: label_for(edge) for edge in self._document.transitions}
        self._edges = tuple(self._iter_edges())
        self.book.follow(self.boxes, self._edges, self._document.flow.initial)
        self._bounds = self._measured()

    def settle_some(self, seconds: float) -> bool:
        """Works on better routes for about that long; True when they have just been found."""
        found = self.book.settle_some(seconds)
        if found:
            self._bounds = self._measured()
        return found

    def preview(self, places: Mapping[ElementId, Point]) -> None:
        """Draws some states elsewhere while they are dragged; the document stays as it is."""
        for state_id, place in places.items():
            box = self.boxes[state_id]
            self.boxes[state_id] = Rect.around(place, box.width, box.height)

        self.book.preview(self.boxes, places.keys())
        moved = [self.boxes[state_id].grown(SCENE_MARGIN) for state_id in places]
        self._bounds = union([*moved, *([self._bounds] if self._bounds else [])])

    def initial_arrow(self) -> tuple[Point, Point] | None:
        """The dot and the tip of the arrow to the initial state, or None without one."""
        return initial_marker(self.boxes, self._document.flow.initial)

    def regions(self) -> dict[ElementId, Rect]:
        """The region behind each pack's states, by pack; none while there is one pack only."""
        members: dict[ElementId, list[Rect]] = {}
        for state in self._document.states:
            if state.id in self.boxes:
                members.setdefault(state.pack, []).append(self.boxes[state.id])

        if len(members) < 2:
            return {}

        arrow, initial = self.initial_arrow(), self._document.flow.initial
        if arrow is not None and initial is not None:
            dot = Rect.around(arrow[0], 0, 0).grown(DOT_ROOM - REGION_PADDING)
            members[self._document.state_for(initial).pack].append(dot)

        found = {}
        for pack_id, boxes in members.items():
            around = union(boxes)
            if around is not None:
                box = around.grown(REGION_PADDING)
                found[pack_id] = Rect(
                    box.left, box.top - REGION_TITLE, box.width, box.height + REGION_TITLE
                )
        return found

    @property
    def bounds(self) -> Rect | None:
        """The box around all that is drawn, labels included; None for an empty flow."""
        return self._bounds

    def _measured(self) -> Rect | None:
        labels = [
            Rect.around(self.routes[edge.id].label, edge.label_width, edge.label_height)
            for edge in self._edges
        ]
        corners = [corner for route in self.routes.values() for corner in route.points]
        corners += self.initial_arrow() or ()
        lines = []
        if corners:
            left, top = min(x for x, _ in corners), min(y for _, y in corners)
            right, bottom = max(x for x, _ in corners), max(y for _, y in corners)
            lines = [Rect(left, top, right - left, bottom - top)]
        return union([*self.boxes.values(), *labels, *lines, *self.regions().values()])

    def _iter_shown(self) -> Iterator[State]:
        """All states but those of nobody that nothing leads to or from."""
        document = self._document
        used = {end for edge in document.transitions for end in (edge.source, edge.target)}
        used.add(document.flow.initial)
        named = (PackOrigin.BUILTIN, PackOrigin.ELSEWHERE)
        hidden = {pack.id for pack in document.packs if pack.origin in named}
        for state in document.states:
            if state.pack not in hidden or state.id in used:
                yield state

    def _placed(self) -> dict[ElementId, Rect]:
        """A box for every shown state; those without a place stand in rows below the others."""
        boxes: dict[ElementId, Rect] = {}
        homeless: list[ElementId] = []
        for state_id, face in self.faces.items():
            position = self._document.find_position(state_id)
            if position is None:
                homeless.append(state_id)
            else:
                boxes[state_id] = Rect.around(position.point, *state_size(face, self._widths))

        around = union(boxes.values())
        left = around.left + 80 if around else 0.0
        top = around.bottom + FALLBACK_STEP[1] if around else 0.0
        for place, state_id in enumerate(homeless):
            row, column = divmod(place, FALLBACK_COLUMNS)
            centre = (left + column * FALLBACK_STEP[0], top + row * FALLBACK_STEP[1])
            size = state_size(self.faces[state_id], self._widths)
            boxes[state_id] = Rect.around(centre, *size)

        return {state_id: boxes[state_id] for state_id in self.faces}

    def _iter_edges(self) -> Iterator[EdgeInput]:
        for edge in self._document.transitions:
            ends = {edge.source, edge.target or edge.source}
            if ends <= self.boxes.keys():
                size = label_size(self.labels[edge.id], self._widths)
                yield EdgeInput(edge.id, edge.source, edge.target, *size)
