"""Light and dark."""

import pytest
from PySide6.QtGui import QPalette

from designer.host.settings import ThemeChoice
from designer.host.theme import DARK, LIGHT
from designer.shell.appearance import Appearance


@pytest.fixture
def make(qapp):
    """Makes an appearance, and takes its clothes off the application again."""
    made = []

    def build(choice):
        made.append(Appearance(qapp, choice))
        return made[-1]

    yield build
    for appearance in made:
        appearance.dispose()
        appearance.deleteLater()
    qapp.setStyleSheet("")
    qapp.setPalette(qapp.style().standardPalette())


def test_the_application_wears_the_theme(make, qapp):
    """Palette and style sheet are the theme's."""
    make(ThemeChoice.DARK)

    assert qapp.palette().color(QPalette.ColorRole.Window) == DARK.surface
    assert DARK.accent.name() in qapp.styleSheet()


def test_choosing_another_theme_is_announced(make, qtbot):
    """Whoever draws by hand draws anew."""
    appearance = make(ThemeChoice.LIGHT)
    with qtbot.waitSignal(appearance.theme_changed) as blocker:
        appearance.choose(ThemeChoice.DARK)

    assert blocker.args == [DARK]
    assert appearance.theme is DARK


def test_choosing_the_same_theme_announces_nothing(make):
    """Nothing is drawn twice for nothing."""
    appearance = make(ThemeChoice.LIGHT)
    announced = []
    appearance.theme_changed.connect(announced.append)
    appearance.choose(ThemeChoice.LIGHT)

    assert announced == []


def test_without_a_word_from_the_system_it_is_light(make):
    """Systems that do not tell get the light one."""
    assert make(ThemeChoice.SYSTEM).theme is LIGHT
