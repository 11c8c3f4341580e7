"""The items of a scene, kept in step with a drawing: made, changed, moved, removed, by id."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import TypeVar

from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from designer.canvas.captions import tool_tip, transition_sentence
from designer.canvas.drawing import FlowDrawing
from designer.canvas.items.backdrop_items import InitialItem, RegionItem
from designer.canvas.items.far_item import FarItem
from designer.canvas.items.label_item import LabelItem
from designer.canvas.items.state_item import StateItem
from designer.canvas.items.transition_item import TransitionItem
from designer.canvas.routes import Rect
from designer.canvas.style import CanvasStyle, Detail
from designer.document.elements import ElementId, Point
from designer.document.model import Document

__all__ = ["CanvasItem", "Projection"]

CanvasItem = StateItem | TransitionItem | LabelItem | RegionItem | InitialItem | FarItem
_Item = TypeVar("_Item", StateItem, TransitionItem, LabelItem, RegionItem)


class Projection:
    """Holds one item for each element that is drawn.

    Attributes:
        states, lines, labels, regions: the items by the id of what they show.
        initial: the mark of the initial state.
        far: what stands in for states and lines while they are too small to tell apart.
    """

    def __init__(self, scene: QGraphicsScene, style: CanvasStyle) -> None:
        self._scene = scene
        self._style = style
        self.states: dict[ElementId, StateItem] = {}
        self.lines: dict[ElementId, TransitionItem] = {}
        self.labels: dict[ElementId, LabelItem] = {}
        self.regions: dict[ElementId, RegionItem] = {}
        self.initial = InitialItem(style)
        self.far = FarItem(style)
        self._detail = Detail.FULL
        self._label_sizes: dict[ElementId, tuple[float, float]] = {}
        scene.addItem(self.initial)
        scene.addItem(self.far)

    def sync(self, document: Document, drawing: FlowDrawing) -> None:
        """Makes and removes items until each element has one, and tells them their words."""
        drawn = {edge.id for edge in drawing.edges}
        self._cull(self.states, drawing.faces.keys())
        self._cull(self.lines, drawn)
        self._cull(self.labels, drawn)
        for state_id, face in drawing.faces.items():
            self._grown(self.states, state_id, StateItem).set_face(face)

        self._label_sizes = {
            id_: self._label_sizes[id_] for id_ in drawn & self._label_sizes.keys()
        }
        names = {state.id: state.key for state in document.states}
        for edge in drawing.edges:
            label = drawing.labels[edge.id]
            target = None if edge.target is None else names[edge.target]
            sentence = transition_sentence(label, names[edge.source], target)
            self._grown(self.lines, edge.id, TransitionItem)
            item = self._grown(self.labels, edge.id, LabelItem)
            item.set_label(label, tool_tip(sentence, label.description))

    def place(self, document: Document, drawing: FlowDrawing) -> None:
        """Puts every item where the drawing has it."""
        for state_id, box in drawing.boxes.items():
            self.states[state_id].set_box(box)

        for edge in drawing.edges:
            route, size = drawing.routes[edge.id], (edge.label_width, edge.label_height)
            line = self.lines[edge.id]
            if line.route is not route or self._label_sizes.get(edge.id) != size:
                line.set_route(route)
                self.labels[edge.id].set_box(Rect.around(route.label, *size))
                self._label_sizes[edge.id] = size

        self._place_backdrop(document, drawing)
        self.look_changed()

    def set_detail(self, detail: Detail) -> None:
        """Leaves out the items that could not be made out: from far away one item draws all."""
        if detail is self._detail:
            return

        self._detail = detail
        self.far.setVisible(detail is Detail.BOXES)
        blank = QGraphicsItem.GraphicsItemFlag.ItemHasNoContents
        for item in (*self.states.values(), *self.lines.values()):
            item.setFlag(blank, detail is Detail.BOXES)
        for item in self.labels.values():
            item.setFlag(blank, detail in (Detail.BOXES, Detail.COARSE))
        self.look_changed()

    def look_changed(self) -> None:
        """Something looks different or stands elsewhere."""
        if self._detail is Detail.BOXES:
            self.far.copy(self.states.values(), self.lines.values())

    def _place_backdrop(self, document: Document, drawing: FlowDrawing) -> None:
        """Puts regions and the initial mark where the drawing has them."""
        regions = drawing.regions()
        self._cull(self.regions, regions.keys())
        for pack_id, box in regions.items():
            pack = document.pack_for(pack_id)
            self._grown(self.regions, pack_id, RegionItem).set_region(box, pack.name, pack.color)
        self.initial.set_arrow(drawing.initial_arrow())

    def shift(self, places: Mapping[ElementId, Point]) -> None:
        """Puts states elsewhere for a moment, without their lines."""
        for state_id, (x, y) in places.items():
            self.states[state_id].setPos(x, y)

    def fade(self, states: Container[ElementId], drawing: FlowDrawing, share: float) -> None:
        """Lets the lines of these states show through, from 0 (not at all) to 1 (as ever)."""
        for edge in drawing.edges:
            if edge.source in states or edge.target in states:
                self.lines[edge.id].setOpacity(share)
                self.labels[edge.id].setOpacity(share)

    def set_style(self, style: CanvasStyle) -> None:
        """Draws everything in other colours from now on."""
        self._style = style
        for item in self.iter_items():
            item.set_style(style)
        self.look_changed()

    def remove_all(self) -> None:
        """Takes every item out of the scene."""
        for item in list(self.iter_items()):
            self._scene.removeItem(item)
        for shelf in (self.states, self.lines, self.labels, self.regions):
            shelf.clear()

    def iter_items(self) -> Iterator[CanvasItem]:
        """All items."""
        yield from self.states.values()
        yield from self.lines.values()
        yield from self.labels.values()
        yield from self.regions.values()
        yield self.initial
        yield self.far

    def _grown(
        self, shelf: dict[ElementId, _Item], element_id: ElementId, kind: type[_Item]
    ) -> _Item:
        """The element's item, made when there is none."""
        item = shelf.get(element_id)
        if item is None:
            item = kind(element_id, self._style)
            if self._detail is Detail.BOXES and kind is not RegionItem:
                item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
            shelf[element_id] = item
            self._scene.addItem(item)
        return item

    def _cull(self, shelf: dict[ElementId, _Item], wanted: Iterable[ElementId]) -> None:
        """Removes the items of what is drawn no more."""
        alive = set(wanted)
        for element_id in [found for found in shelf if found not in alive]:
            self._scene.removeItem(shelf.pop(element_id))
