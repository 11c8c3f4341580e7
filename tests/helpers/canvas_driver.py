"""Works a canvas as a hand does: real mouse and key events, to whatever gets them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.canvas.geometry import Side, side_middle
from designer.canvas.label_editor import LabelEditor
from designer.canvas.scene import FlowScene
from designer.canvas.view import FlowView
from designer.document.elements import ElementId, Point, State, Transition
from designer.document.model import Document

__all__ = ["CanvasDriver", "Place"]

#: A state's name, a transition's id, a point of the drawing, or a place on the viewport.
Place = str | Point | QPoint

_LEFT = Qt.MouseButton.LeftButton
_NONE = Qt.KeyboardModifier.NoModifier


class CanvasDriver:
    """Presses, drags and types on one shown view.

    Places are names of states, ids of transitions (their labels), points of the drawing, or places
    on the viewport.

    Attributes:
        view: the view it works.
    """

    def __init__(self, view: FlowView) -> None:
        self.view = view
        self._last = QPoint()
        self._held = Qt.MouseButton.NoButton

    # -- reading ---------------------------------------------------------------------------

    @property
    def scene(self) -> FlowScene:
        """The scene of the view."""
        return self.view.flow_scene

    @property
    def document(self) -> Document:
        """What is drawn."""
        return self.scene.document

    @property
    def keys(self) -> list[str]:
        """The names of all states."""
        return [state.key for state in self.document.states]

    @property
    def arrows(self) -> list[tuple[str, str | None, str | None]]:
        """All transitions: source, message, target."""
        names = {state.id: state.key for state in self.document.states}
        return [
            (names[edge.source], edge.message, names[edge.target] if edge.target else None)
            for edge in self.document.transitions
        ]

    @property
    def steps(self) -> int:
        """How many steps can be undone."""
        return self.scene.session.undo_stack.index()

    @property
    def selected(self) -> list[str]:
        """Names of the selected states and ids of the selected transitions."""
        found = (self.document.find(id_) for id_ in self.scene.selected_ids())
        return [item.key if isinstance(item, State) else item.id for item in found if item]

    @property
    def editor(self) -> LabelEditor | None:
        """The open in-place editor, or None."""
        open_ones = (
            editor
            for editor in self.view.viewport().findChildren(LabelEditor)
            if editor.isVisible()
        )
        return next(open_ones, None)

    def id_of(self, name: str) -> ElementId:
        """The id of a state's name; an id stays what it is. Raises KeyError for neither."""
        state = self.document.find_state(name)
        if state is not None:
            return state.id
        if self.document.find(name) is None:
            raise KeyError(name)
        return name

    def center_of(self, name: str) -> Point:
        """The middle of a state, or of a transition's label, in the drawing."""
        element_id = self.id_of(name)
        if isinstance(self.document.find(element_id), Transition):
            return self.scene.label_item_for(element_id).box.centre
        return self.scene.drawing.boxes[element_id].centre

    def border_of(self, name: str, side: Side = Side.RIGHT) -> Point:
        """The middle of a state's side, in the drawing."""
        return side_middle(self.scene.drawing.boxes[self.id_of(name)], side)

    # -- mouse -----------------------------------------------------------------------------

    def hover(self, place: Place) -> None:
        """Moves the hand there, with no button down."""
        on_view = self._on_view(place)
        self._move(on_view + QPoint(3, 0))  # Qt passes over a move to where the hand was last
        self._move(on_view)

    def press(
        self,
        place: Place,
        *,
        button: Qt.MouseButton = _LEFT,
        modifiers: Qt.KeyboardModifier = _NONE,
    ) -> None:
        """Presses a button."""
        on_view = self._on_view(place)
        self._move(on_view, modifiers)
        QTest.mousePress(self._window, button, modifiers, self._on_window(on_view))
        self._held = button

    def move(self, place: Place, *, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """Moves the hand while a button is down, on a straight line."""
        last, aim = self._last, self._on_view(place)
        for part in range(1, 6):
            self._move(last + (aim - last) * part / 5, modifiers)

    def release(
        self,
        place: Place,
        *,
        button: Qt.MouseButton = _LEFT,
        modifiers: Qt.KeyboardModifier = _NONE,
    ) -> None:
        """Lets the button go."""
        position = self._on_window(self._on_view(place))
        QTest.mouseRelease(self._window, button, modifiers, position)
        self._held = Qt.MouseButton.NoButton

    def click(
        self,
        place: Place,
        *,
        button: Qt.MouseButton = _LEFT,
        modifiers: Qt.KeyboardModifier = _NONE,
    ) -> None:
        """Presses and lets go."""
        self.press(place, button=button, modifiers=modifiers)
        self.release(place, button=button, modifiers=modifiers)

    def double_click(self, place: Place) -> None:
        """Two clicks, as one."""
        on_view = self._on_view(place)
        self._move(on_view)
        QTest.mouseDClick(self._window, _LEFT, _NONE, self._on_window(on_view))

    def drag(
        self,
        start: Place,
        end: Place,
        *,
        button: Qt.MouseButton = _LEFT,
        modifiers: Qt.KeyboardModifier = _NONE,
    ) -> None:
        """Presses, moves, and lets go."""
        aim = self._on_view(end)  # where it is now: the drag may move the view
        self.press(start, button=button, modifiers=modifiers)
        self.move(aim, modifiers=modifiers)
        self.release(aim, button=button, modifiers=modifiers)

    def connect(self, source: str, end: Place, side: Side = Side.RIGHT) -> None:
        """Drags a transition out of a state's border."""
        self.drag(self.border_of(source, side), end)

    def wheel(
        self, place: Place, notches: float, *, modifiers: Qt.KeyboardModifier = _NONE
    ) -> None:
        """Turns the wheel; positive is away from the hand."""
        viewport = self.view.viewport()
        on_view = QPointF(self._on_view(place))
        event = QWheelEvent(
            on_view,
            viewport.mapToGlobal(on_view),
            QPoint(),
            QPoint(0, round(notches * 120)),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, event)

    # -- keys ------------------------------------------------------------------------------

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """Presses and releases a key, for whatever has the focus."""
        QTest.keyClick(self._window, key, modifiers)

    def key_down(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """Presses a key and holds it."""
        QTest.keyPress(self._window, key, modifiers)

    def key_up(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """Lets a key go."""
        QTest.keyRelease(self._window, key, modifiers)

    def type(self, text: str) -> None:
        """Types into whatever has the focus."""
        focus = QApplication.focusWidget()
        if focus is None:
            raise LookupError("nothing has the focus")
        QTest.keyClicks(focus, text)

    def enter(self, text: str) -> None:
        """Types and presses Enter."""
        self.type(text)
        self.key(Qt.Key.Key_Return)

    def focus(self) -> None:
        """Gives the canvas the keys."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- places ----------------------------------------------------------------------------

    @property
    def _window(self) -> QWindow:
        window = self.view.window().windowHandle()
        if window is None:
            raise LookupError("the view is not shown")
        return window

    def _on_view(self, place: Place) -> QPoint:
        if isinstance(place, QPoint):
            return place
        self.scene.settle()
        point = self.center_of(place) if isinstance(place, str) else place
        return self.view.mapFromScene(QPointF(*point))

    def _on_window(self, on_view: QPoint) -> QPoint:
        return self.view.viewport().mapTo(self.view.window(), on_view)

    def _move(self, on_view: QPoint, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """Moves the hand there; QTest's own moves know no modifier keys."""
        self._last = on_view
        if modifiers == _NONE:
            QTest.mouseMove(self._window, self._on_window(on_view))
            return

        viewport, place = self.view.viewport(), QPointF(on_view)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            viewport.mapToGlobal(place),
            Qt.MouseButton.NoButton,
            self._held,
            modifiers,
        )
        QApplication.sendEvent(viewport, event)
