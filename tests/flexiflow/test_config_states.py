"""The states and packs that a config names: what is registered, and what is refused."""

import logging

import pytest

from flexiflow.config_loader import ConfigLoader
from flexiflow.errors import ConfigError, ImportError_, PackError
from flexiflow.state_machine import DEFAULT_REGISTRY, InitialState, State, StateMachine
from flexiflow.statepack import MappingPack
from tests.helpers.named_states import Alpha, Beta


def test_states_are_registered_under_key_and_class_name(write, states_of_test, registry):
    """The key is the state's name; snapshots know the class name."""
    path = write("name: c\nstates: {First: 'states_of_test:Alpha'}\ninitial_state: First")
    config = ConfigLoader.load_component_config(path, registry=registry)
    assert config.initial_state == "First"
    assert registry.find("First") is Alpha
    assert registry.find("Alpha") is Alpha
    assert isinstance(StateMachine.from_name("First", registry).current_state, Alpha)


def test_a_taken_class_name_stays(write, states_of_test, registry, caplog):
    """Two classes of one name are both reachable by key; the first keeps the class name."""
    path = write("name: c\nstates: {A: 'states_of_test:Alpha', B: 'states_of_test:Other'}")
    with caplog.at_level(logging.WARNING, "flexiflow"):
        ConfigLoader.load_component_config(path, registry=registry)

    assert registry.find("A") is Alpha
    assert registry.find("B") is states_of_test.Other
    assert registry.find("Alpha") is Alpha
    assert "known by its key only" in caplog.text


def test_rebinding_a_name_is_warned_of(write, states_of_test, registry, caplog):
    """A name that comes to mean another class is logged, never refused."""
    path = write("name: c\nstates: {InitialState: 'states_of_test:Alpha'}")
    with caplog.at_level(logging.WARNING, "flexiflow"):
        ConfigLoader.load_component_config(path, registry=registry)

    assert registry.find("InitialState") is Alpha
    assert "now means" in caplog.text


def test_a_reloaded_class_rebinds_silently(write, states_of_test, registry, caplog):
    """A class of the same module and name is the same to a person."""
    path = write("name: c\nstates: {A: 'states_of_test:Alpha'}")
    ConfigLoader.load_component_config(path, registry=registry)
    states_of_test.Alpha = type("Alpha", (State,), {"__module__": Alpha.__module__})
    with caplog.at_level(logging.WARNING, "flexiflow"):
        ConfigLoader.load_component_config(path, registry=registry)

    assert registry.find("A") is registry.find("Alpha") is states_of_test.Alpha
    assert not caplog.records


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("3: 'states_of_test:Alpha'", "Invalid states entry: 3: 'states_of_test:Alpha'"),
        ("B: 3", "Invalid states entry: 'B': 3"),
        ("B: nowhere", "Invalid dotted path in states['B']: 'nowhere'"),
        ("B: 'states_of_test:number'", "Not a State subclass: 'states_of_test:number'"),
        ("B: 'no_such_module:X'", "Module not found: 'no_such_module'"),
        ("B: 'states_of_test:X'", "Symbol 'X' not found in module 'states_of_test'"),
    ],
)
def test_a_bad_state_leaves_nothing_registered(write, states_of_test, registry, entry, what):
    """Everything is resolved before anything is registered."""
    path = write(f"name: c\nstates:\n  A: 'states_of_test:Alpha'\n  {entry}\n")
    with pytest.raises((ConfigError, ImportError_)) as caught:
        ConfigLoader.load_component_config(path, registry=registry)

    assert caught.value.what == what
    assert caught.value.context.items["config_path"] == str(path)
    assert [problem.line for problem in caught.value.problems] == [4]
    assert registry.find("A") is None


def test_a_dotted_initial_state_yields_the_class_name(write, states_of_test, registry):
    """The class is registered under its own name."""
    path = write("name: c\ninitial_state: states_of_test:Alpha")
    assert ConfigLoader.load_component_config(path, registry=registry).initial_state == "Alpha"
    assert registry.find("Alpha") is Alpha


def test_a_dotted_initial_state_that_leads_nowhere(write):
    """The error names the config."""
    path = write("name: c\ninitial_state: no_such_module:X")
    with pytest.raises(ImportError_) as caught:
        ConfigLoader.load_component_config(path)

    assert caught.value.context.items["config_path"] == str(path)


def test_states_go_to_the_default_registry(write, states_of_test):
    """Without a registry of its own, a config registers process-wide."""
    try:
        ConfigLoader.load_component_config(
            write("name: c\nstates: {KeyOfTest: 'states_of_test:Alpha'}")
        )
        assert DEFAULT_REGISTRY.find("KeyOfTest") is Alpha
    finally:
        DEFAULT_REGISTRY.unregister("KeyOfTest")
        DEFAULT_REGISTRY.unregister("Alpha")


def test_packs_of_all_kinds_are_registered(write, states_of_test, registry):
    """A pack file beside the config, an inline pack and a Python pack."""
    states_of_test.pack = MappingPack({"FromPython": Alpha})
    write("pack: p\nstates: {FromFile: }", "p.pack.yaml")
    path = write(
        "name: c\npacks: [p.pack.yaml, {pack: q, states: {Inline: }}, 'states_of_test:pack',"
        " ./p.pack.yaml]\ninitial_state: FromFile"
    )
    config = ConfigLoader.load_component_config(path, registry=registry)
    assert config.initial_state == "FromFile"
    assert {"FromFile", "Inline", "FromPython"} <= set(registry.names())
    assert type(StateMachine.from_name("FromFile", registry).current_state).__name__ == "FromFile"


def test_a_pack_file_that_is_named_twice_counts_once(write, registry):
    """The same entry again changes nothing."""
    write("pack: p\nstates: {A: }", "p.yml")
    ConfigLoader.load_component_config(write("name: c\npacks: [p.yml, p.yml]"), registry=registry)
    assert registry.find("A")


@pytest.mark.parametrize(
    ("text", "what", "at"),
    [
        (
            "packs: [{pack: p, states: {InitialState: }}]",
            "State key 'InitialState' shadows builtin",
            "packs",
        ),
        (
            "packs: [{pack: p, states: {A: }}, {pack: q, states: {A: }}]",
            "Duplicate state key: 'A'",
            "packs",
        ),
        ("packs: [3]", "Invalid pack entry: 3", "packs[0]"),
        ("packs: [x]", "Invalid pack path format: 'x'", "packs[0]"),
        ("states: {}\npacks: []", "Cannot specify both 'states' and 'packs'", "states"),
        (
            "initial_state_resolution: [packs]",
            "Field 'initial_state_resolution' must have exactly 2 elements",
            "initial_state_resolution",
        ),
        (
            "initial_state_resolution: [packs, [x]]",
            "Invalid resolution source(s): ['x']",
            "initial_state_resolution",
        ),
        (
            "initial_state_resolution: [packs, packs]",
            "Invalid resolution source(s): packs",
            "initial_state_resolution",
        ),
    ],
)
def test_what_packs_and_policy_may_not_say(write, text, what, at):
    """Each refusal names its place."""
    with pytest.raises((ConfigError, ImportError_)) as caught:
        ConfigLoader.load_component_config(write(f"name: c\n{text}"))

    assert caught.value.what == what
    assert [problem.at for problem in caught.value.problems] == [at]


def test_a_transition_into_nowhere_is_refused(write, registry):
    """Nothing is registered; the place is that in the pack's file."""
    write("pack: p\nstates: {A: }\ntransitions:\n  - {from: A, message: m, to: Zz}", "p.yaml")
    path = write("name: c\npacks: [p.yaml]")
    with pytest.raises(PackError) as caught:
        ConfigLoader.load_component_config(path, registry=registry)

    (problem,) = caught.value.problems
    assert (problem.what, problem.line, problem.at) == (
        "Unknown state 'Zz'", 4, "transitions[0].to",
    )  # fmt: skip
    assert caught.value.context.items["config_path"] == str(path)
    assert registry.find("A") is None


def test_a_transition_may_lead_to_all_that_is_known(write, states_of_test, registry):
    """To another pack, the engine's own states, and what is registered already."""
    states_of_test.pack = MappingPack({"FromPython": Alpha})
    registry.register("Registered", Beta)
    ways = ", ".join(
        f"{{from: A, message: {to}, to: {to}}}"
        for to in ("B", "FromPython", "InitialState", "Registered", "Beta")
    )
    path = write(
        f"name: c\npacks: [{{pack: p, states: {{A: }}, transitions: [{ways}]}},"
        " {pack: q, states: {B: }}, 'states_of_test:pack']\ninitial_state: states_of_test:Beta"
    )
    assert ConfigLoader.load_component_config(path, registry=registry).initial_state == "Beta"


def test_nothing_leaves_a_final_state(write, registry):
    """A pack that says so is refused, as by explain."""
    path = write(
        "name: c\npacks:\n  - pack: p\n    states: {A: {final: true}}\n"
        "    transitions: [{from: A, message: m, to: A}]"
    )
    with pytest.raises(PackError, match="State 'A' is final") as caught:
        ConfigLoader.load_component_config(path, registry=registry)

    assert [(problem.line, problem.at) for problem in caught.value.problems] == [
        (5, "packs[0].transitions[0].from")
    ]


def test_a_dotted_state_can_be_registered_alone(states_of_test):
    """It yields the class name, and errors name the config that is told."""
    try:
        assert ConfigLoader._register_dotted_state("states_of_test:Alpha") == "Alpha"
        assert DEFAULT_REGISTRY.find("Alpha") is Alpha
    finally:
        DEFAULT_REGISTRY.unregister("Alpha")

    with pytest.raises(ImportError_) as caught:
        ConfigLoader._register_dotted_state("states_of_test:X", "a.yaml")

    assert caught.value.context.items["config_path"] == "a.yaml"
    with pytest.raises(ImportError_) as caught:
        ConfigLoader._register_dotted_state("states_of_test:number")

    assert "config_path" not in caught.value.context.items
    assert InitialState is DEFAULT_REGISTRY.find("InitialState")
