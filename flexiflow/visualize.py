"""A config as a diagram: Mermaid, or DOT for Graphviz."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flexiflow.dot import generate_dot
from flexiflow.explain import explain
from flexiflow.explanation import ConfigExplanation
from flexiflow.mermaid import generate_mermaid as _generate_mermaid
from flexiflow.mermaid_text import sanitize_id as _sanitize_id
from flexiflow.pack_view import attempt
from flexiflow.safe_text import safe_repr

__all__ = ["_generate_mermaid", "_sanitize_id", "visualize"]

_GENERATORS = {"mermaid": _generate_mermaid, "dot": generate_dot}


def visualize(
    config: ConfigExplanation | Mapping[str, Any] | str | Path,
    *,
    format: str = "mermaid",  # noqa: A002 - a fixed name
    imports: bool = True,
) -> str:
    """The states and transitions of a config's packs as a diagram.

    Nothing is raised for errors of the config; they stand in the diagram as comments.

    Args:
        config: what :func:`flexiflow.explain.explain` takes, or what it returned.
        format: ``mermaid`` or ``dot``.
        imports: as for ``explain``; without meaning for an explanation that is there already.

    Raises:
        ValueError: there is no such format.
    """
    generate = next((make for name, make in _GENERATORS.items() if _is(format, name)), None)
    if generate is None:
        raise ValueError(f"Unsupported format: {safe_repr(format)}. Use 'mermaid'.")

    if not isinstance(config, ConfigExplanation):
        config = explain(config, imports=imports)

    return generate(config)


def _is(given: object, name: str) -> bool:
    """Whether it is that format; an object whose comparison fails is none."""
    found, _ = attempt(lambda: bool(given == name))
    return bool(found)
