"""Playing a scenario step by step against a running flow."""

from __future__ import annotations

import asyncio
import inspect
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from flexiflow.component import AsyncComponent
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import ErrorContext, ExpectationError, StateError
from flexiflow.safe_text import safe_repr
from flexiflow.scenario_steps import ExpectStep, SendStep, Step, WaitStep

if TYPE_CHECKING:
    from flexiflow.event_manager import SubscriptionHandle
    from flexiflow.scenario import Scenario

__all__ = ["EngineTarget", "OnStep", "ScenarioTarget", "play"]

OnStep = Callable[[int, Step], object]
"""Told of each step, with its number from 1, before it is done; may be a coroutine function."""

_NOTHING: Any = object()


class ScenarioTarget(Protocol):
    """What a scenario is played against; ``to`` is None where there is only one component."""

    async def send(self, message: dict[str, Any], to: str | None) -> None:
        """Lets a component handle a message, and returns when all that it causes has happened."""
        ...

    async def wait(self, seconds: float) -> None:
        """Lets time pass, and returns when all that fell due has happened."""
        ...

    def state(self, to: str | None) -> str:
        """The name of a component's current state."""
        ...

    def context(self, to: str | None) -> Mapping[str, Any]:
        """A component's data."""
        ...

    def events_since(self) -> Sequence[str]:
        """The names of the events since the last call, in order."""
        ...


class EngineTarget:
    """An engine as the target of a scenario; an asynchronous context manager.

    Entering it starts the components that have not started yet.

    Args:
        engine: the engine, with its components.
        events: the events to watch for; the bus tells of no others.
    """

    def __init__(self, engine: FlexiFlowEngine, events: Iterable[str] = ()) -> None:
        self._engine = engine
        self._watched = tuple(events)
        self._seen: list[str] = []
        self._handles: list[SubscriptionHandle] = []

    async def __aenter__(self) -> Self:
        for name in self._watched:
            self._handles.append(
                await self._engine.event_bus.subscribe(name, "scenario", self._recorder(name))
            )

        try:
            for component in tuple(self._engine.components.values()):
                if isinstance(component, AsyncComponent):
                    await component.start()  # time passes for its timers also before any message

            await self._engine.drain()
        except BaseException:
            self._stop_listening()
            raise

        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop_listening()

    def _stop_listening(self) -> None:
        while self._handles:
            self._engine.event_bus.unsubscribe(self._handles.pop())

    def _recorder(self, name: str) -> Callable[[Any], Any]:
        async def record(_data: Any) -> None:
            self._seen.append(name)

        return record

    async def send(self, message: dict[str, Any], to: str | None) -> None:
        """Lets the component handle the message, and waits for what it sent to others."""
        await self._component(to).handle_message(message)
        await self._engine.drain()

    async def wait(self, seconds: float) -> None:
        """Advances a virtual clock; waits on a real one."""
        clock: Any = self._engine.clock
        if hasattr(clock, "advance"):
            await clock.advance(seconds)
        else:
            due = asyncio.Event()
            timer = clock.call_later(seconds, due.set)
            try:
                await due.wait()
            finally:
                timer.cancel()

        await self._engine.drain()

    def state(self, to: str | None) -> str:
        """The name of the component's state, as events carry it."""
        return str(self._component(to).state_name)

    def context(self, to: str | None) -> Mapping[str, Any]:
        """The component's data."""
        found: Mapping[str, Any] = self._component(to).context
        return found

    def events_since(self) -> Sequence[str]:
        """The watched events since the last call."""
        seen, self._seen = self._seen, []
        return seen

    def _component(self, to: str | None) -> Any:
        components = self._engine.components
        if to is None and len(components) == 1:
            return next(iter(components.values()))

        if to is not None and to in components:
            return components[to]

        names = ", ".join(components) or "none"
        what = (
            "The step does not say which component is meant"
            if to is None
            else (f"Unknown component: '{to}'")
        )
        raise StateError(
            what,
            why=f"The components are: {names}.",
            fix="Write 'to:' with the name of one of them beside the step.",
            context=ErrorContext({"to": to, "components": list(components)}),
        )


async def play(
    scenario: Scenario,
    target: FlexiFlowEngine | ScenarioTarget,
    on_step: OnStep | None = None,
) -> None:
    """Plays all steps of a scenario.

    Args:
        scenario: the scenario; its seed, if any, seeds Python's ``random``.
        target: an engine with the flow's component, or anything that behaves like one.
        on_step: told of each step before it is done.

    Raises:
        ExpectationError: something is not as expected; the play ends there.
        StateError: a step names no component, or leads to no state; says which step.
    """
    if scenario.seed is not None:
        random.seed(scenario.seed)

    if isinstance(target, FlexiFlowEngine):
        async with EngineTarget(target, scenario.event_names) as engine_target:
            await _play(scenario, engine_target, on_step)
    else:
        await _play(scenario, target, on_step)


async def _play(scenario: Scenario, target: ScenarioTarget, on_step: OnStep | None) -> None:
    for number, step in enumerate(scenario.steps, 1):
        if on_step is not None:
            told = on_step(number, step)
            if inspect.isawaitable(told):
                await told

        try:
            match step:
                case SendStep():
                    await target.send(dict(step.message), step.to)
                case WaitStep():
                    await target.wait(step.seconds)
                case ExpectStep():
                    _Check(step, number, scenario.path).check(target)
        except StateError as error:
            raise _placed(error, step, number, scenario.path) from error


def _placed(error: StateError, step: Step, number: int, path: str | None) -> StateError:
    """The error with the step that it belongs to."""
    facts = {"path": path, "line": step.line, "step": number}
    told = {key: fact for key, fact in facts.items() if fact is not None}
    return StateError(
        f"{_place_of(step, number)}: {error.what}",
        why=error.why,
        fix=error.fix,
        context=ErrorContext(told | error.context.items),
    )


def _place_of(step: Step, number: int) -> str:
    return f"Step {number}" if step.line is None else f"Step {number} (line {step.line})"


class _Check:
    """One expectation being compared."""

    def __init__(self, step: ExpectStep, number: int, path: str | None) -> None:
        self.step = step
        self.number = number
        self.path = path

    def check(self, target: ScenarioTarget) -> None:
        """Raises the first difference."""
        seen = list(target.events_since())
        if self.step.state is not None:
            found = target.state(self.step.to)
            if found != self.step.state:
                raise self._error("the state", self.step.state, found)

        if self.step.context is not None:
            self._compare("context", self.step.context, target.context(self.step.to))

        if self.step.events is not None:
            self._check_events(seen)

    def _compare(self, name: str, expected: Any, found: Any) -> None:
        if isinstance(expected, Mapping) and isinstance(found, Mapping):
            for key, value in expected.items():
                self._compare(f"{name}.{key}", value, found.get(key, _NOTHING))
        elif isinstance(expected, list) and isinstance(found, list | tuple):
            if len(expected) != len(found):
                raise self._error(name, expected, found)

            for index, (value, other) in enumerate(zip(expected, found, strict=True)):
                self._compare(f"{name}[{index}]", value, other)
        elif not _is_same(expected, found):
            raise self._error(name, expected, found)

    def _check_events(self, seen: list[str]) -> None:
        """Each expected event is among those after the one before it."""
        begin = 0
        for name in self.step.events or ():
            if name not in seen[begin:]:
                raise self._error("the events", list(self.step.events or ()), seen)

            begin = seen.index(name, begin) + 1

    def _error(self, name: str, expected: Any, found: Any) -> ExpectationError:
        shown = "nothing" if found is _NOTHING else safe_repr(found)
        place = _place_of(self.step, self.number)
        facts = {
            "path": self.path,
            "line": self.step.line,
            "step": self.number,
            "component": self.step.to,
            "expected": expected,
            "found": None if found is _NOTHING else found,
        }
        return ExpectationError(
            f"{place}: expected {name} to be {expected!r}, found {shown}",
            why="The flow did something else than the scenario expects.",
            fix="Correct the flow, or the expectation.",
            context=ErrorContext({key: fact for key, fact in facts.items() if fact is not None}),
            step=self.number,
            line=self.step.line,
            expected=expected,
            found=None if found is _NOTHING else found,
        )


def _is_same(expected: Any, found: Any) -> bool:
    """Equality, but true is no 1, and numbers may differ in their last digits."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found

    if isinstance(expected, float | int) and isinstance(found, float | int):
        return expected == found or math.isclose(expected, found, rel_tol=1e-9)

    return bool(expected == found)
