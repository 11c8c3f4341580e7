"""Edits of the flow's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from designer.commands.errors import EditError
from designer.commands.session import EditSession
from designer.document.elements import FlowKind
from designer.document.model import Change

__all__ = ["set_rules"]


def set_rules(session: EditSession, rules: Sequence[Any], text: str = "Change rules") -> bool:
    """Replaces the ordered rules of a config; False when they say the same.

    Args:
        session: the flow's session.
        rules: the new rules, plain YAML data; nobody changes them afterwards.
        text: the step's name, such as ``Change rule max_retries``.

    Raises:
        EditError: the flow is a pack, which has no rules.
    """
    flow = session.document.flow
    if flow.kind is FlowKind.PACK:
        raise EditError("A pack has no rules; a component config that names the pack has.")
    return session.push(text, [Change(flow, replace(flow, rules=tuple(rules)))])
