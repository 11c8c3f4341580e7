"""Leading transitions elsewhere by their ends."""

from PySide6.QtCore import Qt

from designer.canvas.items.draft_items import DraftArrowItem
from tests.helpers.canvas_driver import CanvasDriver


def test_dragging_its_tip_leads_a_transition_to_another_state(canvas: CanvasDriver) -> None:
    """In one step."""
    canvas.click("t-0")
    canvas.drag(canvas.scene.drawing.routes["t-0"].points[-1], "Paid")

    assert canvas.arrows[0] == ("Cart", "submit", "Paid")
    assert canvas.steps == 1


def test_dragging_its_start_lets_it_leave_another_state(canvas: CanvasDriver) -> None:
    """The other end stays."""
    canvas.click("t-1")
    canvas.drag(canvas.scene.drawing.routes["t-1"].points[0], "Cart")

    assert canvas.arrows[1] == ("Cart", "confirm", "Paid")


def test_a_drop_on_empty_canvas_changes_nothing(canvas: CanvasDriver) -> None:
    """A transition always leads somewhere."""
    canvas.click("t-0")
    canvas.drag(canvas.scene.drawing.routes["t-0"].points[-1], (200, 180))

    assert canvas.steps == 0
    assert canvas.scene.item_for("t-0").opacity() == 1.0


def test_escape_leaves_the_end_where_it_was(canvas: CanvasDriver) -> None:
    """And takes the loose arrow away."""
    canvas.click("t-0")
    canvas.press(canvas.scene.drawing.routes["t-0"].points[-1])
    canvas.move("Paid")
    canvas.key(Qt.Key.Key_Escape)
    canvas.release("Paid")

    assert canvas.steps == 0
    assert canvas.scene.item_for("t-0").opacity() == 1.0
    assert not any(isinstance(item, DraftArrowItem) for item in canvas.scene.items())


def test_the_tip_dropped_on_its_own_source_makes_a_loop(canvas: CanvasDriver) -> None:
    """A self-transition is a target like others."""
    canvas.click("t-0")
    canvas.drag(canvas.scene.drawing.routes["t-0"].points[-1], "Cart")

    assert canvas.arrows[0] == ("Cart", "submit", "Cart")
