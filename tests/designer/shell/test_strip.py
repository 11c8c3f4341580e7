"""A row that scrolls when it has to."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget

from designer.shell.strip import LEAST_WIDTH, Strip


@pytest.fixture
def strip(qtbot):
    row = QWidget()
    line = QHBoxLayout(row)
    for number in range(12):
        line.addWidget(QPushButton(f"Button {number}"))
    strip = Strip(row)
    qtbot.addWidget(strip)
    strip.resize(300, strip.sizeHint().height())
    with qtbot.waitExposed(strip):
        strip.show()
    return strip


def turn(strip, by):
    """Turns the wheel above it."""
    place = QPointF(20, 10)
    event = QWheelEvent(
        place,
        place,
        QPoint(),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(strip.viewport(), event)


def test_it_may_be_narrower_than_its_controls(strip):
    """The window need not be as wide as the longest row."""
    assert strip.minimumSizeHint().width() == LEAST_WIDTH
    assert strip.widget().width() > strip.width()
    assert strip.minimumSizeHint().height() >= strip.widget().minimumSizeHint().height()


def test_the_wheel_scrolls_sideways(strip):
    """Down is on, up is back."""
    turn(strip, -240)
    assert strip.horizontalScrollBar().value() == 120

    turn(strip, 240)
    assert strip.horizontalScrollBar().value() == 0


def test_a_row_that_grows_is_given_room(strip, qtbot):
    """A second line of words is not cut off."""
    before = strip.sizeHint().height()
    strip.widget().layout().itemAt(0).widget().setMinimumHeight(80)
    qtbot.waitUntil(lambda: strip.sizeHint().height() > before)
