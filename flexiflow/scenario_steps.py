"""The steps of a scenario: send a message, let time pass, expect something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["ExpectStep", "SendStep", "Step", "WaitStep"]


@dataclass(frozen=True, slots=True)
class SendStep:
    """Sends a message.

    Attributes:
        message: the message as it is.
        to: the component; None where there is only one.
        line: where it stands in its file.
    """

    message: Mapping[str, Any]
    to: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class WaitStep:
    """Lets time pass.

    Attributes:
        seconds: how long.
        line: where it stands in its file.
    """

    seconds: float
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectStep:
    """Compares what it names, and nothing else.

    Attributes:
        state: the name of the current state.
        context: entries that the component's data has; mappings inside name only some entries too.
        events: names of events seen since the last expectation, in this order; others may be
            between them.
        to: the component; None where there is only one.
        line: where it stands in its file.
    """

    state: str | None = None
    context: Mapping[str, Any] | None = None
    events: tuple[str, ...] | None = None
    to: str | None = None
    line: int | None = None


Step = SendStep | WaitStep | ExpectStep
