"""The whole way through on a real flow: draw, undo, save, reload, run, go back, close."""

import shutil
import sqlite3

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from designer.document.elements import Transition
from designer.document.model import Document
from designer.exchange.reader import open_flow
from designer.exchange.writer import same_flow
from designer.host.resources import resource_path
from designer.run.controller import RunPhase
from flexiflow.config_loader import load_component

PATIENCE_MS = 15_000
GUARD = "context.total > rules.review_above"
PATH_THROUGH_ON_HOLD = [
    "Cart",
    "Checkout",
    "AwaitingPayment",
    "Review",
    "Paid",
    "OnHold",
    "Paid",
    "Picking",
]


@pytest.fixture
def order(tmp_path):
    """The order flow in a folder of its own."""
    for name in ("order.yaml", "order.pack.yaml"):
        shutil.copy(resource_path(f"examples/{name}"), tmp_path)
    return tmp_path / "order.yaml"


@pytest.fixture
def hand(window, order):
    """A hand on the canvas of the opened order flow."""
    window.open(order)
    window.page.scene.animations = False
    return window.canvas


def widget(window, name: str) -> QWidget:
    """The visible widget of that accessible name."""
    found = [
        candidate
        for candidate in window.main.findChildren(QWidget)
        if candidate.accessibleName() == name and candidate.isVisible()
    ]
    assert len(found) == 1, f"{len(found)} widgets are called {name!r}"
    return found[0]


def free_place(hand):
    """A point below everything that is drawn, in view."""
    rect = hand.scene.content_rect()
    return (rect.center().x(), rect.bottom() + 90)


def add_on_hold(hand):
    """Draws the state OnHold with the transitions hold and resume, by mouse and keyboard."""
    place = free_place(hand)
    hand.view.ensureVisible(place[0] - 150, place[1] - 100, 300, 200)
    hand.double_click(place)
    hand.enter("OnHold")
    hand.view.fit()
    hand.connect("Paid", "OnHold")
    hand.enter("hold")
    hand.connect("OnHold", "Paid")
    hand.enter("resume")


def find_transition(document: Document, message: str) -> Transition:
    """The transition that message triggers."""
    return next(edge for edge in document.transitions if edge.message == message)


def set_guard(window, hand, message: str, guard: str):
    """Selects a transition with the mouse and types a guard into Properties."""
    hand.click(find_transition(hand.document, message).id)
    field = widget(window, "Guard")
    field.setFocus()
    QTest.keyClicks(field, guard)
    QTest.keyClick(field, Qt.Key.Key_Return)


def draw_all(window, hand):
    """All edits of this test; five undoable steps."""
    add_on_hold(hand)
    set_guard(window, hand, "hold", GUARD)


def save(window, qtbot):
    """Ctrl+S, with the answer that comments may go."""
    hand = window.canvas
    hand.focus()
    hand.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    window.answer_banner("overwrite")
    qtbot.waitUntil(lambda: not window.page.modified, timeout=PATIENCE_MS)


def send(window, qtbot, kind: str, **fields: object):
    """Composes a message in the Messages dock and sends it with the keyboard."""
    window.trigger("run.send")
    form = window.main.messages.form
    form.set_type(kind)
    for name, value in fields.items():
        row = form.row_for(name)
        row.setFocus()
        row.clear()
        QTest.keyClicks(row, str(value))
    before = window.page.run.log.total
    QTest.keyClick(form.type, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.run.log.total > before, timeout=PATIENCE_MS)


def wait_for_state(window, qtbot, key: str):
    """Waits until the run stands there and the canvas shows it."""
    state = window.page.document.find_state(key)
    qtbot.waitUntil(lambda: window.page.run.state_key == key, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.page.scene.overlay.active == state.id, timeout=PATIENCE_MS)


def walk_through_on_hold(window, qtbot):
    """Sends messages along a path through OnHold."""
    send(window, qtbot, "add_item", price=600)
    send(window, qtbot, "checkout")
    send(window, qtbot, "pay")
    send(window, qtbot, "payment_ok", amount=600)
    wait_for_state(window, qtbot, "Review")
    send(window, qtbot, "approve")
    send(window, qtbot, "hold")
    wait_for_state(window, qtbot, "OnHold")
    send(window, qtbot, "resume")
    send(window, qtbot, "pick")
    wait_for_state(window, qtbot, "Picking")


def stored_states(database):
    """The states of all snapshots in a database, oldest first, read with plain SQL."""
    query = """SELECT json_extract(snapshot_json, '$.current_state')
               FROM flexiflow_snapshots ORDER BY id"""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return [state for (state,) in connection.execute(query)]
    finally:
        connection.close()


def test_a_state_and_its_transitions_are_drawn_with_mouse_and_keyboard(window, hand):
    """What was drawn is in the document, and everything is one readable step each."""
    draw_all(window, hand)
    hold = find_transition(hand.document, "hold")

    assert ("Paid", "hold", "OnHold") in hand.arrows
    assert ("OnHold", "resume", "Paid") in hand.arrows
    assert hold.guard == GUARD
    stack = window.page.session.undo_stack
    assert all(stack.text(step) for step in range(stack.count()))


def test_everything_is_undone_and_redone(window, hand):
    """Ctrl+Z back to the beginning is the flow that was opened, Ctrl+Y to the end the one drawn."""
    opened = hand.document.content
    draw_all(window, hand)
    drawn, steps = hand.document.content, hand.steps
    hand.focus()

    for _ in range(steps):
        hand.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert hand.document.content == opened
    assert not window.page.modified

    for _ in range(steps):
        hand.key(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert hand.document.content == drawn
    assert window.page.modified


def test_what_is_saved_loads_again_to_the_same_flow_and_runs(window, qtbot, hand, order):
    """The files hold what the canvas shows, in the designer and for the engine alone."""
    draw_all(window, hand)
    save(window, qtbot)

    assert same_flow(open_flow(order).content, window.page.document.content)
    component = load_component(order, trust=False)
    assert "OnHold" in component.state_machine.registry.names()


def test_a_run_goes_through_what_was_drawn(window, qtbot, hand, order):
    """Messages lead through OnHold; the log, the canvas and the database tell the same story."""
    draw_all(window, hand)
    save(window, qtbot)
    window.run()
    wait_for_state(window, qtbot, "Cart")
    walk_through_on_hold(window, qtbot)
    page = window.page
    events = [(row.event, row.summary) for row in page.run.log.rows_since()]

    changes = [summary for event, summary in events if event == "state.changed"]
    assert len(changes) == len(PATH_THROUGH_ON_HOLD) - 1
    assert any("Paid" in summary and "OnHold" in summary for summary in changes)
    assert sum(event == "component.message.received" for event, _ in events) == 8
    assert any(event == "order.paid" for event, _ in events)

    window.do(page.run.store.flush())
    assert stored_states(page.database)[-7:] == PATH_THROUGH_ON_HOLD[1:]
    shown = sum(event != "log" for event, _ in events)  # log records have a chip to show them
    model = window.main.event_log.table.model()
    qtbot.waitUntil(lambda: model.rowCount() == shown, timeout=PATIENCE_MS)


def test_an_earlier_snapshot_is_restored_into_the_running_component(window, qtbot, hand):
    """A double-click on a row puts the component back, with its data, and it goes on from there."""
    draw_all(window, hand)
    window.run()
    walk_through_on_hold(window, qtbot)
    window.do(window.page.run.store.flush())
    window.main.docks.show_dock("snapshots")
    dock = window.main.docks.dock_for("snapshots")
    qtbot.waitUntil(lambda: dock.model.rowCount() >= 7, timeout=PATIENCE_MS)

    place = next(
        index
        for index in (dock.model.index(row, 1) for row in range(dock.model.rowCount()))
        if dock.model.row_for(index.row()).state == "Review"
    )
    table = dock.table
    table.scrollTo(place)
    spot = table.visualRect(place).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    wait_for_state(window, qtbot, "Review")
    assert window.page.run.context["attempts"] == 1
    assert window.page.run.context["total"] == 600

    send(window, qtbot, "reject")
    wait_for_state(window, qtbot, "Returning")


def test_stop_and_close_leave_nothing(window, qtbot, hand, order):
    """After Stop the canvas is at rest; after closing nothing is left (the fixtures look)."""
    draw_all(window, hand)
    save(window, qtbot)
    window.run()
    send(window, qtbot, "add_item", price=20)
    window.trigger("run.stop")
    qtbot.waitUntil(lambda: window.page.run.phase is RunPhase.IDLE, timeout=PATIENCE_MS)

    assert window.page.scene.overlay.active is None
    assert window.close() == 0
