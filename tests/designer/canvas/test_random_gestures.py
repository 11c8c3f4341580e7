"""Any sequence of gestures leaves the canvas in step with its document, and can be undone."""

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from designer.canvas.geometry import Side
from designer.canvas.items.state_item import StateItem
from designer.canvas.items.transition_item import TransitionItem
from designer.canvas.overlay import Overlay
from designer.document.elements import Point
from designer.document.model import Content
from tests.helpers.canvas_driver import CanvasDriver
from tests.helpers.contents import order_like

Open = Callable[[Content], CanvasDriver]
GESTURES = 60

_KEYS = [
    Qt.Key.Key_N,
    Qt.Key.Key_A,
    Qt.Key.Key_F2,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Left,
    Qt.Key.Key_Down,
    Qt.Key.Key_Return,
    Qt.Key.Key_Escape,
]


class Hand:
    """Does something or other on a canvas."""

    def __init__(self, canvas: CanvasDriver, seed: int) -> None:
        self.canvas = canvas
        self.random = random.Random(seed)

    def act(self) -> None:
        actions = (self.drag, self.drag, self.connect, self.key, self.key, self.click, self.look)
        self.random.choice((*actions, self.type, self.undo, self.run, self.give_up))()

    def place(self) -> QPoint:
        area = self.canvas.view.viewport().rect()
        return QPoint(self.random.randrange(area.width()), self.random.randrange(area.height()))

    def target(self) -> str | QPoint:
        names = [*self.canvas.keys, *(edge.id for edge in self.canvas.document.transitions)]
        found = self.random.choice([*names, ""])
        return found if found and self.sees(self.canvas.center_of(found)) else self.place()

    def sees(self, point: Point) -> bool:
        area = self.canvas.view.viewport().rect()
        return area.contains(self.canvas.view.mapFromScene(QPointF(*point)))

    def drag(self) -> None:
        shift = self.random.choice(
            [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier]
        )
        self.canvas.drag(self.target(), self.target(), modifiers=shift)

    def connect(self) -> None:
        if self.canvas.keys:
            source, side = self.random.choice(self.canvas.keys), self.random.choice(list(Side))
            if self.sees(self.canvas.border_of(source, side)):
                self.canvas.connect(source, self.target(), side)

    def click(self) -> None:
        self.random.choice([self.canvas.click, self.canvas.double_click])(self.target())

    def key(self) -> None:
        self.canvas.key(self.random.choice(_KEYS))

    def type(self) -> None:
        if self.canvas.editor is not None:
            self.canvas.type(self.random.choice(["Next", "a b", "go [x", "pay", "after 5s"]))
            self.canvas.key(self.random.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))

    def undo(self) -> None:
        stack = self.canvas.scene.session.undo_stack
        self.random.choice([stack.undo, stack.undo, stack.redo])()

    def run(self) -> None:
        ids = [*drawn(self.canvas), "gone"]
        active, taken = self.random.choice(ids), self.random.choice(ids)
        overlay = Overlay(active=active, taken=taken, possible=frozenset(ids[-3:]))
        self.canvas.scene.set_overlay(self.random.choice([overlay, None]))

    def give_up(self) -> None:
        self.canvas.press(self.target())
        self.canvas.move(self.place())
        self.random.choice([self.undo, lambda: self.canvas.key(Qt.Key.Key_Escape)])()
        self.canvas.release(self.place())

    def look(self) -> None:
        view = self.canvas.view
        self.random.choice([view.zoom_in, view.zoom_out, view.fit, view.fit_selection])()


def drawn(canvas: CanvasDriver) -> set[str]:
    return {
        item.element_id
        for item in canvas.scene.items()
        if isinstance(item, StateItem | TransitionItem)
    }


@pytest.mark.parametrize("seed", range(4))
def test_random_gestures_leave_items_and_elements_in_step(open_canvas: Open, seed: int) -> None:
    """Each element has its item, where the document has it; undoing all brings the start back."""
    canvas = open_canvas(order_like())
    start = canvas.document.content
    hand = Hand(canvas, seed)
    for _ in range(GESTURES):
        hand.act()
        document = canvas.document
        assert drawn(canvas) == {item.id for item in (*document.states, *document.transitions)}

    canvas.view.cancel_gesture()
    for state_id, box in canvas.scene.drawing.boxes.items():
        position = canvas.document.find_position(state_id)
        assert position is not None
        assert box.centre == pytest.approx(position.point)

    stack = canvas.scene.session.undo_stack
    while stack.canUndo():
        stack.undo()
    assert canvas.document.content == start
