"""The small map."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from designer.canvas.overlay import Overlay
from designer.document.model import Content
from designer.host.theme import LIGHT
from tests.helpers.canvas_driver import CanvasDriver
from tests.helpers.contents import content_of, order_like

Open = Callable[[Content], CanvasDriver]


def colors(canvas: CanvasDriver) -> set[str]:
    image = canvas.view.minimap.grab().toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_it_lies_in_the_lower_right_corner(canvas: CanvasDriver) -> None:
    """At every size of the view."""
    canvas.view.resize(700, 500)
    area, map_ = canvas.view.viewport().rect(), canvas.view.minimap.geometry()

    assert area.right() - map_.right() == area.bottom() - map_.bottom() == 12
    canvas.view.pan(50, 50)
    assert canvas.view.minimap.geometry() == map_


def test_it_shows_states_and_the_active_one(canvas: CanvasDriver) -> None:
    """In the colours of the canvas."""
    assert LIGHT.state_border.name() in colors(canvas)
    assert LIGHT.ok.name() not in colors(canvas)

    canvas.scene.set_overlay(Overlay(active="s-Paying"))
    assert LIGHT.ok.name() in colors(canvas)


def test_a_press_moves_the_view_there(open_canvas: Open) -> None:
    """And a drag goes on from there."""
    canvas = open_canvas(content_of(" ".join(f"S{n}" for n in range(20))))
    canvas.view.zoom_reset()
    minimap = canvas.view.minimap
    place = QPoint(140, 70)
    QTest.mousePress(minimap, Qt.MouseButton.LeftButton, pos=place)
    middle = canvas.view.mapToScene(canvas.view.viewport().rect().center())
    assert abs(middle.x() - minimap.point_at(place.toPointF()).x()) < 2

    QTest.mouseMove(minimap, QPoint(40, 70))
    QTest.mouseRelease(minimap, Qt.MouseButton.LeftButton, pos=QPoint(40, 70))
    assert canvas.steps == 0


def test_it_tells_the_zoom(canvas: CanvasDriver) -> None:
    """In words too."""
    canvas.view.zoom_in()

    assert canvas.view.minimap.accessibleDescription() == "120%"


def test_an_empty_canvas_has_none(open_canvas: Open) -> None:
    """There is nothing to find on it."""
    canvas = open_canvas(content_of(""))

    assert not canvas.view.minimap.isVisible()


def test_a_small_view_is_for_the_flow_alone(open_canvas: Open) -> None:
    """There the map would hide it, or a fit would squeeze it beside the map."""
    canvas = open_canvas(order_like())
    canvas.view.resize(480, 280)
    canvas.view.fit()
    assert not canvas.view.minimap.isVisible()
    assert canvas.view.zoom > 0.4

    canvas.view.resize(900, 600)

    assert canvas.view.minimap.isVisible()
