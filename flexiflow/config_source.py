"""A config file with its text at hand, so that every error of it says where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from flexiflow.errors import FlexiFlowError, PackError, Problem, config_wrong_type
from flexiflow.yaml_places import Places, breadcrumb
from flexiflow.yaml_source import begin_report, read_text

__all__ = ["POLICY_SOURCES", "ConfigSource", "policy_problem"]

POLICY_SOURCES = ("packs", "builtin")
"""What the resolution policy lists, in either order."""

_ErrorT = TypeVar("_ErrorT", bound=FlexiFlowError)


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """A YAML file that holds a mapping.

    Attributes:
        path: the file, as it was named.
        text: its text.
        data: its document.
    """

    path: str
    text: str
    data: dict[Any, Any]

    @classmethod
    def read(cls, path: str | Path) -> ConfigSource:
        """Reads a file; a falsy document counts as an empty mapping.

        Raises:
            FileNotFoundError: there is no such file.
            ConfigError: the file cannot be read, is no YAML, or holds something else.
        """
        name = str(path)
        try:
            text = read_text(path)
            found, report = begin_report(text, name, data_tags=True)
            report.raise_if_any()
        except PackError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise error.__cause__ from None

            error.add_facts(first=True, config_path=name)
            raise

        data = found or {}
        if isinstance(data, dict):
            return cls(name, text, data)

        wrong = config_wrong_type("(root)", "mapping/object", type(data).__name__, name)
        raise cls(name, text, {}).located(wrong)

    @property
    def folder(self) -> Path:
        """The folder to which its relative paths belong."""
        return Path(self.path).parent

    def located(self, error: _ErrorT, *way: Any, key: bool = False, tells: bool = False) -> _ErrorT:
        """The error with the place of the node that is to blame.

        The facts of the original's errors are fixed, so the place stands under ``problems``.

        Args:
            error: the error; nobody has seen it yet.
            way: the way to the node.
            key: whether the entry's key is meant.
            tells: whether the place is to be among the error's facts, as for all that the
                original did not have.
        """
        place = Places(self.text).find(way, key=key)
        at = breadcrumb(way)
        problem = Problem(error.what, error.why, error.fix, self.path, place.line, place.column, at)
        error.problems = (problem,)
        return error.add_facts(**problem.context().items) if tells else error

    @contextmanager
    def blamed(self, *way: Any) -> Iterator[None]:
        """Errors raised within come to name this config, and the node at fault.

        Those of a pack file keep the place in that file.
        """
        try:
            yield
        except FlexiFlowError as error:
            error.add_facts(config_path=self.path)
            if not isinstance(error, PackError):
                self.located(error, *way)

            raise


def policy_problem(policy: Any) -> tuple[str, str, str] | None:
    """What, why and fix of a resolution policy that is none; None for a good one.

    Args:
        policy: None, or a list.
    """
    if policy is None:
        return None

    fix = 'Write ["packs", "builtin"] or ["builtin", "packs"].'
    if len(policy) != len(POLICY_SOURCES):
        return (
            "Field 'initial_state_resolution' must have exactly 2 elements",
            f"Got {len(policy)} elements.",
            fix,
        )

    wrong = [source for source in policy if source not in POLICY_SOURCES]
    if wrong:
        names = ", ".join(sorted(map(str, wrong)))
        return (
            f"Invalid resolution source(s): {names}",
            "Only 'packs' and 'builtin' are sources.",
            fix,
        )

    if policy[0] == policy[1]:
        return (
            f"Invalid resolution source(s): {policy[0]}",
            f"'{policy[0]}' is repeated. Only 'packs' and 'builtin' are sources, each once.",
            fix,
        )

    return None
