"""Plays a scenario against the run in the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from designer.run.controller import RunController
from designer.run.errors import NotRunningError
from designer.run.event_text import LOG_EVENT
from flexiflow.errors import ErrorContext, StateError
from flexiflow.scenario import Scenario, play
from flexiflow.scenario_player import OnStep

__all__ = ["RunTarget", "play_scenario"]


async def play_scenario(
    run: RunController, scenario: Scenario, on_step: OnStep | None = None
) -> None:
    """Plays all steps of a scenario against a run.

    In a run that is as fast as possible, time passes in the scenario's waits alone, and at once.

    Raises:
        ExpectationError: something is not as expected; the play ends there.
        NotRunningError: there is no run, or it has ended meanwhile.
    """
    with RunTarget(run) as target:
        await play(scenario, target, on_step)


class RunTarget:
    """A run as the target of a scenario; a context manager."""

    def __init__(self, run: RunController) -> None:
        self._run = run
        self._live = run.live
        self._seen = run.log.total

    def __enter__(self) -> Self:
        self._live.time_by_hand = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.time_by_hand = False

    async def send(self, message: dict[str, Any], to: str | None) -> None:
        """Lets the component handle a message, and returns when all that it causes has happened."""
        self._check(to)
        self._run.send(message)
        await self._live.idle()
        self._check(to)

    async def wait(self, seconds: float) -> None:
        """Lets time of the run pass."""
        await self._live.wait(seconds)
        await self._live.idle()

    def state(self, to: str | None) -> str:
        """The key of the state the component is in."""
        self._check(to)
        return self._live.component.state_name

    def context(self, to: str | None) -> Mapping[str, Any]:
        """The component's data."""
        self._check(to)
        return self._live.component.context

    def events_since(self) -> Sequence[str]:
        """The names of the events since the last call, as far as the log still has them."""
        names = [entry[2] for entry in self._run.log.iter_entries(self._seen)]
        self._seen = self._run.log.total
        return [name for name in names if name != LOG_EVENT]

    def _check(self, to: str | None) -> None:
        """Raises unless the run goes on and has a component of that name."""
        if not self._run.active or self._run.live is not self._live:
            raise NotRunningError
        name = self._live.component.name
        if to not in (None, name):
            raise StateError(
                f"Unknown component: '{to}'",
                why=f"The run has one component, '{name}'.",
                fix="Correct the name in 'to:', or leave it out.",
                context=ErrorContext({"to": to, "components": [name]}),
            )
