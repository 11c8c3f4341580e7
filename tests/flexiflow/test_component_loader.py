"""From a config or a pack to a component, and everything that is wrong with it at once."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from flexiflow.clock import VirtualClock
from flexiflow.component_loader import load_component
from flexiflow.errors import ConfigError, FlexiFlowError, ImportError_, PackError
from flexiflow.state_machine import (
    DEFAULT_REGISTRY,
    ErrorHandling,
    InitialState,
    State,
    StateRegistry,
)
from flexiflow.statepack import MappingPack

FLOWS = Path(__file__).parents[2] / "resources" / "examples"


class Alpha(State):
    """A state for configs to name."""

    async def handle_message(self, message, component):
        return True, component.state_machine.registry.create("Inline")


@pytest.fixture(autouse=True)
def module(monkeypatch):
    """A module that configs can name."""
    made = ModuleType("states_of_test")
    made.Alpha = Alpha
    made.pack = MappingPack({"FromPython": Alpha})
    made.broken = MappingPack({"FromPython": int})
    made.InitialState = type("InitialState", (State,), {})
    monkeypatch.setitem(sys.modules, "states_of_test", made)
    return made


@pytest.fixture
def write(tmp_path):
    """Writes a file and gives its path."""

    def write_file(text, name="config.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def problems_of(source, **options):
    """(file name, line, breadcrumb, what) of every problem."""
    with pytest.raises(PackError) as caught:
        load_component(source, **options)

    return [
        (one.path and Path(one.path).name, one.line, one.at, one.what)
        for one in caught.value.problems
    ]


@pytest.mark.parametrize(
    ("name", "component", "state"),
    [
        ("order.yaml", "order_4711", "Cart"),
        ("order.pack.yaml", "order", "Cart"),
        ("tcp.pack.yaml", "tcp", "CLOSED"),
        ("bgp.pack.yaml", "bgp", "Idle"),
        ("dhcp_client.pack.yaml", "dhcp_client", "INIT"),
        ("http2_stream.pack.yaml", "http2_stream", "idle"),
    ],
)
def test_the_examples_become_components(name, component, state):
    """A config as it says; a pack by itself from its first state."""
    loaded = load_component(FLOWS / name)
    assert (loaded.name, loaded.state_name) == (component, state)


def test_nothing_is_left_in_the_default_registry():
    """Each component has a registry of its own."""
    before = DEFAULT_REGISTRY.names()
    one, two = (load_component(FLOWS / "order.yaml") for _ in range(2))
    assert DEFAULT_REGISTRY.names() == before
    assert one.state_machine.registry is not two.state_machine.registry
    assert one.state_machine.registry.find("InitialState") is InitialState


async def test_all_kinds_of_packs_work_together(write):
    """YAML and Python states lead to each other."""
    write(
        "pack: p\ncontext: {a: 1, b: {c: 1}}\nstates: {First: }\n"
        "transitions: [{from: First, message: go, to: FromPython}]",
        "p.pack.yaml",
    )
    component = load_component(
        write(
            "name: c\ninitial_state: First\ncontext: {a: 2}\nrules: [x, {y: 1}]\n"
            "packs: [p.pack.yaml, {pack: q, context: {d: 4}, states: {Inline: }}, p.pack.yaml,\n"
            "  'states_of_test:pack']\n"
            "layout: {InitialState: [0, 0]}\nx-note: kept\nunknown: kept too\n"
        )
    )
    assert component.context == {"a": 2, "b": {"c": 1}, "d": 4}
    assert component.rules == ["x", {"y": 1}]
    await component.handle_message({"type": "go"})
    assert component.state_name == "FromPython"
    await component.handle_message({"type": "go"})
    assert component.state_name == "Inline"


def test_a_mapping_is_as_good_as_a_file(tmp_path):
    """Its relative paths begin where the caller says; nothing of it is changed or shared."""
    (tmp_path / "p.yaml").write_text("pack: p\nstates: {A: }")
    config = {
        "name": "c",
        "packs": ["p.yaml"],
        "initial_state": "A",
        "context": {"l": [1]},
        "rules": [1],
    }
    component = load_component(config, base_dir=tmp_path)
    component.context["l"].append(2)
    component.rules.append(2)
    assert config["context"] == {"l": [1]}
    assert config["rules"] == [1]
    assert load_component({"pack": "p", "states": {"A": None, "B": None}}).state_name == "A"


def test_paths_may_begin_elsewhere(write, tmp_path):
    """base_dir counts for files too."""
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "p.yaml").write_text("pack: p\nstates: {A: }")
    path = write("name: c\npacks: [p.yaml]\ninitial_state: A")
    assert load_component(path, base_dir=folder).state_name == "A"


def test_a_states_mapping_is_reachable_by_key_and_class():
    """And hides no builtin state by a class's name."""
    component = load_component(
        {
            "name": "c",
            "states": {"First": "states_of_test:Alpha", "Own": "states_of_test:InitialState"},
            "initial_state": "First",
        }
    )
    registry = component.state_machine.registry
    assert component.state_name == "First"
    assert registry.find("Alpha") is Alpha
    assert registry.find("InitialState") is InitialState
    assert DEFAULT_REGISTRY.find("Alpha") is None


def test_a_config_that_goes_by_class_names():
    """So do events then."""
    states = {"First": "states_of_test:Alpha"}
    component = load_component({"name": "c", "states": states, "initial_state": "Alpha"})
    assert component.state_name == "Alpha"


def test_a_dotted_initial_state():
    """It is known by its class name."""
    component = load_component({"name": "c", "initial_state": "states_of_test:Alpha"})
    assert isinstance(component.state_machine.current_state, Alpha)


def test_the_registry_below_can_be_another():
    """Its names may start a component, and transitions may lead to them."""
    below = StateRegistry()
    below.register("Below", Alpha)
    pack = {
        "pack": "p",
        "states": {"A": None},
        "transitions": [{"from": "A", "message": "m", "to": "Below"}],
    }
    component = load_component(
        {"name": "c", "packs": [pack], "initial_state": "Below"}, registry=below
    )
    assert component.state_name == "Below"
    assert component.state_machine.registry.parent is below


def test_a_clock_can_be_brought():
    """Timers then run on it."""
    clock = VirtualClock()
    assert load_component({"pack": "p", "states": {"A": None}}, clock=clock).clock is clock


def test_all_problems_of_all_files_are_reported_together(write):
    """The config's, those of its packs, and those between them."""
    write(
        "pack: p\nstates: {A: , A2: }\ntransitions:\n"
        "  - {from: A, message: m, to: B}\n"
        "  - {from: A, message: m, to: Nowhere}\n"
        "  - {from: A, message: m, guard: 1 +}\n",
        "p.yaml",
    )
    write("pack: q\nstates: {B: , A: , InitialState: }\npack: q", "q.yaml")
    path = write(
        "name:\npacks: [p.yaml, q.yaml, r.yaml, {pack: r, states: []}]\ninitial_state: [x]\n"
    )
    assert problems_of(path) == [
        ("config.yaml", 1, "", "Missing 'name'"),
        ("config.yaml", 2, "packs[2]", "Pack file not found: r.yaml"),
        ("config.yaml", 2, "packs[3].states", "'states' has to be a mapping"),
        ("config.yaml", 3, "initial_state", "'initial_state' has to be text"),
        ("p.yaml", 6, "transitions[2].guard", "Syntax error in the expression"),
        ("q.yaml", 2, "states.A", "Duplicate state key: 'A'"),
        ("q.yaml", 2, "states.InitialState", "State key 'InitialState' shadows builtin"),
        ("q.yaml", 3, "pack", "Duplicate key: 'pack'"),
    ]


def test_names_of_nothing_are_answered_with_the_nearest(write):
    """Targets and the initial state, once all states are known."""
    write(
        "pack: p\nstates: {Alpha: }\ntransitions: [{from: Alpha, message: m, to: Alpa}]", "p.yaml"
    )
    path = write("name: c\npacks: [p.yaml]\ninitial_state: Alhpa")
    with pytest.raises(PackError) as caught:
        load_component(path)

    assert [(one.what, one.fix) for one in caught.value.problems] == [
        ("Unknown initial_state: 'Alhpa'", "Did you mean 'Alpha'?"),
        ("Unknown state 'Alpa'", "Did you mean 'Alpha'?"),
    ]
    assert [one.at for one in caught.value.problems] == ["initial_state", "transitions[0].to"]


def test_without_a_near_name_some_are_listed():
    """The first five."""
    with pytest.raises(PackError) as caught:
        load_component({"name": "c", "initial_state": "Xyz"})

    assert "Use one of: AwaitingConfirmation, ErrorHandling" in caught.value.fix


async def test_targets_may_be_builtins_and_states_of_the_config():
    """Everything that the config names, and the engine's own four."""
    component = load_component(
        {
            "name": "c",
            "packs": [
                "states_of_test:pack",
                {
                    "pack": "p",
                    "states": {"A": None},
                    "transitions": [
                        {"from": "A", "message": "a", "to": "ErrorHandling"},
                        {"from": "A", "message": "b", "to": "FromPython"},
                        {"from": "A", "message": "c", "to": "Alpha"},
                    ],
                },
            ],
            "initial_state": "states_of_test:Alpha",
        }
    )
    reached = []
    for message in ("a", "b", "c"):
        component.state_machine.current_state = component.state_machine.registry.create("A")
        await component.handle_message({"type": message})
        reached.append(type(component.state_machine.current_state))

    assert reached == [ErrorHandling, Alpha, Alpha]


@pytest.mark.parametrize(
    ("text", "what", "at"),
    [
        ("3", "A config has to be a mapping", ""),
        ("", "Missing 'name'", ""),
        ("name: on", "'name' has to be text, not 'on'", "name"),
        ("name: c\nrules: x", "'rules' has to be a list", "rules"),
        ("name: c\npacks: x", "'packs' has to be a list", "packs"),
        ("name: c\nstates: []", "'states' has to be a mapping", "states"),
        ("name: c\nstates: {on: 'a:b'}", "The key 'on' of 'states' is no text", "states.on"),
        ("name: c\nstates: {A: 3}", "'A' has to be text, not '3'", "states.A"),
        ("name: c\nstates: {A: b}", "Invalid dotted path in states['A']: 'b'", "states.A"),
        ("name: c\nstates: {}\npacks: []", "Cannot specify both 'states' and 'packs'", "states"),
        ("name: c\ncontext: {d: 2024-01-01}", "2024-01-01 is no plain value", "context.d"),
        ("name: c\nlayout: {A: 3}", "The place of 'A' has to be two numbers", "layout.A"),
        (
            "name: c\ninitial_state_resolution: [packs]",
            "Field 'initial_state_resolution' must have exactly 2 elements",
            "initial_state_resolution",
        ),
        (
            "name: c\ninitial_state_resolution: x",
            "'initial_state_resolution' has to be a list",
            "initial_state_resolution",
        ),
        ("name: c\ninitial_state:", "'initial_state' has to be text", "initial_state"),
        ("pack: p\nstates: {}", "The pack has no states", "states"),
        (
            "pack: p\nstates: {InitialState: }",
            "State key 'InitialState' shadows builtin",
            "states.InitialState",
        ),
    ],
)
def test_a_single_problem(write, text, what, at):
    """Each is a PackError with its place."""
    problem, *_ = problems_of(write(text))
    assert (problem[2], problem[3]) == (at, what)
    assert problem[1] is not None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("states: {A: 'no_such_module:X'}", "states.A"),
        ("packs: ['no_such_module:X']", "packs[0]"),
        ("initial_state: no_such_module:X", "initial_state"),
    ],
)
def test_a_path_that_leads_nowhere_is_an_import_error(write, text, at):
    """When nothing else is wrong; with its place in the config."""
    path = write(f"name: c\n{text}")
    with pytest.raises(ImportError_) as caught:
        load_component(path)

    facts = caught.value.context.items
    assert (facts["config_path"], facts["line"], facts["at"]) == (str(path), 2, at)


def test_a_path_that_leads_nowhere_joins_other_problems():
    """Then everything is one error."""
    assert problems_of({"name": 3, "packs": ["no_such_module:X"], "initial_state": "Unknown"}) == [
        (None, None, "name", "'name' has to be text, not 3"),
        (None, None, "packs[0]", "Module not found: 'no_such_module'"),
    ]


def test_a_broken_python_pack_is_a_config_error():
    """It provides what is no state."""
    with pytest.raises(ConfigError, match="Invalid pack: MappingPack"):
        load_component({"name": "c", "packs": ["states_of_test:broken"]})


def test_data_that_holds_itself_is_refused():
    """Python code can make it; a file cannot."""
    loop = {}
    loop["again"] = [loop]
    wide = [0] * 1_000
    for _ in range(4):
        wide = [wide] * 100

    for value in (loop, wide):
        with pytest.raises(PackError, match="too large or nested too deep"):
            load_component({"name": "c", "context": {"a": value}})


def test_an_entry_that_is_no_pack(write):
    """A number, for instance."""
    with pytest.raises(ConfigError, match="Invalid pack entry: 3") as caught:
        load_component(write("name: c\npacks: [3]"))

    assert caught.value.context.items["at"] == "packs[0]"


def test_a_python_pack_that_clashes():
    """The place is its entry."""
    assert problems_of(
        {
            "name": "c",
            "packs": [{"pack": "p", "states": {"FromPython": None}}, "states_of_test:pack"],
        }
    ) == [(None, None, "packs[1]", "Duplicate state key: 'FromPython'")]


def test_the_same_pack_by_two_names_counts_once(module):
    """One object is one pack."""
    module.again = module.pack
    component = load_component(
        {
            "name": "c",
            "packs": ["states_of_test:pack", "states_of_test:again", module.pack],
            "initial_state": "FromPython",
        }
    )
    assert component.state_name == "FromPython"


def test_without_trust_every_dotted_path_is_refused(write, tmp_path):
    """All of them are named, and nothing is imported."""
    (tmp_path / "touched_of_test.py").write_text("raise AssertionError('imported')")
    sys.path.insert(0, str(tmp_path))
    write(
        "pack: p\nstates:\n  A:\n    entry: [{set: {a: 1}}, {call: 'touched_of_test:f'}]\n"
        "    exit: [{call: 'touched_of_test:f'}]\ntransitions:\n"
        "  - {from: A, message: m, to: Unknown, do: [{call: 'touched_of_test:f'}]}\n",
        "p.yaml",
    )
    path = write(
        "name: c\npacks:\n  - p.yaml\n  - touched_of_test:Pack\n"
        "initial_state: touched_of_test:State\n"
    )
    try:
        found = problems_of(path, trust=False)
        states = problems_of({"name": "c", "states": {"A": "touched_of_test:State"}}, trust=False)
    finally:
        sys.path.remove(str(tmp_path))

    assert "touched_of_test" not in sys.modules
    assert [problem[:3] for problem in found] == [
        ("config.yaml", 4, "packs[1]"),
        ("config.yaml", 5, "initial_state"),
        ("p.yaml", 4, "states.A.entry[1].call"),
        ("p.yaml", 5, "states.A.exit[0].call"),
        ("p.yaml", 7, "transitions[0].do[0].call"),
    ]
    assert states == [(None, None, "states.A", "Refused: 'touched_of_test:State' is Python code")]


def test_without_trust_plain_flows_run():
    """The order flow holds no Python."""
    assert load_component(FLOWS / "order.yaml", trust=False).state_name == "Cart"


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF\x00\x01",
        b"\xff\xfe",
        b"&a [*a]",
        b"[" * 20_000,
        b"a: !!python/name:os.system",
        b"x",
        b"- 1",
        b"name: [",
        b"pack: 3",
        b"packs: [{pack: {}}]",
        b"name: c\npacks: [[]]",
    ],
)
def test_any_file_is_a_component_or_a_clear_error(tmp_path, content):
    """As config, and as the pack of one."""
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    for source in (path, {"name": "c", "packs": [str(path)]}):
        with pytest.raises(FlexiFlowError) as caught:
            load_component(source)

        assert caught.value.what
        assert caught.value.context.items["path"] == str(path)


def test_missing_files(tmp_path):
    """The config itself, a folder, and a folder as a pack."""
    with pytest.raises(PackError, match="File not found"):
        load_component(tmp_path / "none.yaml")

    with pytest.raises(PackError, match="Not a file but a folder"):
        load_component(tmp_path)

    (tmp_path / "d.yaml").mkdir()
    with pytest.raises(PackError, match="Not a file but a folder"):
        load_component({"name": "c", "packs": ["d.yaml"]}, base_dir=tmp_path)


def test_nothing_leaves_a_final_state():
    """Such a transition is an error like any other, and told together with them."""
    pack = {
        "pack": "p",
        "states": {"A": {"final": True}},
        "transitions": [
            {"from": "A", "message": "m", "to": "A"},
            {"from": "A", "message": "n", "to": "Zz"},
        ],
    }
    for source in (pack, {"name": "c", "packs": [pack], "initial_state": "A"}):
        with pytest.raises(PackError) as caught:
            load_component(source)

        assert sorted(problem.what for problem in caught.value.problems) == [
            "State 'A' is final, but a transition leaves it",
            "State 'A' is final, but a transition leaves it",
            "Unknown state 'Zz'",
        ]
