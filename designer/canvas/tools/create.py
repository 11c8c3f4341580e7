"""Making a state: where the hand points, or after the selected one; its name is edited at once."""

from __future__ import annotations

from designer.canvas.captions import StateFace
from designer.canvas.desk import Desk
from designer.canvas.geometry import free_place
from designer.canvas.guides import snapped_to_grid
from designer.canvas.routes import Rect
from designer.canvas.sizes import state_size
from designer.canvas.tools.edit_label import EditLabelTool
from designer.commands.errors import EditError
from designer.commands.states import add_state, pack_for_new_state
from designer.commands.transitions import add_state_with_transition
from designer.document.elements import ElementId, Point, Transition

__all__ = ["append_state", "create_state"]

#: From the middle of a state to the middle of the one appended to it, in px.
APPEND_DISTANCE = 240.0


def create_state(desk: Desk, place: Point, *, free: bool = False) -> ElementId | None:
    """Makes a state and edits its name.

    Args:
        desk: where the gesture happens.
        place: its centre, in the drawing; the grid draws it.
        free: keeps clear of the states that are there.

    Returns:
        Its id, or None when the flow may not get one.
    """
    desk.cancel()
    session = desk.session
    place = snapped_to_grid(place)
    if free:
        place = _free(desk, place)
    pack_id = pack_for_new_state(session.document, desk.scene.selected_ids())
    try:
        state_id = add_state(session, pack_id, place)
    except EditError as error:
        desk.refused.emit(error.what)
        return None

    desk.scene.select([state_id])
    _edit(desk, state_id)
    return state_id


def append_state(desk: Desk) -> ElementId | None:
    """Makes a state to which a new transition leads from the selection; None when it cannot."""
    desk.cancel()
    source = _last_selected_state(desk)
    if source is None:
        desk.refused.emit("Select the state that the new one shall follow.")
        return None

    x, y = desk.scene.drawing.boxes[source].centre
    place = _free(desk, snapped_to_grid((x + APPEND_DISTANCE, y)))
    try:
        state_id, transition_id = add_state_with_transition(desk.session, source, place)
    except EditError as error:
        desk.refused.emit(error.what)
        return None

    desk.scene.select([state_id])
    _edit(desk, transition_id)
    return state_id


def _last_selected_state(desk: Desk) -> ElementId | None:
    """The state that was selected last, or the one the transition selected last leads to."""
    for element_id in reversed(desk.scene.selected_ids()):
        element = desk.session.document.find(element_id)
        if isinstance(element, Transition):
            return element.target or element.source
        return element_id
    return None


def _free(desk: Desk, place: Point) -> Point:
    """The place itself, or the next one where a state does not lie on another."""
    size = state_size(StateFace(name="State"), desk.scene.canvas_style)
    boxes = list(desk.scene.drawing.boxes.values())
    return free_place(Rect.around(place, *size), boxes).centre


def _edit(desk: Desk, element_id: ElementId) -> None:
    tool = EditLabelTool(desk, element_id, created=True)
    desk.begin(tool, desk.pointer_at(desk.view.viewport().rect().center()))
