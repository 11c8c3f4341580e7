"""Editing names and labels in place."""

import pytest
from PySide6.QtCore import Qt

from designer.commands.states import rename_state
from designer.commands.transitions import edit_transition
from tests.helpers.canvas_driver import CanvasDriver

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_edit_the_name_of_the_selected_state(canvas: CanvasDriver, key: Qt.Key) -> None:
    """The whole name is selected, so typing replaces it."""
    canvas.click("Paying")
    canvas.key(key)
    canvas.enter("Payment")

    assert canvas.keys == ["Cart", "Payment", "Paid"]
    assert canvas.steps == 1
    assert canvas.scene.session.undo_stack.undoText() == "Rename Paying to Payment"


def test_a_double_click_edits_a_name(canvas: CanvasDriver) -> None:
    """On any state."""
    canvas.double_click("Paying")
    canvas.enter("Payment")

    assert canvas.keys == ["Cart", "Payment", "Paid"]


def test_a_double_click_edits_a_message(canvas: CanvasDriver) -> None:
    """On any label."""
    canvas.double_click("t-0")
    canvas.enter("send")

    assert canvas.arrows[0] == ("Cart", "send", "Paying")


def test_a_label_takes_a_guard(canvas: CanvasDriver) -> None:
    """Written as it is shown."""
    canvas.double_click("t-0")
    canvas.enter("submit [context.items > 0]")

    edited = canvas.document.transitions[0]
    assert (edited.message, edited.guard) == ("submit", "context.items > 0")
    assert canvas.steps == 1


def test_typing_over_the_message_keeps_the_guard(canvas: CanvasDriver) -> None:
    """Only the message is selected when the editing begins."""
    canvas.double_click("t-0")
    canvas.enter("submit [context.items > 0]")
    canvas.double_click("t-0")
    canvas.enter("send")

    edited = canvas.document.transitions[0]
    assert (edited.message, edited.guard) == ("send", "context.items > 0")


def test_a_label_without_its_guard_has_none(canvas: CanvasDriver) -> None:
    """What was shown and is gone is taken away."""
    canvas.double_click("t-0")
    canvas.enter("submit [context.items > 0]")
    canvas.double_click("t-0")
    canvas.key(Qt.Key.Key_A, CONTROL)
    canvas.enter("send")

    assert canvas.document.transitions[0].guard is None


def test_a_label_takes_a_delay(canvas: CanvasDriver) -> None:
    """In place of the message."""
    canvas.double_click("t-0")
    canvas.enter("after 15m")

    edited = canvas.document.transitions[0]
    assert (edited.message, edited.after) == (None, 900.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "message or a delay"),
        ("after 0s", "30s"),
        ("after 0.5ms", "from 1ms"),
        ("go [context.]", ""),
        ("go / set total", "Properties"),
        ("go [context.total > 3] / set total", "Properties"),
    ],
)
def test_what_is_wrong_with_a_label_shows_beneath(
    canvas: CanvasDriver, text: str, words: str
) -> None:
    """And Enter does not take it."""
    canvas.double_click("t-0")
    canvas.key(Qt.Key.Key_A, CONTROL)
    canvas.key(Qt.Key.Key_Delete)
    canvas.enter(text)

    editor = canvas.editor
    assert editor is not None
    assert editor.error
    assert words in editor.error
    assert canvas.steps == 0


def test_a_message_that_looks_like_actions_can_stay(canvas: CanvasDriver) -> None:
    """It was given elsewhere, where nothing else can be meant."""
    edit_transition(canvas.scene.session, "t-0", message="GET / index")
    canvas.double_click("t-0")
    canvas.key(Qt.Key.Key_End)
    canvas.enter(" [context.items > 0]")

    edited = canvas.document.transitions[0]
    assert (edited.message, edited.guard) == ("GET / index", "context.items > 0")


def test_escape_leaves_the_name(canvas: CanvasDriver) -> None:
    """Whatever was typed."""
    canvas.double_click("Paying")
    canvas.type("Nonsense")
    canvas.key(Qt.Key.Key_Escape)

    assert canvas.keys == ["Cart", "Paying", "Paid"]
    assert canvas.steps == 0
    assert canvas.view.hasFocus()


def test_a_name_left_as_it_was_is_no_edit(canvas: CanvasDriver) -> None:
    """Enter without typing changes nothing."""
    canvas.double_click("Paying")
    canvas.key(Qt.Key.Key_Return)

    assert canvas.steps == 0
    assert canvas.editor is None


def test_a_taken_name_is_given_up_when_the_hand_goes_on(canvas: CanvasDriver) -> None:
    """A click elsewhere keeps only what may be."""
    canvas.double_click("Paying")
    canvas.type("Cart")
    canvas.click((200, 160))

    assert canvas.keys == ["Cart", "Paying", "Paid"]
    assert canvas.editor is None


def test_an_edit_from_elsewhere_closes_the_editor(canvas: CanvasDriver) -> None:
    """The text it was about may have changed."""
    canvas.double_click("Paying")
    rename_state(canvas.scene.session, "s-Paying", "Payment")

    assert canvas.editor is None
    assert canvas.keys == ["Cart", "Payment", "Paid"]


def test_the_editor_stays_over_its_text_when_the_view_moves(canvas: CanvasDriver) -> None:
    """A wheel turn does not end the editing."""
    canvas.double_click("Paying")
    editor = canvas.editor
    assert editor is not None
    before = editor.pos()
    canvas.view.pan(40, 30)

    assert (editor.pos() - before).x() == 40
    assert (editor.pos() - before).y() == 30


def test_keys_edit_nothing_while_several_are_selected(canvas: CanvasDriver) -> None:
    """It would be unclear which."""
    canvas.key(Qt.Key.Key_A, CONTROL)
    canvas.key(Qt.Key.Key_F2)

    assert canvas.editor is None
