"""The in-place editor by itself."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from designer.canvas.label_editor import LabelEditor
from designer.host.theme import LIGHT

Opened = Callable[[str], LabelEditor]


def no_blanks(text: str) -> str | None:
    return "Without blanks, please." if " " in text else None


@pytest.fixture
def opened(qtbot: QtBot) -> Opened:
    parent = QWidget()
    parent.resize(400, 300)
    qtbot.addWidget(parent)
    parent.show()

    def open_editor(text: str) -> LabelEditor:
        editor = LabelEditor(parent, LIGHT, name="State name", check=no_blanks)
        editor.open(text, len(text), QFont(), QRect(125, 127, 150, 46))
        return editor

    return open_editor


def test_it_covers_the_text_it_edits(opened: Opened) -> None:
    """As wide, and around the same middle."""
    editor = opened("Cart")

    assert editor.width() == 150
    assert abs(editor.geometry().center().y() - 150) <= 2


def test_it_stays_inside_its_parent(opened: Opened) -> None:
    """A text at the edge is edited in full sight."""
    editor = opened("Cart")
    editor.move_to(QRect(390, 10, 100, 20))

    assert editor.geometry().right() < 400
    editor.move_to(QRect(-80, 10, 100, 20))
    assert editor.geometry().left() >= 0


def test_it_grows_with_its_text(opened: Opened) -> None:
    """Up to the width of its parent."""
    editor = opened("Cart")
    editor.field.setText("Cart" * 60)

    assert 380 <= editor.width() < 400


def test_enter_commits_once(opened: Opened, qtbot: QtBot) -> None:
    """However often it is pressed."""
    editor = opened("Cart")
    told: list[str] = []
    editor.committed.connect(told.append)
    QTest.keyClick(editor.field, Qt.Key.Key_Return)
    QTest.keyClick(editor.field, Qt.Key.Key_Enter)

    assert told == ["Cart"]


def test_a_bad_text_is_said_to_be_bad(opened: Opened) -> None:
    """To eyes and to ears; a good one takes that back."""
    editor = opened("Cart")
    editor.field.setText("C art")
    assert editor.error == editor.field.accessibleDescription() == "Without blanks, please."

    editor.field.setText("Cart")
    assert editor.error == editor.field.accessibleDescription() == ""


def test_another_window_in_front_ends_nothing(opened: Opened) -> None:
    """Looking something up elsewhere is no answer."""
    editor = opened("Cart")
    told: list[str] = []
    editor.committed.connect(told.append)
    event = QFocusEvent(QFocusEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    QApplication.sendEvent(editor.field, event)
    assert told == []

    event = QFocusEvent(QFocusEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason)
    QApplication.sendEvent(editor.field, event)
    assert told == ["Cart"]


def test_leaving_a_bad_text_gives_it_up(opened: Opened) -> None:
    """It can neither be kept nor be asked about any more."""
    editor = opened("C art")
    given_up: list[None] = []
    editor.cancelled.connect(lambda: given_up.append(None))
    event = QFocusEvent(QFocusEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason)
    QApplication.sendEvent(editor.field, event)

    assert given_up == [None]
