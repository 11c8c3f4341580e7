"""The table of actions."""

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence

from designer.host.resources import resource_path
from designer.shell.actions import (
    ACTIONS,
    CONTEXT_MENU,
    MENUS,
    SEPARATOR,
    SUBMENUS,
    TOOLBAR,
)

IDS = {spec.id for spec in ACTIONS}


def test_every_id_is_there_once():
    """An id names one action."""
    assert len(IDS) == len(ACTIONS)


def test_no_shortcut_means_two_things():
    """Two actions with one key would both be dead."""
    counted = Counter(QKeySequence(keys).toString() for spec in ACTIONS for keys in spec.shortcuts)

    assert [keys for keys, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.id)
def test_shortcuts_are_keys(spec):
    """A misspelt key would be no key at all."""
    for keys in spec.shortcuts:
        assert QKeySequence(keys).toString() != ""


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.id)
def test_menus_are_known(spec):
    """Every action is in a menu of the menu bar, or in a submenu of one."""
    assert spec.menu in MENUS or SUBMENUS[spec.menu] in MENUS


@pytest.mark.parametrize("spec", [spec for spec in ACTIONS if spec.icon], ids=lambda spec: spec.id)
def test_icons_are_there(spec):
    """Every icon that is named comes along."""
    assert resource_path(f"icons/{spec.icon}.svg").is_file()


def test_toolbar_and_context_menu_name_actions():
    """What is in toolbar and context menu is in the table."""
    assert set(TOOLBAR) - {SEPARATOR} <= IDS
    assert set(CONTEXT_MENU) - {SEPARATOR} <= IDS


def test_every_button_of_the_toolbar_has_an_icon():
    """Buttons show pictures, so each needs one."""
    assert [spec.id for spec in ACTIONS if spec.id in TOOLBAR and not spec.icon] == []
