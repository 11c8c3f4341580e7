"""The words on the canvas: what a state and a transition say of themselves, as plain text."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from designer.document.elements import Pack, State, Transition
from flexiflow.pack_records import (
    Action,
    CallAction,
    EmitAction,
    SendAction,
    SetAction,
    duration_text,
)

__all__ = [
    "LabelText",
    "StateFace",
    "actions_phrase",
    "face_for",
    "label_for",
    "tool_tip",
    "transition_sentence",
]


@dataclass(frozen=True, slots=True)
class StateFace:
    """What a drawn state shows of its record.

    Attributes:
        caption: the muted line under the name: the description, else what entering does.
        read_only: Python or builtin: drawn dashed.
        entry: it has entry actions; ``exit``: it has exit actions.
        color: the user's colour for it, or None.
    """

    name: str
    caption: str = ""
    final: bool = False
    read_only: bool = False
    entry: bool = False
    exit: bool = False
    color: str | None = None


@dataclass(frozen=True, slots=True)
class LabelText:
    """What a transition's label shows: ``message [guard] / actions``.

    Attributes:
        head: the message, or ``after 15m``.
        timed: the head is a delay; a small clock stands before it.
        guard: with its brackets; "" without one.
        actions: with its slash; "" without any.
        description: shown in the tooltip only.
    """

    head: str
    timed: bool = False
    guard: str = ""
    actions: str = ""
    description: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that say something, in reading order."""
        return tuple(part for part in (self.head, self.guard, self.actions) if part)

    @property
    def text(self) -> str:
        """All of it on one line."""
        return " ".join(self.parts)


def face_for(state: State, pack: Pack | None) -> StateFace:
    """What is drawn of a state; a state whose pack is unknown is drawn as read only."""
    return StateFace(
        name=state.key,
        caption=_one_line(state.description or actions_phrase(state.entry, ending="s")),
        final=state.final,
        read_only=pack is None or not pack.editable,
        entry=bool(state.entry),
        exit=bool(state.exit),
        color=state.color,
    )


def label_for(transition: Transition) -> LabelText:
    """What is drawn of a transition."""
    timed = transition.message is None and transition.after is not None
    head = transition.message or ""
    if timed and transition.after is not None:
        head = f"after {duration_text(transition.after)}"

    return LabelText(
        head=_one_line(head),
        timed=timed,
        guard=f"[{_one_line(transition.guard)}]" if transition.guard else "",
        actions=f"/ {actions_phrase(transition.do)}" if transition.do else "",
        description=transition.description or "",
    )


def actions_phrase(actions: Iterable[Action], *, ending: str = "") -> str:
    """What the actions do, in a few words: ``set items, total; emit order.paid``.

    Args:
        actions: the actions, in order.
        ending: added to each verb: "s" makes ``emits order.paid`` of it.
    """
    phrases = []
    for action in actions:
        verb, what = _words(action)
        phrases.append(f"{verb}{ending} {what}".strip())
    return "; ".join(phrases)


def transition_sentence(label: LabelText, source: str, target: str | None) -> str:
    """A transition in words, for assistive technology and tooltips."""
    way = f"in {source}" if target is None else f"from {source} to {target}"
    return f"{label.text or 'no message'}, {way}"


def tool_tip(*lines: str) -> str:
    """A tooltip of plain lines, whatever characters a user's texts contain; "" of no words."""
    words = [html.escape(line) for line in lines if line]
    return f"<qt>{'<br>'.join(words)}</qt>" if words else ""


def _words(action: Action) -> tuple[str, str]:
    match action:
        case SetAction():
            return "set", ", ".join(str(key) for key in action.values)
        case EmitAction():
            return "emit", action.event
        case SendAction():
            return "send", action.type
        case CallAction():
            return "call", action.target.rpartition(":")[2]


def _one_line(text: str) -> str:
    return " ".join(text.split())
