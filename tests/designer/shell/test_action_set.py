"""The table as Qt's actions."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from designer.host.theme import DARK, LIGHT
from designer.shell.action_set import ActionSet, key_text
from designer.shell.action_spec import When
from designer.shell.actions import ACTIONS


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def actions(window):
    return ActionSet(window, LIGHT)


def test_only_what_is_always_of_use_is_enabled_at_first(actions):
    """Without a flow, one can open one."""
    assert actions.action_for("file.open").isEnabled()
    assert not actions.action_for("file.save").isEnabled()


def test_facts_enable_actions(actions):
    """Each action says what it needs."""
    actions.set_available({When.PAGE, When.UNDO})

    assert actions.action_for("file.save").isEnabled()
    assert actions.action_for("edit.undo").isEnabled()
    assert not actions.action_for("edit.redo").isEnabled()
    assert not actions.action_for("run.stop").isEnabled()


def test_a_handler_is_called(actions):
    """Triggering an action calls what was connected to it."""
    called = []
    actions.connect({"file.new": lambda: called.append("new")})
    actions.action_for("file.new").trigger()

    assert called == ["new"]


def test_keys_of_the_canvas_bind_nothing_in_the_window(actions):
    """A letter acts on the canvas alone, and is shown in the menu all the same."""
    action = actions.action_for("flow.add_state")

    assert action.shortcuts() == []
    assert action.text().endswith("\tN")


def test_a_new_name_shows_everywhere(actions):
    """An undo says what it takes back; its shortcut is still told."""
    actions.set_text("edit.undo", "Undo Add state OnHold")
    action = actions.action_for("edit.undo")

    assert action.text() == action.iconText() == "Undo Add state OnHold"
    assert key_text(next(spec for spec in ACTIONS if spec.id == "edit.undo")) in action.toolTip()


def test_one_of_a_group_is_on(actions):
    """Choosing a theme unchooses the other."""
    actions.set_checked("theme.light", True)
    actions.set_checked("theme.dark", True)

    assert not actions.action_for("theme.light").isChecked()


def test_showing_a_choice_calls_nobody(actions):
    """Checked from code is not chosen by a person."""
    called = []
    actions.connect({"theme.dark": lambda: called.append("dark")})
    actions.set_checked("theme.dark", True)

    assert called == []


def test_icons_follow_the_theme(actions):
    """Dark icons on light, light icons on dark."""
    before = actions.action_for("file.save").icon().pixmap(18).toImage()
    actions.set_theme(DARK)

    assert actions.action_for("file.save").icon().pixmap(18).toImage() != before


def test_a_shortcut_of_the_window_is_bound(actions, window, qtbot):
    """The key of the table triggers the action."""
    called = []
    actions.connect({"file.new": lambda: called.append("new")})
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)

    assert called == ["new"]
