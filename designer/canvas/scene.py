"""The scene: a projection of one document, which follows it and never writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtWidgets import QApplication, QGraphicsScene, QStyle

from designer.canvas.drawing import FlowDrawing
from designer.canvas.items.label_item import LabelItem
from designer.canvas.items.state_item import StateItem
from designer.canvas.items.transition_item import TransitionItem
from designer.canvas.looks import Moment, line_look, state_look
from designer.canvas.motion import Motion
from designer.canvas.overlay import NO_OVERLAY, Overlay
from designer.canvas.projection import Projection
from designer.canvas.selection import Selection
from designer.canvas.style import CanvasStyle, detail_for
from designer.commands.session import EditSession
from designer.document.elements import ElementId, Point
from designer.document.model import Document
from designer.host.theme import Theme

__all__ = ["FlowScene"]

#: More states than this do not glide; they stand where they belong at once.
GLIDE_LIMIT = 300
#: A pulse swells in this many steps: each costs a repaint, and more could not be told apart.
PULSE_STEPS = 12
#: So long at once the lines of a large flow may look for better ways, in seconds.
SLICE_S = 0.008


class FlowScene(QGraphicsScene):
    """Shows the document of a session.

    Items change when the document says ``applied``; apart from that only with the selection, the
    hand above them, a drag's preview, and the overlay of a run.

    Signals:
        selection_ids_changed(): other states or transitions are selected.
        message_clicked(str): in a run, the label of that possible transition was clicked.
        drawing_changed(): something stands elsewhere, came or went, or has other colours.
        overlay_changed(): a run is at another moment.

    Attributes:
        session: where tools push edits; the scene itself pushes none.
        drawing: the numbers the items show: boxes, labels, routes.
    """

    selection_ids_changed = Signal()
    message_clicked = Signal(str)
    drawing_changed = Signal()
    overlay_changed = Signal()

    def __init__(self, session: EditSession, theme: Theme) -> None:
        super().__init__(session)
        self.session = session
        self._canvas_style = CanvasStyle(theme)
        self.drawing = FlowDrawing(session.document, self._canvas_style)
        self._items = Projection(self, self._canvas_style)
        self._selection = Selection(self)
        self._overlay = NO_OVERLAY
        self._hovered: tuple[ElementId | None, bool] = (None, False)
        self._glides: dict[ElementId, tuple[Point, Point]] = {}
        self._motion = Motion(
            glide=self._glide_to, flash=self._flash_to, pulse=self._pulse_to, parent=self
        )
        self._motion.enabled = _system_moves()
        self._settling = QTimer(self)
        self._settling.setInterval(0)
        self._settling.timeout.connect(self._settle_some)
        self._wire()
        self._project()
        self._start_settling()

    # -- reading ---------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        """What it shows."""
        return self.session.document

    @property
    def canvas_style(self) -> CanvasStyle:
        """Colours and fonts it is drawn in."""
        return self._canvas_style

    @property
    def theme(self) -> Theme:
        """The colours it is drawn in."""
        return self._canvas_style.theme

    @property
    def animations(self) -> bool:
        """Whether anything may move by itself."""
        return self._motion.enabled

    @animations.setter
    def animations(self, on: bool) -> None:
        self._motion.finish_glide()
        self._motion.enabled = on
        self._motion.set_pulsing(self._overlay.active is not None)

    @property
    def overlay(self) -> Overlay:
        """What of a run is shown."""
        return self._overlay

    def item_for(self, element_id: ElementId) -> StateItem | TransitionItem:
        """The item of a state or transition; raises KeyError."""
        state = self._items.states.get(element_id)
        return state if state is not None else self._items.lines[element_id]

    def label_item_for(self, transition_id: ElementId) -> LabelItem:
        """The item of a transition's label; raises KeyError."""
        return self._items.labels[transition_id]

    def content_rect(self) -> QRectF:
        """The box around all that is drawn; null for an empty flow."""
        bounds = self.drawing.bounds
        return QRectF() if bounds is None else QRectF(*bounds)

    # -- selecting and looking -------------------------------------------------------------

    def selected_ids(self) -> tuple[ElementId, ...]:
        """Ids of the selected states and transitions, in the order they were selected."""
        return tuple(id_ for id_ in self._selection.ids if self.document.find(id_) is not None)

    def select(self, ids: Iterable[ElementId]) -> None:
        """Selects these states and transitions alone; ids of what is not drawn are left out."""
        self._selection.set([id_ for id_ in ids if self._draws(id_)])

    def toggle(self, element_id: ElementId) -> None:
        """Adds one element to the selection, or takes it away."""
        if self._draws(element_id):
            self._selection.toggle(element_id)

    def set_hovered(self, element_id: ElementId | None, *, handles: bool = False) -> None:
        """Marks what the hand is above; ``handles`` shows where a transition is drawn from."""
        before, self._hovered = self._hovered, (element_id, handles)
        if before != self._hovered:
            self._refresh_looks(id_ for id_ in (before[0], element_id) if id_ is not None)

    def set_overlay(self, overlay: Overlay | None) -> None:
        """Shows a moment of a run; None shows the flow alone."""
        before, self._overlay = self._overlay, overlay or NO_OVERLAY
        if before == self._overlay:
            return

        touched = before.touched(self._overlay)
        if self._overlay.taken is not None and self._overlay.active is not None:
            touched.add(self._overlay.taken)
            flashes = self._motion.flash()
        else:
            flashes = False
        self._refresh_looks(touched, flash=1.0 if flashes else 0.0)
        self._motion.set_pulsing(self._overlay.active is not None)
        self.overlay_changed.emit()

    def set_zoom(self, zoom: float) -> None:
        """Leaves out what could not be made out at that zoom; 1.0 is 100 %."""
        self._items.set_detail(detail_for(zoom))

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours from now on."""
        self._canvas_style = CanvasStyle(theme)
        self._items.set_style(self._canvas_style)
        self.drawing_changed.emit()
        self.update()

    # -- previews and end ------------------------------------------------------------------

    def preview(self, places: Mapping[ElementId, Point]) -> None:
        """Shows states elsewhere, as while they are dragged."""
        self._motion.finish_glide()
        self._settling.stop()
        self.drawing.preview(places)
        self._items.place(self.document, self.drawing)
        self.drawing_changed.emit()

    def settle(self) -> None:
        """Finds the best routes now, without leaving anybody else a turn."""
        self._motion.finish_glide()
        while self._settling.isActive():
            self._settle_some()

    def end_preview(self) -> None:
        """Shows every state where the document has it."""
        self._motion.finish_glide()
        self._project()
        self._start_settling()

    def dispose(self) -> None:
        """Lets go of the document and of every item; the scene is of no use afterwards."""
        self._unwire()
        self._motion.stop()
        self._settling.stop()
        self._items.remove_all()
        self.deleteLater()

    # -- following the document ------------------------------------------------------------

    def _wire(self) -> None:
        self.document.applied.connect(self._on_applied)
        self._selection.changed.connect(self._on_selection_changed)

    def _unwire(self) -> None:
        self.document.applied.disconnect(self._on_applied)
        self._selection.changed.disconnect(self._on_selection_changed)

    def _on_applied(self) -> None:
        self._motion.finish_glide()
        self._settling.stop()
        before = {id_: (item.x(), item.y()) for id_, item in self._items.states.items()}
        self._project()
        ways = {
            id_: (before[id_], box.centre)
            for id_, box in self.drawing.boxes.items()
            if id_ in before and before[id_] != box.centre
        }
        if 0 < len(ways) <= GLIDE_LIMIT:
            self._glides = ways
            if self._motion.glide():
                self._glide_to(0.0)
                return
        self._start_settling()

    def _project(self) -> None:
        """Brings items, places and selection in step with the document."""
        known = set(self._items.states) | set(self._items.lines)
        self.drawing.refresh()
        self._items.sync(self.document, self.drawing)
        self._items.place(self.document, self.drawing)
        drawn = [*self._items.states, *self._items.lines]
        self._selection.keep(drawn)
        self._refresh_looks(id_ for id_ in drawn if id_ not in known)
        self.drawing_changed.emit()

    def _start_settling(self) -> None:
        if not self.drawing.book.settled:
            self._settling.start()

    def _settle_some(self) -> None:
        """Lets the lines find better ways, a slice at a time, while everything else goes on."""
        if self.drawing.settle_some(SLICE_S):
            self._items.place(self.document, self.drawing)
            self.drawing_changed.emit()
        if self.drawing.book.settled:
            self._settling.stop()

    def _draws(self, element_id: ElementId) -> bool:
        return element_id in self._items.states or element_id in self._items.lines

    # -- looks -----------------------------------------------------------------------------

    def _on_selection_changed(self, differing: frozenset[ElementId]) -> None:
        self._refresh_looks(differing)
        self.selection_ids_changed.emit()

    def _refresh_looks(self, ids: Iterable[ElementId], *, flash: float = 0.0) -> None:
        self._look_again(ids, flash=flash)
        self._items.look_changed()

    def _look_again(
        self, ids: Iterable[ElementId], *, flash: float = 0.0, pulse: float = 0.0
    ) -> None:
        moment = Moment(self._selection, self._overlay, *self._hovered)
        for element_id in ids:
            if element_id in self._items.states:
                look = state_look(element_id, moment, pulse=pulse)
                self._items.states[element_id].set_look(look)
            elif element_id in self._items.lines:
                line = line_look(element_id, moment, flash=flash)
                self._items.lines[element_id].set_look(line)
                self._items.labels[element_id].set_look(line)

    def _flash_to(self, share: float) -> None:
        if self._overlay.taken is not None:
            self._look_again([self._overlay.taken], flash=1.0 - share)

    def _pulse_to(self, share: float) -> None:
        if self._overlay.active is not None:
            swell = 1.0 - abs(2.0 * share - 1.0)
            coarse = round(swell * PULSE_STEPS) / PULSE_STEPS
            self._look_again([self._overlay.active], pulse=coarse)

    def _glide_to(self, share: float) -> None:
        """Puts gliding states that far on their way; their lines fade in where they will be."""
        self._items.shift(
            {
                id_: (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
                for id_, ((x1, y1), (x2, y2)) in self._glides.items()
                if id_ in self._items.states
            }
        )
        self._items.fade(self._glides.keys(), self.drawing, share)
        if share == 1.0:
            self._start_settling()


def _system_moves() -> bool:
    """Whether the system wants things to move."""
    style = QApplication.style()
    return style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
