"""Gathers what ``explain`` finds, and works out where in the file it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flexiflow.errors import FlexiFlowError, PackError, Problem
from flexiflow.explanation import ConfigExplanation, Diagnostic
from flexiflow.pack_records import PackFile
from flexiflow.pack_view import attempt
from flexiflow.problem_report import quote_hint
from flexiflow.safe_text import safe_str
from flexiflow.state_machine import DEFAULT_REGISTRY
from flexiflow.yaml_places import Places, Way, breadcrumb
from flexiflow.yaml_source import read_text

__all__ = ["Report", "Words"]

Words = tuple[str, str, str]
"""What, why and fix."""


class Report:
    """One explanation in the making.

    Args:
        config_path: the file, or ``(dict)``.
        text: the file's text, when there is a file.
        base_dir: the folder that pack files are relative to; the current one by default.
        imports: whether modules may be imported.

    Attributes:
        state_entries: the entries of ``states`` as they are written, in order.
        pack_keys: the states of all packs that could be loaded, and of YAML packs as far as read.
        initial_class: the name of the class that a dotted initial state leads to.
        has_unseen_packs: there are packs whose states are not known, as nothing was imported.
        has_failures: there are states that are not known, as something could not be loaded.
        pack_files: the YAML packs, each with its file (None: this one) and the way to it in there;
            also those with problems, as far as they are right.
    """

    def __init__(
        self,
        config_path: str,
        *,
        text: str | None = None,
        base_dir: Path | None = None,
        imports: bool = True,
    ) -> None:
        self.result = ConfigExplanation(config_path, builtin_states=DEFAULT_REGISTRY.names())
        self.text = text
        self.folder = Path() if base_dir is None else base_dir
        self.imports = imports
        self.state_entries: list[tuple[Any, Any]] = []
        self.pack_keys: list[str] = []
        self.has_unseen_packs = False
        self.has_failures = False
        self.initial_class: str | None = None
        self.pack_files: list[tuple[PackFile, str | None, Way]] = []
        self._keys: dict[int, Way] = {}

    @property
    def file_path(self) -> str | None:
        """The path of the file, when there is one."""
        return None if self.text is None else self.result.config_path

    def error(
        self,
        what: str,
        *,
        why: str | None = None,
        fix: str | None = None,
        at: str = "",
        **context: Any,
    ) -> None:
        """Notes an error; its context is the config's path and what is given."""
        facts = {"path": self.result.config_path, **context}
        self.result.errors.append(Diagnostic("error", what, why, fix, facts).placed(at=at))

    def wrong_type(self, name: str, expected: str, value: object, fix: str) -> None:
        """Notes a field of another type than it has to be."""
        got = type(value).__name__
        what = f"Field '{name}' must be {expected}"
        if expected == "a string":
            fix += self.quote_hint(value)

        self.error(what, why=f"Got {got}.", fix=fix, at=name, got_type=got)

    def quote_hint(self, value: object) -> str:
        """What to add where YAML made something else of a text; empty where it did not."""
        hint = None if self.text is None else quote_hint(value)
        return "" if hint is None else f" {hint}"

    def unusable(self, name: str, failure: BaseException) -> None:
        """Notes a field that holds objects whose own code fails when they are looked at."""
        self.has_failures = True
        self.error(
            f"Field '{name}' cannot be looked at",
            why=f"Its data raised {type(failure).__name__}.",
            fix="Give plain data: texts, numbers, lists and mappings.",
            at=name,
        )

    def warn(
        self,
        what: str,
        *,
        why: str | None = None,
        fix: str | None = None,
        at: str = "",
        **context: Any,
    ) -> None:
        """Notes a warning."""
        facts = {"path": self.result.config_path, **context}
        self.result.warnings.append(Diagnostic("warning", what, why, fix, facts).placed(at=at))

    def warn_of_key(self, key: Any, what: str, *, why: str, fix: str) -> None:
        """Notes a warning about a key of the config."""
        at, failure = attempt(breadcrumb, (key,))
        fact = key if failure is None else safe_str(key)
        self.warn(what, why=why, fix=fix, at=at or "", key=fact)
        self.is_about_key(self.result.warnings[-1], (key,))

    def is_about_key(self, diagnostic: Diagnostic, way: Way) -> None:
        """Notes that the key at the end of a way is meant, not its value."""
        self._keys[id(diagnostic)] = way

    def error_at(self, words: Words, path: str | None, way: Way) -> None:
        """Notes an error of a YAML pack, in a file of its own or in this one."""
        self.result.errors.append(self._placed("error", words, path, way))

    def warn_at(self, words: Words, path: str | None, way: Way) -> None:
        """Notes a warning about a YAML pack, in a file of its own or in this one."""
        self.result.warnings.append(self._placed("warning", words, path, way))

    def _placed(self, level: str, words: Words, path: str | None, way: Way) -> Diagnostic:
        at = breadcrumb(way)
        facts = {"path": path or self.result.config_path, "at": at}
        return Diagnostic(level, *words, facts).placed(at=at, path=path)

    def pack_error(self, error: FlexiFlowError, *, at: str) -> None:
        """Notes what kept a pack from loading; each problem of a pack file by itself."""
        if isinstance(error, PackError):
            for problem in error.problems:
                self.problem(problem, prefix="Pack loading failed: ")

            return

        self.result.errors.append(
            Diagnostic(
                "error",
                f"Pack loading failed: {error.what}",
                error.why,
                error.fix,
                dict(error.context.items),
            ).placed(at=at)
        )

    def problem(self, problem: Problem, *, prefix: str = "") -> None:
        """Notes a problem of a file as an error, with its own place."""
        other_file = problem.path if problem.path != self.result.config_path else None
        self.result.errors.append(
            Diagnostic(
                "error",
                prefix + problem.what,
                problem.why,
                problem.fix,
                problem.context().items,
            ).placed(line=problem.line, column=problem.column, at=problem.at, path=other_file)
        )

    def finished(self) -> ConfigExplanation:
        """The explanation, with a line and column for everything that has a place in the file."""
        lost: dict[str | None, list[Diagnostic]] = {}
        for diagnostic in (*self.result.warnings, *self.result.errors):
            if diagnostic.at and diagnostic.line is None:
                lost.setdefault(diagnostic.path, []).append(diagnostic)

        for path, diagnostics in lost.items():
            text = self.text if path is None else _text_of(path)
            if text is not None:
                self._locate(diagnostics, Places(text))

        return self.result

    def _locate(self, diagnostics: list[Diagnostic], places: Places) -> None:
        for diagnostic in diagnostics:
            if id(diagnostic) in self._keys:
                position = places.find(self._keys[id(diagnostic)], key=True)
            else:
                position = places.find(diagnostic.at)

            diagnostic.line, diagnostic.column = position.line, position.column


def _text_of(path: str) -> str | None:
    """The text of a pack file that has been read before; None when it is gone meanwhile."""
    try:
        return read_text(path)
    except PackError:
        return None
