"""A transition's label as it is typed: ``message [guard]`` or ``after 15m [guard]``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from designer.document.elements import Transition
from flexiflow.pack_records import duration_text

__all__ = ["LabelFields", "editable_text", "names_actions", "parse_label", "says_all"]

_GUARD = re.compile(r"^(?P<head>.*?)\s*\[(?P<guard>.*)\]\s*$")
_ACTIONS = re.compile(r"\s/\s|\]\s*/")
_DELAY = re.compile(r"^after\s+(?P<time>[0-9][0-9.]*\s*(?:ms|s|m|h)?)$")


@dataclass(frozen=True, slots=True)
class LabelFields:
    """What a typed label says; exactly one of ``message`` and ``after`` is set.

    Attributes:
        after: the delay as it is written: ``15m``.
        guard: an expression or the name of a guard; None when the label has none.
    """

    message: str | None = None
    after: str | None = None
    guard: str | None = None


def parse_label(text: str) -> LabelFields:
    """Reads a typed label; whether its words are good is for others to check."""
    head, guard = text.strip(), None
    match = _GUARD.match(head)
    if match:
        head, guard = match["head"].strip(), match["guard"].strip() or None

    delay = _DELAY.match(head)
    if delay:
        return LabelFields(after=delay["time"].replace(" ", ""), guard=guard)
    return LabelFields(message=head, guard=guard)


def names_actions(message: str) -> bool:
    """Whether what was read as a message looks like ``message [guard] / actions``.

    Labels show actions so; typing them there would make a message of all of it.
    """
    return _ACTIONS.search(message) is not None


def editable_text(transition: Transition) -> tuple[str, int]:
    """The label to type over, and how long its first part is: the message or the delay."""
    head = transition.message or ""
    if transition.message is None and transition.after is not None:
        head = f"after {duration_text(transition.after)}"
    if transition.guard is None or not says_all(transition):
        return head, len(head)
    return f"{head} [{transition.guard}]", len(head)


def says_all(transition: Transition) -> bool:
    """Whether the label, typed as it is shown, would mean the same transition again.

    A message such as ``a [b]`` or a guard over several lines cannot be typed in a label: then only
    the message is edited there, and the guard elsewhere.
    """
    head = transition.message or ""
    after = None
    if transition.message is None and transition.after is not None:
        after = duration_text(transition.after)
        head = f"after {after}"

    text = f"{head} [{transition.guard}]" if transition.guard else head
    message = None if after else head
    return parse_label(text) == LabelFields(message, after, transition.guard) and "\n" not in text
