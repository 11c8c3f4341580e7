"""The numbers of a drawn document."""

from dataclasses import replace

from designer.canvas.drawing import FlowDrawing
from designer.canvas.style import TextRole
from designer.document.elements import Pack, PackOrigin, Position, State, Transition
from designer.document.model import Content, Document
from tests.helpers.contents import content_of, order_like


class SevenPx:
    """Every letter is seven px wide."""

    def width(self, role: TextRole, text: str) -> float:
        return 7.0 * len(text)


def drawn(content: Content) -> FlowDrawing:
    drawing = FlowDrawing(Document(content), SevenPx())
    drawing.refresh()
    return drawing


def test_states_stand_where_the_document_has_them() -> None:
    """Their place is their middle."""
    drawing = drawn(order_like())

    assert drawing.boxes["s-Paying"].centre == (220, 0)
    assert list(drawing.faces) == ["s-Cart", "s-Paying", "s-Paid", "s-Failed"]


def test_states_without_a_place_stand_below_the_others() -> None:
    """In rows, and on nobody."""
    content = order_like()
    drawing = drawn(replace(content, positions=content.positions[:1]))
    boxes = list(drawing.boxes.values())

    assert boxes[0].centre == (0, 0)
    assert all(box.top > boxes[0].bottom for box in boxes[1:])
    assert not any(a.overlaps(b) for a in boxes for b in boxes if a is not b)


def test_every_transition_has_a_route_and_a_label() -> None:
    """Internal ones too."""
    drawing = drawn(order_like())

    assert drawing.routes.keys() == drawing.labels.keys() == {f"t-{n}" for n in range(5)}
    assert drawing.edges[0].target is None


def with_builtin(*, used: bool) -> Content:
    content = content_of("Cart", [], initial="Cart")
    builtin = Pack(id="p-builtin", name="builtin", origin=PackOrigin.BUILTIN)
    state = State(id="s-Error", pack="p-builtin", key="ErrorHandling")
    arrow = Transition(id="t-0", pack="p-main", source="s-Cart", target="s-Error", message="fail")
    return replace(
        content,
        packs=(*content.packs, builtin),
        states=(*content.states, state),
        transitions=(arrow,) if used else (),
        positions=(*content.positions, Position("s-Error", 300, 0)),
    )


def test_builtin_states_show_while_something_leads_to_them() -> None:
    """Four states that nobody uses would only be in the way."""
    assert "s-Error" in drawn(with_builtin(used=True)).boxes
    assert "s-Error" not in drawn(with_builtin(used=False)).boxes


def test_several_packs_have_regions_behind_their_states() -> None:
    """Each around its own; a single pack needs none."""
    drawing = drawn(with_builtin(used=True))
    regions = drawing.regions()

    assert regions.keys() == {"p-main", "p-builtin"}
    assert regions["p-builtin"].left < drawing.boxes["s-Error"].left
    assert drawn(order_like()).regions() == {}


def test_a_preview_moves_boxes_and_lines() -> None:
    """And is forgotten by the next refresh."""
    drawing = drawn(order_like())
    before = drawing.routes["t-1"]
    drawing.preview({"s-Paying": (220.0, 300.0)})

    assert drawing.boxes["s-Paying"].centre == (220, 300)
    assert drawing.routes["t-1"] != before
    drawing.refresh()
    assert drawing.boxes["s-Paying"].centre == (220, 0)
    assert drawing.routes["t-1"] == before


def test_bounds_hold_all_that_is_drawn() -> None:
    """States, lines, labels, and the initial mark."""
    drawing = drawn(order_like())
    bounds, arrow = drawing.bounds, drawing.initial_arrow()

    assert bounds is not None
    assert arrow is not None
    assert bounds.left <= arrow[0][0]
    assert all(bounds.grown(1).overlaps(box) for box in drawing.boxes.values())
    for route in drawing.routes.values():
        assert all(bounds.left <= x <= bounds.right for x, _ in route.points)


def test_an_empty_flow_has_no_bounds() -> None:
    """And no initial mark."""
    drawing = drawn(content_of(""))

    assert drawing.bounds is None
    assert drawing.initial_arrow() is None


def test_the_initial_mark_stands_on_the_ground_of_its_pack() -> None:
    """Not across the region's border."""
    drawing = drawn(with_builtin(used=True))
    arrow, region = drawing.initial_arrow(), drawing.regions()["p-main"]

    assert arrow is not None
    assert region.left < arrow[0][0] - 6
