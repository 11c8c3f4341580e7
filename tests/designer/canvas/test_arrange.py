"""Tidying a drawn flow, and a flow as it is opened."""

import asyncio
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from designer.canvas.arrange import layout_request, needs_layout, tidied, tidy
from designer.commands.errors import EditError
from designer.commands.states import move_states
from designer.document import layout_process
from designer.exchange.reader import OpenedFlow
from designer.host.theme import LIGHT
from tests.helpers.contents import content_of, order_like


@pytest.fixture(autouse=True)
def _no_child_left():
    yield
    layout_process.close()


def heap():
    """Four states, all at one place."""
    content = order_like()
    return replace(content, positions=tuple(replace(p, x=0.0, y=0.0) for p in content.positions))


def overlapping(canvas) -> bool:
    boxes = canvas.scene.drawing.boxes.values()
    return any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


async def test_a_flow_is_tidied_in_one_step(open_canvas):
    """No state lies on another, undo puts all of them back, and the step has a name."""
    canvas = open_canvas(heap())
    before = canvas.document.content
    assert await tidy(canvas.view)
    assert not overlapping(canvas)
    stack = canvas.scene.session.undo_stack
    assert (stack.count(), stack.undoText()) == (1, "Tidy layout")
    stack.undo()
    assert canvas.document.content == before


async def test_a_tidy_flow_stays_as_it_is(open_canvas):
    """Tidying twice makes one step."""
    canvas = open_canvas(heap())
    await tidy(canvas.view)
    assert not await tidy(canvas.view)
    assert canvas.steps == 1


@pytest.mark.parametrize("edit", ["move", "undo"])
async def test_what_is_edited_while_it_is_tidied_stays(open_canvas, edit):
    """The arrangement is of a flow that is no more; it would undo what a hand just did."""
    canvas = open_canvas(heap())
    session = canvas.scene.session
    move_states(session, {"s-Cart": (400.0, 400.0)})
    tidying = asyncio.create_task(tidy(canvas.view))
    await asyncio.sleep(0)

    if edit == "undo":
        session.undo_stack.undo()
    else:
        move_states(session, {"s-Paid": (800.0, 400.0)})
    edited = canvas.document.content

    with pytest.raises(EditError, match="tidy it again"):
        await tidying
    assert canvas.document.content == edited


async def test_an_empty_flow_has_nothing_to_tidy(open_canvas):
    """Nothing happens."""
    assert not await tidy(open_canvas(content_of("")).view)


async def test_a_selection_is_tidied_where_it_is(open_canvas):
    """States that are not selected stay, and the others do not come upon them."""
    canvas = open_canvas(heap())
    canvas.scene.select(["s-Cart", "s-Paying"])
    await tidy(canvas.view)
    boxes = canvas.scene.drawing.boxes
    assert boxes["s-Paid"].centre == boxes["s-Failed"].centre == (0.0, 0.0)
    assert not any(boxes[key].overlaps(boxes["s-Paid"]) for key in ("s-Cart", "s-Paying"))


async def test_a_flow_without_places_opens_tidied(qapp):
    """Every state gets a place; a flow that has places keeps them."""
    bare = OpenedFlow(replace(order_like(), positions=()), Path("order.yaml"), {})
    assert needs_layout(bare.content)
    opened = await tidied(bare, LIGHT)
    assert {position.id for position in opened.content.positions} == {
        state.id for state in opened.content.states
    }
    assert not needs_layout(opened.content)
    assert await tidied(opened, LIGHT) is opened


def test_the_request_says_what_is_drawn(open_canvas):
    """States with their sizes, transitions with those of their labels, and the initial state."""
    drawing = open_canvas(order_like()).scene.drawing
    request = layout_request(drawing.boxes, drawing.edges, "s-Cart", "down")
    assert [node.id for node in request.nodes] == list(drawing.boxes)
    assert [edge.target for edge in request.edges][:2] == [None, "s-Paying"]
    assert (request.initial, request.direction) == ("s-Cart", "down")
    assert layout_request(drawing.boxes, drawing.edges, "s-gone").initial is None
