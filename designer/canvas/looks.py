"""How each element looks at this moment: selection, hand and run taken together."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from designer.canvas.line_painting import LineLook
from designer.canvas.overlay import NO_OVERLAY, Overlay
from designer.canvas.painting import StateLook
from designer.document.elements import ElementId

__all__ = ["Moment", "line_look", "state_look"]


@dataclass(frozen=True, slots=True)
class Moment:
    """All that looks depend on.

    Attributes:
        hovered: the element under the hand.
        handles: the hand is where transitions are drawn from.
    """

    selected: Container[ElementId] = field(default_factory=frozenset)
    overlay: Overlay = NO_OVERLAY
    hovered: ElementId | None = None
    handles: bool = False


def state_look(state_id: ElementId, moment: Moment, *, pulse: float = 0.0) -> StateLook:
    """How a state looks."""
    overlay = moment.overlay
    active = overlay.active == state_id
    hovered = moment.hovered == state_id
    return StateLook(
        selected=state_id in moment.selected,
        hovered=hovered,
        active=active,
        pulse=pulse if active else 0.0,
        visits=overlay.visits.get(state_id, 0),
        note=overlay.note if active else "",
        handles=hovered and moment.handles,
    )


def line_look(transition_id: ElementId, moment: Moment, *, flash: float = 0.0) -> LineLook:
    """How a transition's line and label look."""
    taken = moment.overlay.taken == transition_id
    return LineLook(
        selected=transition_id in moment.selected,
        hovered=moment.hovered == transition_id,
        taken=taken,
        flash=flash if taken else 0.0,
        possible=transition_id in moment.overlay.possible,
    )
