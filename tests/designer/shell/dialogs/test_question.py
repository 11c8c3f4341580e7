"""Questions."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QPushButton

from designer.shell.dialogs.question import Question, QuestionDialog, ask
from designer.shell.notices import Choice

QUESTION = Question(
    "Save the changes?",
    "Else they are lost.",
    (
        Choice("cancel", "Cancel"),
        Choice("discard", "Discard"),
        Choice("save", "Save", primary=True),
    ),
)


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    return window


async def asked(window):
    """The dialog of a question that was just asked."""
    await asyncio.sleep(0)
    return window.findChild(QuestionDialog)


@pytest.mark.parametrize("choice", ["cancel", "discard", "save"])
async def test_the_button_is_the_answer(window, choice):
    """Each button answers with its id, while the loop goes on."""
    answer = asyncio.create_task(ask(window, QUESTION))
    dialog = await asked(window)
    dialog.findChild(QPushButton, choice).click()

    assert await answer == choice


async def test_escape_is_no_answer(window, qtbot):
    """Nothing is chosen by leaving."""
    answer = asyncio.create_task(ask(window, QUESTION))
    dialog = await asked(window)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert await answer == ""


async def test_enter_is_the_first_choice(window, qtbot):
    """The primary button is the default."""
    answer = asyncio.create_task(ask(window, QUESTION))
    dialog = await asked(window)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)

    assert await answer == "save"


async def test_giving_up_the_question_takes_the_dialog_away(window):
    """Whoever asked may be cancelled; nothing stays on the screen."""
    answer = asyncio.create_task(ask(window, QUESTION))
    await asked(window)
    answer.cancel()
    await asyncio.wait([answer])
    await asyncio.sleep(0)

    assert window.findChild(QuestionDialog) is None
