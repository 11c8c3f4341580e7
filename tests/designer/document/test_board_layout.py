"""States on the fields of a board, and the gaps between them."""

import random

import pytest

from designer.document.board_layout import board_layout
from designer.document.board_places import (
    LEAST_GAP,
    Spacing,
    first_spacing,
    packed,
    placed,
)
from designer.document.board_search import best_board
from designer.document.layout import GRID, EdgeSpec, LayoutRequest, NodeBox
from designer.document.layout_candidates import best_layout


def a_request(joins: str, *, initial: str | None = None, direction=None, label=80.0):
    """``ab bc`` are two transitions between three states; ``a-`` is an internal one."""
    pairs = [(pair[0], pair[1] if pair[1] != "-" else None) for pair in joins.split()]
    names = dict.fromkeys(name for pair in pairs for name in pair if name)
    return LayoutRequest(
        nodes=tuple(NodeBox(name, 150, 46) for name in names),
        edges=tuple(
            EdgeSpec(f"t{number}", source, target, label, 20)
            for number, (source, target) in enumerate(pairs)
        ),
        initial=initial,
        direction=direction,
    )


def a_random_request(count: int, seed: int) -> LayoutRequest:
    dice = random.Random(seed)
    return LayoutRequest(
        nodes=tuple(NodeBox(f"s{number}", dice.choice((150, 190)), 46) for number in range(count)),
        edges=tuple(
            EdgeSpec(f"t{number}", f"s{dice.randrange(count)}", f"s{dice.randrange(count)}", 70, 20)
            for number in range(2 * count)
        ),
        initial="s0",
    )


def sprawl(request, centres):
    """A judge for tests: how far apart the joined states are."""
    return sum(
        abs(centres[edge.source][0] - centres[edge.target][0])
        + abs(centres[edge.source][1] - centres[edge.target][1])
        for edge in request.edges
        if edge.target is not None
    )


def test_joined_states_stand_side_by_side():
    """In a chain each state is next to the one before it."""
    fields = board_layout(a_request("ab bc cd", initial="a"), seed=1, moves=600)
    for one, other in ("ab", "bc", "cd"):
        (x1, y1), (x2, y2) = fields[one], fields[other]
        assert abs(x1 - x2) + abs(y1 - y2) == 1


def test_the_initial_state_stands_at_the_left_and_top():
    """It has no state to its left, where its marker is."""
    fields = packed(board_layout(a_request("ab bc ca bd db", initial="a"), seed=1, moves=600))
    assert fields["a"][0] == 0


@pytest.mark.parametrize("seed", range(4))
def test_no_two_states_share_a_field(seed):
    """Whatever the graph."""
    request = a_random_request(14, seed)
    fields = board_layout(request, seed, moves=400)
    assert len(set(fields.values())) == len(request.nodes)


def test_a_seed_has_one_board():
    """The dice fall the same each time."""
    request = a_random_request(9, 3)
    assert board_layout(request, 2, 500) == board_layout(request, 2, 500)


def test_one_state_has_a_board():
    """Also with nothing but an internal transition."""
    assert len(board_layout(a_request("a-"), 1, 50)) == 1


def test_empty_rows_and_columns_are_left_out():
    """Fields move together; their order stays."""
    assert packed({"a": (0, 3), "b": (4, 3), "c": (4, 7)}) == {
        "a": (0, 0),
        "b": (1, 0),
        "c": (1, 1),
    }


def test_labels_have_room_between_neighbours():
    """A wide label widens its column's gap, a stack of labels its row's."""
    request = a_request("ab ac ac ac ac", label=140.0)
    spacing = first_spacing(request, {"a": (0, 0), "b": (1, 0), "c": (0, 1)})
    assert spacing.columns[0] >= 140
    assert spacing.rows[0] >= 4 * 20


def test_states_are_placed_on_the_grid():
    """Rows and columns are straight, and the gaps at least what was asked for, but for rounding."""
    request = a_request("ab ac")
    centres = placed(request, {"a": (0, 0), "b": (1, 0), "c": (0, 1)}, Spacing((100.0,), (70.0,)))
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in centres.values())
    assert centres["a"][1] == centres["b"][1]
    assert centres["a"][0] == centres["c"][0]
    assert centres["b"][0] - centres["a"][0] - 150 >= 100 - GRID / 2
    assert centres["c"][1] - centres["a"][1] - 46 >= 70 - GRID / 2


def test_the_search_never_returns_something_worse_than_it_started_with():
    """The judge's figure of the result is its real one, and gaps stay wide enough for an arrow."""
    request = a_random_request(7, 5)
    best = best_board(request, lambda centres: sprawl(request, centres))
    assert best.cost == sprawl(request, best.places)
    assert min(best.spacing.gaps) >= LEAST_GAP


def test_the_judge_decides():
    """The layout is the one with the least cost among the board and the layers."""
    request = a_random_request(6, 1)
    layers = best_layout(request, None)
    assert sprawl(request, best_layout(request, sprawl)) <= sprawl(request, layers)


def test_a_direction_means_layers():
    """Who asks for a direction gets layers that run that way."""
    request = a_request("ab bc cd", initial="a", direction="right")
    centres = best_layout(request, sprawl)
    assert [centres[key][0] for key in "abcd"] == sorted({centres[key][0] for key in "abcd"})


def test_an_empty_flow_has_an_empty_layout():
    """Nothing to lay out is no error."""
    assert best_layout(LayoutRequest((), ()), sprawl) == {}
