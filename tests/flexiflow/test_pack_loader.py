"""Packs of all kinds, and the clashes between them."""

import sys
from types import ModuleType

import pytest

from flexiflow.config_loader import load_component
from flexiflow.errors import ConfigError, ImportError_, PackError
from flexiflow.explain import explain
from flexiflow.pack_loader import (
    _detect_collisions,
    _is_statepack_class,
    _is_statepack_instance,
    _load_pack_from_dotted_path,
    collect_provided_keys,
    load_packs,
    load_provided,
)
from flexiflow.state_machine import DEFAULT_REGISTRY, State
from flexiflow.statepack import MappingPack, StateSpec


class Alpha(State):
    """A state."""


class Pack:
    """A pack by its shape alone."""

    name = "shaped"

    def provides(self):
        return {"A": StateSpec(Alpha)}

    def transitions(self):
        raise AssertionError("never called while loading")

    def depends_on(self):
        raise AssertionError("never called while loading")


class NamedLate(Pack):
    """A pack whose name comes from its constructor."""

    name = property(lambda self: self.called)

    def __init__(self):
        self.called = "late"


class NeedsArguments(Pack):
    """A pack that cannot be made without arguments."""

    def __init__(self, argument):
        pass


class Fails(Pack):
    """A pack that cannot be made at all."""

    def __init__(self):
        raise ValueError("no luck")


class LosesMethods(Pack):
    """A pack class whose instances are none."""

    def __init__(self):
        self.provides = None


class Ordinary:
    """No pack."""

    def __init__(self):
        raise AssertionError("never made on speculation")


@pytest.fixture(autouse=True)
def module(monkeypatch):
    """A module that dotted paths can name."""
    made = ModuleType("packs_of_test")
    for cls in (Pack, NamedLate, NeedsArguments, Fails, LosesMethods, Ordinary, Alpha):
        setattr(made, cls.__name__, cls)

    made.instance = Pack()
    monkeypatch.setitem(sys.modules, "packs_of_test", made)
    return made


def test_neither_gives_nothing():
    """No states, no packs, no result."""
    assert load_packs() == load_packs(packs=[]) == []


@pytest.mark.parametrize(("states", "packs"), [({}, []), ({"A": Alpha}, ["packs_of_test:Pack"])])
def test_states_and_packs_exclude_each_other(states, packs):
    """Even when both are empty."""
    with pytest.raises(ConfigError) as caught:
        load_packs(states=states, packs=packs)

    assert caught.value.what == "Cannot specify both 'states' and 'packs'"
    assert caught.value.context.items == {"has_states": True, "has_packs": True}
    assert "mutually exclusive" in caught.value.why


def test_a_mapping_of_states_is_one_pack():
    """Also an empty one, and one of any classes."""
    (pack,) = load_packs(states={"B": int, "A": Alpha})
    assert isinstance(pack, MappingPack)
    assert list(pack.provides()) == ["A", "B"]
    assert load_packs(states={})[0].provides() == {}


def test_entries_keep_their_order_and_identity(module, tmp_path):
    """Instances, dotted paths, files and inline packs."""
    (tmp_path / "f.pack.yaml").write_text("pack: from_file\nstates: {F: }")
    (tmp_path / "g.YML").write_text("pack: other_file\nstates: {G: }")
    mine = MappingPack({"M": Alpha})
    packs = load_packs(
        packs=[
            mine,
            "f.pack.yaml",
            " packs_of_test : instance ",
            {"pack": "inline", "states": {"I": None}},
            str(tmp_path / "g.YML"),
        ],
        base_dir=tmp_path,
    )
    assert [pack.name for pack in packs] == [
        "mapping",
        "from_file",
        "shaped",
        "inline",
        "other_file",
    ]
    assert packs[0] is mine
    assert packs[2] is module.instance
    assert list(packs[1].provides()) == ["F"]


def test_files_are_relative_to_the_current_folder(tmp_path, monkeypatch):
    """Unless a folder is given."""
    (tmp_path / "f.yaml").write_text("pack: p\nstates: {F: }")
    monkeypatch.chdir(tmp_path)
    assert load_packs(packs=["f.yaml"])[0].name == "p"


@pytest.mark.parametrize("path", ["packs_of_test:Pack", "packs_of_test:NamedLate"])
def test_a_pack_class_is_made_without_arguments(path):
    """Its name may come from the constructor."""
    (pack,) = load_packs(packs=[path])
    assert pack.name in ("shaped", "late")


@pytest.mark.parametrize("item", [Pack, 3, None, ["packs_of_test:Pack"], {"states": {}}, object()])
def test_what_is_no_pack_is_refused(item):
    """A pack class itself too."""
    with pytest.raises(ConfigError) as caught:
        load_packs(packs=[item])

    assert caught.value.what == f"Invalid pack entry: {item!r}"
    assert caught.value.context.items == {"item": str(item), "type": type(item).__name__}


@pytest.mark.parametrize(
    ("path", "kind", "what", "facts"),
    [
        ("nothing", ImportError_, "Invalid pack path format: 'nothing'", ["dotted_path"]),
        (":X", ImportError_, "Invalid pack path format: ':X'", ["dotted_path"]),
        ("m:", ImportError_, "Invalid pack path format: 'm:'", ["dotted_path"]),
        (
            "no_such_module:X",
            ImportError_,
            "Module not found: 'no_such_module'",
            ["module", "dotted_path", "error"],
        ),
        (
            "packs_of_test:X",
            ImportError_,
            "Symbol 'X' not found in module 'packs_of_test'",
            ["module", "symbol", "dotted_path"],
        ),
        (
            "packs_of_test:Fails",
            ConfigError,
            "Failed to instantiate pack: 'packs_of_test:Fails'",
            ["dotted_path", "error"],
        ),
        (
            "packs_of_test:NeedsArguments",
            ConfigError,
            "Failed to instantiate pack: 'packs_of_test:NeedsArguments'",
            ["dotted_path", "error"],
        ),
        (
            "packs_of_test:Ordinary",
            ConfigError,
            "Not a StatePack: 'packs_of_test:Ordinary'",
            ["dotted_path", "got_type"],
        ),
        (
            "packs_of_test:LosesMethods",
            ConfigError,
            "Not a StatePack: 'packs_of_test:LosesMethods'",
            ["dotted_path", "got_type"],
        ),
        (
            "packs_of_test:Alpha",
            ConfigError,
            "Not a StatePack: 'packs_of_test:Alpha'",
            ["dotted_path", "got_type"],
        ),
    ],
)
def test_a_dotted_path_that_leads_to_no_pack(path, kind, what, facts):
    """Each failure has its class, words and facts."""
    with pytest.raises(kind) as caught:
        _load_pack_from_dotted_path(path)

    assert caught.value.what == what
    assert list(caught.value.context.items) == facts


def test_a_failing_constructor_is_quoted():
    """Why ends with its words, and they are the cause."""
    with pytest.raises(ConfigError) as caught:
        load_packs(packs=["packs_of_test:Fails"])

    assert caught.value.why.endswith("no luck")
    assert "zero-argument constructor" in caught.value.fix
    assert isinstance(caught.value.__cause__, ValueError)


def test_the_wrong_type_is_named():
    """The type of what stands there."""
    with pytest.raises(ConfigError) as caught:
        load_packs(packs=["packs_of_test:Ordinary"])

    assert "got type." in caught.value.why


def test_an_entry_that_is_named_twice_counts_once(module):
    """The same object, path or file; nothing clashes with itself."""
    assert len(load_packs(packs=["packs_of_test:instance", "packs_of_test:instance"])) == 1
    assert len(load_packs(packs=["packs_of_test:Pack", "packs_of_test: Pack"])) == 1
    assert len(load_packs(packs=[module.instance, "packs_of_test:instance"])) == 1


def test_a_key_from_two_packs_is_a_clash():
    """Unnamed duplicates of a class are two packs."""
    with pytest.raises(ConfigError) as caught:
        load_packs(packs=[Pack(), MappingPack({"A": Alpha})])

    assert caught.value.what == "Duplicate state key: 'A'"
    assert "shaped, mapping" in caught.value.why
    assert caught.value.context.items == {"key": "A", "providers": ["shaped", "mapping"]}


def test_hiding_a_builtin_is_checked_where_they_are_named():
    """By default nobody asks."""
    packs = [MappingPack({"InitialState": Alpha})]
    assert load_packs(packs=packs)
    with pytest.raises(ConfigError) as caught:
        load_packs(packs=packs, builtin_keys={"InitialState"})

    assert caught.value.what == "State key 'InitialState' shadows builtin"
    assert caught.value.context.items == {
        "key": "InitialState",
        "providers": ["mapping"],
        "builtin": True,
    }


def test_clashes_come_before_hidden_builtins():
    """Each in order of first appearance."""
    one, two = MappingPack({"A": int, "B": int, "C": int}), MappingPack({"C": int, "B": int})
    errors = _detect_collisions([one, two], {"A", "C"})
    assert [error.what for error in errors] == [
        "Duplicate state key: 'B'",
        "Duplicate state key: 'C'",
        "State key 'A' shadows builtin",
        "State key 'C' shadows builtin",
    ]


def test_names_that_are_no_text_do_not_break_the_error():
    """They are shown as they are."""
    one, two = Pack(), Pack()
    one.name = two.name = 3
    with pytest.raises(ConfigError) as caught:
        load_packs(packs=[one, two])

    assert "3, 3" in caught.value.why


def test_provided_keys_belong_to_the_first_pack():
    """In list order; nothing for no packs."""
    packs = [Pack(), MappingPack({"A": int, "B": int})]
    assert collect_provided_keys(packs) == {"A": "shaped", "B": "mapping"}
    assert collect_provided_keys(packs) == collect_provided_keys(packs)
    assert collect_provided_keys([]) == {}


def test_loading_touches_no_registry(tmp_path):
    """Neither for Python nor for YAML packs."""
    before = DEFAULT_REGISTRY.names()
    load_packs(packs=["packs_of_test:Pack", {"pack": "p", "states": {"Q": None}}])
    assert DEFAULT_REGISTRY.names() == before


def test_a_broken_pack_file_says_what_is_wrong(tmp_path):
    """The error is that of the file."""
    (tmp_path / "f.yaml").write_text("pack: p")
    with pytest.raises(PackError, match="Missing 'states'"):
        load_packs(packs=["f.yaml"], base_dir=tmp_path)


def test_shapes():
    """What looks like a pack, and what does not."""
    assert _is_statepack_instance(Pack())
    assert not _is_statepack_instance(Pack)
    assert not _is_statepack_instance(Alpha())
    assert _is_statepack_class(Pack)
    assert not _is_statepack_class(Pack())
    assert not _is_statepack_class(Alpha)


@pytest.mark.parametrize(
    ("provides", "words"),
    [
        (list, "gave list instead of a mapping"),
        (lambda: 1 / 0, "raised ZeroDivisionError"),
        (lambda: {3: StateSpec(Alpha)}, "3, which is no name of a state"),
        (lambda: {"": StateSpec(Alpha)}, "which is no name of a state"),
        (lambda: {"A": Alpha}, "what it provides as 'A' is no State subclass"),
        (lambda: {"A": StateSpec(int)}, "what it provides as 'A' is no State subclass"),
    ],
)
def test_configs_take_state_classes_only(tmp_path, provides, words):
    """load_packs itself goes on accepting everything."""
    pack = Pack()
    pack.provides = provides
    with pytest.raises(ConfigError) as caught:
        load_provided([pack], (), tmp_path)

    assert caught.value.what == "Invalid pack: Pack"
    assert words in caught.value.why


def test_a_name_that_fails_is_a_broken_pack(tmp_path):
    """Whatever a pack's own code does, the error is ours."""

    class Nameless(Pack):
        name = property(lambda self: 1 / 0)

    with pytest.raises(ConfigError, match="raised ZeroDivisionError"):
        load_provided([Nameless()], (), tmp_path)


@pytest.mark.parametrize("name", [42, None, b"p"])
def test_a_name_is_a_text(tmp_path, name):
    """Another name is a broken pack for a config, as for explain."""
    pack = Pack()
    pack.name = name
    with pytest.raises(ConfigError, match="Invalid pack: Pack") as caught:
        load_provided([pack], (), tmp_path)

    assert f"its name is {type(name).__name__} instead of a string" in caught.value.why
    with pytest.raises(ConfigError, match="Invalid pack: Pack"):
        load_component({"name": "c", "packs": [pack]})

    assert not explain({"name": "c", "packs": [pack]}).is_valid


def test_a_constructor_that_exits_is_a_failing_one(module):
    """The program goes on; only Ctrl-C ends it."""

    class Exits(Pack):
        def __init__(self):
            sys.exit(3)

    module.Exits = Exits
    with pytest.raises(ConfigError) as caught:
        load_packs(packs=["packs_of_test:Exits"])

    assert caught.value.what == "Failed to instantiate pack: 'packs_of_test:Exits'"
    assert caught.value.why.endswith("SystemExit: 3")
    assert isinstance(caught.value.__cause__, SystemExit)


def test_a_pack_is_asked_once_what_it_provides(tmp_path):
    """A pack that makes it up each time cannot disagree with itself."""
    asked = []
    pack = Pack()
    pack.provides = lambda: asked.append(1) or {"A": StateSpec(Alpha)}
    ((loaded, states),) = load_provided([pack], {"B"}, tmp_path)
    assert loaded is pack
    assert states == {"A": Alpha}
    assert len(asked) == 1
