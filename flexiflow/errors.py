"""What can go wrong, one class per cause, each with What / Why / Fix / Context for a person.

The tree of exceptions::

    FlexiFlowError
    |-- ConfigError        a config, pack or scenario says something it may not
    |   |-- PackError          ... with every problem of one file at once
    |   `-- ExpressionError    ... in the text of a guard or value
    |-- StateError         a state that is unknown or misbehaves
    |-- PersistenceError   a stored snapshot that cannot be written or read
    |   `-- InvalidSnapshotError   ... because what is stored is none; a ``ValueError`` as well
    |-- ImportError_       a ``module:symbol`` that leads nowhere
    |-- EvaluationError    a guard or value that cannot be evaluated now, with this data
    `-- ExpectationError   a scenario found something else than it expected
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from flexiflow.safe_text import safe_repr

__all__ = [
    "ConfigError",
    "ErrorContext",
    "EvaluationError",
    "ExpectationError",
    "ExpressionError",
    "FlexiFlowError",
    "ImportError_",
    "InvalidSnapshotError",
    "PackError",
    "PersistenceError",
    "Problem",
    "StateError",
    "config_missing_field",
    "config_wrong_type",
    "import_invalid_format",
    "import_module_not_found",
    "import_not_state_subclass",
    "import_symbol_not_found",
    "persistence_invalid_json",
    "persistence_missing_field",
    "place_text",
    "state_not_found",
]

SHOWN_STATES = 5
"""How many known states an error lists before it counts the rest."""


@dataclass
class ErrorContext:
    """Facts around an error, in the order in which they were added."""

    items: dict[str, Any] = field(default_factory=dict)

    def add(self, key: str, value: Any) -> ErrorContext:
        """Stores a fact and returns this same object, so that calls chain."""
        self.items[key] = value
        return self

    def format(self) -> str:
        """One indented ``key=value`` line per fact; empty without facts."""
        return "\n".join(f"  {key}={safe_repr(value)}" for key, value in self.items.items())


class FlexiFlowError(Exception):
    """The root of all errors of this library; its text is composed once, when it is made.

    Args:
        what: what is wrong, in one line.
        why: the rule that was broken.
        fix: what to do about it.
        context: facts such as the path and the place in the file.

    Attributes:
        problems: what is wrong where, as far as that is known; also where the facts are those that
            the original's errors have, and no others.
    """

    problems: tuple[Problem, ...] = ()

    def __init__(
        self,
        what: str,
        *,
        why: str | None = None,
        fix: str | None = None,
        context: ErrorContext | None = None,
    ) -> None:
        self.what = what
        self.why = why
        self.fix = fix
        self.context = ErrorContext() if context is None else context
        super().__init__(self._compose())

    def add_facts(self, *, first: bool = False, **facts: Any) -> Self:
        """Adds facts that only the caller of whoever made the error knows; returns the error.

        Args:
            first: put them before those that are there.
            facts: the facts; one that is there already gets the new value.
        """
        known = self.context.items
        merged = facts | known | facts if first else known | facts
        known.clear()
        known.update(merged)
        self.args = (self._compose(),)
        return self

    def add_advice(self, advice: str | None) -> Self:
        """Adds a sentence to what to do about it, if there is one; returns the error."""
        if advice:
            self.fix = f"{self.fix} {advice}" if self.fix else advice
            self.args = (self._compose(),)

        return self

    def unsaid_place(self) -> str:
        """Where the first problem is, for a person; empty when the facts tell, or nobody knows."""
        return "" if "line" in self.context.items or not self.problems else self.problems[0].place()

    def _compose(self) -> str:
        lines = [self.what]
        if self.why:
            lines.append(f"Why: {self.why}")

        if self.fix:
            lines.append(f"Fix: {self.fix}")

        if self.context.items:
            lines += ["Context:", self.context.format()]

        return "\n".join(lines)


class ConfigError(FlexiFlowError):
    """A config, pack or scenario says something it may not."""


class StateError(FlexiFlowError):
    """A state is unknown, or gave a result that is none."""


class PersistenceError(FlexiFlowError):
    """A stored snapshot cannot be written or read."""


class InvalidSnapshotError(PersistenceError, ValueError):
    """What is stored is no snapshot: broken JSON, a missing field, a field of a wrong type."""


class ImportError_(FlexiFlowError):  # noqa: N801, N818 - a fixed name
    """A ``module:symbol`` path leads nowhere; unrelated to the built-in ``ImportError``."""


class EvaluationError(FlexiFlowError):
    """An expression cannot be evaluated with the data at hand: a missing key, a type clash."""


class ExpressionError(ConfigError):
    """The text of an expression is refused.

    Attributes:
        line: line within the text, from 1.
        column: column within the text, from 1.
    """

    def __init__(
        self,
        what: str,
        *,
        why: str | None = None,
        fix: str | None = None,
        context: ErrorContext | None = None,
        line: int = 1,
        column: int = 1,
    ) -> None:
        super().__init__(what, why=why, fix=fix, context=context)
        self.line = line
        self.column = column


class ExpectationError(FlexiFlowError):
    """A scenario found something else than it expected.

    Attributes:
        step: number of the step, from 1.
        line: line of the step in its file, or None.
        expected: what the step names.
        found: what was there instead.
    """

    def __init__(
        self,
        what: str,
        *,
        why: str | None = None,
        fix: str | None = None,
        context: ErrorContext | None = None,
        step: int = 0,
        line: int | None = None,
        expected: Any = None,
        found: Any = None,
    ) -> None:
        super().__init__(what, why=why, fix=fix, context=context)
        self.step = step
        self.line = line
        self.expected = expected
        self.found = found


def place_text(path: str | None, line: int | None, column: int | None, at: str) -> str:
    """A place for a person: ``order.yaml, line 3, column 5 (packs[0])``; may be empty."""
    parts = [path] if path else []
    if line is not None:
        parts.append(f"line {line}, column {column}")

    place = ", ".join(parts)
    if not at:
        return place

    return f"{place} ({at})" if place else at


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file.

    Attributes:
        what: what is wrong, in one line.
        why: the rule that was broken.
        fix: what to do about it.
        path: the file, or None for data that came from none.
        line: line of the offending node, from 1, where it is known.
        column: its column, from 1.
        at: the way to it, such as ``transitions[3].guard``; empty for the file as a whole.
    """

    what: str
    why: str | None = None
    fix: str | None = None
    path: str | None = None
    line: int | None = None
    column: int | None = None
    at: str = ""

    def place(self) -> str:
        """Where it is, for a person: ``order.yaml, line 3, column 5 (transitions[3].guard)``."""
        return place_text(self.path, self.line, self.column, self.at)

    def context(self) -> ErrorContext:
        """The place as the facts of an error."""
        facts = {"path": self.path, "line": self.line, "column": self.column, "at": self.at}
        return ErrorContext({key: value for key, value in facts.items() if value not in (None, "")})


class PackError(ConfigError):
    """All problems of one file, or of a config and its packs, found together.

    The context is the place of the first problem.

    Attributes:
        problems: every problem, in the order of the file's fields; never empty.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        if len(self.problems) == 1:
            super().__init__(first.what, why=first.why, fix=first.fix, context=first.context())
            return

        paths = {problem.path for problem in self.problems}
        where = f" in {first.path}" if len(paths) == 1 and first.path else ""
        super().__init__(
            f"{len(self.problems)} problems{where}",
            why=_listing(self.problems),
            fix="Correct each of them; they were all found in one reading.",
            context=first.context(),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is copied and pickled by calling its class with ``args``, which is the text.
        return _remade, (type(self), self.problems, self.args), self.__dict__


def _remade(kind: type[PackError], problems: Sequence[Problem], args: Any) -> PackError:
    """A copied or unpickled error; facts may have been added to its text."""
    error = kind(problems)
    error.args = args
    return error


def _listing(problems: Sequence[Problem]) -> str:
    """The problems as numbered lines, each with its place, why and fix."""
    lines = []
    for number, problem in enumerate(problems, 1):
        lines.append(f"\n  {number}. {problem.what}")
        for label, text in (("At", problem.place()), ("Why", problem.why), ("Fix", problem.fix)):
            if text:
                lines.append(f"\n     {label}: {text}")

    return "several things are wrong:" + "".join(lines)


def config_missing_field(field: str, path: str | None = None) -> ConfigError:
    """The error for a config that lacks a required field."""
    context = _config_context(path).add("field", field)
    return ConfigError(
        f"Config missing required field: '{field}'",
        why=f"Every config needs a non-empty '{field}'.",
        fix=f"Add '{field}' to the config, for example: {field}: my_{field}",
        context=context,
    )


def config_wrong_type(field: str, expected: str, got: str, path: str | None = None) -> ConfigError:
    """The error for a config field of another type than it has to be."""
    context = _config_context(path).add("field", field).add("expected", expected).add("got", got)
    return ConfigError(
        f"Config field '{field}' has wrong type",
        why=f"Expected {expected}, but got {got}.",
        fix=f"Change '{field}' so that it is a {expected}.",
        context=context,
    )


def _config_context(path: str | None) -> ErrorContext:
    return ErrorContext() if path is None else ErrorContext({"config_path": path})


def state_not_found(name: str, valid_states: Iterable[str]) -> StateError:
    """The error for a state name that a registry does not know."""
    names = list(valid_states)
    shown = names[:SHOWN_STATES]
    listing = ", ".join(shown)
    left_out = len(names) - len(shown)
    if left_out > 0:
        listing += f" (+{left_out} more)"

    return StateError(
        f"Unknown state: '{name}'",
        why=f"The state '{name}' is not registered in the registry that was asked.",
        fix=(
            f"Use one of: {listing}\n"
            f"Or register it: DEFAULT_REGISTRY.register('{name}', YourStateClass)"
        ),
        context=ErrorContext({"requested_state": name, "valid_states": shown}),
    )


def persistence_invalid_json(path: str, error: str) -> InvalidSnapshotError:
    """The error for a state file that is not JSON."""
    return InvalidSnapshotError(
        f"Invalid JSON in state file: {path}",
        why=f"The file contains malformed JSON: {error}",
        fix="Correct the syntax errors, or delete the file and save the component again.",
        context=ErrorContext({"path": path, "error": error}),
    )


def persistence_missing_field(path: str, field: str) -> InvalidSnapshotError:
    """The error for a state file that lacks a required field."""
    return InvalidSnapshotError(
        f"State file missing required field: '{field}'",
        why=f"A state file needs a non-empty text under '{field}'.",
        fix="Add the missing field, or delete the file and save the component again.",
        context=ErrorContext({"path": path, "field": field}),
    )


def import_invalid_format(dotted_path: str) -> ImportError_:
    """The error for a dotted path that is not ``module:symbol``."""
    return ImportError_(
        f"Invalid dotted path format: '{dotted_path}'",
        why="A dotted path has the form module:ClassName.",
        fix="Write it like mypackage.module:MyClass; a colon separates module from class.",
        context=ErrorContext({"dotted_path": dotted_path}),
    )


def import_module_not_found(module: str, dotted_path: str) -> ImportError_:
    """The error for a module that cannot be imported."""
    return ImportError_(
        f"Module not found: '{module}'",
        why=f"The module '{module}' could not be imported.",
        fix="Check its spelling, that it is installed, and that its folder is on the Python path.",
        context=ErrorContext({"module": module, "dotted_path": dotted_path}),
    )


def import_symbol_not_found(module: str, symbol: str, dotted_path: str) -> ImportError_:
    """The error for a module that lacks the named attribute."""
    return ImportError_(
        f"Symbol '{symbol}' not found in module '{module}'",
        why=f"The module '{module}' was imported, but it has no attribute '{symbol}'.",
        fix=f"Check the spelling of '{symbol}', and that the module defines it at its top level.",
        context=ErrorContext({"module": module, "symbol": symbol, "dotted_path": dotted_path}),
    )


def import_not_state_subclass(dotted_path: str, got_type: str) -> ImportError_:
    """The error for a symbol that is no state class."""
    return ImportError_(
        f"Not a State subclass: '{dotted_path}'",
        why=f"Expected a State subclass, but got {got_type}.",
        fix="Let the class inherit from flexiflow.State.",
        context=ErrorContext({"dotted_path": dotted_path, "got_type": got_type}),
    )
