"""What a banner says: What, Why and Fix, and the choices it offers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum

from designer.commands.errors import EditError
from flexiflow.errors import FlexiFlowError, PackError, Problem
from flexiflow.safe_text import safe_str

__all__ = ["Choice", "Notice", "Severity", "notice_for"]

#: Problems of a file that are listed until the rest is counted.
SHOWN_PROBLEMS = 4


class Severity(Enum):
    """How much a notice matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a banner.

    Attributes:
        id: what the one who asked gets when it is pressed.
        text: its words.
        primary: it is the one a person most likely wants.
    """

    id: str
    text: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person is told in the window.

    Attributes:
        what: what happened, in one line.
        why: the reason.
        fix: what to do about it.
        details: further lines, such as the places in a file.
        choices: the buttons, left to right; a banner can always be dismissed besides.
        key: a later notice of the same key takes the place of an earlier one; "" is always new.
    """

    what: str
    why: str = ""
    fix: str = ""
    details: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
    choices: tuple[Choice, ...] = ()
    key: str = ""

    @property
    def text(self) -> str:
        """All of it as plain text."""
        lines = [self.what, *self.details]
        if self.why:
            lines.append(f"Why: {self.why}")
        if self.fix:
            lines.append(f"Fix: {self.fix}")
        return "\n".join(lines)


def notice_for(error: BaseException, *, what: str = "", key: str = "") -> Notice:
    """What a person is told about an error.

    Args:
        error: any exception; one that is none of ours is a fault of the program, and said to be.
        what: what was being done, to go before what the error says, such as ``Not saved``.
        key: see :class:`Notice`.
    """
    return dataclasses.replace(_notice_for(error, what), key=key)


def _notice_for(error: BaseException, what: str) -> Notice:
    if isinstance(error, PackError):
        return _of_problems(error, what)
    if isinstance(error, FlexiFlowError):
        said = f"{what}: {error.what}" if what else error.what
        return Notice(said, error.why or "", error.fix or "", _place_of(error))
    if isinstance(error, EditError):
        return Notice(error.what, severity=Severity.WARNING)
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        return Notice(
            what or "The system refused something",
            f"{reason}{f': {error.filename}' if error.filename else ''}",
            "Check that the place exists, has room, and may be used by you.",
        )
    return Notice(
        f"{what or 'Something went wrong'}: {type(error).__name__}",
        safe_str(error),
        "This is a fault of the program; your flow is still here. Save it, then go on.",
    )


def _of_problems(error: PackError, what: str) -> Notice:
    said = f"{what}: {error.what}" if what else error.what
    if len(error.problems) == 1:
        problem = error.problems[0]
        place = problem.place()
        head = f"{what}: {problem.what}" if what else problem.what
        return Notice(head, problem.why or "", problem.fix or "", (place,) if place else ())

    paths = {problem.path for problem in error.problems}
    lines = [_line(problem, alone=len(paths) == 1) for problem in error.problems[:SHOWN_PROBLEMS]]
    if (more := len(error.problems) - SHOWN_PROBLEMS) > 0:
        lines.append(f"... and {more} more")
    return Notice(said, "", error.fix or "", tuple(lines))


def _line(problem: Problem, *, alone: bool) -> str:
    """A problem with its place; of a file that stands alone, the name is told already."""
    place = dataclasses.replace(problem, path=None).place() if alone else problem.place()
    return f"{place}: {problem.what}" if place else problem.what


def _place_of(error: FlexiFlowError) -> tuple[str, ...]:
    facts = error.context.items
    path = facts.get("path", facts.get("config_path"))
    known = Problem(
        "",
        path=None if path is None else str(path),
        line=facts.get("line"),
        column=facts.get("column"),
        at=facts.get("at", ""),
    )
    place = known.place()
    return (place,) if place and place not in error.what else ()
