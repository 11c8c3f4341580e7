"""The cheap routes."""

from designer.canvas.plain_routes import plain_routes
from designer.canvas.routes import EdgeInput, Rect, RouteKind

BOXES = {"a": Rect(0, 0, 140, 40), "b": Rect(300, 0, 140, 40), "c": Rect(0, 200, 140, 40)}


def test_neighbours_are_joined_by_a_straight_line():
    """Two states side by side get one level leg from border to border."""
    routes = dict(plain_routes(BOXES, [EdgeInput("e", "a", "b", 50, 18)]))
    assert routes["e"].points == ((140, 20), (300, 20))
    assert routes["e"].label == (220, 20)


def test_states_above_each_other_are_joined_upright():
    """The sides that face each other are used."""
    routes = dict(plain_routes(BOXES, [EdgeInput("e", "a", "c", 50, 18)]))
    assert routes["e"].points == ((70, 40), (70, 200))


def test_there_and_back_are_two_lines():
    """Edges between the same two states keep a lane's distance."""
    edges = [EdgeInput("there", "a", "b", 50, 18), EdgeInput("back", "b", "a", 50, 18)]
    routes = dict(plain_routes(BOXES, edges))
    assert routes["there"].points[0][1] != routes["back"].points[0][1]


def test_loops_and_internal_transitions_stay_at_their_state():
    """A loop leaves and enters its state; an internal transition hangs below it."""
    edges = [EdgeInput("loop", "a", "a", 50, 18), EdgeInput("inner", "a", None, 50, 18)]
    routes = dict(plain_routes(BOXES, edges))
    assert routes["loop"].kind is RouteKind.LOOP
    assert routes["loop"].points[0][1] == routes["loop"].points[-1][1] == 0
    assert routes["inner"].kind is RouteKind.INTERNAL
    assert routes["inner"].label[1] > 40
