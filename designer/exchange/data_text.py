"""Plain mappings as the text a person edits, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.exchange.yaml_text import to_yaml
from flexiflow.pack_fields import mapping_field
from flexiflow.problem_report import ProblemReport
from flexiflow.yaml_source import scan_yaml

__all__ = ["mapping_from_text", "mapping_to_text"]


def mapping_to_text(data: Mapping[str, Any]) -> str:
    """One ``key: value`` a line; empty for an empty mapping."""
    return to_yaml(dict(data)).rstrip("\n") if data else ""


def mapping_from_text(text: str) -> dict[str, Any]:
    """The mapping a text says.

    Raises:
        PackError: it is no YAML, or no mapping of plain values with text keys.
    """
    parsed = scan_yaml(text)
    report = ProblemReport(text, known=list(parsed.problems))
    data = mapping_field({"text": parsed.data}, "text", (), report)
    report.raise_if_any()
    return data
