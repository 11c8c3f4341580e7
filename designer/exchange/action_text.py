"""Actions as the text a person edits, and back."""

from __future__ import annotations

from collections.abc import Sequence

from designer.exchange.yaml_text import to_yaml
from flexiflow.pack_actions import read_actions
from flexiflow.pack_records import Action, to_data
from flexiflow.problem_report import ProblemReport
from flexiflow.yaml_source import scan_yaml

__all__ = ["actions_from_text", "actions_to_text"]


def actions_to_text(actions: Sequence[Action]) -> str:
    """A YAML list, one action below the other; empty without actions."""
    return to_yaml([to_data(action) for action in actions]).rstrip("\n") if actions else ""


def actions_from_text(text: str) -> tuple[Action, ...]:
    """The actions a text says.

    Raises:
        PackError: it is no YAML, or no list of actions; all problems, with their lines.
    """
    parsed = scan_yaml(text)
    report = ProblemReport(text, known=list(parsed.problems))
    actions = read_actions(parsed.data, "actions", (), report)
    report.raise_if_any()
    return actions
