"""The sheet of shortcuts."""

import pytest
from PySide6.QtWidgets import QLabel, QMainWindow

from designer.shell.action_set import key_text
from designer.shell.actions import ACTIONS
from designer.shell.dialogs.shortcuts import ShortcutsDialog, shortcut_lines


@pytest.fixture
def dialog(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    dialog = ShortcutsDialog(window)
    dialog.show()
    yield dialog
    dialog.close()


def visible(dialog):
    """The words that can be read."""
    return {label.text() for label in dialog.findChildren(QLabel) if label.isVisible()}


def test_every_shortcut_is_on_the_sheet():
    """The sheet is the table."""
    told = {keys for lines in shortcut_lines().values() for _, keys in lines}

    for spec in ACTIONS:
        if spec.shortcuts:
            assert any(key_text(spec) in keys for keys in told)


def test_every_menu_is_shown(dialog):
    """All lines have a place."""
    texts = visible(dialog)

    for menu, lines in shortcut_lines().items():
        assert menu in texts
        assert {text for text, _ in lines} <= texts


def test_the_sheet_can_be_searched(dialog):
    """What does not answer disappears, with its heading."""
    dialog.field.setText("zoom in")
    texts = visible(dialog)

    assert "Zoom in" in texts
    assert "View" in texts
    assert "Undo" not in texts
    assert "File" not in texts
