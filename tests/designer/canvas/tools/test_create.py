"""Making states."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from designer.document.elements import Pack, PackOrigin
from designer.document.model import Content
from tests.helpers.canvas_driver import CanvasDriver
from tests.helpers.contents import content_of

Open = Callable[[Content], CanvasDriver]


def test_double_click_on_empty_canvas_makes_a_state_there(canvas: CanvasDriver) -> None:
    """Its name is at once in edit mode; state and name are one step."""
    canvas.double_click((200, 140))
    canvas.enter("OnHold")

    assert canvas.keys == ["Cart", "Paying", "Paid", "OnHold"]
    assert canvas.center_of("OnHold") == (200, 140)
    assert canvas.steps == 1
    assert canvas.selected == ["OnHold"]


def test_undo_takes_a_new_state_and_its_name_back(canvas: CanvasDriver) -> None:
    """One gesture is one step."""
    before = canvas.document.content
    canvas.double_click((200, 140))
    canvas.enter("OnHold")
    canvas.scene.session.undo_stack.undo()

    assert canvas.document.content == before


def test_escape_while_naming_takes_the_new_state_back(canvas: CanvasDriver) -> None:
    """A cancelled gesture leaves nothing."""
    before = canvas.document.content
    canvas.double_click((200, 140))
    canvas.type("On")
    canvas.key(Qt.Key.Key_Escape)

    assert canvas.document.content == before
    assert canvas.editor is None
    assert canvas.steps == 0


def test_a_new_state_keeps_its_proposed_name_when_the_hand_goes_on(canvas: CanvasDriver) -> None:
    """A click elsewhere takes what stands in the field."""
    canvas.double_click((200, 140))
    canvas.click((400, 200))

    assert canvas.keys == ["Cart", "Paying", "Paid", "State1"]
    assert canvas.editor is None


def test_a_bad_name_is_explained_beneath_the_field(canvas: CanvasDriver) -> None:
    """Enter does not take it, and the editing goes on."""
    canvas.double_click((200, 140))
    canvas.enter("On Hold")

    editor = canvas.editor
    assert editor is not None
    assert "without blanks" in editor.error
    assert canvas.keys[-1] == "State1"


def test_n_makes_a_state_under_the_hand(canvas: CanvasDriver) -> None:
    """The key needs no click."""
    canvas.hover((200, 140))
    canvas.key(Qt.Key.Key_N)
    canvas.enter("OnHold")

    assert canvas.center_of("OnHold") == (200, 140)


def test_n_keeps_clear_of_other_states(canvas: CanvasDriver) -> None:
    """A state made on top of another would hide it."""
    canvas.hover("Paying")
    canvas.key(Qt.Key.Key_N)
    canvas.enter("OnHold")
    boxes = canvas.scene.drawing.boxes

    new = boxes[canvas.id_of("OnHold")]
    assert not any(new.overlaps(box) for box in boxes.values() if box != new)


def test_n_types_a_letter_while_a_field_has_the_focus(canvas: CanvasDriver) -> None:
    """Single letters act on the canvas alone."""
    canvas.double_click((200, 140))
    canvas.enter("nana")

    assert canvas.keys == ["Cart", "Paying", "Paid", "nana"]


def test_a_appends_a_connected_state(canvas: CanvasDriver) -> None:
    """The transition's message is in edit mode; all of it is one step."""
    canvas.click("Paid")
    canvas.key(Qt.Key.Key_A)
    canvas.enter("archive")

    assert canvas.arrows[-1] == ("Paid", "archive", "State1")
    assert canvas.selected == ["State1"]
    assert canvas.steps == 1


def test_escape_takes_an_appended_state_back(canvas: CanvasDriver) -> None:
    """State, transition and message go together."""
    before = canvas.document.content
    canvas.click("Paid")
    canvas.key(Qt.Key.Key_A)
    canvas.key(Qt.Key.Key_Escape)

    assert canvas.document.content == before


def test_a_follows_where_a_selected_transition_leads(canvas: CanvasDriver) -> None:
    """The state at its tip gets the follower."""
    canvas.click("t-0")
    canvas.key(Qt.Key.Key_A)
    canvas.enter("skip")

    assert canvas.arrows[-1] == ("Paying", "skip", "State1")


def test_a_without_a_selection_says_what_is_missing(canvas: CanvasDriver) -> None:
    """Nothing is made."""
    said: list[str] = []
    canvas.view.edit_refused.connect(said.append)
    canvas.key(Qt.Key.Key_A)

    assert len(said) == 1
    assert canvas.steps == 0


@pytest.mark.parametrize("key", [Qt.Key.Key_N, Qt.Key.Key_A])
def test_a_flow_of_python_gets_no_state_here(open_canvas: Open, key: Qt.Key) -> None:
    """And the reason is told."""
    content = content_of("Cart Paid")
    python = Pack(id="p-main", name="main", origin=PackOrigin.PYTHON)
    canvas = open_canvas(replace(content, packs=(python,)))
    said: list[str] = []
    canvas.view.edit_refused.connect(said.append)
    canvas.click("Cart")
    canvas.key(key)

    assert len(said) == 1
    assert canvas.keys == ["Cart", "Paid"]


def test_the_first_state_of_an_empty_flow_becomes_initial(open_canvas: Open) -> None:
    """Two keys are enough for a flow that starts somewhere."""
    canvas = open_canvas(content_of(""))
    canvas.key(Qt.Key.Key_N)
    canvas.enter("Idle")

    assert canvas.document.flow.initial == canvas.id_of("Idle")
    assert canvas.steps == 1
