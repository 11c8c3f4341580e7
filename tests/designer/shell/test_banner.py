"""Banners."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from designer.host.theme import DARK, LIGHT
from designer.shell.banner import MOST_BANNERS, BannerStack
from designer.shell.notices import Choice, Notice

QUESTION = Notice("Changed on disk", choices=(Choice("reload", "Reload"), Choice("keep", "Keep")))


@pytest.fixture
def stack(qtbot):
    stack = BannerStack(LIGHT)
    qtbot.addWidget(stack)
    return stack


def click(stack, name):
    """Presses a button of the newest banner."""
    stack.banners[0].findChild(QPushButton, name).click()


def test_a_notice_is_shown_in_words(stack):
    """What, why and fix are there, as plain text."""
    banner = stack.show_notice(Notice("<b>What</b>", "Why.", "Fix.", ("a.yaml, line 1",)))
    texts = [label.text() for label in banner.findChildren(QLabel) if label.text()]

    assert texts == ["<b>What</b>", "a.yaml, line 1", "Why.  Fix."]
    assert all(
        label.textFormat() is Qt.TextFormat.PlainText
        for label in banner.findChildren(QLabel)
        if label.text()
    )


def test_the_stack_takes_no_room_without_banners(stack):
    """It is hidden until something is said, and hidden again afterwards."""
    assert stack.isHidden()
    banner = stack.show_notice(Notice("Hello"))
    assert not stack.isHidden()

    banner.dismiss()

    assert stack.isHidden()
    assert stack.banners == ()


def test_a_notice_takes_the_place_of_an_earlier_one_of_its_key(stack):
    """Saving twice in vain is told once."""
    stack.show_notice(Notice("first", key="save"))
    stack.show_notice(Notice("second", key="save"))
    stack.show_notice(Notice("other"))

    assert [banner.notice.what for banner in stack.banners] == ["other", "second"]


def test_of_too_many_the_oldest_goes(stack):
    """The flow stays in sight."""
    for number in range(MOST_BANNERS + 2):
        stack.show_notice(Notice(str(number)))

    assert len(stack.banners) == MOST_BANNERS
    assert stack.banners[0].notice.what == str(MOST_BANNERS + 1)


async def test_an_answer_can_be_awaited(stack):
    """The choice that is pressed is the answer, and the banner goes."""
    answer = asyncio.create_task(stack.ask(QUESTION))
    await asyncio.sleep(0)
    click(stack, "keep")

    assert await answer == "keep"
    assert stack.banners == ()


async def test_dismissing_is_no_answer(stack):
    """Who asked is told that there is none."""
    answer = asyncio.create_task(stack.ask(QUESTION))
    await asyncio.sleep(0)
    stack.dismiss_all()

    assert await answer == ""


async def test_a_second_click_says_nothing_more(stack):
    """A banner answers once."""
    banner = stack.show_notice(QUESTION)
    answers = []
    banner.chosen.connect(answers.append)
    click(stack, "reload")
    banner.dismiss()

    assert answers == ["reload"]


def test_banners_can_be_worked_by_keyboard_and_read_aloud(stack):
    """Every part has a name, and the buttons take the focus."""
    banner = stack.show_notice(QUESTION)

    assert banner.accessibleName() == "Changed on disk"
    for button in banner.findChildren(QPushButton):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_banners_follow_the_theme(stack):
    """The icon is drawn anew."""
    banner = stack.show_notice(QUESTION)
    label = banner.findChild(QLabel)
    before = label.pixmap().toImage()
    stack.set_theme(DARK)

    assert label.pixmap().toImage() != before
