"""Configs and packs for tests of ``explain``."""

from collections.abc import Iterable
from typing import Any

from flexiflow.explanation import ConfigExplanation, Diagnostic
from flexiflow.state_machine import State

__all__ = ["FakePack", "config", "only_error", "state", "whats"]


def config(**fields: Any) -> dict[str, Any]:
    """A good config's data, with other fields."""
    return {"name": "comp", "rules": [{"a": 1}]} | fields


def whats(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """What each of the diagnostics says in its first line."""
    return [diagnostic.what for diagnostic in diagnostics]


def only_error(result: ConfigExplanation) -> Diagnostic:
    """The one error of an explanation."""
    assert len(result.errors) == 1, result.errors
    return result.errors[0]


def state(name: str) -> type[State]:
    """A state class of that name."""
    return type(name, (State,), {})


class FakePack:
    """A pack whose answers a test chooses; an answer that is an exception is raised.

    Attributes:
        calls: the methods that were called, in order.
    """

    def __init__(
        self,
        name: Any = "fake",
        provides: Any = None,
        transitions: Any = (),
        depends_on: Any = (),
    ) -> None:
        self.name = name
        self._answers = {
            "provides": {} if provides is None else provides,
            "transitions": list(transitions) if isinstance(transitions, tuple) else transitions,
            "depends_on": set(depends_on) if isinstance(depends_on, tuple) else depends_on,
        }
        self.calls: list[str] = []

    def provides(self) -> Any:
        """The answer."""
        return self._answer("provides")

    def transitions(self) -> Any:
        """The answer."""
        return self._answer("transitions")

    def depends_on(self) -> Any:
        """The answer."""
        return self._answer("depends_on")

    def _answer(self, method: str) -> Any:
        self.calls.append(method)
        answer = self._answers[method]
        if isinstance(answer, BaseException):
            raise answer

        return answer
