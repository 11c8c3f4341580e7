"""YAML packs as states: what happens when they get messages."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.declarative import DeclarativeState
from flexiflow.errors import StateError
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import InitialState, State, StateMachine
from flexiflow.testing import capture_events
from tests.helpers.doors import DOOR, bus_of, compiled, component_of


@pytest.fixture
def door() -> AsyncComponent:
    """A shut door on a bus."""
    context = {"locked": False, "trail": []}
    return component_of(DOOR, "Shut", context=context, event_bus=AsyncEventManager())


async def test_a_guard_decides(door: AsyncComponent) -> None:
    """A locked door stays shut."""
    door.context["locked"] = True
    await door.handle_message({"type": "push", "hard": False})
    assert door.state_name == "Shut"
    door.context["locked"] = False
    await door.handle_message({"type": "push"})
    assert door.state_name == "Open"


async def test_order_of_a_self_transition(door: AsyncComponent) -> None:
    """Exit actions, its own, entry actions; the state is left and entered."""
    await door.handle_message({"type": "push"})
    door.context["trail"] = []
    async with capture_events(bus_of(door)) as events:
        await door.handle_message({"type": "slam"})

    assert door.context["trail"] == ["leave Open", "Open", "enter Open"]
    assert events.names() == ["component.message.received", "state.changed"]
    await door.stop()


async def test_an_internal_transition_stays(door: AsyncComponent) -> None:
    """It runs its actions only, and is told as handled."""
    await door.handle_message({"type": "push"})
    door.context["trail"] = []
    state = door.state_machine.current_state
    async with capture_events(bus_of(door)) as events:
        await door.handle_message({"type": "paint"})

    assert door.context["trail"] == ["paint"]
    assert door.state_machine.current_state is state
    assert events == [
        ("component.message.received", {"component": "c", "message": {"type": "paint"}}),
        (
            "component.message.handled",
            {"component": "c", "state": "Open", "message": {"type": "paint"}},
        ),
    ]
    await door.stop()


async def test_last_transition_is_set_before_its_event(door: AsyncComponent) -> None:
    """Observers can tell which transition was taken; an ignored message leaves it be."""
    seen: list[tuple[str, int | None]] = []

    def note(name: str) -> Any:
        async def handler(_data: Any) -> None:
            last = door.last_transition
            seen.append((name, None if last is None else last.index))

        return handler

    for name in ("state.changed", "component.message.handled", "component.message.ignored"):
        await bus_of(door).subscribe(name, "me", note(name))

    for kind in ("unknown", "knock", "push", "paint", "push", "unknown", "leave", "start"):
        await door.handle_message({"type": kind})

    assert seen == [
        ("component.message.ignored", None),
        ("component.message.handled", 2),
        ("state.changed", 0),
        ("component.message.handled", 5),
        ("state.changed", 3),
        ("component.message.ignored", 3),
        ("state.changed", 8),
        ("state.changed", None),
    ]


@pytest.mark.parametrize("bus", [None, AsyncEventManager()])
async def test_simple_transitions_name_themselves_too(bus: Any) -> None:
    """Also where nothing but the state changes."""
    component = component_of(
        "pack: p\nstates: {A: , B: }\ntransitions: [{from: A, message: m, to: B}]",
        "A",
        event_bus=bus,
    )
    await component.handle_message({"type": "x"})
    await component.handle_message({"type": "m"})
    assert component.last_transition is not None
    assert component.last_transition.index == 0
    assert component.state_name == "B"


async def test_a_final_state_ignores_everything(door: AsyncComponent) -> None:
    """No message leaves it, and that is told."""
    await door.handle_message({"type": "burn"})
    async with capture_events(bus_of(door)) as events:
        await door.handle_message({"type": "push"})

    assert events.names() == ["component.message.received", "component.message.ignored"]
    assert door.state_name == "Gone"


async def test_a_bus_of_another_make_hears_of_ignored_messages_of_packs() -> None:
    """Packs are new to every bus alike."""
    names: list[str] = []

    class Bus:
        async def publish(self, name: str, data: Any) -> None:
            names.append(name)

    door = component_of(DOOR, "Shut", event_bus=Bus())
    await door.handle_message({"type": "unknown"})
    assert names == ["component.message.received", "component.message.ignored"]


async def test_a_failing_guard_is_told_and_counts_as_false(door: AsyncComponent) -> None:
    """One event for each guard that cannot be evaluated; the next transition gets its chance."""
    del door.context["locked"]
    async with capture_events(bus_of(door), ["guard.failed", "state.changed"]) as events:
        await door.handle_message({"type": "push", "hard": True})

    assert events == [
        (
            "guard.failed",
            {
                "component": "c",
                "state": "Shut",
                "guard": "unlocked",
                "error": "The context has no key 'locked'",
                "why": "The expression reads 'locked' of context.",
                "fix": 'Provide it, or ask first: "locked" in context and ...',
                "message": {"type": "push", "hard": True},
            },
        ),
        ("state.changed", {"component": "c", "from_state": "Shut", "to_state": "Shut"}),
    ]


class NoTruth:
    """Is neither true nor false."""

    def __bool__(self) -> bool:
        raise ValueError("no truth")


async def test_a_guard_without_truth_is_a_failing_guard() -> None:
    """Python objects in the data may have none."""
    component = component_of(
        """
pack: p
states: {A: , B: }
transitions: [{from: A, message: m, to: B, guard: message.x}]
""",
        "A",
        event_bus=(bus := AsyncEventManager()),
    )
    async with capture_events(bus, ["guard.failed"]) as events:
        await component.handle_message({"type": "m", "x": NoTruth()})

    assert "neither true nor false" in events[0][1]["error"]
    assert component.state_name == "A"


class Hostile(dict[str, Any]):
    """A mapping that fails in every way there is, with errors that fail as well."""

    class MuteError(OSError, ValueError, KeyError):
        def __str__(self) -> str:
            raise RuntimeError("mute")

        __repr__ = __str__

    def _fail(self, *_: Any) -> Any:
        raise self.MuteError

    __getitem__ = __contains__ = __eq__ = __bool__ = __len__ = __iter__ = __repr__ = _fail  # type: ignore[assignment]
    __hash__ = _fail  # type: ignore[assignment]


def nameless() -> Any:
    """An object that does not even tell what it is."""

    class Nameless:
        @property
        def __class__(self) -> Any:
            raise RuntimeError("nameless")

    return Nameless()


@pytest.mark.parametrize("make", [Hostile, nameless, NoTruth])
@pytest.mark.parametrize(
    "guard", ["message.x", "message.x.a", "message.x == message.y", "1 in message.x", "-message.x"]
)
async def test_no_python_object_makes_a_guard_fatal(make: Any, guard: str) -> None:
    """Whatever it raises: the guard is false, and the next transition is tried."""
    component = component_of(
        f"""
pack: p
states: {{A: , B: , C: }}
transitions:
  - {{from: A, message: m, to: B, guard: {guard}}}
  - {{from: A, message: m, to: C}}
""",
        "A",
        event_bus=(bus := AsyncEventManager()),
    )
    async with capture_events(bus, ["guard.failed"]) as events:
        await component.handle_message({"type": "m", "x": make(), "y": Hostile()})

    assert component.state_name == "C"
    differs = make is NoTruth and "==" in guard  # an object is equal to itself only
    assert events.names() == ([] if differs else ["guard.failed"])


async def test_a_message_that_is_no_mapping_makes_no_guard_fatal() -> None:
    """A missing key is looked for only where there can be one."""
    text = "pack: p\nstates: {A: }\ntransitions: [{from: A, message: m, guard: message.a}]\n"
    component = component_of(text, "A", event_bus=(bus := AsyncEventManager()))

    class Sly(dict[str, Any]):
        def __contains__(self, key: object) -> bool:
            raise OSError("disk")

    async with capture_events(bus, ["guard.failed"]) as events:
        await component.handle_message(Sly(type="m"))

    assert "'a'" in events[0][1]["error"]


async def test_words_mean_what_python_reads() -> None:
    """Python takes wide letters for ordinary ones: a guard may read the rules without the word."""
    text = """
pack: p
states: {A: , B: }
transitions: [{from: A, message: m, to: B, guard: "\uff52ules.max == 3 and \uff4eow() > 0"}]
"""
    component = component_of(text, "A", rules=[{"max": 3}])
    await component.handle_message({"type": "m"})
    assert component.state_name == "B"


async def test_nobody_changes_a_message_that_is_being_handled(door: AsyncComponent) -> None:
    """Subscribers get copies, also of the messages of failed guards and internal transitions."""

    async def spoil(data: Any) -> None:
        data["message"]["hard"] = "spoilt"

    for name in ("guard.failed", "component.message.handled"):
        await bus_of(door).subscribe(name, "spoiler", spoil)

    del door.context["locked"]
    push, knock = {"type": "push", "hard": 0}, {"type": "knock", "hard": 0}
    await door.handle_message(push)
    await door.handle_message(knock)
    assert (push, knock) == ({"type": "push", "hard": 0}, {"type": "knock", "hard": 0})


async def test_packs_and_python_states_lead_to_each_other(door: AsyncComponent) -> None:
    """A pack's state leads to a builtin one, and a Python state into the pack, with its entry."""

    class Back(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            return True, component.state_machine.registry.create("Open")

    await door.handle_message({"type": "leave"})
    assert type(door.state_machine.current_state) is InitialState
    door.state_machine.current_state = Back()
    async with capture_events(bus_of(door), ["state.changed"]) as events:
        await door.handle_message({"type": "any"})

    assert events[0][1]["to_state"] == "Open"
    assert door.context["trail"] == ["enter Open"]
    await door.stop()


async def test_a_target_that_is_nowhere_is_a_state_error(door: AsyncComponent) -> None:
    """It comes out before anything is done."""
    with pytest.raises(StateError, match="Unknown state: 'Nowhere'"):
        await door.handle_message({"type": "lost"})

    assert door.state_name == "Shut"
    assert door.last_transition is None


async def test_a_python_class_may_refine_a_packs_state(door: AsyncComponent) -> None:
    """Its method is asked, the base does what the pack says, entry actions included."""
    shut = type(door.state_machine.current_state)
    seen: list[str] = []

    class Watched(shut):  # type: ignore[valid-type, misc]  # a class made at run time
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            seen.append(message["type"])
            return await super().handle_message(message, component)

    door.state_machine.current_state = Watched()
    async with capture_events(bus_of(door), ["component.message.handled"]) as events:
        await door.handle_message({"type": "knock"})

    assert len(events) == 1
    await door.handle_message({"type": "nothing"})
    await door.handle_message({"type": "push"})
    assert seen == ["knock", "nothing", "push"]
    assert door.state_name == "Open"
    await door.stop()


async def test_a_machine_of_its_own_runs_a_pack() -> None:
    """Without a component the machine moves, and actions work on what the object has."""
    publishing: list[str] = []

    class Bus:
        async def publish(self, name: str, data: Any) -> None:
            publishing.append(name)

    classes = compiled()
    machine = StateMachine(classes["Shut"]())
    stand_in = SimpleNamespace(context={"locked": False, "trail": []}, event_bus=Bus())
    assert await machine.handle_message({"type": "x"}, stand_in) is False
    assert await machine.handle_message({"type": "knock"}, stand_in) is False
    assert await machine.handle_message({"type": "push"}, stand_in) is True
    assert await machine.handle_message({"type": "slam"}, stand_in) is True
    assert type(machine.current_state) is classes["Open"]
    assert stand_in.context["trail"] == ["leave Open", "Open"]
    assert publishing == ["component.message.handled"]


async def test_a_machine_of_its_own_runs_a_pack_with_any_object() -> None:
    """Even one that has nothing; what cannot be done is told nobody."""
    pack = """
pack: p
states: {A: , B: }
transitions:
  - {from: A, message: m, to: B, guard: rules == rules and now() > 0, do: [{send: {type: x}}]}
"""
    machine = StateMachine(compiled(pack)["A"]())
    assert await machine.handle_message({"type": "m"}, object()) is True


async def test_the_base_of_packs_states_alone_handles_nothing() -> None:
    """It has no table."""
    with pytest.raises(NotImplementedError):
        await DeclarativeState().handle_message({}, None)


async def test_entry_actions_of_the_first_state_run_once() -> None:
    """At the start, or else with the first message."""
    pack = """
pack: p
states: {A: {entry: [{set: {n: context.n + 1}}]}}
transitions: [{from: A, message: m}]
"""
    started = component_of(pack, "A", context={"n": 0})
    await started.start()
    await started.start()
    await started.handle_message({"type": "m"})
    assert started.context["n"] == 1
    other = component_of(pack, "A", context={"n": 0})
    await asyncio.gather(other.handle_message({"type": "m"}), other.start())
    assert other.context["n"] == 1


async def test_a_state_entered_in_a_former_life_is_not_entered_again() -> None:
    """Starting sets its timers only."""
    component = component_of(DOOR, "Open", context={"trail": []})
    component.mark_entered()
    await component.start()
    assert component.context["trail"] == []
    assert component._state_timers
    await component.stop()


async def test_start_works_while_held() -> None:
    """Messages are held, not the start."""
    component = component_of(DOOR, "Open", context={"trail": []})
    component.hold()
    await asyncio.wait_for(component.start(), 5)
    assert component.context["trail"] == ["enter Open"]
    await component.stop()


async def test_cancelling_during_entry_actions_leaves_the_state_entered(
    hanging_action: asyncio.Event,
) -> None:
    """The state is fully switched: its timers run."""
    pack = """
pack: p
states: {A: , B: {entry: [{call: "flexiflow.testing:hangs"}]}}
transitions:
  - {from: A, message: m, to: B}
  - {from: B, after: 1h, to: A}
"""
    component = component_of(pack, "A")
    caller = asyncio.create_task(component.handle_message({"type": "m"}))
    await hanging_action.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    assert component.state_name == "B"
    assert len(component._state_timers or ()) == 1
    await component.stop()


async def test_a_message_that_was_cut_short_leaves_the_last_transition_as_it_was() -> None:
    """The state was not left."""
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None, "B": None},
            "transitions": [
                {"from": "A", "message": "go", "to": "B"},
                {"from": "B", "message": "x", "do": [{"call": f"{__name__}:rest_long"}]},
            ],
        }
    )
    await component.handle_message({"type": "go"})
    last = component.last_transition
    assert last is not None
    caller = asyncio.ensure_future(component.handle_message({"type": "x"}))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.wait([caller])
    assert component.last_transition is last


async def rest_long(_component: Any, _message: Any) -> None:
    """Goes on until it is cancelled."""
    await asyncio.sleep(60)
