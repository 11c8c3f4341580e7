"""What ``explain`` finds out about a config, and how that reads as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from flexiflow.errors import place_text
from flexiflow.safe_text import safe_repr

__all__ = [
    "VALID_RESOLUTION_SOURCES",
    "ConfigExplanation",
    "Diagnostic",
    "PackInfo",
    "StateResolution",
]

VALID_RESOLUTION_SOURCES = {"packs", "builtin"}
"""What ``initial_state_resolution`` may name."""


def _default_policy() -> list[str]:
    return ["packs", "builtin"]


@dataclass
class Diagnostic:
    """One thing to know about a config.

    Attributes:
        level: ``warning`` or ``error``.
        what: what is the matter, in one line.
        why: the rule behind it.
        fix: what to do about it.
        context: facts, in order.
        line: where it is in the file, from 1; None where there is no file or no one place.
        column: its column, from 1.
        at: the way to it, such as ``packs[0]``.
        path: the file it is in, when that is another one than the config. These four are no fields.
    """

    level: str
    what: str
    why: str | None = None
    fix: str | None = None
    context: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Where it stands says nothing about what it is: no fields, and no part of equality.
        self.line: int | None = None
        self.column: int | None = None
        self.at = ""
        self.path: str | None = None

    def placed(
        self,
        *,
        line: int | None = None,
        column: int | None = None,
        at: str = "",
        path: str | None = None,
    ) -> Self:
        """Says where it stands; returns the diagnostic."""
        self.line, self.column, self.at, self.path = line, column, at, path
        return self

    def as_data(self) -> dict[str, Any]:
        """The diagnostic and its place as plain data."""
        place = {"line": self.line, "column": self.column, "at": self.at, "path": self.path}
        return asdict(self) | place

    def format(self) -> str:
        """The diagnostic as lines of text."""
        lines = [f"[{self.level.upper()}] {self.what}"]
        if self.why:
            lines.append(f"Why: {self.why}")

        if self.fix:
            lines.append(f"Fix: {self.fix}")

        if self.context:
            lines.append("Context:")
            lines += [f"  {key}={safe_repr(value)}" for key, value in self.context.items()]

        return "\n".join(lines)

    def place(self) -> str:
        """Where it is, for a person: ``order.yaml, line 3, column 5 (packs[0])``; may be empty."""
        return place_text(self.path, self.line, self.column, self.at)


@dataclass
class StateResolution:
    """What became of one state of a config.

    Attributes:
        key: the state's key.
        dotted_path: where its class was looked for; None for a pack's state.
        resolved: whether something was found there.
        is_state_subclass: whether that is a state class.
        error: why it cannot be used.
        verified: False when nothing was imported, so that the class itself was not seen; no field.
    """

    key: str
    dotted_path: str | None
    resolved: bool
    is_state_subclass: bool
    error: str | None = None

    def __post_init__(self) -> None:
        self.verified = True

    def unverified(self) -> Self:
        """Says that the class itself was not seen; returns the resolution."""
        self.verified = False
        return self

    def as_data(self) -> dict[str, Any]:
        """The resolution as plain data, with whether the class was seen."""
        return asdict(self) | {"verified": self.verified}

    @property
    def mark(self) -> str:
        """``✓`` for a usable state, ``✗`` for one that is not, ``?`` for one that was not seen."""
        if self.error is None and not self.verified:
            return "?"

        return "✓" if self.resolved and self.is_state_subclass else "✗"


@dataclass
class PackInfo:
    """A loaded pack.

    Attributes:
        name: the pack's name.
        provided_keys: its states' keys, sorted.
        transitions: its transitions, in their own order.
        depends_on: the keys it needs from elsewhere, sorted.
    """

    name: str
    provided_keys: list[str]
    transitions: list[Any]
    depends_on: list[str]


@dataclass
class ConfigExplanation:
    """Everything that ``explain`` found out.

    Attributes:
        config_path: the file, or ``(dict)``.
        name: the component's name, when it is right.
        initial_state: the starting state, when it is right.
        rules_count: how many rules there are.
        states: what became of each state, in order.
        builtin_states: the names known without this config, sorted.
        packs: the loaded packs, in order.
        state_providers: state key -> name of the pack it comes from.
        pack_order: the packs' names, in order.
        initial_state_resolution: the resolution policy.
        warnings: what may be meant otherwise.
        errors: what keeps the config from loading.
    """

    config_path: str
    name: str | None = None
    initial_state: str | None = None
    rules_count: int = 0
    states: list[StateResolution] = field(default_factory=list)
    builtin_states: list[str] = field(default_factory=list)
    packs: list[PackInfo] = field(default_factory=list)
    state_providers: dict[str, str] = field(default_factory=dict)
    pack_order: list[str] = field(default_factory=list)
    initial_state_resolution: list[str] = field(default_factory=_default_policy)
    warnings: list[Diagnostic] = field(default_factory=list)
    errors: list[Diagnostic] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether the config will load."""
        return not self.errors

    def format(self, *, places: bool = False) -> str:
        """The explanation as text for a person.

        Args:
            places: tell for each warning and error where in the file it is.
        """
        sections = (
            self._head(),
            self._packs_text(),
            self._states_text(),
            self._diagnostics_text("Warnings:", "⚠", self.warnings, places=places, whys=False),
            self._diagnostics_text("Errors:", "✗", self.errors, places=places, whys=True),
            self._status(),
        )
        return "\n".join(line for section in sections for line in section)

    def _head(self) -> Iterator[str]:
        yield from ("FlexiFlow Config Explanation", "=" * 40, f"Source: {self.config_path}", "")
        yield "Component:"
        yield f"  name: {self.name or '(missing)'}"
        yield f"  initial_state: {self.initial_state or '(missing)'}"
        yield f"  rules: {self.rules_count} rule(s)"
        yield ""

    def _packs_text(self) -> Iterator[str]:
        if self.packs:
            yield "Packs:"
            for pack in self.packs:
                yield from _pack_lines(pack)

            yield ""

        if self.pack_order:
            yield f"Pack order: {' → '.join(self.pack_order)}"
            yield ""

        yield f"Resolution policy: {' → '.join(self.initial_state_resolution)}"
        yield ""

    def _states_text(self) -> Iterator[str]:
        yield "States:"
        for state in sorted(self.states, key=lambda state: state.key):
            where = f": {state.dotted_path}" if state.dotted_path else ""
            pack = self.state_providers.get(state.key)
            yield f"  {state.mark} {state.key}{where}" + (f" (from {pack})" if pack else "")
            if state.error:
                yield f"      Error: {state.error}"

        if not self.states:
            yield "  (no custom states)"

        yield f"  Built-in: {', '.join(sorted(self.builtin_states))}"
        yield ""

    @staticmethod
    def _diagnostics_text(
        title: str, mark: str, diagnostics: list[Diagnostic], *, places: bool, whys: bool
    ) -> Iterator[str]:
        if not diagnostics:
            return

        yield title
        for diagnostic in diagnostics:
            yield f"  {mark} {diagnostic.what}"
            if places and diagnostic.place():
                yield f"    At: {diagnostic.place()}"

            if whys and diagnostic.why:
                yield f"    Why: {diagnostic.why}"

            if diagnostic.fix:
                yield f"    Fix: {diagnostic.fix}"

        yield ""

    def _status(self) -> Iterator[str]:
        if self.is_valid:
            yield "Status: ✓ Valid - config will load successfully"
        else:
            yield f"Status: ✗ Invalid - {len(self.errors)} error(s) found"


def _pack_lines(pack: PackInfo) -> Iterator[str]:
    yield f"  {pack.name}:"
    yield f"    provides: {', '.join(pack.provided_keys) or '(none)'}"
    if pack.transitions:
        yield f"    transitions: {len(pack.transitions)} defined"

    if pack.depends_on:
        yield f"    depends_on: {', '.join(pack.depends_on)}"
