"""The command palette."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QListView, QMainWindow

from designer.shell.palette import Command, CommandPalette, rank


@pytest.fixture
def ran():
    return []


@pytest.fixture
def palette(qtbot, ran):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(900, 700)
    commands = [
        Command("Open...", lambda: ran.append("open"), "Ctrl+O", "File"),
        Command("Undo", lambda: ran.append("undo"), "Ctrl+Z", "Edit", enabled=False),
        Command("Zoom out", lambda: ran.append("out"), "", "View"),
        Command("AwaitingPayment", lambda: ran.append("go"), "", "State"),
    ]
    with qtbot.waitExposed(window):
        window.show()
    palette = CommandPalette(window, lambda: commands)
    palette.open()
    yield palette
    palette.hide()


def shown(palette):
    """The texts in the list."""
    model = palette.findChild(QListView).model()
    return [model.index(row).data() for row in range(model.rowCount())]


def type_text(palette, qtbot, text):
    """Types into the field."""
    qtbot.keyClicks(palette.findChild(QLineEdit), text)


@pytest.mark.parametrize(
    ("query", "text", "better_than"),
    [
        ("op", "Open", "Stop"),
        ("state", "Add a state", "Restated"),
        ("fit sel", "Fit the selection", "Selection"),
        ("awp", "AwaitingPayment", "Open"),
    ],
)
def test_better_answers_come_first(query, text, better_than):
    """The start of the text beats the start of a word, which beats any other place."""
    other = rank(query, better_than)

    assert rank(query, text) is not None
    assert other is None or rank(query, text) < other


def test_a_word_that_is_nowhere_is_no_answer():
    """Every word has to be found."""
    assert rank("open nowhere", "Open") is None


def test_everything_is_offered_at_first(palette):
    """What cannot be used now comes last."""
    assert shown(palette) == ["Open...", "Zoom out", "AwaitingPayment", "Undo"]


def test_typing_and_enter_run_a_command(palette, qtbot, ran):
    """A few letters are enough."""
    type_text(palette, qtbot, "zoo")
    qtbot.keyClick(palette.findChild(QLineEdit), Qt.Key.Key_Return)

    assert ran == ["out"]
    assert palette.isHidden()


def test_arrows_choose(palette, qtbot, ran):
    """Down, down, up, Enter."""
    field = palette.findChild(QLineEdit)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(field, key)

    assert ran == ["out"]


def test_what_is_disabled_cannot_be_run(palette, qtbot, ran):
    """It is shown, and that is all."""
    type_text(palette, qtbot, "undo")
    qtbot.keyClick(palette.findChild(QLineEdit), Qt.Key.Key_Return)

    assert ran == []


def test_a_click_runs_a_command(palette, qtbot, ran):
    """The mouse does it too."""
    view = palette.findChild(QListView)
    place = view.visualRect(view.model().index(0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))

    assert ran == ["open"]


def test_a_screen_reader_hears_group_and_keys(palette):
    """Where a command belongs and how else it is reached."""
    model = palette.findChild(QListView).model()

    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "File: Open... Ctrl+O"
