"""A component: its fields and rules, and its life."""

import asyncio
import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest

from flexiflow.component import EVENT_NAMES, AsyncComponent
from flexiflow.errors import StateError
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import (
    DEFAULT_REGISTRY,
    AwaitingConfirmation,
    InitialState,
    StateMachine,
)
from flexiflow.testing import CapturedEvents, capture_events
from tests.helpers.observed import Here, InfoLog, Recorder

START = {"type": "start"}


# The dataclass


def test_fields_and_their_defaults() -> None:
    """Fields stand in this order; everything but the name has a default of its own."""
    names = [field.name for field in dataclasses.fields(AsyncComponent)]
    assert names == ["name", "rules", "state_machine", "logger", "event_bus", "context"]
    one, other = AsyncComponent("one"), AsyncComponent("other")
    assert (one.rules, one.logger, one.event_bus, one.context) == ([], None, None, {})
    assert one.rules is not other.rules
    assert one.context is not other.context
    assert one.state_machine is not other.state_machine
    assert type(one.state_machine.current_state) is InitialState
    assert one.state_machine.registry is DEFAULT_REGISTRY


def test_fields_are_positional() -> None:
    """All fields may be given by position."""
    machine, log, bus = StateMachine(InitialState()), InfoLog(), Recorder()
    component = AsyncComponent("c", [1], machine, log, bus, {"a": 1})
    assert component.rules == [1]
    assert component.state_machine is machine
    assert component.logger is log
    assert component.event_bus is bus
    assert component.context == {"a": 1}


def test_default_machine_does_not_depend_on_what_is_registered() -> None:
    """A state called like a builtin one does not replace it in new components."""
    DEFAULT_REGISTRY.register("InitialState", Here)
    try:
        assert type(AsyncComponent("c").state_machine.current_state) is InitialState
    finally:
        DEFAULT_REGISTRY.register("InitialState", InitialState)


async def test_equality_and_text_know_nothing_of_the_inside() -> None:
    """Components compare by their fields, whatever they have been through; they do not hash."""
    machine = StateMachine(InitialState())
    one, other = AsyncComponent("c", state_machine=machine), AsyncComponent("c", [], machine)
    await one.handle_message({"type": "nothing"})
    one.hold()
    assert one == other
    assert repr(one) == repr(other)
    assert repr(one).startswith("AsyncComponent(name='c', rules=[], state_machine=")
    with pytest.raises(TypeError):
        hash(one)


def test_constructor_takes_nothing_more() -> None:
    """What the component keeps for itself is no argument."""
    with pytest.raises(TypeError):
        AsyncComponent("c", clock=None)  # type: ignore[call-arg]  # the point of the test


def test_rules_are_kept_by_reference() -> None:
    """The list is the caller's."""
    rules: list[Any] = [{"a": 1}]
    assert AsyncComponent("c", rules).rules is rules


async def test_rules_are_appended() -> None:
    """One by one or several; nothing is replaced or left out."""
    component = AsyncComponent("c", event_bus=(bus := Recorder()))
    await component.add_rule({"a": 1})
    await component.update_rules([{"a": 1}, {"b": 2}])
    await component.update_rules(iter([{"c": 3}]))
    assert component.rules == [{"a": 1}, {"a": 1}, {"b": 2}, {"c": 3}]
    assert bus.calls == []


@pytest.mark.parametrize("rules", ["text", b"bytes", bytearray(b"x"), {"a": 1}])
async def test_what_would_be_taken_apart_is_refused(rules: Any) -> None:
    """A text or a mapping is no list of rules."""
    component = AsyncComponent("c", [0])
    with pytest.raises(TypeError, match="list of rules"):
        await component.update_rules(rules)

    assert component.rules == [0]


# A life


def snapshot(state: str, **fields: Any) -> Any:
    """What a component is restored from."""
    return SimpleNamespace(current_state=state, rules=[], context={}, **fields)


async def test_restore_takes_state_rules_and_context() -> None:
    """What was is gone; the lists and mappings stay the same objects, filled anew."""
    component = AsyncComponent("c", [1], context={"old": 1}, event_bus=(bus := AsyncEventManager()))
    rules, context, shot = component.rules, component.context, snapshot("ProcessingRequest")
    shot.rules, shot.context = [{"a": [1]}], {"new": {"n": 2}}
    async with capture_events(bus) as events:
        await component.restore(shot)

    assert events == [("component.restored", {"component": "c", "state": "ProcessingRequest"})]
    assert component.rules is rules
    assert component.context is context
    assert (rules, context) == ([{"a": [1]}], {"new": {"n": 2}})
    rules[0]["a"].append(2)
    assert shot.rules == [{"a": [1]}]
    await component.handle_message({"type": "complete"})
    assert component.state_name == "InitialState"


async def test_restore_of_an_unknown_state_changes_nothing() -> None:
    """The error names the state."""
    component = AsyncComponent("c", [1], context={"old": 1})
    with pytest.raises(StateError, match="Unknown state: 'Nowhere'"):
        await component.restore(snapshot("Nowhere"))

    assert (component.state_name, component.rules) == ("InitialState", [1])
    assert component.context == {"old": 1}


async def test_restore_needs_no_bus() -> None:
    """Nobody need be told."""
    component = AsyncComponent("c")
    await component.restore(snapshot("AwaitingConfirmation"))
    assert isinstance(component.state_machine.current_state, AwaitingConfirmation)


def test_event_names_are_complete() -> None:
    """Every event of the library is in the list, once."""
    assert len(set(EVENT_NAMES)) == len(EVENT_NAMES) == 9
    assert {
        "engine.component.registered",
        "component.message.received",
        "component.message.handled",
        "component.message.ignored",
        "component.restored",
        "state.changed",
        "guard.failed",
        "action.failed",
        "event.handler.failed",
    } == set(EVENT_NAMES)


def test_components_are_made_without_a_loop_and_used_on_several() -> None:
    """A component belongs to no loop."""
    component = AsyncComponent("c")
    asyncio.run(component.handle_message(START))
    asyncio.run(component.handle_message({"type": "cancel"}))
    assert component.state_name == "InitialState"


async def test_captured_events_can_be_asked() -> None:
    """Names and data of what was captured."""
    bus = AsyncEventManager()
    async with capture_events(bus, ["a", "b"]) as events:
        await bus.publish("b", 1)
        await bus.publish("a", 2)
        await bus.publish("c", 3)

    await bus.publish("a", 4)
    assert isinstance(events, CapturedEvents)
    assert events == [("b", 1), ("a", 2)]
    assert events.names() == ["b", "a"]
    assert events.of("a") == [2]
