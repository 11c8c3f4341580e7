"""The layered layout and the grid."""

import random

import pytest

from designer.document.layout import GRID, EdgeSpec, LayoutRequest, NodeBox, layered_layout


def a_request(count: int, joins: list[tuple[int, int]], direction=None) -> LayoutRequest:
    return LayoutRequest(
        nodes=tuple(NodeBox(f"s{index}", 145, 45) for index in range(count)),
        edges=tuple(
            EdgeSpec(f"t{index}", f"s{source}", f"s{target}", 80, 18)
            for index, (source, target) in enumerate(joins)
        ),
        initial="s0" if count else None,
        direction=direction,
    )


def a_random_request(count: int, seed: int) -> LayoutRequest:
    dice = random.Random(seed)
    joins = [(dice.randrange(count), dice.randrange(count)) for _ in range(2 * count)]
    return a_request(count, joins)


def boxes_overlap(request: LayoutRequest, centres) -> bool:
    placed = [(centres[node.id], node.width, node.height) for node in request.nodes]
    return any(
        abs(a[0] - b[0]) < (wa + wb) / 2 and abs(a[1] - b[1]) < (ha + hb) / 2
        for index, (a, wa, ha) in enumerate(placed)
        for b, wb, hb in placed[:index]
    )


def test_a_chain_runs_down():
    """States one after another stand below each other."""
    centres = layered_layout(a_request(3, [(0, 1), (1, 2)]))
    assert [centres[f"s{index}"][1] for index in range(3)] == sorted(
        {centres[f"s{index}"][1] for index in range(3)}
    )
    assert len({x for x, _ in centres.values()}) == 1


def test_a_chain_runs_right_when_asked():
    """The direction turns the picture."""
    centres = layered_layout(a_request(3, [(0, 1), (1, 2)], "right"))
    assert len({y for _, y in centres.values()}) == 1
    assert centres["s0"][0] < centres["s1"][0] < centres["s2"][0]


@pytest.mark.parametrize("seed", range(5))
def test_states_never_overlap(seed):
    """Whatever the graph, every state has its own place on the grid."""
    request = a_random_request(30, seed)
    centres = layered_layout(request)
    assert not boxes_overlap(request, centres)
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in centres.values())


def test_the_initial_state_is_left_and_top():
    """It stands in the upper left half, also when edges lead back to it."""
    centres = layered_layout(a_request(4, [(0, 1), (1, 2), (2, 0), (3, 0)]))
    assert centres["s0"][1] == min(y for _, y in centres.values())


def test_a_layout_is_the_same_each_time():
    """No dice are thrown."""
    assert layered_layout(a_random_request(40, 7)) == layered_layout(a_random_request(40, 7))


def test_nothing_and_lone_states_have_a_layout():
    """A flow without edges, or without states, is laid out too."""
    assert layered_layout(a_request(0, [])) == {}
    assert len(layered_layout(a_request(3, []))) == 3
