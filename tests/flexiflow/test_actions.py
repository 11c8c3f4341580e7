"""The actions of packs: set, emit, send, call, and how they fail."""

import asyncio
from typing import Any

import pytest

from flexiflow import expression_limits
from flexiflow.actions import error_facts, error_text
from flexiflow.clock import VirtualClock
from flexiflow.component import AsyncComponent
from flexiflow.declarative import compile_pack
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import ConfigError
from flexiflow.packfile import parse_pack
from flexiflow.state_machine import DEFAULT_REGISTRY, StateMachine, StateRegistry
from flexiflow.testing import CapturedEvents, capture_events

called: list[Any] = []


def plain_call(component: AsyncComponent, message: Any) -> str:
    """A plain function that a pack calls."""
    called.append((component.name, message))
    return "ignored"


async def async_call(component: AsyncComponent, message: Any) -> None:
    """A coroutine function that a pack calls."""
    await asyncio.sleep(0)
    called.append((component.name, message))


def bad_call(_component: Any, _message: Any) -> None:
    """A function that fails."""
    raise RuntimeError("broken")


async def cancelled_call(_component: Any, _message: Any) -> None:
    """A function whose helper is cancelled."""
    task = asyncio.ensure_future(asyncio.sleep(60))
    task.cancel()
    await task


async def sends_from_inside(component: AsyncComponent, _message: Any) -> None:
    """A function that sends its component a message."""
    await component.handle_message({"type": "note", "text": "from inside"})


no_function = 42


@pytest.fixture
def engine() -> FlexiFlowEngine:
    """An engine in virtual time."""
    called.clear()
    return FlexiFlowEngine(clock=VirtualClock())


def add(engine: FlexiFlowEngine, actions: str, name: str = "c", **options: Any) -> AsyncComponent:
    """A component that does the actions on ``go`` and keeps notes."""
    text = f"""
pack: p
states: {{A: }}
transitions:
  - from: A
    message: go
    do: {actions}
  - {{from: A, message: note, do: [{{set: {{notes: 'context.notes + [message.text]'}}}}]}}
"""
    registry = StateRegistry(DEFAULT_REGISTRY)
    for key, state_cls in compile_pack(parse_pack(text)).items():
        registry.register(key, state_cls)

    machine = StateMachine.from_name("A", registry)
    options.setdefault("context", {"notes": []})
    component = AsyncComponent(name, state_machine=machine, **options)
    engine.register(component)
    return component


async def go(
    engine: FlexiFlowEngine, component: AsyncComponent, *names: str, **fields: Any
) -> CapturedEvents:
    """Sends ``go`` and captures the events of these names."""
    async with capture_events(engine.event_bus, names or ("action.failed",)) as events:
        await component.handle_message({"type": "go", **fields})

    await engine.drain()
    return events


async def test_set_assigns_in_order(engine: FlexiFlowEngine) -> None:
    """Each value sees those before it; what is no text is itself."""
    component = add(engine, "[{set: {a: 1 + 1, b: context.a * 2, c: \"'text'\", d: 7, e: null}}]")
    component.context.clear()
    await go(engine, component)
    assert component.context == {"a": 2, "b": 4, "c": "text", "d": 7, "e": None}


async def test_set_reads_everything_in_scope(engine: FlexiFlowEngine) -> None:
    """Message, context, rules, state, component and the engine's clock."""
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    component = add(
        engine,
        "[{set: {a: message.x, b: rules.y, c: state, d: component, e: now()}}]",
        rules=[{"y": 1}, {"y": 2}],
    )
    await clock.advance(5)
    await go(engine, component, x=[1])
    context = component.context
    assert [context[key] for key in "abcde"] == [[1], 2, "A", "c", 5]


async def test_literal_values_are_copies(engine: FlexiFlowEngine) -> None:
    """One component's run does not change what the next one starts with."""
    component = add(engine, "[{set: {a: [1, {b: 2}]}}]")
    await go(engine, component)
    component.context["a"][1]["b"] = "changed"
    await go(engine, component)
    assert component.context["a"] == [1, {"b": 2}]


async def test_a_failing_set_stops_itself_only(engine: FlexiFlowEngine) -> None:
    """Earlier keys are set, later actions run, and the failure is told."""
    component = add(engine, "[{set: {a: 1, b: context.x, c: 2}}, {set: {d: 3}}]")
    events = await go(engine, component, "action.failed", "component.message.handled")
    assert component.context == {"notes": [], "a": 1, "d": 3}
    assert events.names() == ["action.failed", "component.message.handled"]
    assert events[0][1] == {
        "component": "c",
        "state": "A",
        "action": {"set": {"a": 1, "b": "context.x", "c": 2}},
        "error": "The context has no key 'x'",
        "why": "The expression reads 'x' of context.",
        "fix": 'Provide it, or ask first: "x" in context and ...',
    }


async def test_emit_publishes_data(engine: FlexiFlowEngine) -> None:
    """With evaluated values, or an empty mapping."""
    actions = "[{emit: {event: told, data: {a: message.x + 1, b: [x]}}}, {emit: {event: bare}}]"
    events = await go(engine, add(engine, actions), "told", "bare", x=1)
    assert events == [("told", {"a": 2, "b": ["x"]}), ("bare", {})]


async def test_emit_without_a_bus_tells_nobody() -> None:
    """That is no failure."""
    component = add(FlexiFlowEngine(), "[{emit: {event: told}}, {set: {a: 1}}]")
    component.event_bus = None
    await component.handle_message({"type": "go"})
    assert component.context["a"] == 1
    await asyncio.sleep(0)


async def test_send_to_itself_follows_the_current_message(engine: FlexiFlowEngine) -> None:
    """It is queued, and handled before the outer call returns."""
    actions = (
        "[{send: {type: note, data: {text: \"'sent'\"}}}, {set: {notes: 'context.notes + [1]'}}]"
    )
    component = add(engine, actions)
    await component.handle_message({"type": "go"})
    assert component.context["notes"] == [1, "sent"]


async def test_sent_messages_carry_type_content_and_data(engine: FlexiFlowEngine) -> None:
    """Content is left out when there is none; data never changes the type."""
    actions = """[
      {send: {type: other, content: message.x, data: {a: 1, type: "'never'"}}},
      {send: {type: other}}]"""
    component = add(engine, actions)
    events = await go(engine, component, "component.message.received", x="text")
    assert [data["message"] for data in events.of("component.message.received")] == [
        {"type": "go", "x": "text"},
        {"type": "other", "content": "text", "a": 1},
        {"type": "other"},
    ]


async def test_send_to_another_component(engine: FlexiFlowEngine) -> None:
    """Through the engine; its own name is itself."""
    actions = """[
      {send: {type: note, to: other, data: {text: 1}}},
      {send: {type: note, to: c, data: {text: 2}}}]"""
    component, other = add(engine, actions), add(engine, "[]", "other")
    await go(engine, component)
    assert other.context["notes"] == [1]
    assert component.context["notes"] == [2]


async def test_send_to_nobody_is_a_failing_action(engine: FlexiFlowEngine) -> None:
    """Unknown components are told, and later actions run."""
    component = add(engine, "[{send: {type: note, to: nobody}}, {set: {a: 1}}]")
    events = await go(engine, component)
    assert events[0][1]["error"] == "Unknown component: 'nobody'"
    assert events[0][1]["action"] == {"send": {"type": "note", "to": "nobody"}}
    assert component.context["a"] == 1


async def test_send_without_an_engine_reaches_only_itself() -> None:
    """There is nobody else."""
    engine = FlexiFlowEngine()
    component = add(engine, "[{send: {type: note, to: other}}]")
    engine.unregister("c")
    events = await go(engine, component)
    assert events[0][1]["error"] == "Unknown component: 'other'"


async def test_delayed_messages_come_when_they_are_due(engine: FlexiFlowEngine) -> None:
    """To itself and to others, evaluated when they were sent."""
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    actions = """[
      {send: {type: note, after: 10s, data: {text: now()}}},
      {send: {type: note, to: other, after: 20s, data: {text: now()}}}]"""
    component, other = add(engine, actions), add(engine, "[]", "other")
    await clock.advance(1)
    await go(engine, component)
    await clock.advance(9.9)
    assert component.context["notes"] == []
    await clock.advance(0.1)
    assert component.context["notes"] == [1]
    assert other.context["notes"] == []
    await clock.advance(10)
    assert other.context["notes"] == [1]


async def test_a_delayed_message_to_nobody_is_a_failing_action(engine: FlexiFlowEngine) -> None:
    """That shows when it is due."""
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    component = add(engine, "[{send: {type: note, to: gone, after: 1s}}]")
    async with capture_events(engine.event_bus, ["action.failed"]) as events:
        await component.handle_message({"type": "go"})
        assert events == []
        await clock.advance(1)

    assert events[0][1] == {
        "component": "c",
        "state": "A",
        "action": {"send": {"type": "note", "to": "gone"}},
        "error": "Unknown component: 'gone'",
        "why": "A message was to be sent to a component that is not registered with the engine.",
        "fix": "Register it, or correct the name in 'to'.",
    }


@pytest.mark.parametrize("function", ["plain_call", "async_call"])
async def test_call_gets_component_and_message(engine: FlexiFlowEngine, function: str) -> None:
    """A plain function or a coroutine function; what it returns is ignored."""
    component = add(engine, f'[{{call: "{__name__}:{function}"}}]')
    for _ in range(2):
        assert await go(engine, component, x=1) == []

    assert called == [("c", {"type": "go", "x": 1})] * 2


@pytest.mark.parametrize(
    ("target", "error"),
    [
        (f"{__name__}:bad_call", "RuntimeError('broken')"),
        (f"{__name__}:cancelled_call", "CancelledError()"),
        (f"{__name__}:no_function", "TypeError(\"'int' object is not callable\")"),
        (f"{__name__}:missing", f"Symbol 'missing' not found in module '{__name__}'"),
        ("no.such.module:x", "Module not found: 'no.such.module'"),
    ],
)
async def test_failing_calls_are_failing_actions(
    engine: FlexiFlowEngine, target: str, error: str
) -> None:
    """Whatever goes wrong in one, or on the way to it."""
    component = add(engine, f'[{{call: "{target}"}}, {{set: {{a: 1}}}}]')
    events = await go(engine, component)
    assert events[0][1]["error"] == error
    assert events[0][1]["action"] == {"call": target}
    assert component.context["a"] == 1


async def test_a_called_function_may_send_to_its_component(engine: FlexiFlowEngine) -> None:
    """It is inside, so it does not wait for itself."""
    component = add(engine, f'[{{call: "{__name__}:sends_from_inside"}}]')
    await asyncio.wait_for(component.handle_message({"type": "go"}), 5)
    assert component.context["notes"] == ["from inside"]


async def test_cancelling_the_sender_cancels_a_call(
    engine: FlexiFlowEngine, hanging_action: asyncio.Event
) -> None:
    """The component's own cancellation is no failure of an action."""
    component = add(engine, '[{call: "flexiflow.testing:hangs"}]')
    async with capture_events(engine.event_bus) as events:
        caller = asyncio.create_task(component.handle_message({"type": "go"}))
        await hanging_action.wait()
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller

    assert "action.failed" not in events.names()


async def test_what_shares_its_parts_is_kept_as_large_as_it_is(
    engine: FlexiFlowEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short everywhere, it would fill the disk when it is saved."""
    monkeypatch.setattr(expression_limits, "MAX_LENGTH", 20_000)
    grown: Any = {"n": 1}
    for _ in range(30):
        grown = {"a": grown, "b": grown}

    component = add(
        engine,
        "[{set: {kept: message}}, {set: {part: message.grown}}, {send: {type: note, data: "
        "{text: message.grown}}}, {emit: {event: e, data: {m: message}}}, {set: {after: 1}}]",
    )
    events = await go(engine, component, "action.failed", "e", grown=grown)
    assert events.names() == ["action.failed"] * 4
    assert all("too long" in data["error"] for _, data in events)
    assert component.context == {"notes": [], "after": 1}


async def test_what_is_nested_too_deep_is_not_kept(engine: FlexiFlowEngine) -> None:
    """Nothing could save it."""
    chain: Any = 1
    for _ in range(3_000):
        chain = {"x": chain}

    component = add(engine, "[{set: {chain: message.chain}}]")
    events = await go(engine, component, chain=chain)
    assert "nested too deep" in events[0][1]["error"]
    assert "chain" not in component.context


@pytest.mark.parametrize("value", ["context", "'[context]'", "'[[1, context]]'"])
async def test_the_context_does_not_hold_itself(engine: FlexiFlowEngine, value: str) -> None:
    """What has no end is refused."""
    component = add(engine, f"[{{set: {{me: {value}}}}}]", context={"n": 1})
    events = await go(engine, component)
    assert "would hold itself" in events[0][1]["error"]
    assert component.context == {"n": 1}


async def test_a_message_can_carry_the_context_and_come_back(engine: FlexiFlowEngine) -> None:
    """It carries what the context was when it was sent."""
    component = add(
        engine,
        "[{send: {type: note, data: {text: context}}}, {set: {n: 1}}]",
        context={"notes": []},
    )
    await component.handle_message({"type": "go"})
    assert component.context == {"notes": [{"notes": []}], "n": 1}


async def test_events_carry_copies_of_context_and_message(engine: FlexiFlowEngine) -> None:
    """Whoever changes what an event carries changes nothing else."""
    component = add(
        engine,
        "[{emit: {event: e, data: {c: context, m: message}}}, {set: {seen: message.v}}]",
    )

    async def spoil(data: Any) -> None:
        data["c"]["spoilt"] = data["m"]["v"] = 666

    await engine.event_bus.subscribe("e", "spoiler", spoil)
    message = {"type": "go", "v": 1}
    await component.handle_message(message)
    assert component.context == {"notes": [], "seen": 1}
    assert message == {"type": "go", "v": 1}


async def test_many_small_parts_are_a_large_event(engine: FlexiFlowEngine) -> None:
    """They are counted together."""
    data = ", ".join(f"k{number}: message.part" for number in range(100))
    component = add(engine, f"[{{emit: {{event: e, data: {{{data}}}}}}}]")
    events = await go(engine, component, "e", "action.failed", part="x" * 900)
    assert events.names() == ["e"]
    events = await go(engine, component, "e", "action.failed", part=["x" * 50_000])
    assert events.names() == ["action.failed"]


async def test_a_context_has_an_end(engine: FlexiFlowEngine) -> None:
    """All that actions keep is limited together; what is replaced makes room."""
    sets = ", ".join(f"{{set: {{k{number}: message.text}}}}" for number in range(12))
    component = add(engine, f"[{sets}]")
    async with capture_events(engine.event_bus, ["action.failed"]) as events:
        await component.handle_message({"type": "go", "text": "x" * 1_000_000})
        kept = [key for key in component.context if key.startswith("k")]
        await component.handle_message({"type": "go", "text": "x" * 800_000})

    assert kept == [f"k{number}" for number in range(10)]
    assert [data["error"] for _, data in events] == [
        "The context is full: 'k10' has no room in it",
        "The context is full: 'k11' has no room in it",
    ]
    assert len(component.context["k11"]) == 800_000


async def test_small_values_make_room_for_large_ones(engine: FlexiFlowEngine) -> None:
    """A large value that a small one or Python code has replaced counts no more."""
    sets = ", ".join(f"{{set: {{k{number}: message.v}}}}" for number in range(10))
    component = add(engine, f"[{sets}, {{set: {{other: message.more}}}}]")
    async with capture_events(engine.event_bus, ["action.failed"]) as events:
        await component.handle_message({"type": "go", "v": [0] * 999_999, "more": ""})
        await component.handle_message({"type": "go", "v": 0, "more": ["x" * 100_000] * 5})
        component.context.clear()
        await component.handle_message({"type": "go", "v": {"a": "x" * 999_000}, "more": ""})

    assert events == []


def test_an_error_that_cannot_be_shown_is_named() -> None:
    """Python code may raise errors that fail once more when they are asked what they are."""

    class MuteError(Exception):
        def __repr__(self) -> str:
            raise RuntimeError("mute")

    assert error_text(MuteError()) == "<MuteError>"


def test_events_tell_what_an_error_says_of_cause_and_remedy() -> None:
    """As far as it says something."""
    assert error_facts(ConfigError("What", why="Why")) == {"error": "What", "why": "Why"}
    assert error_facts(ConfigError("What", why="Why", fix="Fix")).keys() == {"error", "why", "fix"}
    assert error_facts(ValueError("x")) == {"error": "ValueError('x')"}


def test_error_text_is_one_line() -> None:
    """The What of ours, the text of Python's."""
    assert error_text(ConfigError("What", why="Why")) == "What"
    assert error_text(ValueError("x")) == "ValueError('x')"
