"""Walking from element to element by keys: in reading order, or to the nearest in a direction."""

from __future__ import annotations

from designer.canvas.geometry import Side, nearest_in_direction
from designer.canvas.scene import FlowScene
from designer.document.elements import ElementId, Point

__all__ = ["next_element", "next_in_direction", "reading_order"]


def reading_order(scene: FlowScene) -> tuple[ElementId, ...]:
    """All that is drawn: each state, then what leaves it, as the file has them."""
    leaving: dict[ElementId, list[ElementId]] = {}
    for edge in scene.drawing.edges:
        leaving.setdefault(edge.source, []).append(edge.id)

    order: list[ElementId] = []
    for state_id in scene.drawing.boxes:
        order += [state_id, *leaving.get(state_id, ())]
    return tuple(order)


def next_element(scene: FlowScene, step: int) -> ElementId | None:
    """The element after (1) or before (-1) the one selected last; None past either end.

    Without a selection, the first or the last.
    """
    order = reading_order(scene)
    if not order:
        return None

    selected = scene.selected_ids()
    if not selected:
        return order[0 if step > 0 else -1]

    place = order.index(selected[-1]) + step
    return order[place] if 0 <= place < len(order) else None


def next_in_direction(scene: FlowScene, side: Side) -> ElementId | None:
    """The nearest state or label in a direction from what was selected last; None without one."""
    places = _places(scene)
    selected = [id_ for id_ in scene.selected_ids() if id_ in places]
    if not selected:
        return next(iter(reading_order(scene)), None)

    here = selected[-1]
    others = ((id_, place) for id_, place in places.items() if id_ != here)
    return nearest_in_direction(places[here], others, side)


def _places(scene: FlowScene) -> dict[ElementId, Point]:
    drawing = scene.drawing
    places = {id_: box.centre for id_, box in drawing.boxes.items()}
    return places | {id_: route.label for id_, route in drawing.routes.items()}
