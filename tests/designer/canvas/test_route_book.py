"""Routes that follow what is drawn, quickly first and then as good as they get."""

import pytest

from designer.canvas import route_book as book_module
from designer.canvas.route_book import AT_ONCE, RouteBook
from designer.canvas.routing import EdgeInput, Rect, route_all

Boxes = dict[str, Rect]
Edges = tuple[EdgeInput, ...]


def flow(states: int, lines: int) -> tuple[Boxes, Edges]:
    """States in rows of eight, each with lines to the next ones."""
    boxes = {f"s{n}": Rect.around((n % 8 * 240.0, n // 8 * 140.0), 150, 46) for n in range(states)}
    edges = tuple(
        EdgeInput(f"t{n}", f"s{n % states}", f"s{(n * 3 + 1) % states}", 60, 20)
        for n in range(lines)
    )
    return boxes, edges


@pytest.fixture
def small() -> tuple[RouteBook, Boxes, Edges]:
    book, (boxes, edges) = RouteBook(), flow(4, 5)
    book.follow(boxes, edges, "s0")
    return book, boxes, edges


def moved(boxes: Boxes, state: str) -> Boxes:
    return boxes | {state: boxes[state]._replace(top=boxes[state].top + 300)}


def test_a_small_flow_opens_with_the_best_routes(small: tuple[RouteBook, Boxes, Edges]) -> None:
    """Nobody waits for them."""
    book, boxes, edges = small

    assert book.settled
    assert book.routes == route_all(boxes, edges, "s0")


def test_a_change_is_answered_at_once_and_settles_later(
    small: tuple[RouteBook, Boxes, Edges],
) -> None:
    """At the best routes for what is drawn then."""
    book, boxes, edges = small
    there = moved(boxes, "s1")
    book.follow(there, edges, "s0")
    assert not book.settled
    assert book.routes.keys() == {edge.id for edge in edges}

    assert book.settle()
    assert book.settled
    assert book.routes == route_all(there, edges, "s0")
    assert not book.settle()


def test_an_undo_brings_the_very_lines_back(small: tuple[RouteBook, Boxes, Edges]) -> None:
    """Without working anything out."""
    book, boxes, edges = small
    before = book.routes
    book.follow(moved(boxes, "s1"), edges, "s0")
    book.follow(boxes, edges, "s0")

    assert book.settled
    assert book.routes is before


def test_a_preview_is_forgotten_when_nothing_came_of_it(
    small: tuple[RouteBook, Boxes, Edges],
) -> None:
    """The lines lie as before."""
    book, boxes, edges = small
    before = book.routes
    book.preview(moved(boxes, "s1"), ["s1"])
    assert book.routes != before

    book.follow(boxes, edges, "s0")
    assert book.routes is before


def test_nothing_is_routed_again_while_nothing_changes(
    small: tuple[RouteBook, Boxes, Edges], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words may change as they like, as long as sizes do not."""
    book, boxes, edges = small

    def refuse(*arguments: object) -> None:
        raise AssertionError("routed again")

    for name in ("route_all", "reroute", "route_steps", "plain_routes"):
        monkeypatch.setattr(book_module, name, refuse)
    book.follow(dict(boxes), tuple(edges), "s0")

    assert book.settled


def test_a_longer_label_is_routed_anew(small: tuple[RouteBook, Boxes, Edges]) -> None:
    """It may not fit where it was."""
    book, boxes, edges = small
    longer = (edges[0]._replace(label_width=180), *edges[1:])
    book.follow(boxes, longer, "s0")

    assert not book.settled
    book.settle()
    assert book.routes == route_all(boxes, longer, "s0")


def test_added_and_removed_lines_come_and_go(small: tuple[RouteBook, Boxes, Edges]) -> None:
    """With and without their states."""
    book, boxes, edges = small
    book.follow(boxes, edges[:-1], "s0")
    assert book.routes.keys() == {edge.id for edge in edges[:-1]}

    fewer = {key: box for key, box in boxes.items() if key != "s3"}
    left = tuple(edge for edge in edges if "s3" not in (edge.source, edge.target))
    book.follow(fewer, left, "s0")
    assert book.routes.keys() == {edge.id for edge in left}
    book.follow({}, (), None)
    assert book.routes == {}


def test_a_large_flow_opens_at_once_and_settles_in_slices() -> None:
    """Each of them short; a change in between starts afresh."""
    book, (boxes, edges) = RouteBook(), flow(24, AT_ONCE + 20)
    book.follow(boxes, edges, "s0")
    assert not book.settled
    assert book.routes.keys() == {edge.id for edge in edges}

    assert not book.settle_some(0.0)
    there = moved(boxes, "s5")
    book.preview(there, ["s5"])
    book.follow(there, edges, "s0")
    while not book.settle_some(0.002):
        pass
    assert book.routes == route_all(there, edges, "s0")
    assert not book.settle_some(0.002)


def test_only_so_much_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest goes first."""
    monkeypatch.setattr(book_module, "REMEMBERED", 2)
    book, (boxes, edges) = RouteBook(), flow(4, 5)
    places = [boxes, moved(boxes, "s1"), moved(boxes, "s2")]
    for place in places:
        book.follow(place, edges, "s0")
        book.settle()

    book.follow(places[0], edges, "s0")
    assert not book.settled
