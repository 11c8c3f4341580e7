"""Component configs as the original reads them: what a document may be, its fields and rules."""

import copy
import os
import pickle
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from flexiflow.config_loader import ComponentConfig, ConfigLoader, load_component
from flexiflow.errors import ConfigError
from flexiflow.explain import explain
from flexiflow.state_machine import DEFAULT_REGISTRY, StateMachine

EXAMPLES = Path(__file__).parents[2] / "examples"


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


def test_a_good_policy_is_accepted(write):
    """Both orders are fine; they decide nothing."""
    config = ConfigLoader.load_component_config(
        write("name: c\ninitial_state_resolution: [builtin, packs]")
    )
    assert config.name == "c"


def test_load_rules(write):
    """A file of rules needs no name; other types are refused."""
    assert ConfigLoader.load_rules(write("rules: [a]")) == ["a"]
    assert ConfigLoader.load_rules(write("rules:")) == []
    assert ConfigLoader.load_rules(write("x: 1")) == []
    with pytest.raises(ConfigError, match="Config field 'rules' has wrong type"):
        ConfigLoader.load_rules(write("rules: x"))


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
