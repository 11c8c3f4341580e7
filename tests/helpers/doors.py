"""A door as a YAML pack, and components of packs without a config around them."""

from typing import Any

from flexiflow.component import AsyncComponent
from flexiflow.declarative import compile_pack
from flexiflow.event_manager import AsyncEventManager
from flexiflow.packfile import parse_pack
from flexiflow.state_machine import DEFAULT_REGISTRY, State, StateMachine, StateRegistry

__all__ = ["DOOR", "bus_of", "compiled", "component_of"]

DOOR = """
pack: door
description: A door.
guards:
  unlocked: not context.locked
context: {locked: false}
states:
  Shut: {description: Nobody gets in.}
  Open:
    entry: [{set: {trail: 'context.trail + ["enter Open"]'}}]
    exit: [{set: {trail: 'context.trail + ["leave Open"]'}}]
  Gone: {final: true}
transitions:
  - {from: Shut, message: push, to: Open, guard: unlocked, description: In.}
  - {from: Shut, message: push, to: Shut, guard: message.hard}
  - {from: Shut, message: knock}
  - {from: Open, message: push, to: Shut}
  - from: Open
    message: slam
    to: Open
    do: [{set: {trail: 'context.trail + [state]'}}]
  - {from: Open, message: paint, do: [{set: {trail: 'context.trail + ["paint"]'}}]}
  - {from: Open, after: 30s, to: Shut}
  - {from: Shut, message: burn, to: Gone}
  - {from: Shut, message: leave, to: InitialState}
  - {from: Shut, message: lost, to: Nowhere}
"""


def compiled(text: str = DOOR) -> dict[str, type[State]]:
    """The classes of a pack."""
    return compile_pack(parse_pack(text))


def component_of(text: str, state: str, **options: Any) -> AsyncComponent:
    """A component of a pack, in one of its states."""
    registry = StateRegistry(DEFAULT_REGISTRY)
    for key, state_cls in compiled(text).items():
        registry.register(key, state_cls)

    machine = StateMachine.from_name(state, registry)
    return AsyncComponent("c", state_machine=machine, **options)


def bus_of(component: AsyncComponent) -> AsyncEventManager:
    """The component's bus."""
    assert isinstance(component.event_bus, AsyncEventManager)
    return component.event_bus
