"""Items draw themselves in a real view."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF

from designer.canvas.geometry import Side
from designer.canvas.items.far_item import FarItem
from designer.canvas.items.transition_item import TransitionItem
from designer.document.elements import Pack, PackOrigin, State
from designer.document.model import Content
from designer.host.theme import DARK, LIGHT
from tests.helpers.canvas_driver import CanvasDriver
from tests.helpers.contents import content_of, order_like

Open = Callable[[Content], CanvasDriver]


def colors(canvas: CanvasDriver, around: tuple[float, float], reach: int = 12) -> set[str]:
    image = canvas.view.viewport().grab().toImage()
    place = canvas.view.mapFromScene(QPointF(*around))
    area = [
        (place.x() + dx, place.y() + dy) for dx in range(-reach, reach + 1) for dy in (-2, 0, 2)
    ]
    return {image.pixelColor(x, y).name() for x, y in area}


def test_states_and_labels_are_on_the_screen(open_canvas: Open) -> None:
    """In their colours."""
    canvas = open_canvas(order_like())
    canvas.hover((0, 160))

    assert LIGHT.text.name() in colors(canvas, canvas.center_of("Cart"), 20)
    assert LIGHT.label_pill.name() in colors(canvas, canvas.center_of("t-1"), 20)


def test_a_selected_line_shows_its_ends(open_canvas: Open) -> None:
    """By which it is led elsewhere."""
    canvas = open_canvas(order_like())
    canvas.click("t-1")
    canvas.hover((0, 160))
    tip = canvas.scene.drawing.routes["t-1"].points[-1]

    assert LIGHT.accent.name() in colors(canvas, tip)


def test_from_far_away_boxes_and_lines_remain(open_canvas: Open) -> None:
    """Drawn by one item."""
    canvas = open_canvas(order_like())
    for _ in range(9):
        canvas.view.zoom_out()
    far = [item for item in canvas.scene.items() if isinstance(item, FarItem)]

    assert len(far) == 1
    assert LIGHT.transition.name() in colors(canvas, canvas.center_of("Cart"), 4)


def test_packs_have_their_ground(open_canvas: Open) -> None:
    """Tinted, where nothing else is drawn."""
    content = content_of("Cart Paid")
    extra = Pack(id="p-2", name="extras", origin=PackOrigin.INLINE, color="#ff0000")
    parked = State(id="s-Parked", pack="p-2", key="Parked")
    canvas = open_canvas(
        replace(
            content, packs=(*content.packs, extra), states=(*content.states, parked), positions=()
        )
    )
    box = canvas.scene.drawing.regions()["p-2"]
    inside = (box.left + 12, box.bottom - 12)

    assert colors(canvas, inside, 2) - {LIGHT.canvas.name(), LIGHT.grid.name()}
    canvas.scene.set_theme(DARK)
    assert DARK.canvas.name() not in colors(canvas, inside, 2)


def test_an_arrow_that_follows_another_is_drawn_once(open_canvas: Open) -> None:
    """A line drawn twice looks thicker than the others."""
    arrows = [("Cart", f"m{n}", "Paid") for n in range(6)]
    canvas = open_canvas(content_of("Cart Paid", arrows))
    routes = canvas.scene.drawing.routes.values()
    if all(route.bundle is None for route in routes):
        tips = {route.points[-1] for route in routes}
        assert len(tips) == 6
    for item in canvas.scene.items():
        if isinstance(item, TransitionItem):
            assert item.boundingRect().contains(QPointF(*item.route.points[-1]))


@pytest.mark.parametrize("side", list(Side))
def test_a_half_drawn_arrow_is_seen(open_canvas: Open, side: Side) -> None:
    """While the hand draws it."""
    canvas = open_canvas(content_of("Cart"))
    x, y = canvas.border_of("Cart", side)
    dx, dy = side.value
    canvas.press((x, y))
    canvas.move((x + 160 * dx, y + 160 * dy))
    seen = colors(canvas, (x + 80 * dx, y + 80 * dy), 8)
    canvas.view.cancel_gesture()
    canvas.release((x, y))

    assert seen - {LIGHT.canvas.name(), LIGHT.grid.name()}


def test_a_band_is_seen(open_canvas: Open) -> None:
    """While the hand drags it."""
    canvas = open_canvas(content_of("Cart"))
    canvas.press((-200, 100))
    canvas.move((-100, 200))
    inside = colors(canvas, (-150, 150), 6)
    canvas.view.cancel_gesture()
    canvas.release((-100, 200))

    assert LIGHT.canvas.name() not in inside


def test_guide_lines_are_seen(open_canvas: Open) -> None:
    """From the dragged state to what it is in line with."""
    canvas = open_canvas(content_of("Cart Paid"))
    canvas.press("Paid")
    canvas.move((2, 200))
    seen = colors(canvas, (0, 100), 6)
    canvas.view.cancel_gesture()
    canvas.release((2, 200))

    assert LIGHT.accent.name() in seen


def test_items_know_their_bounds(open_canvas: Open) -> None:
    """Whatever they draw lies inside."""
    canvas = open_canvas(order_like())
    for item in canvas.scene.items():
        bounds = item.boundingRect()
        assert bounds.isNull() or bounds.width() > 0
    state = canvas.scene.item_for("s-Cart")
    assert state.boundingRect().contains(QRectF(-75, -23, 150, 46))
