"""The view: a window onto the scene, in which a person draws, looks around and clicks."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from designer.canvas.announcing import describe_selection
from designer.canvas.backdrop import paint_grid, paint_hint
from designer.canvas.camera import Camera
from designer.canvas.desk import Desk
from designer.canvas.keyboard import Keyboard
from designer.canvas.minimap import Minimap
from designer.canvas.mouse import Mouse
from designer.canvas.scene import FlowScene
from designer.canvas.tools.create import append_state, create_state
from designer.canvas.tools.edit_label import EditLabelTool
from designer.commands.elements import delete
from designer.commands.errors import EditError
from designer.document.elements import ElementId

__all__ = ["FlowView"]

#: The most of the view that the minimap may cover.
MINIMAP_SHARE = 0.1

#: Between the minimap and the corner of the view, in px.
MINIMAP_GAP = 12
#: A view smaller than this, in px, is not laid out yet.
LEAST_VIEW = 80


class FlowView(QGraphicsView):
    """Shows one scene and owns its gestures.

    Signals:
        zoom_changed(float): the new zoom; 1.0 is 100 %.
        edit_refused(str): an edit may not be; the sentence says why.
        menu_requested(QPoint): a context menu is wanted there, on the screen, for the selection.

    Attributes:
        desk: the gesture under way.
        minimap: the small map in the corner.
    """

    zoom_changed = Signal(float)
    edit_refused = Signal(str)
    menu_requested = Signal(QPoint)

    def __init__(self, scene: FlowScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._flow_scene = scene
        self._fits_when_shown = False
        self._prepare()
        self.desk = Desk(self, scene)
        self._camera = Camera(self, scene.content_rect)
        self._mouse = Mouse(self.desk, self._camera)
        self._keyboard = Keyboard(self, self.desk, self._mouse)
        self.minimap = Minimap(scene, self.viewport())
        self._wire()
        self._announce()
        self._on_drawing_changed()

    # -- looking around --------------------------------------------------------------------

    @property
    def flow_scene(self) -> FlowScene:
        """What it shows."""
        return self._flow_scene

    @property
    def zoom(self) -> float:
        """The zoom; 1.0 is 100 %."""
        return self._camera.zoom

    def zoom_in(self) -> None:
        """One step larger, around the middle."""
        self._camera.zoom_by(1.2)

    def zoom_out(self) -> None:
        """One step smaller, around the middle."""
        self._camera.zoom_by(1 / 1.2)

    def zoom_reset(self) -> None:
        """100 %."""
        self._camera.zoom_to(1.0)

    def fit(self) -> None:
        """Shows the whole flow, at 100 % at most; as soon as there is a window to show it in."""
        size = self.viewport().size()
        ready = self.isVisible() and min(size.width(), size.height()) >= LEAST_VIEW
        self._fits_when_shown = not ready
        content = self._flow_scene.content_rect()
        if ready and not content.isNull():
            self._camera.fit(content, self._covered())

    def fit_selection(self) -> None:
        """Shows all of the selection; the whole flow when nothing is selected."""
        area = QRectF()
        for element_id in self._flow_scene.selected_ids():
            area = area.united(self._flow_scene.item_for(element_id).sceneBoundingRect())
        if area.isNull():
            self.fit()
        else:
            self._camera.fit(area, self._covered())

    def pan(self, dx: float, dy: float) -> None:
        """Moves the drawing under the view by px of the screen."""
        self._camera.pan(dx, dy)

    def show_element(self, element_id: ElementId) -> None:
        """Selects a state or transition, and moves as far as is needed to see it."""
        self._flow_scene.select([element_id])
        self._camera.reveal(self._flow_scene.item_for(element_id).sceneBoundingRect())

    # -- editing ---------------------------------------------------------------------------

    def add_state(self) -> ElementId | None:
        """Makes a state under the hand, or in the middle of the view; its name is in edit mode."""
        place = self._mouse.place or self.viewport().rect().center()
        return create_state(self.desk, self.desk.point_at(place), free=True)

    def append_state(self) -> ElementId | None:
        """Makes a state that a new transition leads to from the selection."""
        state_id = append_state(self.desk)
        if state_id is not None:
            self._camera.reveal(self._flow_scene.item_for(state_id).sceneBoundingRect())
        return state_id

    def start_rename(self, element_id: ElementId) -> None:
        """Edits a state's name or a transition's label in place."""
        self.show_element(element_id)
        self.setFocus()
        tool = EditLabelTool(self.desk, element_id)
        self.desk.begin(tool, self.desk.pointer_at(QPoint()))

    def edit_selected(self) -> None:
        """Edits the one selected element in place; nothing when there are none or several."""
        selected = self._flow_scene.selected_ids()
        if len(selected) == 1:
            self.start_rename(selected[0])

    def delete_selected(self) -> None:
        """Deletes the selection, in one step."""
        self.desk.cancel()
        try:
            delete(self._flow_scene.session, self._flow_scene.selected_ids())
        except EditError as error:
            self.edit_refused.emit(error.what)

    def select_all(self) -> None:
        """Selects every state and transition."""
        drawing = self._flow_scene.drawing
        self._flow_scene.select([*drawing.boxes, *drawing.routes])

    def cancel_gesture(self) -> None:
        """Ends what the hand is doing, and leaves nothing of it."""
        self.desk.cancel()

    def dispose(self) -> None:
        """Lets go of scene and document; the view is of no use afterwards."""
        self.desk.dispose()
        self._mouse.dispose()
        self._keyboard.dispose()
        self._unwire()
        self.setScene(None)

    # -- wiring ----------------------------------------------------------------------------

    def _prepare(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleName("Canvas")

    def _wire(self) -> None:
        self._camera.zoom_changed.connect(self.zoom_changed)
        self._camera.moved.connect(self._on_view_moved)
        self._mouse.menu_requested.connect(self.menu_requested)
        self.desk.refused.connect(self.edit_refused)
        self.minimap.pointed_at.connect(self._camera.center_on)
        self.minimap.entered.connect(self._mouse.forget_hand)
        self._flow_scene.drawing_changed.connect(self._on_drawing_changed)
        self._flow_scene.selection_ids_changed.connect(self._announce)

    def _unwire(self) -> None:
        self._flow_scene.drawing_changed.disconnect(self._on_drawing_changed)
        self._flow_scene.selection_ids_changed.disconnect(self._announce)

    def _on_drawing_changed(self) -> None:
        self._place_minimap()
        self._camera.keep_in_reach()
        self._on_view_moved()
        if not self._flow_scene.drawing.boxes:
            self.viewport().update()

    def _on_view_moved(self) -> None:
        shown = self.mapToScene(self.viewport().rect()).boundingRect()
        self._flow_scene.set_zoom(self.zoom)
        self.minimap.show_part(shown, self.zoom)
        self.desk.view_changed()

    def _announce(self) -> None:
        words = describe_selection(self._flow_scene)
        self.setAccessibleDescription(words)
        if self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _covered(self) -> QRectF:
        """The part of the viewport under the minimap."""
        return QRectF(self.minimap.geometry()) if self.minimap.isVisible() else QRectF()

    # -- Qt --------------------------------------------------------------------------------

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The canvas and its dots."""
        paint_grid(painter, QRectF(rect), self._flow_scene.theme)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: ARG002 (Qt's)
        """What to do first, while nothing is drawn."""
        if not self._flow_scene.drawing.boxes and self.desk.tool is None:
            painter.resetTransform()
            paint_hint(painter, QRectF(self.viewport().rect()), self._flow_scene.canvas_style)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 (Qt's name)
        """Keeps the minimap in its corner while the drawing moves below it."""
        super().scrollContentsBy(dx, dy)
        self._place_minimap()
        self._on_view_moved()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the minimap in its corner; a fit that waited for a size happens."""
        super().resizeEvent(event)
        self._place_minimap()
        self._camera.keep_in_reach()
        self._on_view_moved()
        if self._fits_when_shown:
            self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        """A fit that waited for a window happens."""
        super().showEvent(event)
        if self._fits_when_shown:
            self.fit()

    def _place_minimap(self) -> None:
        """Into its corner; away while nothing is drawn, or where it would hide much of what is."""
        box, room = self.minimap.rect(), self.viewport().rect()
        box.moveBottomRight(room.bottomRight() - QPoint(MINIMAP_GAP, MINIMAP_GAP))
        self.minimap.move(box.topLeft())
        share = box.width() * box.height() / max(room.width() * room.height(), 1)
        drawn = bool(self._flow_scene.drawing.boxes)
        self.minimap.setVisible(drawn and share <= MINIMAP_SHARE)
