"""What a run shows on the canvas: the active state, what was just taken, what may come next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from designer.document.elements import ElementId

__all__ = ["NO_OVERLAY", "Overlay"]


@dataclass(frozen=True, slots=True)
class Overlay:
    """The state of a run, by the ids of what is drawn; never written into the document.

    Attributes:
        active: the state the component is in.
        taken: the transition it took last.
        possible: transitions that leave the active state on a message; clicking one sends it.
        visits: how often each state was entered.
        note: a few words under the active state's name, such as ``attempt 1``; "" leaves its
            description there.
    """

    active: ElementId | None = None
    taken: ElementId | None = None
    possible: frozenset[ElementId] = frozenset()
    visits: Mapping[ElementId, int] = field(default_factory=dict)
    note: str = ""

    def touched(self, other: Overlay) -> set[ElementId]:
        """The ids that look different under the other overlay."""
        changed = set(self.possible ^ other.possible)
        if (self.active, self.note) != (other.active, other.note):
            changed |= {id_ for id_ in (self.active, other.active) if id_ is not None}
        if self.taken != other.taken:
            changed |= {id_ for id_ in (self.taken, other.taken) if id_ is not None}

        visited = self.visits.keys() | other.visits.keys()
        return changed | {id_ for id_ in visited if self.visits.get(id_) != other.visits.get(id_)}


#: Nothing runs.
NO_OVERLAY = Overlay()
