"""Snapping to neighbours and to the grid."""

from designer.canvas.guides import snap, snapped_to_grid
from designer.canvas.routes import Rect

NEIGHBOUR = Rect(0, 0, 150, 46)


def test_without_neighbours_the_grid_draws_the_centre() -> None:
    """To the nearest dot."""
    found = snap(Rect.around((213, 148), 150, 46), (213, 148), [], 6)

    assert (found.dx, found.dy) == (7, -8)
    assert found.guides == ()


def test_a_neighbours_centre_draws_and_shows_a_line() -> None:
    """Through both centres."""
    box = Rect.around((78, 203), 190, 46)
    found = snap(box, box.centre, [NEIGHBOUR], 6)

    assert found.dx == -3
    (guide,) = found.guides
    assert guide.start[0] == guide.end[0] == 75
    assert guide.start[1] < 0
    assert guide.end[1] > 220


def test_a_neighbours_edge_draws() -> None:
    """Left edge onto left edge, and level above level at the same time."""
    box = Rect(4, 51, 190, 60)
    found = snap(box, box.centre, [NEIGHBOUR], 6)

    assert (found.dx, found.dy) == (-4, -5)
    assert len(found.guides) == 2


def test_neighbours_out_of_reach_leave_it_to_the_grid() -> None:
    """Only what is nearly in line is drawn into line."""
    box = Rect.around((300, 200), 150, 46)
    found = snap(box, (300, 200), [NEIGHBOUR], 6)

    assert found.guides == ()


def test_points_go_to_the_grid() -> None:
    """To the nearest of its dots."""
    assert snapped_to_grid((29, -11)) == (20, -20)
