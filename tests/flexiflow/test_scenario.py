"""Scenarios: what a file may say, and how it is played."""

import random
from pathlib import Path

import pytest

from flexiflow.clock import LoopClock, VirtualClock
from flexiflow.component_loader import load_component
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import ExpectationError, PackError, StateError
from flexiflow.scenario import (
    EngineTarget,
    ExpectStep,
    Scenario,
    SendStep,
    WaitStep,
    parse_scenario,
    play,
    read_scenario,
)

FLOWS = Path(__file__).parents[2] / "resources" / "examples"


@pytest.fixture
async def engine():
    """An engine in virtual time; stopped afterwards."""
    made = FlexiFlowEngine(clock=VirtualClock())
    yield made
    await made.stop()


async def order(engine):
    """The order flow in that engine."""
    component = load_component(FLOWS / "order.yaml")
    await engine.register_async(component)
    return component


def test_every_kind_of_step_is_read():
    """Short and long forms, receivers, durations, and the line of each step."""
    scenario = parse_scenario(
        "scenario: s\nflow: f.yaml\nseed: 7\nx-note: kept\nsteps:\n"
        "  - send: go\n"
        "  - {send: {type: go, price: 2.5}, to: other}\n"
        "  - wait: 250ms\n"
        "  - expect: {state: A, context: {n: 1}, events: [e, f]}\n"
        "    to: other\n",
        Path("folder/s.scenario.yaml"),
    )
    assert scenario == Scenario(
        "s",
        "f.yaml",
        7,
        (
            SendStep({"type": "go"}, None, 6),
            SendStep({"type": "go", "price": 2.5}, "other", 7),
            WaitStep(0.25, 8),
            ExpectStep("A", {"n": 1}, ("e", "f"), "other", 9),
        ),
    )
    assert scenario.flow_path == Path("folder/f.yaml")
    assert scenario.event_names == {"e", "f"}


def test_a_scenario_may_do_without_flow_and_file():
    """The flow is then whatever it is played against."""
    assert parse_scenario("scenario: s\nsteps: []").flow_path is None
    assert parse_scenario("scenario: s\nflow: f.yaml\nsteps: []").flow_path == Path("f.yaml")


def test_all_problems_are_reported_together():
    """Each with its line."""
    with pytest.raises(PackError) as caught:
        parse_scenario(
            "scenario: on\nseed: x\nsteps:\n"
            "  - {send: a, expect: {}}\n"
            "  - {sent: a}\n"
            "  - send: off\n"
            "  - send: {price: 3}\n"
            "  - wait:\n"
            "  - wait: soon\n"
            "  - expect: {}\n"
            "  - expect: {stat: A}\n"
            "  - {send: a, too: b}\n"
            "  - expect: {events: x}\n"
            "  - expect: {events: [1]}\n"
            "  - 3\n",
            "s.yaml",
        )

    assert [problem.line for problem in caught.value.problems] == [
        1,
        2,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "A scenario has to be a mapping"),
        ("scenario: s", "Missing 'steps'"),
        ("steps: []", "Missing 'scenario'"),
        ("scenario: s\nsteps: 3", "'steps' has to be a list"),
        ("scenario: s\nsteps: []\nflo: x", "Unknown key 'flo' in a scenario"),
    ],
)
def test_a_file_that_is_no_scenario(text, what):
    """What a scenario needs."""
    with pytest.raises(PackError) as caught:
        parse_scenario(text)

    assert caught.value.what == what


async def test_the_example_scenario_plays(engine):
    """The order is paid at the second try."""
    scenario = read_scenario(FLOWS / "order.scenario.yaml")
    component = await order(engine)
    steps = []
    await play(scenario, engine, lambda number, step: steps.append((number, step)))
    assert component.state_name == "Delivered"
    assert [step for _, step in steps] == list(scenario.steps)
    assert [number for number, _ in steps] == list(range(1, len(steps) + 1))


async def test_waiting_passes_virtual_time(engine):
    """A quarter of an hour takes no time."""
    component = await order(engine)
    await play(
        parse_scenario(
            "scenario: left\nsteps:\n"
            "  - send: {type: add_item, price: 20}\n  - send: checkout\n  - send: pay\n"
            "  - wait: 899s\n  - expect: {state: AwaitingPayment}\n"
            "  - wait: 1s\n  - expect: {state: Cancelled, events: [state.changed]}\n"
        ),
        engine,
    )
    assert component.state_name == "Cancelled"


async def test_waiting_takes_real_time_on_a_real_clock():
    """Without a virtual clock the wait is a timer of the engine's clock."""
    engine = FlexiFlowEngine(clock=LoopClock(speed=1000.0))
    component = await order(engine)
    before = engine.clock.now()
    await play(parse_scenario("scenario: s\nsteps: [{wait: 5s}]"), engine)
    assert engine.clock.now() - before >= 5
    assert component.state_name == "Cart"
    await engine.stop()


@pytest.mark.parametrize(
    ("expect", "expected", "found"),
    [
        ("{state: Paid}", "Paid", "Cart"),
        ("{context: {items: 2}}", 2, 1),
        ("{context: {items: true}}", True, 1),
        ("{context: {missing: 1}}", 1, None),
        ("{context: {deep: {a: {b: 1}}}}", 1, 2),
        ("{context: {list: [1]}}", [1], [1, 2]),
        ("{context: {list: [1, 3]}}", 3, 2),
        ("{events: [state.changed]}", ["state.changed"], ["component.message.handled"]),
    ],
)
async def test_the_first_difference_ends_the_play(engine, expect, expected, found):
    """Expected, found, step and line are told."""
    component = await order(engine)
    component.context |= {"deep": {"a": {"b": 2, "c": 3}}, "list": [1, 2]}
    scenario = parse_scenario(
        "scenario: s\nsteps:\n  - send: {type: add_item, price: 0.1}\n"
        f"  - expect: {expect}\n  - expect: {{events: [component.message.handled]}}\n",
        "s.yaml",
    )
    with pytest.raises(ExpectationError) as caught:
        await play(scenario, engine)

    error = caught.value
    assert (error.step, error.line, error.expected, error.found) == (2, 4, expected, found)
    assert "Step 2 (line 4): expected" in error.what
    assert error.context.items["path"] == "s.yaml"


async def test_an_expectation_compares_only_what_it_names(engine):
    """Other entries, other events between, and the last digits of a number do not matter."""
    component = await order(engine)
    component.context |= {"deep": {"a": 1, "b": [{"x": 1, "y": 2}]}, "sum": 0.1 + 0.2}
    await play(
        parse_scenario(
            "scenario: s\nsteps:\n"
            "  - send: {type: add_item, price: 1}\n"
            "  - send: checkout\n"
            "  - expect: {context: {deep: {b: [{y: 2}]}, sum: 0.3},\n"
            "      events: [component.message.received, state.changed]}\n"
            "  - expect: {context: {}, events: []}\n"
        ),
        engine,
    )


async def test_events_are_expected_in_their_order(engine):
    """What happened later cannot be expected first."""
    await order(engine)
    scenario = parse_scenario(
        "scenario: s\nsteps:\n  - send: {type: add_item, price: 1}\n  - send: checkout\n"
        "  - expect: {events: [state.changed, component.message.handled]}\n"
    )
    with pytest.raises(ExpectationError):
        await play(scenario, engine)


async def test_a_hand_built_step_has_no_line(engine):
    """The error then names the step alone."""
    await order(engine)
    with pytest.raises(ExpectationError) as caught:
        await play(Scenario("s", steps=(ExpectStep("Paid"),)), engine)

    assert caught.value.what == "Step 1: expected the state to be 'Paid', found 'Cart'"


async def test_steps_name_their_component_where_there_are_several(engine):
    """Without a name, two components are one too many."""
    for name in ("a", "b"):
        await engine.register_async(
            load_component(
                {
                    "name": name,
                    "initial_state": "Off",
                    "packs": [
                        {
                            "pack": "p",
                            "states": {"Off": None, "On": None},
                            "transitions": [{"from": "Off", "message": "go", "to": "On"}],
                        }
                    ],
                }
            )
        )

    await play(
        parse_scenario(
            "scenario: s\nsteps:\n  - {send: go, to: b}\n"
            "  - {expect: {state: 'On'}, to: b}\n  - {expect: {state: 'Off', context: {}}, to: a}\n"
        ),
        engine,
    )
    for step, what in (
        ("{send: go}", "Step 2 (line 4): The step does not say which component is meant"),
        ("{send: go, to: c}", "Step 2 (line 4): Unknown component: 'c'"),
        ("{expect: {state: A}, to: c}", "Step 2 (line 4): Unknown component: 'c'"),
    ):
        with pytest.raises(StateError) as caught:
            await play(parse_scenario(f"scenario: s\nsteps:\n- wait: 1s\n- {step}"), engine)

        assert caught.value.what == what
        assert "The components are: a, b." in caught.value.why
        assert caught.value.context.items["step"] == 2
        assert caught.value.context.items["line"] == 4


async def test_time_passes_also_before_the_first_message(engine):
    """A play starts the components: entry actions are run, timers are set."""
    flow = {
        "pack": "p",
        "states": {"A": {"entry": [{"emit": {"event": "entered"}}]}, "B": None},
        "transitions": [{"from": "A", "after": "1s", "to": "B"}],
    }
    await engine.register_async(load_component(flow))
    text = "scenario: s\nsteps:\n- expect: {events: [entered]}\n- wait: 2s\n- expect: {state: B}\n"
    await play(parse_scenario(text), engine)


async def test_a_seed_seeds_everything_random(engine):
    """The same scenario meets the same chance."""
    scenario = parse_scenario("scenario: s\nseed: 7\nsteps: []")
    await play(scenario, engine)
    first = random.random()
    await play(scenario, engine)
    assert random.random() == first


async def test_any_target_can_be_played_against():
    """A window or a double drives scenarios through the same five methods."""
    told = []

    class Target:
        async def send(self, message, to):
            told.append(("send", message, to))

        async def wait(self, seconds):
            told.append(("wait", seconds))

        def state(self, to):
            return "A"

        def context(self, to):
            return {}

        def events_since(self):
            return ["x"]

    async def on_step(number, step):
        told.append(number)

    await play(
        parse_scenario(
            "scenario: s\nsteps: [{send: go}, {wait: 1}, {expect: {state: A, events: [x]}}]"
        ),
        Target(),
        on_step,
    )
    assert told == [1, ("send", {"type": "go"}, None), 2, ("wait", 1.0), 3]


async def test_a_target_stops_listening(engine):
    """Nothing stays subscribed after a play."""
    async with EngineTarget(engine, ["x"]) as target:
        await engine.event_bus.publish("x", {})
        assert target.events_since() == ["x"]

    await engine.event_bus.publish("x", {})
    assert target.events_since() == []
