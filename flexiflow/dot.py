"""A config's diagram as DOT text, for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from flexiflow.diagram import iter_edges, unknown_states
from flexiflow.explanation import ConfigExplanation
from flexiflow.mermaid_text import one_line

__all__ = ["generate_dot"]


def generate_dot(explanation: ConfigExplanation) -> str:
    """The packs as clusters of states, the transitions between them, and the starting state.

    Each error of the config stands in a comment.
    """
    unknown = unknown_states(explanation)
    numbers = _numbers(explanation, unknown)
    lines = [
        f"digraph {_quoted(explanation.name or 'config')} {{",
        *(f"  // error: {one_line(error.what)}" for error in explanation.errors),
        "  rankdir=LR;",
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
        '  edge [fontname="sans-serif", fontsize=10];',
        *_clusters(explanation, numbers),
        *_loose_nodes(explanation, unknown, numbers),
        *_start(explanation, numbers),
        *_edge_lines(explanation, numbers),
        "}",
    ]
    return "\n".join(lines)


def _numbers(explanation: ConfigExplanation, unknown: list[str]) -> dict[str, str]:
    """A node id for each state that is drawn: a name of DOT's own cannot clash with it."""
    names = [key for pack in explanation.packs for key in sorted(pack.provided_keys)]
    names += unknown
    names += [end for edge in iter_edges(explanation) for end in (edge.source, edge.target)]
    names += [explanation.initial_state] if explanation.initial_state else []
    return {name: f"s{number}" for number, name in enumerate(dict.fromkeys(names))}


def _clusters(explanation: ConfigExplanation, numbers: dict[str, str]) -> Iterator[str]:
    for number, pack in enumerate(explanation.packs):
        if not pack.provided_keys:
            continue

        yield f"  subgraph cluster_{number} {{"
        yield f"    label={_quoted(f'pack: {pack.name}')};"
        for key in sorted(pack.provided_keys):
            yield f"    {numbers[key]} [label={_quoted(key)}];"

        yield "  }"


def _loose_nodes(
    explanation: ConfigExplanation, unknown: list[str], numbers: dict[str, str]
) -> Iterator[str]:
    provided = {key for pack in explanation.packs for key in pack.provided_keys}
    for name, node in numbers.items():
        if name in unknown:
            yield f'  {node} [label={_quoted(name)}, style="rounded,dashed", color="#999999"];'
        elif name not in provided:
            yield f"  {node} [label={_quoted(name)}];"


def _start(explanation: ConfigExplanation, numbers: dict[str, str]) -> Iterator[str]:
    if explanation.initial_state:
        yield '  start [shape=point, width=0.15, label=""];'
        yield f"  start -> {numbers[explanation.initial_state]};"


def _edge_lines(explanation: ConfigExplanation, numbers: dict[str, str]) -> Iterator[str]:
    for edge in iter_edges(explanation):
        label = f"{edge.message} [{edge.guard}]" if edge.guard else edge.message
        yield f"  {numbers[edge.source]} -> {numbers[edge.target]} [label={_quoted(label)}];"


def _quoted(text: str) -> str:
    """A DOT string; backslashes are doubled, as each would start an escape."""
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped.replace(chr(0), "")}"'
