"""Looking at a config without running it."""

import sys
from types import SimpleNamespace

import pytest

from flexiflow.explain import (
    ConfigExplanation,
    Diagnostic,
    PackInfo,
    StateResolution,
    _try_import_symbol,
    explain,
)
from flexiflow.state_machine import DEFAULT_REGISTRY
from flexiflow.statepack import StateSpec
from tests.helpers.explain_cases import FakePack, config, only_error, state, whats

BUILTIN = ["AwaitingConfirmation", "ErrorHandling", "InitialState", "ProcessingRequest"]


class TestFiles:
    def test_good_file(self, write):
        """A file's path is the source."""
        path = write("name: comp\nrules:\n  - a: 1\n")
        result = explain(path)
        assert result == ConfigExplanation(
            str(path), "comp", "InitialState", 1, builtin_states=DEFAULT_REGISTRY.names()
        )
        assert explain(str(path)) == result

    def test_missing_file(self, tmp_path):
        """Exactly one error."""
        path = tmp_path / "none.yaml"
        error = only_error(explain(path))
        assert error.what == f"Config file not found: {path}"
        assert error.why is None
        assert "file exists" in error.fix
        assert explain(path).builtin_states == DEFAULT_REGISTRY.names()
        assert error.context == {"path": str(path)}
        assert explain(path).warnings == []

    def test_broken_yaml(self, write):
        """The parser's message is the reason, its place is known."""
        path = write("name: [unclosed\nother: }\n")
        error = only_error(explain(path))
        assert error.what == "Invalid YAML syntax"
        assert error.why
        assert "YAML syntax" in error.fix
        assert error.context == {"path": str(path)}
        assert error.line == 2

    @pytest.mark.parametrize("text", ["a: *b", "a: !foo b", "a: 1\n---\nb: 1", "? [a]\n: b"])
    def test_what_pyyaml_refuses(self, write, text):
        """It is broken YAML, whatever it is that PyYAML does not take; the reason says where."""
        path = write(text)
        error = only_error(explain(path))
        assert error.what == "Invalid YAML syntax"
        assert f"line {error.line}, column {error.column}" in error.why
        assert "YAML syntax" in error.fix
        assert error.context == {"path": str(path)}

    @pytest.mark.parametrize(
        ("text", "got"), [("- a\n", "list"), ("just text\n", "str"), ("5\n", "int")]
    )
    def test_no_mapping(self, write, text, got):
        """Nothing else is looked at."""
        path = write(text)
        result = explain(path)
        error = only_error(result)
        assert error.what == "Config must be a YAML mapping"
        assert error.why == f"Got {got} instead of mapping."
        assert "key: value" in error.fix
        assert error.context == {"path": str(path), "got_type": got}
        assert result.initial_state is None

    @pytest.mark.parametrize("text", ["", "{}", "[]", "0", "false", "''", "null"])
    def test_falsy_document(self, write, text):
        """It counts as an empty mapping."""
        assert whats(explain(write(text)).errors) == ["Missing required field: 'name'"]

    def test_folder(self, tmp_path):
        """A folder is an error like a missing file."""
        error = only_error(explain(tmp_path))
        assert str(tmp_path) in error.what
        assert error.context == {"path": str(tmp_path)}

    def test_no_utf8(self, tmp_path):
        """Binary content is an error."""
        (tmp_path / "c.yaml").write_bytes(b"name: \xff\xfe\n")
        assert only_error(explain(tmp_path / "c.yaml")).what == "Invalid YAML syntax"

    @pytest.mark.parametrize("nothing", [None, 5, b"config.yaml", ["a"]])
    def test_neither_mapping_nor_path(self, nothing):
        """An error says what is expected."""
        error = only_error(explain(nothing))
        assert error.what == f"Config file not found: {nothing}"
        assert type(nothing).__name__ in error.why

    def test_impossible_path(self):
        """A path that no system takes."""
        assert not explain("a\0b").is_valid

    def test_duplicate_keys(self, write):
        """They are errors, and the rest is still looked at."""
        result = explain(write("name: a\nname: 5\n"))
        assert len(result.errors) == 2
        assert result.errors[0].line == 2
        assert result.errors[1].what == "Field 'name' must be a string"

    def test_places(self, write):
        """Every error of a field knows its line."""
        result = explain(write("name: a\nrules: 5\ninitial_state: [1]\npacks: 3\n"))
        assert [(error.line, error.column, error.at) for error in result.errors] == [
            (2, 8, "rules"),
            (4, 8, "packs"),
            (3, 16, "initial_state"),
        ]

    @pytest.mark.parametrize(
        ("text", "place"), [("name: a\nruels: 5\n", (2, 1)), ("name: a\n7: 5\n", (2, 1)),
                            ("name: a\n  \non: 5\n", (3, 1))],
    )  # fmt: skip
    def test_place_of_an_unknown_key(self, write, text, place):
        """It is the key that is wrong, not what stands behind it."""
        warning = explain(write(text)).warnings[0]
        assert warning.what.startswith("Unknown key")
        assert (warning.line, warning.column) == place


class TestName:
    @pytest.mark.parametrize("fields", [{}, {"name": ""}, {"name": None}, {"name": 0}])
    def test_missing(self, fields):
        """Absent or falsy; the rest is still looked at."""
        result = explain({"rules": [{}], **fields})
        error = only_error(result)
        assert error.what == "Missing required field: 'name'"
        assert "must have a name" in error.why
        assert "name: " in error.fix
        assert error.context == {"path": "(dict)"}
        assert result.name is None
        assert result.initial_state == "InitialState"

    def test_other_type(self):
        """The type that was found is named."""
        error = only_error(explain(config(name=5)))
        assert (error.what, error.why) == ("Field 'name' must be a string", "Got int.")
        assert "string" in error.fix
        assert error.context == {"path": "(dict)", "got_type": "int"}

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("name: on", "Field 'name' must be a string"),
            ("name: off", "Missing required field: 'name'"),
            ("name: c\nrules: [{}]\ninitial_state: yes", "Field 'initial_state' must be a string"),
            ("name: c\nrules: [{}]\nstates: {no: 'm:X'}", "State 'False' failed to resolve"),
            ("name: c\nrules: [{}]\nstates: {A: yes}", "State 'A' failed to resolve"),
        ],
    )
    def test_what_yaml_misreads_is_named(self, write, text, what):
        """An unquoted word that YAML takes for a boolean; the usual words stay."""
        error = only_error(explain(write(text)))
        assert error.what == what
        assert error.fix.endswith(" YAML reads this as a boolean: quote it.")


class TestRules:
    def test_counted(self):
        """The number of rules; null is none."""
        assert explain(config(rules=[{}, {}])).rules_count == 2
        assert explain(config(rules=None)).rules_count == 0

    def test_other_type(self):
        """Then the count stays 0, and there is no warning of missing rules."""
        result = explain(config(rules={"a": 1}))
        error = only_error(result)
        assert (error.what, error.why) == ("Field 'rules' must be a list", "Got dict.")
        assert "list" in error.fix
        assert error.context == {"path": "(dict)", "got_type": "dict"}
        assert result.rules_count == 0
        assert result.warnings == []

    @pytest.mark.parametrize("rules", [None, []])
    def test_none_is_a_warning(self, rules):
        """Without context and reason, and only for a config that is right otherwise."""
        result = explain(config(rules=rules))
        assert result.warnings == [
            Diagnostic(
                "warning", "No rules defined", None, "Add rules if your component needs them.", {}
            )
        ]
        assert result.is_valid
        assert explain(config(rules=rules, states={"A": "nowhere_at_all:B"})).warnings == []

    def test_rule_that_is_no_mapping(self):
        """A warning names its index."""
        result = explain(config(rules=[{}, "text", 5]))
        assert result.is_valid
        assert whats(result.warnings) == ["Rule 1 is not a mapping", "Rule 2 is not a mapping"]
        assert result.warnings[0].context == {"path": "(dict)", "index": 1}


class TestStates:
    @pytest.mark.parametrize(
        ("key", "dotted", "resolution"),
        [
            (5, "m:C", ("5", "m:C", False, False, "Both key and value must be strings")),
            ("A", 7, ("A", "7", False, False, "Both key and value must be strings")),
            ("A", None, ("A", None, False, False, "Both key and value must be strings")),
            (
                "A",
                "no_colon",
                (
                    "A",
                    "no_colon",
                    False,
                    False,
                    "Missing ':' separator (use 'module:ClassName' format)",
                ),
            ),
            ("A", "m:", ("A", "m:", False, False, "Invalid format: empty module or symbol")),
            ("A", ":C", ("A", ":C", False, False, "Invalid format: empty module or symbol")),
            (
                "A",
                "nowhere_at_all:C",
                ("A", "nowhere_at_all:C", False, False, "Module not found: nowhere_at_all"),
            ),
            (
                "A",
                "json:Gone",
                ("A", "json:Gone", False, False, "Symbol 'Gone' not found in 'json'"),
            ),
            (
                "A",
                "json:JSONDecoder",
                ("A", "json:JSONDecoder", True, False, "Not a State subclass (got type)"),
            ),
            (
                "A",
                "json:loads",
                ("A", "json:loads", True, False, "Not a State subclass (got function)"),
            ),
        ],
    )
    def test_entry_that_cannot_be_used(self, key, dotted, resolution):
        """Each gives its reason, and one error at the end."""
        result = explain(config(states={key: dotted}))
        assert result.states == [StateResolution(*resolution)]
        error = only_error(result)
        assert error.what == f"State '{resolution[0]}' failed to resolve"
        assert error.why == resolution[4]
        assert error.context == {"key": resolution[0], "dotted_path": resolution[1]}
        assert result.packs == []

    def test_good_entries(self, module):
        """They make one pack, sorted, and may be started in."""
        result = explain(
            config(
                states={"B": f"{module}:Shut", "A": f" {module} : Open ", "X": "bad"},
                initial_state="B",
            )
        )
        assert [s.key for s in result.states] == ["B", "A", "X"]
        assert [s.mark for s in result.states] == ["✓", "✓", "✗"]
        assert result.packs == [PackInfo("mapping", ["A", "B"], [], [])]
        assert result.state_providers == {"A": "mapping", "B": "mapping"}
        assert result.pack_order == ["mapping"]
        assert result.initial_state == "B"
        assert whats(result.errors) == ["State 'X' failed to resolve"]

    @pytest.mark.parametrize("states", ["text", [], ["a"], 5])
    def test_other_type(self, states):
        """An error, then treated as empty."""
        result = explain(config(states=states))
        error = only_error(result)
        assert error.what == "Field 'states' must be a mapping"
        assert error.why == f"Got {type(states).__name__}."
        assert "StateName: 'module:ClassName'" in error.fix
        assert error.context == {"path": "(dict)", "got_type": type(states).__name__}

    @pytest.mark.parametrize("states", [None, {}])
    def test_nothing(self, states):
        """Null and an empty mapping say nothing."""
        result = explain(config(states=states))
        assert (result.is_valid, result.states, result.packs) == (True, [], [])

    def test_builtin_name_may_be_used(self, module):
        """A mapping may name a state like a builtin one."""
        assert explain(config(states={"InitialState": f"{module}:Open"})).is_valid

    @pytest.mark.parametrize(
        "text", ["raise SystemExit", "raise RuntimeError('x')", "raise GeneratorExit"]
    )
    def test_module_that_fails(self, tmp_path, monkeypatch, text):
        """Whatever a module does while it is imported, it is an error of the config."""
        (tmp_path / "failing_module.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        result = explain(config(states={"A": "failing_module:B"}))
        assert result.states[0].error == "Module not found: failing_module"

    def test_ctrl_c_while_importing(self, tmp_path, monkeypatch):
        """Ctrl-C ends it."""
        (tmp_path / "interrupted_module.py").write_text("raise KeyboardInterrupt")
        monkeypatch.syspath_prepend(tmp_path)
        with pytest.raises(KeyboardInterrupt):
            explain(config(states={"A": "interrupted_module:B"}))

    def test_attribute_that_fails(self, tmp_path, monkeypatch):
        """A module may raise anything when it is asked for an attribute."""
        (tmp_path / "asking_module.py").write_text(
            "def __getattr__(name):\n    raise ValueError(name)"
        )
        monkeypatch.syspath_prepend(tmp_path)
        result = explain(config(states={"A": "asking_module:B"}))
        assert result.states[0].error == "Symbol 'B' not found in 'asking_module'"

    def test_nothing_is_registered(self, module):
        """The registry knows what it knew."""
        before = DEFAULT_REGISTRY.names()
        explain(config(states={"A": f"{module}:Open"}, initial_state=f"{module}:Shut"))
        assert DEFAULT_REGISTRY.names() == before


def test_import_helper(module):
    """Gives the symbol, or the reason."""
    assert _try_import_symbol(f"{module}:value") == (5, None)
    assert _try_import_symbol("nothing") == (None, "Invalid format: missing ':' separator")
    assert _try_import_symbol(":x") == (None, "Invalid format: empty module or symbol")


class TestPolicy:
    @pytest.mark.parametrize("policy", [["packs", "builtin"], ["builtin", "packs"]])
    def test_both_orders(self, policy):
        """Either is stored."""
        assert explain(config(initial_state_resolution=policy)).initial_state_resolution == policy

    def test_null(self):
        """Null is the default."""
        result = explain(config(initial_state_resolution=None))
        assert result.is_valid
        assert result.initial_state_resolution == ["packs", "builtin"]

    @pytest.mark.parametrize("policy", ["packs", {"a": 1}, 5])
    def test_no_list(self, policy):
        """The default stays."""
        result = explain(config(initial_state_resolution=policy))
        error = only_error(result)
        assert error.what == "Field 'initial_state_resolution' must be a list"
        assert error.why == f"Got {type(policy).__name__}."
        assert '["packs", "builtin"]' in error.fix
        assert error.context == {"path": "(dict)"}
        assert result.initial_state_resolution == ["packs", "builtin"]

    @pytest.mark.parametrize("policy", [[], ["packs"], ["packs", "builtin", "packs"]])
    def test_wrong_length(self, policy):
        """Exactly two."""
        error = only_error(explain(config(initial_state_resolution=policy)))
        assert error.what == "Field 'initial_state_resolution' must have exactly 2 elements"
        assert error.why == f"Got {len(policy)} elements."
        assert '["packs", "builtin"]' in error.fix
        assert '["builtin", "packs"]' in error.fix
        assert error.context == {"path": "(dict)", "policy": policy}

    @pytest.mark.parametrize(
        ("policy", "offending"),
        [
            (["packs", "nowhere"], "nowhere"),
            (["zoo", "abc"], "abc, zoo"),
            (["packs", 5], "5"),
            (["packs", ["x"]], "['x']"),
            (["packs", {"a": 1}], "{'a': 1}"),
        ],
    )
    def test_unknown_source(self, policy, offending):
        """Those that are none are listed, sorted, also unhashable ones."""
        error = only_error(explain(config(initial_state_resolution=policy)))
        assert error.what == f"Invalid resolution source(s): {offending}"
        assert error.context == {"path": "(dict)", "policy": policy}

    def test_repeated_source(self):
        """The repeated one is named; the reason says so, and which sources there are."""
        error = only_error(explain(config(initial_state_resolution=["packs", "packs"])))
        assert error.what == "Invalid resolution source(s): packs"
        assert "repeated" in error.why
        assert "Only 'packs' and 'builtin' are sources" in error.why


class TestInitialState:
    def test_default(self):
        """The builtin start."""
        assert explain(config()).initial_state == "InitialState"

    @pytest.mark.parametrize("value", [None, 5, ["a"]])
    def test_other_type(self, value):
        """Null too is no string."""
        result = explain(config(initial_state=value))
        error = only_error(result)
        assert error.what == "Field 'initial_state' must be a string"
        assert error.why == f"Got {type(value).__name__}."
        assert "string" in error.fix
        assert error.context == {"path": "(dict)", "got_type": type(value).__name__}
        assert result.initial_state is None

    def test_dotted(self, module):
        """The class's own name is stored."""
        assert explain(config(initial_state=f"{module}:Open")).initial_state == "Open"

    def test_dotted_that_leads_nowhere(self):
        """The reason is that of a state's resolution."""
        error = only_error(explain(config(initial_state="nowhere_at_all:A")))
        assert error.what == "Cannot resolve initial_state: nowhere_at_all:A"
        assert error.why == "Module not found: nowhere_at_all"
        assert error.context == {"path": "(dict)", "initial_state": "nowhere_at_all:A"}

    def test_dotted_that_is_no_state(self, module):
        """The type of what is there is named."""
        error = only_error(explain(config(initial_state=f"{module}:value")))
        assert error.what == "initial_state is not a State subclass"
        assert error.why == f"'{module}:value' resolved to int."
        assert "flexiflow.State" in error.fix
        assert error.context == {"path": "(dict)", "initial_state": f"{module}:value"}

    def test_unknown_name(self, module):
        """The first five names that would do are listed."""
        states = {"Zed": f"{module}:Open", "Extra": f"{module}:Shut"}
        error = only_error(explain(config(states=states, initial_state="Gone")))
        assert error.what == "Unknown initial_state: 'Gone'"
        assert error.why
        assert f"Use one of: {', '.join(BUILTIN)}, Zed" in error.fix
        assert "Extra" not in error.fix
        assert error.context == {"path": "(dict)", "initial_state": "Gone"}

    def test_misspelt_name(self):
        """The nearest name is asked for."""
        assert (
            "Did you mean 'InitialState'?"
            in only_error(explain(config(initial_state="InitalState"))).fix
        )

    def test_name_from_elsewhere(self):
        """A name that another config registered is accepted, with a warning."""
        DEFAULT_REGISTRY.register("FromElsewhere", state("FromElsewhere"))
        try:
            result = explain(config(initial_state="FromElsewhere"))
            assert "FromElsewhere" in result.builtin_states
        finally:
            DEFAULT_REGISTRY.unregister("FromElsewhere")
        assert result.is_valid
        assert result.initial_state == "FromElsewhere"
        assert whats(result.warnings) == ["initial_state 'FromElsewhere' comes from elsewhere"]


class TestOtherKeys:
    def test_unknown_key(self, write):
        """A warning asks for the nearest one, and knows the line."""
        result = explain(write("name: c\nrules: [{}]\ninitial_stat: X\n5: x\nzzz: 1\n"))
        assert result.is_valid
        assert whats(result.warnings) == [
            "Unknown key 'initial_stat'",
            "Unknown key 5",
            "Unknown key 'zzz'",
        ]
        assert result.warnings[0].fix == "Did you mean 'initial_state'?"
        assert result.warnings[0].line == 3
        assert "x-zzz" in result.warnings[2].fix

    def test_own_keys(self):
        """Keys that begin with x- are nobody's business."""
        assert explain(config(**{"x-mine": 5, "layout": {}, "context": {"a": 1}})).warnings == []

    def test_context_of_another_type(self):
        """The starting data is a mapping."""
        error = only_error(explain(config(context=[1])))
        assert error.what == "'context' has to be a mapping"


class TestWithoutImports:
    def test_nothing_is_imported(self, module):
        """Modules are found, not imported; their states are marked as not seen."""
        result = explain(
            config(states={"A": f"{module}:Open", "B": "nowhere_at_all:X"}, initial_state="A"),
            imports=False,
        )
        assert module not in sys.modules
        assert result.states == [
            StateResolution("A", f"{module}:Open", True, False).unverified(),
            StateResolution(
                "B", "nowhere_at_all:X", False, False, "Module not found: nowhere_at_all"
            ),
        ]
        assert [s.mark for s in result.states] == ["?", "✗"]
        assert whats(result.errors) == ["State 'B' failed to resolve"]
        assert result.initial_state == "A"

    def test_submodules(self, tmp_path, monkeypatch):
        """Packages on the way are not imported either."""
        package = tmp_path / "unseen_package" / "inner"
        package.mkdir(parents=True)
        (package.parent / "__init__.py").write_text("raise RuntimeError")
        (package / "__init__.py").write_text("raise RuntimeError")
        (package / "leaf.py").write_text("raise RuntimeError")
        monkeypatch.syspath_prepend(tmp_path)
        dotted = {
            "A": "unseen_package.inner.leaf:S",
            "B": "unseen_package.inner.gone:S",
            "C": "unseen_package.inner.leaf.more:S",
            "D": "os.path:S",
            "E": "unseen package:S",
            "F": "..up:S",
            "G": "m:",
            "H": "plain",
        }
        result = explain(config(states=dotted), imports=False)
        assert [s.mark for s in result.states] == ["?", "✗", "✗", "?", "✗", "✗", "✗", "✗"]
        assert "unseen_package" not in sys.modules

    def test_dotted_initial_state(self, module):
        """The class is taken to be called like the symbol."""
        result = explain(config(initial_state=f"{module}:Open"), imports=False)
        assert (result.is_valid, result.initial_state) == (True, "Open")

    def test_dotted_pack(self, module):
        """Its states are not known: a starting state may be one of them."""
        result = explain(config(packs=[f"{module}:DoorPack"], initial_state="Shut"), imports=False)
        assert module not in sys.modules
        assert result.is_valid
        assert (result.packs, result.initial_state) == ([], "Shut")
        assert whats(result.warnings) == [
            f"Pack '{module}:DoorPack' was not imported",
            "initial_state 'Shut' could not be verified",
        ]

    @pytest.mark.parametrize("dotted", ["nowhere_at_all:Pack", "plain", ":x"])
    def test_dotted_pack_that_cannot_be(self, dotted):
        """Form and module are still checked."""
        assert not explain(config(packs=[dotted]), imports=False).is_valid

    def test_yaml_packs_are_read(self, write):
        """A YAML pack is data: it is looked at all the same."""
        result = explain(write("pack: p\nstates: {A: }\n"), imports=False)
        assert result.pack_order == ["p"]

    def test_needs_may_be_met_by_what_is_not_seen(self, module):
        """No warning about missing states beside a pack that was not imported."""
        pack = FakePack("p", {"A": StateSpec(state("A"))}, depends_on=("Gone",))
        result = explain(config(packs=[pack, f"{module}:door"]), imports=False)
        assert not any("needs state" in what for what in whats(result.warnings))


def test_namespace_module_without_spec(monkeypatch):
    """A module that is loaded counts as found, whatever its origin."""
    monkeypatch.setitem(sys.modules, "loaded_by_hand", SimpleNamespace())
    assert explain(config(states={"A": "loaded_by_hand:X"}), imports=False).states[0].mark == "?"


class Hostile:
    """An object whose own code fails whatever is asked of it."""

    def _fail(self, *_):
        raise RuntimeError(self)

    __repr__ = __str__ = __bool__ = __eq__ = __len__ = __iter__ = __contains__ = _fail
    __getattr__ = __format__ = __index__ = _fail

    def __hash__(self):
        return 1


class HostileMapping(dict):
    """A mapping that fails when it is read."""

    def __iter__(self):
        raise RuntimeError(self)

    keys = items = get = __contains__ = __getitem__ = __len__ = __bool__ = __iter__


class HostileHash(Hostile):
    """One that no mapping takes as a key."""

    def __hash__(self):
        raise RuntimeError


FIELDS = (
    *("name", "rules", "context", "layout", "states", "packs", "initial_state"),
    "initial_state_resolution",
)


class TestHostileObjects:
    @pytest.mark.parametrize("field", FIELDS)
    @pytest.mark.parametrize(
        "make",
        [
            Hostile,
            lambda: [Hostile()],
            lambda: [Hostile(), "packs"],
            lambda: {"A": Hostile()},
            lambda: {Hostile(): "m:C"},
            lambda: {Hostile(): Hostile()},
            lambda: HostileMapping(a=1),
            lambda: [HostileMapping(pack=1)],
            lambda: [{"pack": Hostile()}],
            lambda: [{"pack": "p", "states": {"A": Hostile(), Hostile(): None}}],
            lambda: [
                {
                    "pack": "p",
                    "states": {"A": None},
                    "transitions": [Hostile(), {"from": Hostile()}],
                }
            ],
            lambda: [[Hostile()]],
            lambda: {"A": [Hostile(), 3]},
        ],
    )
    def test_in_a_field(self, field, make):
        """It is an error, or it is let be; the other fields are looked at, and text is made."""
        fields = config(rules=[{}], name="c") | {field: make(), "unkown": 1}
        result = explain(fields)
        assert result.format()
        assert "Unknown key 'unkown'" in whats(result.warnings)
        for diagnostic in (*result.errors, *result.warnings):
            assert diagnostic.format()

    @pytest.mark.parametrize("field", FIELDS[:1] + FIELDS[4:])
    def test_it_is_an_error(self, field):
        """Where it can mean nothing."""
        assert not explain(config() | {field: Hostile()}).is_valid

    @pytest.mark.parametrize(
        "make",
        [lambda: {Hostile(): 1}, lambda: {"pack": Hostile()}, lambda: HostileMapping(a=1)],
    )
    def test_whole_configs(self, make):
        """Keys, packs by themselves, and mappings that are none."""
        result = explain(make())
        assert not result.is_valid
        assert result.format()

    @pytest.mark.parametrize("kind", [Hostile, HostileHash])
    def test_what_is_no_config_at_all(self, kind):
        """Neither a mapping nor a path."""
        assert only_error(explain(kind())).what.startswith("Config file not found: <Hostile")
