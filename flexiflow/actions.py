"""The actions of a YAML pack made ready to run: expressions compiled, failures reported."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from copy import deepcopy
from functools import partial
from time import monotonic
from typing import Any, Protocol

from flexiflow.context_size import LARGE, LargeValues, is_small, size_of
from flexiflow.errors import FlexiFlowError
from flexiflow.event_manager import is_own_cancellation
from flexiflow.event_names import ACTION_FAILED
from flexiflow.expression_limits import NUMBERS
from flexiflow.expressions import compile_expression
from flexiflow.imports import load_symbol
from flexiflow.pack_records import Action, CallAction, EmitAction, SendAction, SetAction, to_data
from flexiflow.pauses import next_pause, pause
from flexiflow.safe_text import safe_repr

__all__ = [
    "ActionHost",
    "Step",
    "action_failure",
    "compile_actions",
    "error_facts",
    "error_text",
    "run_actions",
]

_NO_RULES: Mapping[str, Any] = {}
_FEW = 4
"""Values of one action that take no time worth watching."""

_MOST_SMALL = 64
"""Entries of an event or message that are not measured as a whole where each of them is small."""


class ActionHost(Protocol):
    """What actions need of the component that they run in."""

    name: str
    context: dict[str, Any]
    _large_values: LargeValues | None

    def _merged_rules(self) -> Mapping[str, Any]: ...

    def _now(self) -> float: ...

    async def _publish(self, event_name: str, data: Any) -> None: ...

    def _send(
        self, message: dict[str, Any], to: str | None, after: float | None, size: int = 0
    ) -> None: ...


Evaluate = Callable[[ActionHost, Any, str], Any]
"""(component, message, state) -> a value."""


class Step(Protocol):
    """A compiled action."""

    action: Action

    def run(self, host: ActionHost, message: Any, state: str, /) -> Awaitable[Any] | None:
        """Does it, or gives back what must be awaited for it to be done."""
        ...


def compile_actions(actions: tuple[Action, ...]) -> tuple[Step, ...]:
    """Makes actions ready to run.

    Raises:
        ExpressionError: a value is no expression of the language.
    """
    return tuple(_STEPS[type(action)](action) for action in actions)


async def run_actions(steps: Iterable[Step], host: ActionHost, message: Any, state: str) -> None:
    """Runs actions in order; one that fails publishes ``action.failed``, and the next one runs.

    Args:
        steps: the actions.
        host: the component.
        message: the message that caused them; an empty mapping for a timer.
        state: the key of the state that they see.
    """
    due = None
    for step in steps:
        try:
            pending = step.run(host, message, state)
            if pending is not None:
                await pending
        except (Exception, asyncio.CancelledError) as error:
            # Called functions are the user's: whatever goes wrong in one is that action's failure.
            if is_own_cancellation(error):
                raise

            failure = action_failure(host.name, state, to_data(step.action), error)
            await host._publish(ACTION_FAILED, failure)

        if due is None:
            due = next_pause()
        elif monotonic() > due:
            due = await pause()


def action_failure(component: str, state: str, action: Any, error: BaseException) -> dict[str, Any]:
    """What ``action.failed`` carries."""
    return {"component": component, "state": state, "action": action} | error_facts(error)


def error_facts(error: BaseException) -> dict[str, str]:
    """What events carry of an error: ``error`` in one line, ``why`` and ``fix`` where known."""
    facts = {"error": error_text(error)}
    if isinstance(error, FlexiFlowError):
        told = {"why": error.why, "fix": error.fix}
        facts |= {name: text for name, text in told.items() if text}

    return facts


def error_text(error: BaseException) -> str:
    """An error in one line, as events carry it."""
    return error.what if isinstance(error, FlexiFlowError) else safe_repr(error)


def _compile_value(value: Any) -> Evaluate:
    """A text is an expression; any other value is itself, as a copy where it can change."""
    if isinstance(value, str):
        return _compile_text(value)

    if isinstance(value, list | dict):
        return lambda host, message, state: deepcopy(value)  # noqa: ARG005 - the shape of Evaluate

    return lambda host, message, state: value  # noqa: ARG005 - the shape of Evaluate


def _compile_text(text: str) -> Evaluate:
    expression = compile_expression(text)
    function = expression.function
    if not expression.syntax.reads_more:

        def evaluate(host: ActionHost, message: Any, state: str) -> Any:
            return function(message, host.context, _NO_RULES, state, host.name)

        return evaluate

    def evaluate_all(host: ActionHost, message: Any, state: str) -> Any:
        rules = host._merged_rules()
        return function(message, host.context, rules, state, host.name, host._now)

    return evaluate_all


def _compile_values(data: Mapping[str, Any]) -> tuple[tuple[str, Evaluate], ...]:
    return tuple((key, _compile_value(value)) for key, value in data.items())


def _let_out(data: dict[str, Any], host: ActionHost, message: Any) -> int:
    """Checks that what leaves the component is within limits, and copies context and message in it.

    Returns:
        Its size in items and characters; 0 for what is small.
    """
    context, all_small = host.context, len(data) <= _MOST_SMALL
    for key, value in data.items():
        kind = type(value)
        if kind in NUMBERS or (kind is str and len(value) < LARGE):
            continue

        if kind is dict and (value is context or value is message):
            data[key] = value.copy()

        all_small = all_small and is_small(value)

    return 0 if all_small else size_of(data, context)


async def _evaluate_in_parts(
    values: tuple[tuple[str, Evaluate], ...],
    host: ActionHost,
    message: Any,
    state: str,
    keep: Callable[[str, Any], object],
) -> None:
    """Hands on value after value; so many of them may take long, though each is within limits."""
    due = next_pause()
    for key, evaluate in values:
        keep(key, evaluate(host, message, state))
        if monotonic() > due:
            due = await pause()


class _SetStep:
    """Assigns into the context, each value seeing those before it."""

    __slots__ = ("_values", "action")

    def __init__(self, action: SetAction) -> None:
        self.action: Action = action
        self._values = _compile_values(action.values)

    def run(self, host: ActionHost, message: Any, state: str) -> Awaitable[None] | None:
        if len(self._values) > _FEW:
            keep = partial(self._keep, host)
            return _evaluate_in_parts(self._values, host, message, state, keep)

        for key, evaluate in self._values:
            self._keep(host, key, evaluate(host, message, state))

        return None

    def _keep(self, host: ActionHost, key: str, value: Any) -> None:
        kind = type(value)
        if (len(value) >= LARGE) if kind is str else (kind not in NUMBERS):
            self._admit(host, key, value)

        host.context[key] = value

    @staticmethod
    def _admit(host: ActionHost, key: str, value: Any) -> None:
        if is_small(value) and value is not host.context:
            return

        size = size_of(value, host.context)
        if size >= LARGE:
            if host._large_values is None:
                host._large_values = LargeValues()

            host._large_values.admit(host.context, key, value, size)


class _EmitStep:
    """Publishes an event."""

    __slots__ = ("_data", "_event", "action")

    def __init__(self, action: EmitAction) -> None:
        self.action: Action = action
        self._event = action.event
        self._data = _compile_values(action.data)

    def run(self, host: ActionHost, message: Any, state: str) -> Awaitable[None]:
        if len(self._data) > _FEW:
            return self._run_in_parts(host, message, state)

        data = {key: evaluate(host, message, state) for key, evaluate in self._data}
        return self._publish(host, message, data)

    async def _run_in_parts(self, host: ActionHost, message: Any, state: str) -> None:
        data: dict[str, Any] = {}
        await _evaluate_in_parts(self._data, host, message, state, data.__setitem__)
        await self._publish(host, message, data)

    def _publish(self, host: ActionHost, message: Any, data: dict[str, Any]) -> Awaitable[None]:
        _let_out(data, host, message)
        return host._publish(self._event, data)


class _SendStep:
    """Queues a message."""

    __slots__ = ("_after", "_content", "_data", "_to", "_type", "action")

    def __init__(self, action: SendAction) -> None:
        self.action: Action = action
        self._type, self._to, self._after = action.type, action.to, action.after
        self._content = None if action.content is None else _compile_value(action.content)
        self._data = _compile_values(action.data)

    def run(self, host: ActionHost, message: Any, state: str) -> Awaitable[None] | None:
        if len(self._data) > _FEW:
            return self._run_in_parts(host, message, state)

        data = {key: evaluate(host, message, state) for key, evaluate in self._data}
        self._send(host, message, state, data)
        return None

    async def _run_in_parts(self, host: ActionHost, message: Any, state: str) -> None:
        data: dict[str, Any] = {}
        await _evaluate_in_parts(self._data, host, message, state, data.__setitem__)
        self._send(host, message, state, data)

    def _send(self, host: ActionHost, message: Any, state: str, sent: dict[str, Any]) -> None:
        if self._content is not None:
            sent = {"content": self._content(host, message, state)} | sent

        size = _let_out(sent, host, message)
        whole = {"type": self._type} | sent | {"type": self._type}
        host._send(whole, self._to, self._after, size)


class _CallStep:
    """Calls a Python function, as its module has it at the moment."""

    __slots__ = ("_target", "action")

    def __init__(self, action: CallAction) -> None:
        self.action: Action = action
        self._target = action.target

    def run(self, host: ActionHost, message: Any, _state: str) -> Awaitable[Any] | None:
        result = load_symbol(self._target)(host, message)
        return result if inspect.isawaitable(result) else None


_STEPS: dict[type[Any], Callable[[Any], Step]] = {
    SetAction: _SetStep,
    EmitAction: _EmitStep,
    SendAction: _SendStep,
    CallAction: _CallStep,
}
