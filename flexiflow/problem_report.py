"""Gathers everything that is wrong in one file, and says where only when something is."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flexiflow.errors import ExpressionError, PackError, Problem
from flexiflow.safe_text import safe_repr
from flexiflow.yaml_places import Places, Position, Way, breadcrumb

__all__ = ["MAX_PROBLEMS", "ProblemReport", "did_you_mean", "kind_of", "quote_hint"]

MAX_PROBLEMS = 100
"""Problems of one file that are shown; the others are counted."""

_LONGEST_NAME = 60
_MOST_NAMES = 1_000
_SHOWN = 300


def kind_of(value: Any) -> str:
    """What YAML made of a value, for a person: ``a boolean``, ``a number``, ``a list`` ..."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case date():
            return "a date"
        case str():
            return "text"

    named: dict[type, str] = {list: "a list", dict: "a mapping", bytes: "binary data"}
    return named.get(type(value), f"a {type(value).__name__}")


def quote_hint(value: Any) -> str | None:
    """The trap where YAML 1.1 made something else of an unquoted text; None where it did not."""
    if isinstance(value, bool | int | float | date):
        return f"YAML reads this as {kind_of(value)}: quote it."

    return None


def did_you_mean(wrong: str, known: Iterable[str]) -> str | None:
    """A question after the nearest known name, or None when there is no near one."""
    size = len(wrong)
    if size > _LONGEST_NAME:
        return None

    near = [name for name in known if abs(len(name) - size) <= max(3, size // 3)]
    close = difflib.get_close_matches(wrong, near[:_MOST_NAMES], 1, 0.6)
    return f"Did you mean '{close[0]}'?" if close else None


@dataclass(frozen=True, slots=True)
class _Finding:
    """A problem whose place is not worked out yet.

    Attributes:
        what: the sentence, or a function that makes it from what is written at the place.
        fix: the advice, or a function that finds it.
        inside: line and column within the text of the node.
    """

    way: Way
    what: str | Callable[[str], str]
    why: str
    fix: str | Callable[[], str]
    key: bool
    inside: tuple[int, int] | None


@dataclass
class ProblemReport:
    """The problems of one file.

    Attributes:
        text: the file's text, for places; None for data that comes from no text.
        path: the file's name.
        prefix: the way to the data that is looked at, such as ``("packs", 2)``.
    """

    text: str | None = None
    path: str | None = None
    prefix: tuple[Any, ...] = ()
    known: list[Problem] = field(default_factory=list)
    findings: list[_Finding] = field(default_factory=list)
    left_out: list[Way] = field(default_factory=list)
    places: list[Places] = field(default_factory=list, repr=False, compare=False)  # none, or one

    def below(self, *way: Any) -> ProblemReport:
        """A report of a part of the same file; what is added to it is in this one too."""
        return ProblemReport(
            self.text,
            self.path,
            (*self.prefix, *way),
            self.known,
            self.findings,
            places=self.places,
        )

    def add(
        self,
        way: Way,
        what: str | Callable[[str], str],
        *,
        why: str,
        fix: str | Callable[[], str],
        key: bool = False,
        inside: tuple[int, int] | None = None,
    ) -> None:
        """Notes a problem.

        Args:
            way: where, from the prefix on.
            what: the sentence, or a function that makes it from what is written there.
            why: the rule.
            fix: what to do, or a function that finds it, which may take a while.
            key: whether the key of the entry is at fault, not its value.
            inside: line and column within the node's text, both from 1.
        """
        if len(self.findings) < MAX_PROBLEMS:
            self.findings.append(_Finding((*self.prefix, *way), what, why, fix, key, inside))
        else:
            self.left_out.append((*self.prefix, *way))

    def written(self, way: Way) -> str:
        """What the text says at a place, from the prefix on; reads it again, which takes long."""
        if not self.places:
            self.places.append(Places(self.text or ""))

        return self.places[0].find((*self.prefix, *way)).written

    def add_expression(self, way: Way, error: ExpressionError) -> None:
        """Notes an expression that is refused."""
        self.add(
            way,
            error.what,
            why=error.why or "",
            fix=error.fix or "",
            inside=(error.line, error.column),
        )

    def add_type(self, way: Way, name: str, expected: str, value: Any) -> None:
        """Notes a value of the wrong kind, and names the trap where YAML 1.1 is to blame."""
        hint = quote_hint(value) if expected == "text" else None
        if hint is not None:
            self.add(
                way,
                lambda written: f"'{name}' has to be text, not {safe_repr(written or value)}",
                why=hint,
                fix=f"Write it in quotes: {name}: '...'",
            )
            return

        self.add(
            way,
            f"'{name}' has to be {expected}",
            why=f"Expected {expected}, but got {kind_of(value)}.",
            fix=f"Change '{name}' so that it is {expected}.",
        )

    def add_missing(self, way: Way, name: str, owner: str, example: str) -> None:
        """Notes a required field that is not there."""
        self.add(
            way,
            f"Missing '{name}'",
            why=f"{owner} needs '{name}'.",
            fix=f"Add it: {example}",
        )

    def add_key_type(self, way: Way, key: Any, owner: str) -> None:
        """Notes a key that is no text, such as an unquoted ``on``."""
        self.add(
            (*way, key),
            lambda written: f"The key {safe_repr(written or key)} of {owner} is no text",
            why=f"YAML reads this as {kind_of(key)}: quote it.",
            fix="Write the key in quotes.",
            key=True,
        )

    def add_unknown_key(self, way: Way, key: str, owner: str, known: Collection[str]) -> None:
        """Notes a key that the format does not know."""
        self.add(
            (*way, key),
            f"Unknown key '{key}' in {owner}",
            why=f"{owner} has the keys {', '.join(known)}.",
            fix=lambda: did_you_mean(key, known) or f"Remove it, or keep it as 'x-{key}'.",
            key=True,
        )

    def problems(self) -> tuple[Problem, ...]:
        """All problems with their places, in the order of the text."""
        places = Places(self.text) if self.findings and self.text is not None else None
        found = [*self.known, *(self._problem(finding, places) for finding in self.findings)]
        found.sort(key=lambda one: (one.line or 0, one.column or 0))
        more = len(found) - MAX_PROBLEMS + len(self.left_out)
        if more <= 0:
            return tuple(found)

        return (
            *found[:MAX_PROBLEMS],
            Problem(
                f"... and {more:,} more problems",
                f"The first {MAX_PROBLEMS} are shown.",
                "Correct these first.",
                self.path,
            ),
        )

    @property
    def has_any(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.known or self.findings)

    def raise_if_any(self) -> None:
        """Raises all problems at once, when there are any.

        Raises:
            PackError: something is wrong.
        """
        if self.has_any:
            raise PackError(self.problems())

    def _problem(self, finding: _Finding, places: Places | None) -> Problem:
        place: Position | None = None
        if places is not None and finding.inside is not None:
            place = places.find_inside(finding.way, *finding.inside)
        elif places is not None:
            place = places.find(finding.way, key=finding.key)

        written = "" if place is None else place.written
        way = tuple(finding.way)
        if finding.key and written and not isinstance(way[-1], str):
            way = (*way[:-1], written)

        what = finding.what if isinstance(finding.what, str) else finding.what(written)
        return Problem(
            what if len(what) <= _SHOWN else f"{what[:_SHOWN]}...",
            finding.why,
            finding.fix if isinstance(finding.fix, str) else finding.fix(),
            self.path,
            None if place is None else place.line,
            None if place is None else place.column,
            breadcrumb(way),
        )
