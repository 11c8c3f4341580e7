"""What a new flow is before anything is drawn."""

from __future__ import annotations

from designer.document.elements import Flow, FlowKind, Pack, PackOrigin, new_id
from designer.document.model import Content

__all__ = ["new_flow"]


def new_flow(name: str, kind: FlowKind = FlowKind.CONFIG) -> Content:
    """An empty flow.

    Args:
        name: the name of the component and of its pack.
        kind: a config with one pack written inside it, which has rules and is one file; or a pack
            by itself, for other configs to name.
    """
    flow = Flow(id=new_id("f"), kind=kind, name=name)
    return Content(flow=flow, packs=(Pack(id=new_id("p"), name=name, origin=PackOrigin.INLINE),))
