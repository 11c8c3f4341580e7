"""Drawing transitions by dragging out of a border."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from designer.canvas.geometry import Side
from designer.canvas.items.draft_items import DraftArrowItem
from designer.document.elements import PackOrigin
from designer.document.model import Content
from tests.helpers.canvas_driver import CanvasDriver
from tests.helpers.contents import content_of

Open = Callable[[Content], CanvasDriver]


def test_a_drag_from_border_to_state_connects_them(canvas: CanvasDriver) -> None:
    """The message is in edit mode; arrow and message are one step."""
    canvas.connect("Paid", "Cart", Side.TOP)
    canvas.enter("again")

    assert canvas.arrows[-1] == ("Paid", "again", "Cart")
    assert canvas.steps == 1
    assert canvas.selected == [canvas.document.transitions[-1].id]


def test_a_drag_back_onto_its_own_state_makes_a_self_loop(canvas: CanvasDriver) -> None:
    """Out of the border and back inside."""
    canvas.connect("Paying", "Paying", Side.TOP)
    canvas.enter("retry")

    assert canvas.arrows[-1] == ("Paying", "retry", "Paying")


def test_a_drop_on_empty_canvas_makes_the_state_too(canvas: CanvasDriver) -> None:
    """State, arrow and message are one step, which an undo takes back."""
    before = canvas.document.content
    canvas.connect("Paying", (220, 160), Side.BOTTOM)
    canvas.enter("hold")

    assert canvas.arrows[-1] == ("Paying", "hold", "State1")
    assert canvas.center_of("State1") == (220, 160)
    assert canvas.steps == 1
    canvas.scene.session.undo_stack.undo()
    assert canvas.document.content == before


def test_escape_in_the_drag_leaves_nothing(canvas: CanvasDriver) -> None:
    """Not even the half-drawn arrow."""
    before = canvas.document.content
    canvas.press(canvas.border_of("Paid", Side.TOP))
    canvas.move("Cart")
    assert any(isinstance(item, DraftArrowItem) for item in canvas.scene.items())
    canvas.key(Qt.Key.Key_Escape)
    canvas.release("Cart")

    assert canvas.document.content == before
    assert not any(isinstance(item, DraftArrowItem) for item in canvas.scene.items())
    assert canvas.selected == []


def test_escape_in_the_message_takes_the_arrow_back(canvas: CanvasDriver) -> None:
    """The gesture ends with the message, so giving up there gives up all of it."""
    before = canvas.document.content
    canvas.connect("Paid", "Cart", Side.TOP)
    canvas.key(Qt.Key.Key_Escape)

    assert canvas.document.content == before


def test_a_short_tremble_on_the_border_only_selects(canvas: CanvasDriver) -> None:
    """A hand that did not mean to draw draws nothing."""
    x, y = canvas.border_of("Paid")
    canvas.drag((x, y), (x + 6, y + 2))

    assert canvas.steps == 0
    assert canvas.editor is None


def test_an_arrow_out_of_a_python_state_is_refused(open_canvas: Open) -> None:
    """What is written in Python is not edited here, and the reason is told."""
    content = content_of("Cart Paid")
    python = content.packs[0].__class__(id="p-main", name="main", origin=PackOrigin.PYTHON)
    canvas = open_canvas(Content(content.flow, (python,), content.states, (), content.positions))
    said: list[str] = []
    canvas.view.edit_refused.connect(said.append)
    canvas.connect("Cart", "Paid")

    assert said == ["Cart belongs to Python and cannot be changed here."]
    assert canvas.steps == 0


def test_an_undo_from_elsewhere_ends_the_drag(canvas: CanvasDriver) -> None:
    """What the arrow is drawn on may be gone."""
    canvas.double_click((200, 140))
    canvas.enter("OnHold")
    canvas.press(canvas.border_of("OnHold"))
    canvas.move("Cart")
    canvas.scene.session.undo_stack.undo()
    canvas.release("Cart")

    assert canvas.keys == ["Cart", "Paying", "Paid"]
    assert len(canvas.arrows) == 2
    assert canvas.view.desk.tool is None
