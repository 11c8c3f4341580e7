"""The welcome page."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from designer.host.resources import example_flows
from designer.host.theme import DARK, LIGHT
from designer.shell.welcome import WelcomePage


@pytest.fixture
def page(qtbot):
    page = WelcomePage(LIGHT, example_flows())
    qtbot.addWidget(page)
    return page


def button(page, text):
    """The button of that text."""
    return next(item for item in page.findChildren(QPushButton) if item.text() == text)


def test_an_example_opens_with_one_click(page, qtbot):
    """The path of the example is announced."""
    with qtbot.waitSignal(page.example_chosen) as blocker:
        button(page, "order.yaml").click()

    assert blocker.args[0].name == "order.yaml"


def test_new_and_open_are_offered(page, qtbot):
    """The two ways to begin."""
    with qtbot.waitSignal(page.new_wanted):
        button(page, "New flow").click()
    with qtbot.waitSignal(page.open_wanted):
        button(page, "Open...").click()


def test_recent_files_are_offered(page, qtbot):
    """With the folder beneath each name."""
    path = Path.home() / "flows" / "mine.yaml"
    page.set_recent([path])
    with qtbot.waitSignal(page.file_chosen) as blocker:
        button(page, "mine.yaml").click()

    assert blocker.args == [path]
    assert "~/flows" in [label.text() for label in page.findChildren(QLabel)]


def test_every_example_says_what_it_is(page):
    """No file name stands alone."""
    captions = [
        label.text() for label in page.findChildren(QLabel) if label.property("role") == "caption"
    ]

    assert len([text for text in captions if text]) == len(example_flows())


def test_icons_follow_the_theme(page):
    """The folder is light on dark."""
    before = button(page, "Open...").icon().pixmap(18).toImage()
    page.set_theme(DARK)

    assert button(page, "Open...").icon().pixmap(18).toImage() != before
