"""Component configs as the original reads them: fields, states, packs, and every refusal."""

import copy
import logging
import os
import pickle
import sys
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from flexiflow.config_loader import ComponentConfig, ConfigLoader, load_component
from flexiflow.errors import ConfigError, ImportError_, PackError
from flexiflow.explain import explain
from flexiflow.state_machine import (
    DEFAULT_REGISTRY,
    InitialState,
    State,
    StateMachine,
    StateRegistry,
)
from flexiflow.statepack import MappingPack

EXAMPLES = Path(__file__).parents[2] / "examples"


class Alpha(State):
    """A state for configs to name."""


class Beta(State):
    """Another one."""


@pytest.fixture
def module(monkeypatch):
    """A module that configs can name; remove it and its states afterwards."""
    made = ModuleType("states_of_test")
    made.Alpha = Alpha
    made.Beta = Beta
    made.Other = type("Alpha", (State,), {"__qualname__": "Other.Alpha"})
    made.number = 3
    monkeypatch.setitem(sys.modules, "states_of_test", made)
    return made


@pytest.fixture
def write(tmp_path):
    """Writes a config and gives its path."""

    def write_config(text, name="config.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_config


@pytest.fixture
def registry():
    """A registry of the test's own."""
    fresh = StateRegistry()
    for name in DEFAULT_REGISTRY.names():
        fresh.register(name, DEFAULT_REGISTRY.find(name))

    return fresh


def test_a_config_is_read(write):
    """Name, rules and initial state, each as written."""
    config = ConfigLoader.load_component_config(
        write("name: c\nrules: [{a: 1}, text]\ninitial_state: Somewhere\n")
    )
    assert config == ComponentConfig("c", [{"a": 1}, "text"], "Somewhere")


def test_defaults(write):
    """Rules and initial state may be left out."""
    assert ConfigLoader.load_component_config(str(write("name: c"))) == ComponentConfig(
        "c", [], "InitialState"
    )


@pytest.mark.parametrize("text", ["", "[]", "0", "false", "''", "# nothing", "~"])
def test_a_falsy_document_is_an_empty_mapping(write, text):
    """load_yaml takes nothing for no entries."""
    assert ConfigLoader.load_yaml(write(text)) == {}


def test_another_document_is_refused(write):
    """The root has to be a mapping."""
    path = write("- 1")
    with pytest.raises(ConfigError) as caught:
        ConfigLoader.load_yaml(path)

    assert caught.value.what == "Config field '(root)' has wrong type"
    assert caught.value.why == "Expected mapping/object, but got list."
    assert caught.value.context.items["config_path"] == str(path)


def test_a_missing_file_is_the_builtin_error(tmp_path):
    """Whoever waits for FileNotFoundError still gets it."""
    with pytest.raises(FileNotFoundError):
        ConfigLoader.load_component_config(tmp_path / "none.yaml")


def test_rules_may_be_any_plain_data(write):
    """What the safe loader reads is read: also sets, pairs, bytes and dates."""
    text = "name: c\nrules: [!!set {a}, !!omap [a: 1], !!binary aGk=, 2001-12-14, {a: !!pairs []}]"
    path = write(text)
    assert ConfigLoader.load_yaml(path) == yaml.safe_load(text)
    assert ConfigLoader.load_rules(path) == yaml.safe_load(text)["rules"]
    assert explain(path).is_valid
    assert load_component(path).rules == yaml.safe_load(text)["rules"]


def test_the_null_device_is_an_empty_mapping():
    """As for every program that reads files."""
    assert ConfigLoader.load_yaml(os.devnull) == {}


@pytest.mark.parametrize(
    "content",
    [b"a: [", b"\xff\xfe\x00a", b"a: \x00", b"a: !foo b", b"a: *b", b"a: 1\n---\nb: 2", b"[a]: 1"],
)
def test_what_is_no_yaml_is_a_config_error(tmp_path, content):
    """The parser's or decoder's error is the cause, the path stands in the context."""
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        ConfigLoader.load_yaml(path)

    assert caught.value.what == "Invalid YAML syntax"
    assert caught.value.context.items["path"] == str(path)
    assert isinstance(caught.value.__cause__, yaml.YAMLError | UnicodeDecodeError)


@pytest.mark.parametrize("text", ["rules: []", "name:", "name: ''"])
def test_a_name_is_required(write, text):
    """Absent, null and empty names are missing."""
    with pytest.raises(ConfigError, match="Config missing required field: 'name'"):
        ConfigLoader.load_component_config(write(text))


@pytest.mark.parametrize(
    ("text", "field", "types", "place"),
    [
        ("name: 3", "name", ("string", "int"), (1, 7)),
        ("name: c\nrules: {}", "rules", ("list", "dict"), (2, 8)),
        ("name: c\nstates: []", "states", ("mapping", "list"), (2, 9)),
        ("name: c\npacks: x", "packs", ("list", "str"), (2, 8)),
        ("name: c\ninitial_state:", "initial_state", ("string", "NoneType"), (2, 15)),
        (
            "name: c\ninitial_state_resolution: x",
            "initial_state_resolution",
            ("list", "str"),
            (2, 27),
        ),
    ],
)
def test_a_wrong_type_names_field_and_place(write, text, field, types, place):
    """Every field of another type is refused in the same words."""
    path = write(text)
    with pytest.raises(ConfigError) as caught:
        ConfigLoader.load_component_config(path)

    assert caught.value.what == f"Config field '{field}' has wrong type"
    assert caught.value.why == "Expected {}, but got {}.".format(*types)
    assert caught.value.context.items == {
        "config_path": str(path),
        "field": field,
        "expected": types[0],
        "got": types[1],
    }
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.column, problem.at) == (str(path), *place, field)


def test_states_are_registered_under_key_and_class_name(write, module, registry):
    """The key is the state's name; snapshots know the class name."""
    path = write("name: c\nstates: {First: 'states_of_test:Alpha'}\ninitial_state: First")
    config = ConfigLoader.load_component_config(path, registry=registry)
    assert config.initial_state == "First"
    assert registry.find("First") is Alpha
    assert registry.find("Alpha") is Alpha
    assert isinstance(StateMachine.from_name("First", registry).current_state, Alpha)


def test_a_taken_class_name_stays(write, module, registry, caplog):
    """Two classes of one name are both reachable by key; the first keeps the class name."""
    path = write("name: c\nstates: {A: 'states_of_test:Alpha', B: 'states_of_test:Other'}")
    with caplog.at_level(logging.WARNING, "flexiflow"):
        ConfigLoader.load_component_config(path, registry=registry)

    assert registry.find("A") is Alpha
    assert registry.find("B") is module.Other
    assert registry.find("Alpha") is Alpha
    assert "known by its key only" in caplog.text


def test_rebinding_a_name_is_warned_of(write, module, registry, caplog):
    """A name that comes to mean another class is logged, never refused."""
    path = write("name: c\nstates: {InitialState: 'states_of_test:Alpha'}")
    with caplog.at_level(logging.WARNING, "flexiflow"):
        ConfigLoader.load_component_config(path, registry=registry)

    assert registry.find("InitialState") is Alpha
    assert "now means" in caplog.text


def test_a_reloaded_class_rebinds_silently(write, module, registry, caplog):
    """A class of the same module and name is the same to a person."""
    path = write("name: c\nstates: {A: 'states_of_test:Alpha'}")
    ConfigLoader.load_component_config(path, registry=registry)
    module.Alpha = type("Alpha", (State,), {"__module__": __name__})
    with caplog.at_level(logging.WARNING, "flexiflow"):
        ConfigLoader.load_component_config(path, registry=registry)

    assert registry.find("A") is registry.find("Alpha") is module.Alpha
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
def test_a_bad_state_leaves_nothing_registered(write, module, registry, entry, what):
    """Everything is resolved before anything is registered."""
    path = write(f"name: c\nstates:\n  A: 'states_of_test:Alpha'\n  {entry}\n")
    with pytest.raises((ConfigError, ImportError_)) as caught:
        ConfigLoader.load_component_config(path, registry=registry)

    assert caught.value.what == what
    assert caught.value.context.items["config_path"] == str(path)
    assert [problem.line for problem in caught.value.problems] == [4]
    assert registry.find("A") is None


def test_entry_errors_carry_key_and_value(write):
    """Both sides of a bad entry stand in the context."""
    with pytest.raises(ConfigError) as caught:
        ConfigLoader.load_component_config(write("name: c\nstates: {A: b}"))

    assert caught.value.context.items["key"] == "A"
    assert caught.value.context.items["value"] == "b"
    assert "module:ClassName" in caught.value.why


def test_a_dotted_initial_state_yields_the_class_name(write, module, registry):
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


def test_states_go_to_the_default_registry(write, module):
    """Without a registry of its own, a config registers process-wide."""
    try:
        ConfigLoader.load_component_config(
            write("name: c\nstates: {KeyOfTest: 'states_of_test:Alpha'}")
        )
        assert DEFAULT_REGISTRY.find("KeyOfTest") is Alpha
    finally:
        DEFAULT_REGISTRY.unregister("KeyOfTest")
        DEFAULT_REGISTRY.unregister("Alpha")


def test_packs_of_all_kinds_are_registered(write, module, registry):
    """A pack file beside the config, an inline pack and a Python pack."""
    module.pack = MappingPack({"FromPython": Alpha})
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


def facts_of(path):
    """What a config's error says: its class, its facts in order, and its whole text."""
    with pytest.raises((ConfigError, ImportError_)) as caught:
        ConfigLoader.load_component_config(path)

    facts = caught.value.context.items
    lines = "".join(f"\n  {key}={value!r}" for key, value in facts.items())
    assert str(caught.value) == (
        f"{caught.value.what}\nWhy: {caught.value.why}\nFix: {caught.value.fix}\nContext:{lines}"
    )
    return facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("[1]", ["config_path", "field", "expected", "got"]),
        ("rules: []", ["config_path", "field"]),
        ("name: 3", ["config_path", "field", "expected", "got"]),
        ("name: c\nrules: {}", ["config_path", "field", "expected", "got"]),
        ("name: c\nstates: 3", ["config_path", "field", "expected", "got"]),
        ("name: c\nstates: {3: 'm:X'}", ["config_path", "key", "value"]),
        ("name: c\nstates: {A: b}", ["config_path", "key", "value"]),
        ("name: c\nstates: {A: ':'}", ["dotted_path", "config_path"]),
        (
            "name: c\nstates: {A: 'no_such_module:X'}",
            ["module", "dotted_path", "error", "config_path"],
        ),
        (
            "name: c\ninitial_state: states_of_test:X",
            ["module", "symbol", "dotted_path", "config_path"],
        ),
        (
            "name: c\ninitial_state: states_of_test:number",
            ["dotted_path", "got_type", "config_path"],
        ),
        ("name: c\ninitial_state: 3", ["config_path", "field", "expected", "got"]),
        ("name: c\npacks: 3", ["config_path", "field", "expected", "got"]),
        ("name: c\npacks: []\nstates: {}", ["has_states", "has_packs", "config_path"]),
        ("name: c\npacks: [3]", ["item", "type", "config_path"]),
        ("name: c\npacks: [x]", ["dotted_path", "config_path"]),
        (
            "name: c\npacks: [{pack: p, states: {A: }}, {pack: q, states: {A: }}]",
            ["key", "providers", "config_path"],
        ),
        # What the original did not know tells its place.
        ("a: [", ["config_path", "path", "line", "column"]),
        ("a: !foo b", ["config_path", "path", "line", "column", "at"]),
        ("a: 1\na: 2", ["config_path", "path", "line", "column", "at"]),
        (
            "name: c\ninitial_state_resolution: [packs]",
            ["config_path", "policy", "path", "line", "column", "at"],
        ),
        ("name: c\ncontext: 3", ["path", "line", "column", "at", "config_path"]),
    ],
)
def test_errors_carry_exactly_these_facts(write, module, text, facts):
    """Those of the original are fixed, in their order; the whole text shows no others."""
    path = write(text)
    found = facts_of(path)
    assert list(found) == facts
    assert found.get("config_path") == str(path)


def test_a_whole_error_text(write):
    """As the original says it, with nothing added."""
    path = write("rules: []")
    with pytest.raises(ConfigError) as caught:
        ConfigLoader.load_component_config(path)

    assert str(caught.value) == (
        "Config missing required field: 'name'\n"
        "Why: Every config needs a non-empty 'name'.\n"
        "Fix: Add 'name' to the config, for example: name: my_name\n"
        "Context:\n"
        f"  config_path={str(path)!r}\n"
        "  field='name'"
    )
    assert caught.value.unsaid_place() == f"{path}, line 1, column 1 (name)"


def test_load_rules_carries_exactly_these_facts(write):
    """A file of rules is a config's."""
    with pytest.raises(ConfigError) as caught:
        ConfigLoader.load_rules(write("a: 1\nrules: 3"))

    assert list(caught.value.context.items) == ["config_path", "field", "expected", "got"]
    assert caught.value.problems[0].line == 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("name: on", "a boolean"),
        ("name: c\ninitial_state: yes", "a boolean"),
        ("name: 2001-12-14", "a date"),
        ("name: c\nstates: {off: 'm:X'}", "a boolean"),
        ("name: c\nstates: {A: no}", "a boolean"),
    ],
)
def test_what_yaml_misreads_is_named(write, text, kind):
    """An unquoted word that YAML takes for something else."""
    with pytest.raises(ConfigError) as caught:
        ConfigLoader.load_component_config(write(text))

    assert caught.value.fix.endswith(f"YAML reads this as {kind}: quote it.")


def test_the_starting_data_goes_along(write, registry):
    """The packs' defaults, and over them what the config sets; it is no field of the record."""
    write("pack: p\nstates: {A: }\ncontext: {a: 0, b: {c: 1}}", "p.yaml")
    path = write(
        "name: c\npacks: [p.yaml, {pack: q, states: {B: }, context: {d: 2}}]\ncontext: {a: 9}"
    )
    config = ConfigLoader.load_component_config(path, registry=registry)
    assert config.context == {"a": 9, "b": {"c": 1}, "d": 2}
    assert config.context == load_component(path).context
    assert config == ComponentConfig("c", [])
    assert repr(config) == "ComponentConfig(name='c', rules=[], initial_state='InitialState')"
    assert [field.name for field in fields(config)] == ["name", "rules", "initial_state"]
    assert copy.deepcopy(config).context == pickle.loads(pickle.dumps(config)).context
    assert copy.copy(config).context == config.context
    assert ComponentConfig("c", []).context == {}


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


def test_a_transition_may_lead_to_all_that_is_known(write, module, registry):
    """To another pack, the engine's own states, and what is registered already."""
    module.pack = MappingPack({"FromPython": Alpha})
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


def test_a_good_policy_is_accepted(write):
    """Both orders are fine; they decide nothing."""
    config = ConfigLoader.load_component_config(
        write("name: c\ninitial_state_resolution: [builtin, packs]")
    )
    assert config.name == "c"


def test_problems_of_an_inline_pack_have_their_place_in_the_config(write):
    """Line and column are those of the config."""
    path = write("name: c\npacks:\n  - pack: p\n    states: {A: }\n    transitions: [{from: B}]\n")
    with pytest.raises(PackError) as caught:
        ConfigLoader.load_component_config(path)

    assert [(one.path, one.line, one.at) for one in caught.value.problems] == [
        (str(path), 5, "packs[0].transitions[0]"),
        (str(path), 5, "packs[0].transitions[0].from"),
    ]
    assert caught.value.context.items["config_path"] == str(path)


def test_load_rules(write):
    """A file of rules needs no name; other types are refused."""
    assert ConfigLoader.load_rules(write("rules: [a]")) == ["a"]
    assert ConfigLoader.load_rules(write("rules:")) == []
    assert ConfigLoader.load_rules(write("x: 1")) == []
    with pytest.raises(ConfigError, match="Config field 'rules' has wrong type"):
        ConfigLoader.load_rules(write("rules: x"))


def test_a_dotted_state_can_be_registered_alone(module):
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


def test_the_shipped_examples():
    """Both example configs load as the documentation says."""
    config = ConfigLoader.load_component_config(EXAMPLES / "config.yaml")
    assert (config.name, config.initial_state) == ("example_component", "InitialState")
    assert [list(rule) for rule in config.rules] == [["rule1"], ["rule2"]]
    rules = ConfigLoader.load_rules(EXAMPLES / "new_rules.yaml")
    assert [list(rule) for rule in rules] == [["rule3"], ["rule4"]]


async def test_the_embedded_example(monkeypatch):
    """Its config registers four states, which move as their names say."""
    monkeypatch.syspath_prepend(EXAMPLES / "embedded_app")
    names = ("Idle", "Processing", "Complete", "Failed")
    try:
        config = ConfigLoader.load_component_config(EXAMPLES / "embedded_app" / "config.yaml")
        assert (config.name, config.initial_state) == ("job_processor", "Idle")
        assert config.rules == [{"max_retries": 3}, {"timeout_seconds": 30}]
        assert set(names) <= set(DEFAULT_REGISTRY.names())
        machine = StateMachine.from_name("Idle")
        for kind, state in (
            ("nothing", "Idle"),
            ("start_job", "Processing"),
            ("cancel", "Idle"),
            ("start_job", "Processing"),
            ("reset", "Processing"),
            ("complete", "Complete"),
            ("retry", "Complete"),
            ("reset", "Idle"),
            ("start_job", "Processing"),
            ("fail", "Failed"),
            ("cancel", "Failed"),
            ("retry", "Processing"),
            ("fail", "Failed"),
            ("reset", "Idle"),
        ):
            await machine.handle_message({"type": kind}, None)
            assert type(machine.current_state).__name__ == state
    finally:
        for name in names:
            DEFAULT_REGISTRY.unregister(name)

        sys.modules.pop("states", None)
