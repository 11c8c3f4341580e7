"""Routes between states that stand still, and while one of them is dragged."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.canvas.route_quality import quality_of
from designer.canvas.routing import (
    EdgeInput,
    Rect,
    RouteKind,
    initial_marker,
    reroute,
    route_all,
)

A, B = Rect(0, 0, 150, 46), Rect(320, 0, 150, 46)
BELOW = Rect(0, 160, 150, 46)


def an_edge(id_: str, source: str, target: str | None, width: float = 70.0) -> EdgeInput:
    return EdgeInput(id_, source, target, width, 20.0)


def a_board(count: int, columns: int, dice: random.Random) -> dict[str, Rect]:
    """States on some fields of a board, with room for lines between them."""
    fields = list(itertools.product(range(columns), range(count // columns + 2)))
    chosen = dice.sample(fields, count)
    return {
        f"s{index}": Rect(x * 320 + dice.randrange(0, 4) * 20, y * 160, dice.choice((150, 180)), 46)
        for index, (x, y) in enumerate(chosen)
    }


def some_edges(count: int, states: list[str], dice: random.Random) -> list[EdgeInput]:
    return [
        an_edge(
            f"t{index}",
            dice.choice(states),
            dice.choice([*states, *states, None]),
            dice.choice((40.0, 70.0, 110.0)),
        )
        for index in range(count)
    ]


@st.composite
def drawings(draw):
    dice = random.Random(draw(st.integers(0, 10**6)))
    count = draw(st.integers(2, 12))
    boxes = a_board(count, draw(st.integers(1, 4)), dice)
    edges = some_edges(draw(st.integers(1, 2 * count)), list(boxes), dice)
    return boxes, edges


def on_border(box: Rect, point) -> bool:
    x, y = point
    inside = box.left <= x <= box.right and box.top <= y <= box.bottom
    return inside and (x in (box.left, box.right) or y in (box.top, box.bottom))


def legs(route):
    return list(itertools.pairwise(route.points))


def test_facing_states_are_joined_by_a_straight_line():
    """The way between two states side by side has no bend and its label in the middle."""
    route = route_all({"a": A, "b": B}, [an_edge("t", "a", "b")])["t"]
    assert len(route.points) == 2
    assert route.points[0][0] == A.right
    assert route.points[-1][0] == B.left
    assert abs(route.label[0] - (A.right + B.left) / 2) < 10


def test_there_and_back_are_two_lines():
    """Two transitions in opposite directions never lie on each other."""
    edges = [an_edge("there", "a", "b"), an_edge("back", "b", "a")]
    boxes = {"a": A, "b": B}
    quality = quality_of(boxes, edges, route_all(boxes, edges))
    assert quality.shared == quality.crossings == quality.labels_on_lines == 0


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("other", [B, BELOW])
def test_a_few_parallel_transitions_run_side_by_side(count, other):
    """Each of them has a line of its own."""
    boxes = {"a": A, "b": other}
    edges = [an_edge(f"t{index}", "a", "b") for index in range(count)]
    routes = route_all(boxes, edges)
    assert {route.bundle for route in routes.values()} == {None}
    quality = quality_of(boxes, edges, routes)
    assert quality.shared == quality.labels_on_labels == quality.labels_on_states == 0


def test_many_parallel_transitions_share_a_line():
    """Their labels stand in a column, none on another."""
    boxes = {"a": A, "b": Rect(0, 400, 150, 46)}
    edges = [an_edge(f"t{index}", "a", "b", 50 + 10 * index) for index in range(7)]
    routes = route_all(boxes, edges)
    assert {route.bundle for route in routes.values()} == {"t0"}
    assert len({route.points for route in routes.values()}) == 1
    assert quality_of(boxes, edges, routes).labels_on_labels == 0
    heights = [routes[edge.id].label[1] for edge in edges]
    assert heights == sorted(heights)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_loops_leave_and_enter_their_state(count):
    """However many there are, no label lies on another or on the state."""
    edges = [an_edge(f"t{index}", "a", "a") for index in range(count)]
    routes = route_all({"a": A}, edges)
    for route in routes.values():
        assert route.kind is RouteKind.LOOP
        assert on_border(A, route.points[0])
        assert on_border(A, route.points[-1])
    quality = quality_of({"a": A}, edges, routes)
    assert quality.labels_on_labels == quality.labels_on_states == quality.shared == 0


def test_internal_transitions_hang_on_their_state():
    """They have a short line without an arrow, and their labels in a column."""
    edges = [an_edge("one", "a", None), an_edge("two", "a", None)]
    routes = route_all({"a": A}, edges)
    assert {route.kind for route in routes.values()} == {RouteKind.INTERNAL}
    assert on_border(A, routes["one"].points[0])
    assert quality_of({"a": A}, edges, routes).labels_on_labels == 0


def test_a_line_runs_round_a_state_in_its_way():
    """A state between two others is not run through."""
    boxes = {"a": A, "wall": Rect(300, -60, 150, 166), "b": Rect(600, 0, 150, 46)}
    edges = [an_edge("t", "a", "b")]
    assert quality_of(boxes, edges, route_all(boxes, edges)).through_states == 0


def test_a_way_out_of_a_corner_is_found():
    """Also where the usual shapes do not fit."""
    boxes = {
        "a": Rect(0, 0, 150, 46),
        "top": Rect(-60, -100, 400, 46),
        "right": Rect(220, -20, 150, 200),
        "below": Rect(-60, 110, 200, 46),
        "b": Rect(500, -200, 150, 46),
    }
    edges = [an_edge("t", "a", "b")]
    assert quality_of(boxes, edges, route_all(boxes, edges)).through_states == 0


def test_overlapping_states_still_have_a_line():
    """While a state is dragged over another, its lines are drawn somehow."""
    boxes = {"a": A, "b": Rect(40, 10, 150, 46)}
    assert route_all(boxes, [an_edge("t", "a", "b")])["t"].points


def test_the_marker_has_its_place():
    """No line and no label touches the initial marker."""
    boxes = {"a": A, "b": Rect(-320, 0, 150, 46), "c": BELOW}
    edges = [an_edge("t", "b", "a"), an_edge("u", "a", "b"), an_edge("v", "c", "a")]
    marker = initial_marker(boxes, "a")
    assert marker is not None
    room = Rect.between(*marker).grown(4)
    for route in route_all(boxes, edges, "a").values():
        assert not any(Rect.between(*leg).grown(0.1).overlaps(room) for leg in legs(route))
        assert not Rect.around(route.label, 70, 20).overlaps(room)


def test_the_marker_looks_for_a_free_side():
    """Where a state stands to the left, it comes from above."""
    boxes = {"a": A, "b": Rect(-170, 0, 150, 46)}
    marker = initial_marker(boxes, "a")
    assert marker is not None
    assert marker[0][1] < A.top
    assert initial_marker(boxes, None) is None


def test_nothing_to_route():
    """A flow without transitions has no routes."""
    assert route_all({"a": A}, []) == {}
    assert reroute({}, {"a": A}, [], ["a"]) == {}


@given(drawings())
@settings(max_examples=60, deadline=None)
def test_every_route_is_as_it_should_be(drawing):
    """Ends on the borders of its states, each leg level or upright, round all states."""
    boxes, edges = drawing
    routes = route_all(boxes, edges, "s0")
    assert list(routes) == [edge.id for edge in edges]
    for edge in edges:
        route = routes[edge.id]
        assert on_border(boxes[edge.source], route.points[0])
        if edge.target is not None:
            assert on_border(boxes[edge.target], route.points[-1])
        assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in legs(route))

    quality = quality_of(boxes, edges, routes)
    assert quality.through_states == 0
    assert quality.shared == 0
    assert quality.labels_on_states == 0
    assert quality.labels_on_labels == 0


@given(drawings())
@settings(max_examples=15, deadline=None)
def test_the_same_flow_is_drawn_the_same(drawing):
    """No dice are thrown, and the order of the states does not matter."""
    boxes, edges = drawing
    assert route_all(boxes, edges, "s0") == route_all(dict(boxes), list(edges), "s0")


@given(drawings(), st.integers(-8, 8), st.integers(-8, 8))
@settings(max_examples=40, deadline=None)
def test_a_drag_leaves_what_it_does_not_touch(drawing, dx, dy):
    """Lines of other states stay as they were, unless the dragged state comes over them."""
    boxes, edges = drawing
    routes = route_all(boxes, edges, "s0")
    box = boxes["s0"]
    moved = {**boxes, "s0": Rect(box.left + 20 * dx, box.top + 20 * dy, box.width, box.height)}
    after = reroute(routes, moved, edges, ["s0"], "s0")
    near = moved["s0"].grown(30)
    for edge in edges:
        if "s0" in (edge.source, edge.target):
            assert on_border(moved[edge.source], after[edge.id].points[0])
            continue
        clear = not any(
            Rect.between(*leg).grown(0.1).overlaps(near) for leg in legs(routes[edge.id])
        )
        clear = clear and not any(
            Rect.around(routes[other.id].label, other.label_width, 20).overlaps(near)
            for other in edges
            if (other.source, other.target) == (edge.source, edge.target)
        )
        if clear:
            assert after[edge.id] == routes[edge.id]


def test_a_line_gives_way_to_a_dragged_state():
    """A state dragged onto a line it does not belong to pushes that line aside."""
    boxes = {"a": A, "b": B, "c": Rect(160, 200, 150, 46)}
    edges = [an_edge("t", "a", "b")]
    routes = route_all(boxes, edges)
    moved = {**boxes, "c": Rect(160, 0, 150, 46)}
    after = reroute(routes, moved, edges, ["c"])
    assert after["t"] != routes["t"]
    assert quality_of(moved, edges, after).through_states == 0


def test_a_stack_stays_as_it_is_while_another_state_is_dragged():
    """Its labels keep their places, each of them."""
    boxes = {"a": A, "b": Rect(0, 500, 150, 46), "c": Rect(900, 0, 150, 46)}
    edges = [an_edge(f"t{index}", "a", "b", 50 + 15 * index) for index in range(6)]
    edges.append(an_edge("u", "a", "c"))
    routes = route_all(boxes, edges)
    moved = {**boxes, "c": Rect(960, 40, 150, 46)}
    after = reroute(routes, moved, edges, ["c"])
    assert all(after[edge.id] == routes[edge.id] for edge in edges[:6])


@pytest.mark.parametrize("count", [4, 5, 6])
def test_a_level_line_runs_through_the_middle_of_a_label(count):
    """Not between two of a stack."""
    boxes = {"a": Rect(0, 200, 150, 46), "b": Rect(500, 200, 150, 46)}
    edges = [an_edge(f"t{index}", "a", "b") for index in range(count)]
    routes = route_all(boxes, edges)
    height = routes["t0"].points[0][1]
    assert height in [routes[edge.id].label[1] for edge in edges]


def test_large_flows_get_simple_routes():
    """With very many states every transition still has its line and its label."""
    boxes = {f"s{i}": Rect(i % 40 * 240, i // 40 * 120, 150, 46) for i in range(1200)}
    edges = [an_edge(f"t{i}", f"s{i}", f"s{(i * 7) % 1200}") for i in range(1200)]
    routes = route_all(boxes, edges, "s0")
    assert len(routes) == 1200
    assert len(reroute(routes, boxes, edges, ["s3"], "s0")) == 1200
