"""The whole window."""

import asyncio

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QListView,
    QPushButton,
    QTabBar,
    QToolBar,
    QToolButton,
    QWidget,
)

from designer.canvas import arrange
from designer.commands.states import move_states
from designer.host.resources import resource_path
from designer.host.settings import ThemeChoice
from designer.host.theme import DARK, LIGHT
from designer.shell.actions import ACTIONS
from designer.shell.notices import Notice
from designer.shell.palette import CommandPalette
from designer.shell.toolbar_parts import SearchButton

ORDER = resource_path("examples/order.yaml")
TCP = resource_path("examples/tcp.pack.yaml")
ACTION_SIGNAL = "2triggered(bool)"

#: What a field has left and right of its words, with its border.
FIELD_PADDING = 9


def name_of(widget):
    """What a screen reader calls a widget; a part of a field is called as the field."""
    whole = widget.parentWidget()
    if isinstance(whole, (QComboBox, QAbstractSpinBox, QAbstractScrollArea)):
        widget = whole
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def nameless(window):
    """The visible widgets a person could use or read that have no name."""
    return [
        f"{type(widget).__name__} {widget.objectName()!r} in {type(widget.parent()).__name__}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and not name_of(widget)
    ]


def has_focus(window, text):
    """Whether the button of that text would get what is typed."""
    focused = window.main.focusWidget()
    return isinstance(focused, QPushButton) and focused.text() == text


def test_the_first_page_offers_a_beginning(window):
    """No flow is open, and what needs one is disabled."""
    assert window.main.page is None
    assert window.main.welcome.isVisible()
    assert not window.action("run.start").isEnabled()


def test_the_keyboard_begins_where_a_flow_begins(window, qtbot):
    """Not at a quiet button of some dock, which would be seen for it; also after the last flow."""
    qtbot.waitUntil(lambda: has_focus(window, "New flow"))
    window.open(ORDER)
    assert window.main.focusWidget() is window.page.view

    window.action("file.close").trigger()

    qtbot.waitUntil(lambda: window.main.page is None)
    assert has_focus(window, "New flow")


@pytest.mark.parametrize("whose", ["window", "page"])
def test_a_banner_that_goes_leaves_the_keyboard_to_the_canvas(window, whose):
    """Its words can be marked, and so had the focus."""
    window.open(ORDER)
    stack = window.main.banners if whose == "window" else window.page.banners
    banner = stack.show_notice(Notice("Something", "is wrong"))
    words = banner.findChildren(QLabel)[-1]
    QTest.mouseClick(words, Qt.MouseButton.LeftButton)
    assert window.main.focusWidget() is words

    banner.dismiss()

    assert window.main.focusWidget() is window.page.view


def test_a_banner_that_goes_leaves_the_keyboard_where_it_is(window):
    """Somebody may be typing just then."""
    window.open(ORDER)
    banner = window.page.banners.show_notice(Notice("Something", "is wrong"))
    window.main.outline.field.setFocus()

    banner.dismiss()

    assert window.main.focusWidget() is window.main.outline.field


@pytest.mark.parametrize("width", [1000, 1040, 1100, 1440])
def test_every_word_of_the_bars_can_be_read(window, qtbot, width):
    """Also in a small window, and while a flow runs, which takes longer words."""
    window.open(ORDER)
    window.main.resize(width, 640)
    window.action("run.start").trigger()
    qtbot.waitUntil(lambda: window.page.run.active)

    (bar,) = window.main.findChildren(QToolBar)
    qtbot.waitUntil(lambda: bar.widgetForAction(window.action("run.start")).text() == "Restart")
    narrow = [
        name_of(widget)
        for widget in map(bar.widgetForAction, bar.actions())
        if widget.width() < widget.minimumSizeHint().width()
    ]
    assert narrow == []
    (search,) = bar.findChildren(SearchButton)
    for label in filter(QLabel.isVisible, search.findChildren(QLabel)):
        assert label.width() >= label.sizeHint().width()
    field = window.main.event_log.bar.text
    words = field.fontMetrics().horizontalAdvance(field.placeholderText())
    assert words + 2 * FIELD_PADDING <= field.width()


def test_an_example_runs_with_one_click(window, qtbot):
    """It is opened, and starts."""
    run = next(
        button
        for button in window.main.welcome.findChildren(QPushButton)
        if button.accessibleName() == "Run order.yaml"
    )
    run.click()

    qtbot.waitUntil(lambda: window.main.page is not None and window.page.run.active, timeout=15_000)


def test_every_action_does_something(window):
    """No line of the table is without a handler."""
    deaf = [spec.id for spec in ACTIONS if window.action(spec.id).receivers(ACTION_SIGNAL) == 0]

    assert deaf == []


def test_every_widget_has_a_name(window):
    """Whatever can take the focus says what it is, with and without a flow, in every dock."""
    assert nameless(window.main) == []
    window.open(ORDER)
    window.run()
    for dock in window.main.docks.docks:
        window.main.docks.show_dock(dock.objectName())
        QApplication.processEvents()
        assert not nameless(window.main), "\n".join(nameless(window.main))


def test_every_dock_shows_the_flow(window):
    """They follow the tab in front."""
    page = window.open(ORDER)
    assert {dock.page for dock in window.main.docks.docks} == {page}

    other = window.open(TCP)
    assert {dock.page for dock in window.main.docks.docks} == {other}

    window.trigger("view.next_tab")
    assert {dock.page for dock in window.main.docks.docks} == {page}


def test_closing_the_last_flow_brings_the_welcome_page_back(window, qtbot):
    """And the docks say again what they are for."""
    window.open(ORDER)
    window.trigger("file.close")
    qtbot.waitUntil(lambda: window.main.page is None)

    assert window.main.welcome.isVisible()
    assert {dock.page for dock in window.main.docks.docks} == {None}


def test_the_window_is_named_after_the_flow(window):
    """With a mark while it is modified."""
    window.open(ORDER)
    assert window.main.windowTitle().startswith("order.yaml")

    window.page.view.select_all()
    window.page.view.delete_selected()

    assert window.main.isWindowModified()


def test_the_theme_can_be_changed_and_is_remembered(window):
    """The canvas and every icon follow at once."""
    page = window.open(ORDER)
    window.trigger("theme.dark")

    assert page.scene.theme is DARK
    assert window.settings.theme is ThemeChoice.DARK

    window.trigger("theme.light")
    assert page.scene.theme is LIGHT


def test_the_layout_can_be_reset(window):
    """A closed and a floating dock come back to their places."""
    docks = window.main.docks
    docks.dock_for("outline").close()
    docks.dock_for("messages").setFloating(True)
    window.trigger("view.reset_layout")

    assert docks.dock_for("outline").isVisible()
    assert not docks.dock_for("messages").isFloating()
    assert docks.dock_for("event_log") in window.main.tabifiedDockWidgets(
        docks.dock_for("messages")
    )


def test_docks_can_be_shown_and_hidden_from_the_menu(window):
    """The menu says which are there."""
    action = window.action("view.outline")
    assert action.isChecked()

    action.trigger()
    assert not window.main.docks.dock_for("outline").isVisible()
    assert not action.isChecked()

    action.trigger()
    assert window.main.docks.dock_for("outline").isVisible()


def test_a_tab_stands_for_the_title_of_its_dock(window, qtbot):
    """No title is there twice; alone, a dock has its title bar again."""
    log, messages = (window.main.docks.dock_for(name) for name in ("event_log", "messages"))
    qtbot.waitUntil(lambda: log.titleBarWidget().height() == 0)

    messages.setFloating(True)
    qtbot.waitUntil(lambda: messages.titleBarWidget().height() > 0)


def dock_tabs(window):
    """The tabs of the docks at the bottom."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    return next(
        bar for bar in window.main.findChildren(QTabBar, options=direct) if bar.count() == 3
    )


def test_a_tab_floats_with_a_double_click(window, qtbot):
    """As the title bar it stands for would."""
    bar = dock_tabs(window)
    place = bar.tabRect(1).center()
    qtbot.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=place)

    assert window.main.docks.dock_for("snapshots").isFloating()


@pytest.mark.parametrize("number", [0, 1], ids=["float", "close"])
def test_a_tab_has_a_menu(window, number):
    """It floats or closes its dock."""
    bar = dock_tabs(window)
    bar.customContextMenuRequested.emit(bar.tabRect(2).center())
    menu = QApplication.activePopupWidget()
    menu.actions()[number].trigger()
    menu.close()
    dock = window.main.docks.dock_for("messages")

    assert (dock.isFloating(), dock.isHidden()) == ((True, False), (False, True))[number]


def test_a_count_stands_on_the_tab(window, qtbot):
    """The tab of the event log says how many there are."""
    window.open(ORDER)
    window.run()
    bars = window.main.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def pills():
        buttons = [
            bar.tabButton(index, QTabBar.ButtonPosition.RightSide)
            for bar in bars
            for index in range(bar.count())
        ]
        return [button.text() for button in buttons if button is not None]

    qtbot.waitUntil(lambda: any(text.isdigit() and int(text) >= 2 for text in pills()))


def test_files_can_be_dropped(window, qtbot):
    """A flow from a file manager opens."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(ORDER))])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page = window.open(TCP)
    enter = QDragEnterEvent(QPoint(300, 300), copy, data, left, none)
    QApplication.sendEvent(page.view.viewport(), enter)
    assert enter.isAccepted()

    drop = QDropEvent(QPointF(300, 300), copy, data, left, none)
    QApplication.sendEvent(window.main, drop)
    qtbot.waitUntil(lambda: window.page is not page)

    assert window.page.path == ORDER


def test_text_that_is_dropped_is_not_opened(window):
    """Only files are flows."""
    data = QMimeData()
    data.setText("hello")
    enter = QDragEnterEvent(
        QPoint(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window.main, enter)

    assert not enter.isAccepted()


def test_the_palette_finds_actions_and_states(window, qtbot):
    """A state is gone to."""
    page = window.open(ORDER)
    window.trigger("help.palette")
    palette = window.main.findChild(CommandPalette)
    qtbot.keyClicks(palette.focusWidget(), "refunded")
    model = palette.findChild(QListView).model()
    assert model.index(0).data() == "Refunded"

    qtbot.keyClick(palette.focusWidget(), Qt.Key.Key_Return)
    state = page.document.find_state("Refunded")

    assert page.scene.selected_ids() == (state.id,)


def test_a_key_of_the_table_works_in_the_window(window, qtbot):
    """Ctrl+N starts a flow."""
    QTest.keyClick(window.main, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)

    assert window.page.title == "new_flow"


def test_letters_act_on_the_canvas_alone(window, qtbot):
    """N adds a state there, and is a letter in a field."""
    window.trigger("file.new")
    field = window.main.outline.field
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_N)
    assert field.text() == "n"
    assert window.page.document.states == ()

    window.page.view.setFocus()
    QTest.keyClick(window.page.view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: len(window.page.document.states) == 1)


def test_choosing_in_the_outline_selects_on_the_canvas(window):
    """And the other way round."""
    page = window.open(ORDER)
    outline = window.main.outline
    cart, paid = (page.document.find_state(key).id for key in ("Cart", "Paid"))

    outline.view.setCurrentIndex(outline.model.find_index(paid))
    assert page.scene.selected_ids() == (paid,)

    page.scene.select([cart])
    chosen = outline.view.selectionModel().selectedIndexes()
    assert [outline.model.row_at(index).id for index in chosen] == [cart]


def test_find_searches_the_outline(window, qtbot):
    """Ctrl+F, a word, Enter: the first hit is chosen."""
    page = window.open(ORDER)
    window.trigger("edit.find")
    field = window.main.outline.field
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "refunded")
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert page.scene.selected_ids() == (page.document.find_state("Refunded").id,)


def test_undo_says_what_it_takes_back(window):
    """In the menu and on the button."""
    page = window.open(ORDER)
    page.scene.select([page.document.find_state("Review").id])
    window.trigger("edit.delete")
    assert window.action("edit.undo").iconText().startswith("Undo Delete")

    window.trigger("edit.undo")
    assert window.action("edit.redo").iconText().startswith("Redo Delete")
    assert not window.action("edit.undo").isEnabled()


def test_undo_belongs_to_the_flow_in_front(window):
    """An edit here is not taken back there."""
    first = window.open(ORDER)
    first.view.select_all()
    first.view.delete_selected()
    window.open(TCP)
    assert not window.action("edit.undo").isEnabled()

    window.trigger("view.previous_tab")
    assert window.action("edit.undo").isEnabled()


def test_two_selected_states_are_connected(window):
    """The transition's label is in edit mode."""
    page = window.open(ORDER)
    cart, paid = (page.document.find_state(key).id for key in ("Cart", "Paid"))
    before = {transition.id for transition in page.document.transitions}
    page.scene.select([cart, paid])
    window.trigger("flow.append")
    (added,) = [item for item in page.document.transitions if item.id not in before]

    assert (added.source, added.target) == (cart, paid)
    page.view.cancel_gesture()


def test_another_state_can_be_the_initial_one(window):
    """From the menu."""
    page = window.open(ORDER)
    paid = page.document.find_state("Paid").id
    page.scene.select([paid])
    window.trigger("flow.set_initial")

    assert page.document.flow.initial == paid


def test_tidying_is_one_step(window, qtbot):
    """Undo puts everything back."""
    page = window.open(ORDER)
    before = page.document.content.positions
    state = page.document.states[0]
    page.scene.select([])
    window.trigger("flow.tidy_down")
    qtbot.waitUntil(lambda: not window.main.tasks.tasks, timeout=20_000)
    assert page.session.undo_stack.index() <= 1

    page.session.undo_stack.undo()
    assert page.document.content.positions == before
    assert page.document.find_position(state.id) is not None


def status_words(window):
    """All that the status bar says."""
    return [label.text() for label in window.main.status.findChildren(QLabel)]


def test_tidying_tells_that_it_goes_on_and_gives_way_to_an_edit(window, qtbot, monkeypatch):
    """It may take a while; asked for again meanwhile, it is not done twice."""
    asked, done = [], asyncio.Event()

    async def slowly(request, *, judge):
        asked.append((request, judge))
        await done.wait()
        return {node.id: (0.0, 100.0 * place) for place, node in enumerate(request.nodes)}

    monkeypatch.setattr(arrange, "tidy_async", slowly)
    page = window.open(ORDER)
    for name in ("flow.tidy", "flow.tidy_down"):
        window.trigger(name)
    qtbot.waitUntil(lambda: bool(asked))
    assert "Tidying ..." in status_words(window)

    move_states(page.session, {page.document.states[0].id: (900.0, 40.0)})
    edited = page.document.content
    done.set()
    qtbot.waitUntil(lambda: not window.main.tasks.tasks)
    assert len(asked) == 1

    assert any("tidy it again" in words for words in status_words(window))
    assert page.document.content == edited


def test_a_flow_may_be_closed_while_it_is_tidied(window, qtbot):
    """Nothing of it is left to arrange, and nobody is told of a fault."""
    window.open(ORDER)
    window.trigger("flow.tidy_down")
    window.trigger("file.close")
    qtbot.waitUntil(lambda: window.main.page is None)
    qtbot.waitUntil(lambda: not window.main.tasks.tasks, timeout=20_000)

    assert window.told == []


def test_the_status_bar_tells_zoom_and_whether_it_is_saved(window):
    """On the right."""
    page = window.open(ORDER)
    page.view.zoom_reset()
    words = [
        label.text() for label in window.main.status.findChildren(QWidget) if hasattr(label, "text")
    ]

    assert "100 %" in words
    assert "saved" in words


def test_a_refused_edit_is_told_in_passing(window):
    """In the status bar, not in the way."""
    page = window.open(ORDER)
    page.view.edit_refused.emit("That may not be.")

    assert any(
        getattr(label, "text", str)() == "That may not be."
        for label in window.main.status.findChildren(QWidget)
    )


def test_an_error_that_nobody_caught_is_told_in_the_window(window, caplog):
    """A fault of the program ends in a banner, and the program goes on."""
    window.app.reporter.report(ZeroDivisionError("oops"))

    assert any("ZeroDivisionError" in told for told in window.told)
    assert window.exit_code is None


def test_a_long_banner_does_not_make_the_window_grow(window):
    """It takes its room from the canvas."""
    window.open(TCP)
    before = window.main.size()
    window.main.banners.show_notice(Notice("A long story " * 20, "why " * 60, "fix " * 60))
    QApplication.processEvents()

    assert window.main.size() == before


def test_no_button_of_the_window_is_without_a_tip_or_words(window):
    """A picture alone can be guessed wrongly."""
    window.open(ORDER)
    mute = [
        name_of(button)
        for button in window.main.findChildren(QToolButton)
        if button.isVisible() and not (button.text() or button.toolTip())
    ]

    assert mute == []
