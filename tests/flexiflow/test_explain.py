"""Looking at a config without running it: files, and whatever else may be looked at."""

import sys
from types import SimpleNamespace

import pytest

from flexiflow.explain import ConfigExplanation, StateResolution, explain
from flexiflow.state_machine import DEFAULT_REGISTRY
from flexiflow.statepack import StateSpec
from tests.helpers.explain_cases import FakePack, config, only_error, state, whats


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
