"""What a state of a YAML pack does with a message: decide, act, and tell what went wrong."""

from __future__ import annotations

import time
from copy import copy
from typing import Any

from flexiflow.actions import error_facts, run_actions
from flexiflow.context_size import LargeValues
from flexiflow.errors import FlexiFlowError
from flexiflow.event_names import GUARD_FAILED, MESSAGE_HANDLED
from flexiflow.safe_text import safe_repr
from flexiflow.state_machine import Message, State, StateMachine
from flexiflow.transitions import (
    NO_RULES,
    Candidates,
    CompiledTransition,
    StateTable,
    choose,
    merge_rules,
    table_of,
)
from flexiflow.turns import Turns

__all__ = ["DeclarativeState", "copy_of", "leave", "take_choice"]


class DeclarativeState(State):
    """The base of all states of YAML packs."""

    __slots__ = ()

    async def handle_message(self, message: Message, component: Any) -> tuple[bool, State]:
        """Decides, runs exit actions and the transition's own, and gives the next state.

        Entry actions and timers are the component's affair, whoever leads it to a state. An
        internal transition is through when this returns, and does not proceed.

        Args:
            message: the message.
            component: the component; of any other object only ``context``, ``rules``, ``name`` and
                ``event_bus`` are used, where it has them.
        """
        table = table_of(self)
        if table is None:
            raise NotImplementedError

        host = component if issubclass(type(component), Turns) else DetachedHost(component)
        transition = await take_choice(table, table.candidates(message), message, host)
        if transition is None:
            return False, self

        target = await leave(table, transition, message, host)
        return (False, self) if target is None else (True, target)


async def take_choice(
    table: StateTable, candidates: Candidates, message: Message, host: Any
) -> CompiledTransition | None:
    """Chooses, and publishes ``guard.failed`` for each guard that could not be evaluated."""
    failures: list[tuple[CompiledTransition, FlexiFlowError]] = []
    rules = host._merged_rules() if candidates.reads_more else NO_RULES
    scope = (message, host.context, rules, table.key, host.name, host._now)
    transition = choose(candidates, scope, failures)
    for failed, error in failures:
        failure = {
            "component": host.name,
            "state": table.key,
            "guard": failed.guard_text,
            **error_facts(error),
            "message": copy_of(message),
        }
        await host._publish(GUARD_FAILED, failure)

    return transition


async def leave(
    table: StateTable, transition: CompiledTransition, message: Message, host: Any
) -> State | None:
    """Runs the actions of a transition up to where the state changes, and gives the next state.

    Returns:
        The next state; ``None`` after an internal transition, which has been published then.

    Raises:
        StateError: it leads to a state that is not registered; nothing has been done then.
    """
    if transition.spec.target is None:
        await run_actions(transition.do, host, message, table.key)
        host._taken = (transition, host.state_machine.current_state)
        handled = {"component": host.name, "state": table.key, "message": copy_of(message)}
        await host._publish(MESSAGE_HANDLED, handled)
        return None

    target = transition.new_target(host.state_machine.registry)
    await run_actions(table.exit, host, message, table.key)
    await run_actions(transition.do, host, message, table.key)
    host._taken = (transition, target)
    return target


def copy_of(message: Any) -> Any:
    """What an observer gets: an equal message whose change changes nothing."""
    if type(message) is dict:
        return message.copy()

    if not isinstance(message, dict):  # of what else may come nobody knows when copies are equal
        return message

    try:
        return copy(message)
    except Exception:  # noqa: BLE001 - a mapping of the user's own making: it has to arrive
        return message


class DetachedHost:
    """Stands in for a component where a state is driven by something that is none."""

    _large_values: LargeValues | None = None

    def __init__(self, component: Any) -> None:
        self.name: str = getattr(component, "name", "")
        self.context: dict[str, Any] = getattr(component, "context", {})
        self.state_machine: Any = getattr(component, "state_machine", StateMachine(State()))
        self._taken: tuple[CompiledTransition, State] | None = None
        self._component = component

    def _merged_rules(self) -> dict[str, Any]:
        return merge_rules(getattr(self._component, "rules", ()))

    def _now(self) -> float:
        return time.time()

    async def _publish(self, event_name: str, data: Any) -> None:
        bus = getattr(self._component, "event_bus", None)
        if bus is not None:
            await bus.publish(event_name, data)

    def _send(self, message: Message, *_when_and_where: Any) -> None:
        raise FlexiFlowError(
            f"There is nobody to queue message {safe_repr(message.get('type'))} with",
            why="The state is driven by an object that is no component.",
            fix="Drive it with an AsyncComponent.",
        )
