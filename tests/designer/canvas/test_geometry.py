"""Distances, zones and free places."""

import math

import pytest

from designer.canvas.geometry import (
    Side,
    StateZone,
    border_point,
    distance_to_line,
    free_place,
    line_length,
    nearest_in_direction,
    point_along,
    side_middle,
    state_zone,
    union,
)
from designer.canvas.routes import Rect

BOX = Rect(0, 0, 150, 46)


@pytest.mark.parametrize(
    ("point", "zone"),
    [
        ((75, 23), StateZone.BODY),
        ((2, 23), StateZone.BORDER),
        ((-8, 23), StateZone.BORDER),
        ((75, 53), StateZone.BORDER),
        ((-12, 23), StateZone.OUTSIDE),
    ],
)
def test_a_state_has_a_body_and_a_border(point: tuple[float, float], zone: StateZone) -> None:
    """The border reaches a little to both sides of the line."""
    assert state_zone(BOX, point) is zone


def test_the_middle_of_each_side() -> None:
    """Where the connect handles are."""
    assert [side_middle(BOX, side) for side in Side] == [(0, 23), (150, 23), (75, 0), (75, 46)]


def test_a_straight_line_leaves_a_box_towards_its_aim() -> None:
    """Through the side that faces it."""
    assert border_point(BOX, (1000, 23)) == (150, 23)
    assert border_point(BOX, (75, -500)) == (75, 0)


def test_a_line_to_its_own_middle_leaves_to_the_right() -> None:
    """There is no direction to follow."""
    assert border_point(BOX, BOX.centre) == (150, 23)


def test_distance_from_a_line_of_pieces() -> None:
    """To the nearest piece, and to a single point."""
    line = [(0.0, 0.0), (100.0, 0.0), (100.0, 50.0)]

    assert distance_to_line(line, (50, 8)) == 8
    assert distance_to_line(line, (106, 58)) == 10
    assert distance_to_line([(3.0, 4.0)], (0, 0)) == 5
    assert distance_to_line([(1.0, 1.0), (1.0, 1.0)], (1, 3)) == 2
    assert distance_to_line([], (0, 0)) == math.inf


def test_points_along_a_line() -> None:
    """Measured from its start; its end when it is shorter."""
    line = [(0.0, 0.0), (100.0, 0.0), (100.0, 50.0)]

    assert line_length(line) == 150
    assert point_along(line, 30) == (30, 0)
    assert point_along(line, 120) == (100, 20)
    assert point_along(line, 999) == (100, 50)


def test_no_line_has_no_points() -> None:
    """Asking is a mistake."""
    with pytest.raises(ValueError, match="needs a point"):
        point_along([], 0)


def test_union_of_boxes() -> None:
    """The smallest box around all; none around none."""
    assert union([BOX, Rect(200, -20, 10, 10)]) == Rect(0, -20, 210, 66)
    assert union([]) is None


def test_the_nearest_in_a_direction_is_rather_ahead_than_aside() -> None:
    """What lies straight ahead wins over what is nearer but off the way."""
    places = [("ahead", (100.0, 0.0)), ("aside", (60.0, 55.0)), ("behind", (-10.0, 0.0))]

    assert nearest_in_direction((0, 0), places, Side.RIGHT) == "ahead"
    assert nearest_in_direction((0, 0), places, Side.LEFT) == "behind"
    assert nearest_in_direction((0, 0), places, Side.TOP) is None


def test_a_free_place_is_the_wanted_one_or_one_near_it() -> None:
    """Whichever is clear of all boxes."""
    assert free_place(BOX, []) == BOX
    found = free_place(BOX, [BOX, Rect(0, 80, 150, 46)])
    assert found == Rect(0, -80, 150, 46)
