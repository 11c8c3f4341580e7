"""The errors of a config: the facts that each carries, and its whole text."""

import pytest

from flexiflow.config_loader import ConfigLoader
from flexiflow.errors import ConfigError, ImportError_, PackError


def test_entry_errors_carry_key_and_value(write):
    """Both sides of a bad entry stand in the context."""
    with pytest.raises(ConfigError) as caught:
        ConfigLoader.load_component_config(write("name: c\nstates: {A: b}"))

    assert caught.value.context.items["key"] == "A"
    assert caught.value.context.items["value"] == "b"
    assert "module:ClassName" in caught.value.why


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
def test_errors_carry_exactly_these_facts(write, states_of_test, text, facts):
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
