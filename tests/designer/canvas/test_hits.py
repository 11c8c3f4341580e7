"""What lies under the hand."""

from collections.abc import Callable

from designer.canvas.geometry import Side, line_length, point_along
from designer.canvas.hits import HitKind, hit_at
from designer.document.model import Content
from tests.helpers.canvas_driver import CanvasDriver
from tests.helpers.contents import content_of

Open = Callable[[Content], CanvasDriver]


def kind(canvas: CanvasDriver, x: float, y: float, zoom: float = 1.0) -> HitKind:
    return hit_at(canvas.scene, (x, y), zoom).kind


def test_a_state_has_a_body_and_a_border(canvas: CanvasDriver) -> None:
    """Nothing lies well outside."""
    x, y = canvas.border_of("Cart", Side.BOTTOM)

    assert kind(canvas, x, y - 20) is HitKind.STATE
    assert kind(canvas, x, y + 5) is HitKind.BORDER
    assert kind(canvas, x, y + 60) is HitKind.NOTHING


def test_a_label_is_part_of_its_transition(canvas: CanvasDriver) -> None:
    """And nothing of a state."""
    hit = hit_at(canvas.scene, canvas.center_of("t-0"))

    assert (hit.kind, hit.id) == (HitKind.LABEL, "t-0")
    assert hit.on_transition
    assert not hit.on_state


def test_ends_of_a_selected_transition_come_first(canvas: CanvasDriver) -> None:
    """They lie on the borders of states."""
    tip = canvas.scene.drawing.routes["t-0"].points[-1]
    assert kind(canvas, *tip) is HitKind.BORDER

    canvas.scene.select(["t-0"])
    assert kind(canvas, *tip) is HitKind.TARGET_END
    assert kind(canvas, *canvas.scene.drawing.routes["t-0"].points[0]) is HitKind.SOURCE_END


def test_a_long_line_can_be_taken_near_its_ends(open_canvas: Open) -> None:
    """Without being selected first; in its middle it is just a line."""
    canvas = open_canvas(content_of("A B", [("A", "go", "B")]))
    canvas.scene.preview({"s-B": (700.0, 0.0)})
    points = canvas.scene.drawing.routes["t-0"].points
    length = line_length(points)

    assert kind(canvas, *point_along(points, length - 16)) is HitKind.TARGET_END
    assert kind(canvas, *point_along(points, 16)) is HitKind.SOURCE_END
    assert kind(canvas, *point_along(points, 60)) is HitKind.LINE
    canvas.scene.end_preview()


def test_zoomed_out_the_hand_is_coarser(canvas: CanvasDriver) -> None:
    """What is eight px on the screen is more in the drawing."""
    x, y = canvas.border_of("Cart", Side.BOTTOM)
    x -= 50  # no line leaves there

    assert kind(canvas, x, y + 16) is HitKind.NOTHING
    assert kind(canvas, x, y + 16, zoom=0.5) is HitKind.BORDER
