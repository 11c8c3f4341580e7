"""What every dock can do."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QToolButton

from designer.host.theme import DARK, LIGHT
from designer.shell.docks.dock import Dock


class Recorder(Dock):
    """Notes what it is wired to."""

    def __init__(self):
        super().__init__("Recorder", "recorder", LIGHT)
        self.calls = []
        self.set_body(QLabel("body"), empty="Nothing to record.")

    def wire(self, page):
        self.calls.append(("wire", page))

    def unwire(self, page):
        self.calls.append(("unwire", page))


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def dock(window, qtbot):
    dock = Recorder()
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    with qtbot.waitExposed(window):
        window.show()
    return dock


def shown(dock):
    """The words that can be read in it."""
    return [label.text() for label in dock.findChildren(QLabel) if label.isVisible()]


def test_without_a_flow_it_says_what_it_is_for(dock):
    """An empty dock is no riddle."""
    assert sorted(shown(dock)) == ["Nothing to record.", "Recorder"]


def test_after_the_last_flow_it_says_again_what_it_is_for(dock):
    """Not what was to be done with that flow."""
    dock.bind(object())
    dock.set_empty("Run it.")
    assert "Run it." in shown(dock)

    dock.bind(None)

    assert sorted(shown(dock)) == ["Nothing to record.", "Recorder"]


def test_it_follows_one_page_at_a_time(dock):
    """What was wired is unwired before the next is."""
    one, two = object(), object()
    for page in (one, one, two, None):
        dock.bind(page)

    assert dock.calls == [("wire", one), ("unwire", one), ("wire", two), ("unwire", two)]
    assert dock.page is None


def test_with_a_flow_it_shows_its_body(dock):
    """And words again in its place, when there is nothing to show."""
    dock.bind(object())
    assert "body" in shown(dock)

    dock.set_empty("No run yet.")
    assert "No run yet." in shown(dock)

    dock.set_empty(None)
    assert "body" in shown(dock)


def test_its_title_can_say_more(dock):
    """The name in menus and tabs stays."""
    dock.set_heading("Transition")

    assert "Transition" in shown(dock)
    assert dock.windowTitle() == "Recorder"


def test_a_count_is_announced_when_it_changes(dock, qtbot):
    """The tab is drawn anew only then."""
    with qtbot.waitSignal(dock.count_changed):
        dock.set_count(3)
    with qtbot.assertNotEmitted(dock.count_changed):
        dock.set_count(3)


def test_in_a_tab_it_has_no_title_bar(dock):
    """The tab says the same."""
    dock.set_tabbed(True)
    assert dock.titleBarWidget().sizeHint().height() == 0

    dock.set_tabbed(False)
    assert dock.titleBarWidget().sizeHint().height() > 0


def buttons_show(dock):
    """Whether the lines of the title's close button can be seen."""
    image = dock.titleBarWidget().findChildren(QToolButton)[1].grab().toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    painted = [color for place in places if (color := image.pixelColor(*place)).alpha() > 0]
    return any(color.lightness() < LIGHT.muted.lightness() + 30 for color in painted)


def test_the_buttons_of_the_title_come_with_the_pointer(dock):
    """A quiet title until one needs them."""
    QApplication.sendEvent(dock.titleBarWidget(), QEvent(QEvent.Type.Leave))
    assert not buttons_show(dock)

    place = QPointF(1, 1)
    QApplication.sendEvent(dock.titleBarWidget(), QEnterEvent(place, place, place))
    assert buttons_show(dock)

    QApplication.sendEvent(dock.titleBarWidget(), QEvent(QEvent.Type.Leave))
    assert not buttons_show(dock)


def test_it_can_be_floated_and_closed_by_its_buttons(dock):
    """Float, dock again, close."""
    float_it, close = dock.titleBarWidget().findChildren(QToolButton)
    float_it.click()
    assert dock.isFloating()

    float_it.click()
    assert not dock.isFloating()

    close.click()
    assert dock.isHidden()


def test_its_buttons_follow_the_theme(dock):
    """Light lines on dark."""
    before = dock.titleBarWidget().findChildren(QToolButton)[1].icon().pixmap(14).toImage()
    dock.set_theme(DARK)

    after = dock.titleBarWidget().findChildren(QToolButton)[1].icon().pixmap(14).toImage()
    assert after != before
