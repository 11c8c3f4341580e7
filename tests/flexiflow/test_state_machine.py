"""States, registries, and the machine."""

import asyncio
import gc
from functools import partial
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.errors import StateError
from flexiflow.state_machine import (
    BUILTIN_STATES,
    DEFAULT_REGISTRY,
    AwaitingConfirmation,
    ErrorHandling,
    InitialState,
    ProcessingRequest,
    State,
    StateMachine,
    StateRegistry,
    checked_result,
)


class Gives(State):
    """A state that gives what it is told to."""

    def __init__(self, result: Any) -> None:
        self.result = result

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        if isinstance(self.result, Exception):
            raise self.result

        return self.result


class Plain(State):
    """A state without a method of its own."""


async def test_base_state_handles_nothing() -> None:
    """The base implementation is not implemented."""
    with pytest.raises(NotImplementedError):
        await State().handle_message({}, None)

    with pytest.raises(NotImplementedError):
        await Plain().handle_message({}, None)


def test_default_registry_holds_the_four_builtin_states() -> None:
    """They are registered under their class names."""
    fresh = [state.__name__ for state in BUILTIN_STATES]
    assert fresh == ["AwaitingConfirmation", "ErrorHandling", "InitialState", "ProcessingRequest"]
    assert set(fresh) <= set(DEFAULT_REGISTRY.names())
    for state in BUILTIN_STATES:
        assert type(DEFAULT_REGISTRY.create(state.__name__)) is state


MOVES = [
    (InitialState, {"type": "start"}, AwaitingConfirmation),
    (AwaitingConfirmation, {"type": "confirm", "content": "confirmed"}, ProcessingRequest),
    (AwaitingConfirmation, {"type": "cancel"}, InitialState),
    (ProcessingRequest, {"type": "complete"}, InitialState),
    (ProcessingRequest, {"type": "error"}, ErrorHandling),
    (ErrorHandling, {"type": "acknowledge"}, InitialState),
]


@pytest.mark.parametrize(("state_cls", "message", "target"), MOVES)
async def test_builtin_transitions(
    state_cls: type[State], message: dict[str, Any], target: type[State]
) -> None:
    """Each builtin transition yields a new instance of its target, and a real True."""
    first = await state_cls().handle_message(message, None)
    second = await state_cls().handle_message(message, None)
    assert first[0] is True
    assert type(first[1]) is target
    assert first[1] is not second[1]


@pytest.mark.parametrize("state_cls", BUILTIN_STATES)
@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": None},
        {"type": "unknown"},
        {"type": ["no", "key"]},
        {"type": "confirm"},
        {"type": "confirm", "content": "maybe"},
        {"type": "confirm", "content": ["confirmed"]},
        {"content": "confirmed"},
    ],
)
async def test_any_other_message_stays(state_cls: type[State], message: dict[str, Any]) -> None:
    """What is in no table gives a real False and the very same instance."""
    state = state_cls()
    assert await state.handle_message(message, None) == (False, state)


def test_each_builtin_state_leaves_out_the_messages_of_the_others() -> None:
    """Of all message types only those of the table move a state."""
    for state_cls in BUILTIN_STATES:
        for source, message, _ in MOVES:
            proceed, _ = asyncio.run(state_cls().handle_message(message, None))
            assert proceed is (source is state_cls)


# Registries


def test_registry_stores_any_class_and_overwrites() -> None:
    """Neither a State nor a free name is asked for."""
    registry = StateRegistry()
    registry.register("x", int)
    assert registry.create("x") == 0
    registry.register("x", Plain)
    assert isinstance(registry.create("x"), Plain)
    assert registry.create("x") is not registry.create("x")


def test_registry_names_are_sorted_and_new() -> None:
    """The list is the caller's own."""
    registry = StateRegistry()
    registry.register("b", Plain)
    registry.register("a", Plain)
    names = registry.names()
    assert names == ["a", "b"]
    names.clear()
    assert registry.names() == ["a", "b"]


def test_unregister_ignores_unknown_names() -> None:
    """Removing is idempotent."""
    registry = StateRegistry()
    registry.register("a", Plain)
    registry.unregister("a")
    registry.unregister("a")
    assert registry.names() == []


def test_unknown_names_are_state_errors() -> None:
    """The error names what is known."""
    registry = StateRegistry()
    registry.register("Known", Plain)
    with pytest.raises(StateError, match=r"^Unknown state: 'Other'") as caught:
        registry.create("Other")

    assert caught.value.context.items == {"requested_state": "Other", "valid_states": ["Known"]}


def test_registries_are_independent() -> None:
    """What one knows, the other does not."""
    one, other = StateRegistry(), StateRegistry()
    one.register("a", Plain)
    assert other.names() == []
    assert "a" not in DEFAULT_REGISTRY.names()


def test_a_layer_sees_and_hides_what_is_below() -> None:
    """A name of the layer goes first; taking it away shows the one below again."""
    below = StateRegistry()
    below.register("a", Plain)
    below.register("b", Plain)
    layer = StateRegistry(parent=below)
    layer.register("b", InitialState)
    layer.register("c", Plain)
    assert layer.names() == ["a", "b", "c"]
    assert isinstance(layer.create("b"), InitialState)
    assert below.names() == ["a", "b"]
    layer.unregister("b")
    layer.unregister("a")
    assert isinstance(layer.create("b"), Plain)
    assert layer.names() == ["a", "b", "c"]


def test_label_is_the_class_name_unless_registered_otherwise() -> None:
    """The only name counts; none, several and further ones leave the class its own."""
    registry = StateRegistry()
    assert registry.label(Plain) == "Plain"
    registry.register("Simple", Plain)
    assert registry.label(Plain) == "Simple"
    registry.register_alias("Plain", Plain)
    assert registry.label(Plain) == "Simple"
    assert isinstance(registry.create("Plain"), Plain)
    registry.register("Plain", Plain)
    assert registry.label(Plain) == "Plain"
    registry.unregister("Simple")
    registry.register("Bare", Plain)
    assert registry.label(Plain) == "Plain"


def test_a_registry_whose_constructor_is_not_called() -> None:
    """Subclasses may do without; they begin empty, each with names of its own."""

    class Own(StateRegistry):
        def __init__(self, *_more: object) -> None:
            self.mine = True

    registry, other = Own(1), Own(2, 3)
    registry.register("Simple", Plain)
    assert isinstance(registry.create("Simple"), Plain)
    assert registry.label(Plain) == "Simple"
    assert (registry.names(), other.names()) == (["Simple"], [])


async def test_a_builtin_state_whose_method_is_replaced_is_asked(monkeypatch) -> None:
    """On its class, for as long as that lasts, and on one instance."""

    async def leads_on(_self: State, _message: object, _component: object) -> tuple[bool, State]:
        return True, AwaitingConfirmation()

    component = AsyncComponent("c")
    await component.handle_message({"type": "other"})
    with monkeypatch.context() as patch:
        patch.setattr(InitialState, "handle_message", leads_on)
        await component.handle_message({"type": "other"})
        assert isinstance(component.state_machine.current_state, AwaitingConfirmation)

    await component.handle_message({"type": "cancel"})
    await component.handle_message({"type": "other"})
    state = component.state_machine.current_state
    assert isinstance(state, InitialState)
    state.handle_message = partial(leads_on, state)  # type: ignore[method-assign]  # as doubles do
    await component.handle_message({"type": "other"})
    assert isinstance(component.state_machine.current_state, AwaitingConfirmation)


def test_label_follows_the_layers() -> None:
    """A registration below, or one that hides it, changes the name."""
    below = StateRegistry()
    layer = StateRegistry(below)
    top = StateRegistry(layer)
    assert top.label(Plain) == "Plain"
    below.register("Simple", Plain)
    assert top.label(Plain) == "Simple"
    layer.register("Simple", InitialState)
    assert top.label(Plain) == "Plain"
    assert below.label(Plain) == "Simple"


def test_layers_do_not_live_on_below() -> None:
    """A registry does not keep those over it alive."""
    below = StateRegistry()
    StateRegistry(below).register("a", Plain)
    gc.collect()
    below.register("b", Plain)
    assert len(below._layers or ()) == 0


def test_labels_of_many_classes_take_bounded_room() -> None:
    """Classes that are made without end are not kept."""
    registry = StateRegistry()
    for number in range(3000):
        assert registry.label(type(f"State{number}", (State,), {})) == f"State{number}"

    assert len(registry.labels) <= 1024


def test_stored_names_are_found_by_key_or_class() -> None:
    """A snapshot's name is a key, else the name of exactly one class."""
    registry = StateRegistry()
    registry.register("Key", Plain)
    registry.register("Again", Plain)
    assert registry.find_stored("Key") is Plain
    assert registry.find_stored("Plain") is Plain
    assert registry.find_stored("Other") is None
    registry.register("Third", type("Plain", (State,), {}))
    assert registry.find_stored("Plain") is None


# The machine


def test_machine_uses_the_default_registry() -> None:
    """A registry is optional and kept."""
    assert StateMachine(InitialState()).registry is DEFAULT_REGISTRY
    assert StateMachine.from_name("InitialState").registry is DEFAULT_REGISTRY
    registry = StateRegistry()
    registry.register("P", Plain)
    machine = StateMachine.from_name("P", registry)
    assert machine.registry is registry
    assert isinstance(machine.current_state, Plain)


def test_machine_from_unknown_name_is_a_state_error() -> None:
    """The registry's error comes out."""
    with pytest.raises(StateError, match="Unknown state: 'Nowhere'"):
        StateMachine.from_name("Nowhere")


def test_machines_compare_by_their_fields() -> None:
    """A machine is an ordinary mutable dataclass."""
    state = InitialState()
    assert StateMachine(state) == StateMachine(state)
    assert StateMachine(state) != StateMachine(InitialState())


async def test_machine_moves_when_the_state_proceeds() -> None:
    """The proceed value itself is returned, and the second element becomes current."""
    target = Plain()
    machine = StateMachine(Gives(("yes", target)))
    assert await machine.handle_message({}, object()) == "yes"
    assert machine.current_state is target


@pytest.mark.parametrize("result", [(False, None), (0, "anything"), [None, 3]])
async def test_machine_stays_when_the_state_does_not_proceed(result: Any) -> None:
    """The second element is not even looked at."""
    state = Gives(result)
    machine = StateMachine(state)
    assert await machine.handle_message({}, None) == result[0]
    assert machine.current_state is state


async def test_machine_passes_the_component_through() -> None:
    """Whatever it is."""
    seen: list[Any] = []

    class Looks(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            seen.append((message, component))
            return False, self

    message, component = {"a": 1}, object()
    await StateMachine(Looks()).handle_message(message, component)
    assert seen[0][0] is message
    assert seen[0][1] is component


async def test_errors_of_a_state_leave_it_unchanged() -> None:
    """The exception comes out as it is."""
    state = Gives(RuntimeError("broken"))
    machine = StateMachine(state)
    with pytest.raises(RuntimeError, match=r"^broken$"):
        await machine.handle_message({}, None)

    assert machine.current_state is state


@pytest.mark.parametrize("result", [None, 3, (True,), (True, 1, 2), (True, None), (True, "x")])
async def test_malformed_results_are_state_errors(result: Any) -> None:
    """The error names the state and its result, and the state is unchanged."""
    state = Gives(result)
    machine = StateMachine(state)
    with pytest.raises(StateError) as caught:
        await machine.handle_message({}, None)

    assert "Gives" in caught.value.what
    assert repr(result) in caught.value.what
    assert caught.value.why
    assert caught.value.fix
    assert machine.current_state is state


def test_any_object_with_handle_message_may_be_next() -> None:
    """It need not be a State."""

    class Foreign:
        async def handle_message(self, message: Any, component: Any) -> Any: ...

    target = Foreign()
    assert checked_result(InitialState(), (True, target)) == (True, target)


def test_subclasses_of_builtin_states_keep_or_replace_their_moves() -> None:
    """A subclass without a method moves like its base; one with a method is asked."""

    class Named(InitialState):
        pass

    class Own(InitialState):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            return False, self

    assert asyncio.run(Named().handle_message({"type": "start"}, None))[0] is True
    assert asyncio.run(Own().handle_message({"type": "start"}, None))[0] is False
    assert Named._engine_facts.moves is not None
    assert Own._engine_facts.moves is None
