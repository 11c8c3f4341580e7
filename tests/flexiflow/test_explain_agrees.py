"""What ``explain`` calls valid loads, and what it calls invalid does not."""

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flexiflow.config_loader import ConfigLoader, load_component
from flexiflow.errors import FlexiFlowError
from flexiflow.explain import explain
from flexiflow.state_machine import StateRegistry
from flexiflow.statepack import MappingPack, StateSpec
from tests.helpers.explain_cases import FakePack, state

STATE = state("Python")
ODD = st.sampled_from([None, 0, 5, "", "text", [], ["a"], {}, {"a": 1}, True])
KEYS = st.sampled_from(["A", "B", "InitialState", "no identifier", 5, True])
TARGETS = st.sampled_from(["A", "B", "C", "InitialState", "", None, 7])
GUARDS = st.sampled_from(["g", "message.n > 1", "1 +", "unknown", None, 5])
TRANSITIONS = st.fixed_dictionaries(
    {"from": TARGETS},
    optional={
        "message": st.sampled_from(["m", None, 5]),
        "after": st.sampled_from(["30s", 0, "soon"]),
        "to": TARGETS,
        "guard": GUARDS,
        "do": st.sampled_from(
            [None, [], [{"set": {"a": "1"}}], [{"set": {"a": "1 +"}}], [{"x": 1}]]
        ),
        "x-own": ODD,
        "tags": ODD,
    },
)
PACKS = st.fixed_dictionaries(
    {"pack": st.sampled_from(["p", "q", "", 5])},
    optional={
        "states": st.dictionaries(
            KEYS, st.none() | st.sampled_from([{"final": True}, {"final": 5}, {"z": 1}]), max_size=3
        ),
        "transitions": st.lists(TRANSITIONS, max_size=2) | ODD,
        "guards": st.sampled_from([{"g": "True"}, {"g": 5}, None]),
        "context": ODD,
        "layout": st.sampled_from([{"A": [0, 0]}, {"A": 5}]),
    },
)
PYTHON_PACKS = st.sampled_from(
    [
        MappingPack({"C": STATE}),
        MappingPack({"A": STATE}),
        FakePack("good", {"C": StateSpec(STATE)}),
        FakePack("bad", {"C": StateSpec(int)}),
        FakePack("worse", 5),
    ]
)
ENTRIES = PACKS | PYTHON_PACKS | st.sampled_from(["nowhere_at_all:P", "json:loads", "none.yaml", 5])
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.just("c") | ODD,
        "rules": st.lists(ODD, max_size=2) | ODD,
        "context": ODD,
        "states": st.dictionaries(KEYS, st.sampled_from(["json:loads", "flexiflow:State", "x"]))
        | ODD,
        "packs": st.lists(ENTRIES, max_size=2) | ODD,
        "initial_state": TARGETS | st.sampled_from(["flexiflow:State", "json:loads", ":"]),
        "initial_state_resolution": ODD
        | st.sampled_from([["packs", "builtin"], ["packs", "packs"]]),
        "layout": ODD,
        "unknown": ODD,
    },
)
GOOD = CONFIGS.map(lambda config: {"name": "c", **config})


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(GOOD | PACKS | CONFIGS)
def test_verdicts(config):
    """Whatever a config says, both come to the same verdict, and explain never raises."""
    found = explain(config)
    try:
        load_component(config)
        loads = True
    except FlexiFlowError:
        loads = False
    assert found.is_valid == loads, found.format()


WRITTEN = st.fixed_dictionaries(
    {"name": st.just("c")},
    optional={
        "packs": st.lists(
            PACKS | st.sampled_from(["nowhere_at_all:P", "none.yaml", 5]), max_size=2
        ),
        "initial_state": st.sampled_from(["flexiflow:State", "InitialState"]),
        "context": ODD,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(WRITTEN)
def test_verdicts_of_the_originals_loader(tmp_path_factory, config):
    """What it makes of packs is what explain says of them."""
    path = tmp_path_factory.getbasetemp() / "agrees.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    found = explain(path)
    try:
        ConfigLoader.load_component_config(path, StateRegistry())
        loads = True
    except FlexiFlowError:
        loads = False
    assert found.is_valid == loads, found.format()
