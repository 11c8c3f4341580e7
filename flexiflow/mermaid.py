"""A config's diagram as Mermaid text."""

from __future__ import annotations

from collections.abc import Iterator

from flexiflow.diagram import iter_edges, unknown_states
from flexiflow.explanation import ConfigExplanation, PackInfo
from flexiflow.mermaid_text import IdTable, comment, quoted_message, quoted_name, quoted_text

__all__ = ["generate_mermaid"]

_STATE, _PACK, _UNKNOWN, _GROUP = "state", "pack", "unknown", "group"
_GROUP_ID = "unknown"


def generate_mermaid(explanation: ConfigExplanation) -> str:
    """The packs as groups of states, and the transitions between them.

    Each error of the config stands in a comment.
    """
    unknown = unknown_states(explanation)
    ids = IdTable(_things(explanation, unknown))
    blocks = [
        ["flowchart LR"],
        list(_comments(explanation)),
        [f"%% error: {comment(error.what)}" for error in explanation.errors],
        *(_subgraph(str(n), pack, ids) for n, pack in enumerate(explanation.packs)),
        _unknown_subgraph(unknown, ids),
        list(_edges(explanation, frozenset(unknown), ids)),
        _styling(unknown),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _things(explanation: ConfigExplanation, unknown: list[str]) -> Iterator[tuple[str, str, str]]:
    """Everything that needs an id: its kind, its name, and the text of the id."""
    if unknown:
        # First, because its id is fixed.
        yield _GROUP, _GROUP_ID, _GROUP_ID

    for name in unknown:
        yield _UNKNOWN, name, f"unknown_{name}"

    # States before packs: one that has no line of its own shows its id.
    for pack in explanation.packs:
        for key in sorted(pack.provided_keys):
            yield _STATE, key, key

    for edge in iter_edges(explanation):
        for end in {edge.source, edge.target}.difference(unknown):
            yield _STATE, end, end

    for number, pack in enumerate(explanation.packs):
        if pack.provided_keys:
            yield _PACK, str(number), pack.name


def _comments(explanation: ConfigExplanation) -> Iterator[str]:
    yield "%% Edge labels: on_message [guard]"
    if explanation.pack_order:
        yield f"%% pack_order: {comment(', '.join(explanation.pack_order))}"

    if explanation.initial_state_resolution:
        policy = ", ".join(explanation.initial_state_resolution)
        yield f"%% initial_state_resolution: [{comment(policy)}]"


def _subgraph(number: str, pack: PackInfo, ids: IdTable) -> list[str]:
    keys = sorted(pack.provided_keys)
    if not keys:
        return []

    nodes = [f'  {ids.id_for(_STATE, key)}["{quoted_name(key)}"]' for key in keys]
    title = f'subgraph {ids.id_for(_PACK, number)}["{quoted_name(f"pack: {pack.name}")}"]'
    return [title, *nodes, "end"]


def _unknown_subgraph(unknown: list[str], ids: IdTable) -> list[str]:
    if not unknown:
        return []

    nodes = [f'  {ids.id_for(_UNKNOWN, name)}["{quoted_name(name)}"]:::unknown' for name in unknown]
    return [f'subgraph {_GROUP_ID}["unknown states"]', *nodes, "end"]


def _edges(explanation: ConfigExplanation, unknown: frozenset[str], ids: IdTable) -> Iterator[str]:
    def id_for(state: str) -> str:
        return ids.id_for(_UNKNOWN if state in unknown else _STATE, state)

    for edge in iter_edges(explanation):
        label = quoted_message(edge.message)
        if edge.guard:
            label += f" [{quoted_text(edge.guard)}]"

        yield f'{id_for(edge.source)} -->|"{label}"| {id_for(edge.target)}'


def _styling(unknown: list[str]) -> list[str]:
    if not unknown:
        return []

    return [
        "%% Styling for unknown states",
        "classDef unknown stroke-dasharray: 5 5, stroke: #999",
    ]
