"""The routes of one drawing: quick ones at once, the best ones as soon as there was time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Collection, Generator, Mapping, Sequence

from designer.canvas.plain_routes import plain_routes
from designer.canvas.routing import EdgeInput, Rect, Route, reroute, route_all, route_steps
from designer.document.elements import ElementId

__all__ = ["RouteBook"]

#: Up to this many transitions a flow opens with the best routes.
AT_ONCE = 60
#: Up to this many, lines go round the states while something is dragged.
WITH_CARE = 60
#: So many drawings are remembered: an undo brings the very lines back.
REMEMBERED = 16

Boxes = Mapping[ElementId, Rect]
Routes = dict[ElementId, Route]
Request = tuple[tuple[tuple[ElementId, Rect], ...], tuple[EdgeInput, ...], ElementId | None]


class RouteBook:
    """Follows boxes and transitions with routes.

    The best routes of a large flow take seconds. So a change is answered with quick routes for what
    it touches, and :meth:`settle_some` works on the best ones in slices.

    Attributes:
        routes: how each transition runs now.
    """

    def __init__(self) -> None:
        self.routes: Routes = {}
        self._boxes: dict[ElementId, Rect] = {}
        self._edges: tuple[EdgeInput, ...] = ()
        self._initial: ElementId | None = None
        self._settled: OrderedDict[Request, Routes] = OrderedDict()
        self._is_settled = False
        self._work: Generator[None, None, Routes] | None = None

    @property
    def settled(self) -> bool:
        """Whether the routes are the best ones."""
        return self._is_settled

    def follow(self, boxes: Boxes, edges: tuple[EdgeInput, ...], initial: ElementId | None) -> None:
        """Routes what is drawn now."""
        stale = self._stale(boxes)
        known = self._still_known(edges)
        unchanged = not stale and known.keys() == self.routes.keys() and edges == self._edges
        if unchanged and self._is_settled and initial == self._initial:
            return

        self._boxes, self._edges, self._initial = dict(boxes), edges, initial
        self._work = None
        remembered = self._settled.get(self._request())
        if remembered is not None:
            self.routes, self._is_settled = remembered, True
        elif not known and len(edges) <= AT_ONCE:
            self._remember(route_all(self._boxes, edges, initial))
        else:
            self.routes, self._is_settled = self._quick(known, stale), False

    def preview(self, boxes: Boxes, moved: Collection[ElementId]) -> None:
        """Routes what is dragged, until :meth:`follow` is told where it came to be."""
        self._boxes = dict(boxes)
        self._work, self._is_settled = None, False
        self.routes = self._quick(self.routes, moved)

    def settle_some(self, seconds: float) -> bool:
        """Works on the best routes for about that long; True when they have just been found."""
        if self._is_settled:
            return False

        end = time.perf_counter() + seconds
        if self._work is None:
            self._work = route_steps(self._boxes, self._edges, self._initial)
        try:
            while time.perf_counter() < end:
                next(self._work)
        except StopIteration as done:
            self._work = None
            self._remember(done.value)
            return True
        return False

    def settle(self) -> bool:
        """Works until the best routes are found; False when they were already."""
        if self._is_settled:
            return False
        while not self.settle_some(1.0):
            pass
        return True

    def _quick(self, known: Routes, stale: Collection[ElementId]) -> Routes:
        """Routes anew only what is not known, or hangs on a state that moved."""
        if not self._edges:
            return {}
        if known and len(self._edges) <= WITH_CARE:
            return reroute(known, self._boxes, self._edges, stale, self._initial)

        moved = set(stale)
        lost = [edge for edge in self._edges if edge.id not in known or _hangs_on(edge, moved)]
        found = {**known, **dict(plain_routes(self._boxes, lost))}
        return {edge.id: found[edge.id] for edge in self._edges}

    def _stale(self, boxes: Boxes) -> set[ElementId]:
        """The states that are new, gone, or not where they were."""
        ids = boxes.keys() | self._boxes.keys()
        return {id_ for id_ in ids if boxes.get(id_) != self._boxes.get(id_)} & boxes.keys()

    def _still_known(self, edges: Sequence[EdgeInput]) -> Routes:
        """The routes of transitions that are as they were."""
        before = {edge.id: edge for edge in self._edges}
        return {
            edge.id: self.routes[edge.id]
            for edge in edges
            if before.get(edge.id) == edge and edge.id in self.routes
        }

    def _request(self) -> Request:
        return (tuple(self._boxes.items()), self._edges, self._initial)

    def _remember(self, routes: Routes) -> None:
        self.routes, self._is_settled = routes, True
        self._settled[self._request()] = routes
        if len(self._settled) > REMEMBERED:
            self._settled.popitem(last=False)


def _hangs_on(edge: EdgeInput, states: set[ElementId]) -> bool:
    return edge.source in states or edge.target in states
