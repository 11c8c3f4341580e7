"""Menus and toolbar from the table."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMainWindow, QToolButton

from designer.host.theme import LIGHT
from designer.shell.action_set import ActionSet
from designer.shell.actions import ACTIONS, MENUS, SEPARATOR, TOOLBAR
from designer.shell.menus import FileMenu, build_menus, build_toolbar


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def actions(window):
    return ActionSet(window, LIGHT)


def test_every_action_is_in_its_menu(window, actions):
    """The menus hold the table, line for line."""
    menus = build_menus(window.menuBar(), actions)

    assert [action.text().replace("&", "") for action in window.menuBar().actions()] == [*MENUS]
    for spec in ACTIONS:
        assert actions.action_for(spec.id) in menus[spec.menu].actions()


def test_submenus_stand_in_their_menus(window, actions):
    """Theme is in View, Speed in Run."""
    menus = build_menus(window.menuBar(), actions)

    assert menus["Theme"].menuAction() in menus["View"].actions()
    assert menus["Speed"].menuAction() in menus["Run"].actions()


def test_the_toolbar_is_in_the_tables_order(window, actions):
    """Buttons and lines stand as the table says."""
    bar = build_toolbar(window, actions, [])
    shown = [action.objectName() for action in bar.actions()]

    assert shown == [name if name != SEPARATOR else "" for name in TOOLBAR]


def test_run_is_the_one_filled_button(window, actions):
    """It alone has the role, and shows its word."""
    bar = build_toolbar(window, actions, [])
    filled = [
        button.text()
        for button in bar.findChildren(QToolButton)
        if button.property("role") == "run"
    ]

    assert filled == ["Run"]


def test_a_menu_of_files_is_filled_when_it_opens(window):
    """It shows the files of this moment, and opens the one that is chosen."""
    opened = []
    files = [Path("/a/one.yaml")]
    menu = FileMenu("Recent", lambda: files, opened.append, empty="None", parent=window)
    files.append(Path("/a/two.yaml"))
    menu.aboutToShow.emit()
    menu.actions()[1].trigger()

    assert [action.text() for action in menu.actions()] == ["one.yaml", "two.yaml"]
    assert opened == [Path("/a/two.yaml")]


def test_a_menu_without_files_says_so(window):
    """An empty menu would look broken."""
    menu = FileMenu("Recent", list, print, empty="No files yet", parent=window)
    menu.aboutToShow.emit()

    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [
        ("No files yet", False)
    ]
