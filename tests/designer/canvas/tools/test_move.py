"""Moving states by hand and by key."""

from PySide6.QtCore import Qt

from designer.canvas.items.draft_items import GuidesItem
from tests.helpers.canvas_driver import CanvasDriver

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_drag_moves_a_state_in_one_step(canvas: CanvasDriver) -> None:
    """However long the way."""
    canvas.drag("Paying", (222, 138))

    assert canvas.center_of("Paying") == (220, 140)
    assert canvas.steps == 1


def test_alt_suspends_snapping(canvas: CanvasDriver) -> None:
    """The state lands exactly under the hand."""
    canvas.drag("Paying", (227, 133), modifiers=ALT)

    assert canvas.center_of("Paying") == (227, 133)


def test_a_drag_snaps_to_a_neighbours_centre_and_shows_why(canvas: CanvasDriver) -> None:
    """A guide line runs through both centres while the hand holds the state."""
    canvas.drag("Cart", (7, 151), modifiers=ALT)
    canvas.press("Paid")
    canvas.move((440, 147))
    guides = [item for item in canvas.scene.items() if isinstance(item, GuidesItem)]
    assert len(guides[0].guides) >= 1
    canvas.release((440, 147))

    assert canvas.center_of("Paid")[1] == 151
    assert not any(isinstance(item, GuidesItem) for item in canvas.scene.items())


def test_all_selected_states_move_together(canvas: CanvasDriver) -> None:
    """By the same way, in one step."""
    canvas.click("Cart")
    canvas.click("Paid", modifiers=SHIFT)
    canvas.drag("Paid", (440, 160))

    assert canvas.center_of("Cart") == (0, 160)
    assert canvas.center_of("Paid") == (440, 160)
    assert canvas.center_of("Paying") == (220, 0)
    assert canvas.steps == 1


def test_escape_puts_everything_back(canvas: CanvasDriver) -> None:
    """States, lines and selection."""
    routes = dict(canvas.scene.drawing.routes)
    canvas.press("Paying")
    canvas.move((300, 200))
    canvas.key(Qt.Key.Key_Escape)
    canvas.release((300, 200))

    assert canvas.center_of("Paying") == (220, 0)
    assert canvas.scene.drawing.routes == routes
    assert canvas.selected == []
    assert canvas.steps == 0


def test_lines_follow_while_a_state_is_dragged(canvas: CanvasDriver) -> None:
    """Not only after it is let go."""
    canvas.press("Paying")
    canvas.move((300, 200))
    tip = canvas.scene.drawing.routes["t-0"].points[-1]
    canvas.release((300, 200))

    box = canvas.scene.drawing.boxes["s-Paying"]
    assert box.left <= tip[0] <= box.right
    assert box.top <= tip[1] <= box.bottom


def test_an_arrow_key_moves_by_one_dot_of_the_grid(canvas: CanvasDriver) -> None:
    """One press, one step."""
    canvas.click("Paying")
    canvas.key(Qt.Key.Key_Right)

    assert canvas.center_of("Paying") == (240, 0)
    assert canvas.steps == 1


def test_shift_and_an_arrow_key_move_far(canvas: CanvasDriver) -> None:
    """Five dots at once."""
    canvas.click("Paying")
    canvas.key(Qt.Key.Key_Down, SHIFT)

    assert canvas.center_of("Paying") == (220, 100)


def test_a_held_arrow_key_is_one_step(canvas: CanvasDriver) -> None:
    """The edit is made when the key is let go."""
    canvas.click("Paying")
    canvas.key_down(Qt.Key.Key_Down)
    canvas.key_down(Qt.Key.Key_Right)
    canvas.key_up(Qt.Key.Key_Down)
    assert canvas.steps == 0
    canvas.key_up(Qt.Key.Key_Right)

    assert canvas.center_of("Paying") == (240, 20)
    assert canvas.steps == 1


def test_escape_ends_a_move_by_keys(canvas: CanvasDriver) -> None:
    """The state stands where it stood."""
    canvas.click("Paying")
    canvas.key_down(Qt.Key.Key_Down)
    canvas.key(Qt.Key.Key_Escape)
    canvas.key_up(Qt.Key.Key_Down)

    assert canvas.center_of("Paying") == (220, 0)
    assert canvas.steps == 0


def test_arrow_keys_without_a_selection_move_the_view(canvas: CanvasDriver) -> None:
    """The canvas can be read without a mouse."""
    before = canvas.view.mapToScene(0, 0)
    canvas.key(Qt.Key.Key_Right)

    assert canvas.view.mapToScene(0, 0).x() > before.x()
