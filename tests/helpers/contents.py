"""Builders of document contents, for tests that need no file."""

from __future__ import annotations

from collections.abc import Sequence

from designer.document.elements import (
    Flow,
    FlowKind,
    Pack,
    PackOrigin,
    Position,
    State,
    Transition,
)
from designer.document.model import Content

__all__ = ["content_of", "order_like", "pack_content_of"]

Arrow = tuple[str, str, str | None]


def content_of(
    keys: str,
    arrows: Sequence[Arrow] = (),
    *,
    initial: str | None = None,
    final: str = "",
    rules: Sequence[object] = (),
    kind: FlowKind = FlowKind.CONFIG,
) -> Content:
    """A flow of one inline pack, with readable ids: ``s-Cart``, ``t-0``, ``p-main``.

    Args:
        keys: the states' names, between blanks.
        arrows: (source, message, target); target None is internal.
        initial: the initial state's name.
        final: names of the final states, between blanks.
        rules: the flow's rules.
        kind: config or pack.
    """
    names, finals = keys.split(), final.split()
    return Content(
        flow=Flow(
            id="f-1",
            kind=kind,
            name="main",
            initial=f"s-{initial}" if initial else None,
            rules=tuple(rules),
        ),
        packs=(Pack(id="p-main", name="main", origin=PackOrigin.INLINE),),
        states=tuple(
            State(id=f"s-{key}", pack="p-main", key=key, final=key in finals) for key in names
        ),
        transitions=tuple(
            Transition(
                id=f"t-{number}",
                pack="p-main",
                source=f"s-{source}",
                target=f"s-{target}" if target else None,
                message=message,
            )
            for number, (source, message, target) in enumerate(arrows)
        ),
        positions=tuple(
            Position(f"s-{key}", 220.0 * number, 0.0) for number, key in enumerate(names)
        ),
    )


def pack_content_of(keys: str, arrows: Sequence[Arrow] = (), *, final: str = "") -> Content:
    """A pack that is open by itself; it starts in its first state."""
    first = keys.split(maxsplit=1)[0] if keys else None
    return content_of(keys, arrows, initial=first, final=final, kind=FlowKind.PACK)


def order_like() -> Content:
    """Four states of a small order, with parallel transitions, a loop and an internal one."""
    return content_of(
        "Cart Paying Paid Failed",
        [
            ("Cart", "add_item", None),
            ("Cart", "submit", "Paying"),
            ("Paying", "confirm", "Paid"),
            ("Paying", "decline", "Paying"),
            ("Paying", "decline", "Failed"),
        ],
        initial="Cart",
        final="Paid Failed",
        rules=({"max_retries": 3}, {"currency": "EUR"}),
    )
