"""A component in a JSON file."""

import json
import os
import stat
from dataclasses import FrozenInstanceError
from types import SimpleNamespace
from unittest.mock import MagicMock, Mock

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.config_loader import load_component
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import InvalidSnapshotError, PersistenceError, StateError
from flexiflow.extras import atomic_file
from flexiflow.extras.persist_json import (
    ComponentSnapshot,
    load_snapshot,
    restore_component,
    save_component,
)
from flexiflow.snapshot import take_snapshot
from flexiflow.state_machine import DEFAULT_REGISTRY, State, StateMachine, StateRegistry


class Parked(State):
    """A state of the test's own."""

    async def handle_message(self, message, component):
        """Stays."""
        return False, self


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.json"


def component(**fields):
    return AsyncComponent("comp", **fields)


class TestSnapshot:
    def test_fields(self):
        """Four are required, in this order; the context is empty unless given."""
        snapshot = ComponentSnapshot("a", "S", [1], {"k": 2})
        assert (snapshot.name, snapshot.current_state) == ("a", "S")
        assert (snapshot.rules, snapshot.metadata, snapshot.context) == ([1], {"k": 2}, {})
        with pytest.raises(TypeError):
            ComponentSnapshot("a", "S", [])

    def test_is_frozen(self):
        """A snapshot does not change."""
        with pytest.raises(FrozenInstanceError):
            ComponentSnapshot("a", "S", [], {}).name = "b"

    def test_compares_by_fields(self):
        """Two of the same facts are equal."""
        assert ComponentSnapshot("a", "S", [], {}) == ComponentSnapshot("a", "S", [], {}, {})


class TestSave:
    def test_text(self, path):
        """The file is written as it always was: four keys, indented by two, ASCII only."""
        save_component(component(rules=[{"r": "ü"}]), path, {"version": 2})
        assert path.read_bytes() == (
            b'{\n  "name": "comp",\n  "current_state": "InitialState",\n  "rules": [\n    {\n'
            b'      "r": "\\u00fc"\n    }\n  ],\n  "metadata": {\n    "version": 2\n  }\n}'
        )

    def test_metadata_is_empty_by_default(self, path):
        """Without metadata there is an empty object."""
        save_component(component(), str(path))
        assert json.loads(path.read_text())["metadata"] == {}

    def test_context_comes_along(self, path):
        """A component's data is written when there is some, and read back."""
        save_component(component(context={"n": [1]}), path)
        assert list(json.loads(path.read_text()))[-1] == "context"
        assert load_snapshot(path).context == {"n": [1]}

    def test_missing_folders_are_made(self, tmp_path):
        """Any depth of missing folders."""
        path = tmp_path / "a" / "b" / "state.json"
        save_component(component(), path)
        assert load_snapshot(path).name == "comp"

    def test_existing_file_is_replaced(self, path):
        """The newer state wins, whatever was there."""
        path.write_text("x" * 10_000)
        save_component(component(), path)
        assert load_snapshot(path).current_state == "InitialState"

    @pytest.mark.parametrize("rule", [object(), {1, 2}])
    def test_value_without_json_form(self, path, rule):
        """The old file stays, the error names path and cause."""
        save_component(component(), path)
        before = path.read_bytes()
        with pytest.raises(PersistenceError) as caught:
            save_component(component(rules=[rule]), path)
        assert isinstance(caught.value.__cause__, TypeError)
        assert caught.value.context.items["path"] == str(path)
        assert path.read_bytes() == before
        assert list(path.parent.iterdir()) == [path]

    def test_value_that_contains_itself(self, path):
        """A circle has no JSON form."""
        circle = {}
        circle["self"] = circle
        with pytest.raises(PersistenceError):
            save_component(component(rules=[circle]), path)
        assert not path.exists()

    def test_failure_while_writing_leaves_the_old_file(self, path, monkeypatch):
        """A disk that refuses changes nothing and leaves nothing behind."""
        save_component(component(), path)
        before = path.read_bytes()

        def refuse(descriptor):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(PersistenceError, match="No space left") as caught:
            save_component(component(rules=[1]), path)
        assert isinstance(caught.value.__cause__, OSError)
        assert path.read_bytes() == before
        assert list(path.parent.iterdir()) == [path]

    def test_folder_in_the_place_of_the_file(self, tmp_path):
        """Saving onto a folder is an error of persistence, not a raw one."""
        (tmp_path / "state.json").mkdir()
        with pytest.raises(PersistenceError, match="Cannot write state file"):
            save_component(component(), tmp_path / "state.json")
        assert [child.name for child in tmp_path.iterdir()] == ["state.json"]

    def test_impossible_path(self):
        """A path that no system takes is an error of persistence."""
        with pytest.raises(PersistenceError):
            save_component(component(), "a\0b")

    def test_permissions_stay(self, path):
        """An existing file keeps its mode; a new one follows the umask."""
        old = os.umask(0o027)
        try:
            save_component(component(), path)
        finally:
            os.umask(old)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o600)
        save_component(component(), path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_link_is_followed(self, tmp_path):
        """A link stays a link, and its target gets the text."""
        target, link = tmp_path / "target.json", tmp_path / "link.json"
        save_component(component(), target)
        link.symlink_to(target)
        save_component(component(rules=[5]), link)
        assert link.is_symlink()
        assert load_snapshot(target).rules == [5]

    def test_longest_file_name(self, tmp_path):
        """A name as long as the system allows can be saved to."""
        path = tmp_path / ("n" * 250 + ".json")
        save_component(component(), path)
        assert load_snapshot(path).name == "comp"

    def test_folder_that_cannot_be_flushed(self, path, monkeypatch):
        """Where a folder cannot be opened for flushing, the file is there all the same."""
        real_open = os.open

        def refuse_folders(target, flags, *args):
            if flags == os.O_RDONLY:
                raise PermissionError
            return real_open(target, flags, *args)

        monkeypatch.setattr(atomic_file.os, "open", refuse_folders)
        save_component(component(), path)
        assert load_snapshot(path).name == "comp"


class TestLoad:
    def test_round_trip(self, path):
        """What is saved is read back."""
        save_component(component(rules=[{"a": 1}]), path, {"k": [1, 2]})
        assert load_snapshot(str(path)) == ComponentSnapshot(
            "comp", "InitialState", [{"a": 1}], {"k": [1, 2]}
        )

    def test_missing_file(self, path):
        """The built-in error, with this text."""
        with pytest.raises(FileNotFoundError) as caught:
            load_snapshot(path)
        assert str(caught.value) == f"State file not found: {path}"

    @pytest.mark.parametrize(
        "text", [b"", b"{", b"nope", b'{"a": 1,}', b"\xff\xfe", b"[" * 100_000, b"1" * 5000]
    )
    def test_text_that_is_no_json(self, path, text):
        """Malformed, empty, not UTF-8, or beyond what the parser takes."""
        path.write_bytes(text)
        with pytest.raises(PersistenceError) as caught:
            load_snapshot(path)
        assert caught.value.what == f"Invalid JSON in state file: {path}"
        assert list(caught.value.context.items) == ["path", "error"]
        assert isinstance(caught.value, ValueError)

    @pytest.mark.parametrize(("text", "got"), [("[]", "list"), ("5", "int"), ("null", "NoneType")])
    def test_json_that_is_no_object(self, path, text, got):
        """The type that was found stands in the context."""
        path.write_text(text)
        with pytest.raises(PersistenceError) as caught:
            load_snapshot(path)
        assert caught.value.what == "State file must contain a JSON object"
        assert caught.value.context.items == {"path": str(path), "got_type": got}

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({}, "name"),
            ({"current_state": "S"}, "name"),
            ({"name": "", "current_state": "S"}, "name"),
            ({"name": 5, "current_state": "S"}, "name"),
            ({"name": "a"}, "current_state"),
            ({"name": "a", "current_state": ""}, "current_state"),
            ({"name": "a", "current_state": None}, "current_state"),
        ],
    )
    def test_required_fields(self, path, data, field):
        """Absent, empty or of another type: all are missing; the name is looked at first."""
        path.write_text(json.dumps(data))
        with pytest.raises(PersistenceError) as caught:
            load_snapshot(path)
        assert caught.value.what == f"State file missing required field: '{field}'"
        assert caught.value.context.items == {"path": str(path), "field": field}

    @pytest.mark.parametrize(
        ("field", "value", "got"),
        [
            ("rules", None, "NoneType"),
            ("rules", {}, "dict"),
            ("metadata", None, "NoneType"),
            ("metadata", [], "list"),
        ],
    )
    def test_optional_fields_of_a_wrong_type(self, path, field, value, got):
        """They may be absent, but not something else."""
        path.write_text(json.dumps({"name": "a", "current_state": "S", field: value}))
        with pytest.raises(InvalidSnapshotError) as caught:
            load_snapshot(path)
        assert caught.value.what == f"State file '{field}' field has wrong type"
        assert caught.value.context.items == {"path": str(path), "got_type": got}

    def test_absent_and_unknown_fields(self, path):
        """Absent ones are empty, unknown ones are ignored, the state's name is not checked."""
        path.write_text('{"name": "a", "current_state": "Nowhere", "more": 1}')
        assert load_snapshot(path) == ComponentSnapshot("a", "Nowhere", [], {})

    @pytest.mark.parametrize("value", [None, "text", [], 5])
    def test_foreign_context(self, path, value):
        """A context that is no object is somebody else's key, and ignored like any unknown one."""
        path.write_text(json.dumps({"name": "a", "current_state": "S", "context": value}))
        assert load_snapshot(path) == ComponentSnapshot("a", "S", [], {}, {})

    def test_folder(self, tmp_path):
        """Reading a folder is an error of persistence with its cause."""
        with pytest.raises(PersistenceError, match="Cannot read state file") as caught:
            load_snapshot(tmp_path)
        assert isinstance(caught.value.__cause__, OSError)
        assert caught.value.context.items["path"] == str(tmp_path)

    def test_impossible_path(self):
        """A path that no system takes."""
        with pytest.raises(PersistenceError):
            load_snapshot("a\0b")


class TestRestore:
    def test_registers_a_component_with_copies(self):
        """The engine knows it; its rules and context are its own."""
        engine = FlexiFlowEngine()
        snapshot = ComponentSnapshot("comp", "ErrorHandling", [1], {"m": 1}, {"n": 1})
        restored = restore_component(snapshot, engine)
        assert engine.get("comp") is restored
        assert type(restored.state_machine.current_state).__name__ == "ErrorHandling"
        assert restored.state_machine.registry is DEFAULT_REGISTRY
        assert restored.rules == [1]
        assert restored.rules is not snapshot.rules
        assert restored.context == {"n": 1}
        assert restored.context is not snapshot.context
        assert not hasattr(restored, "metadata")

    def test_unknown_state(self):
        """The error lists what there is, and nothing is registered."""
        engine = FlexiFlowEngine()
        with pytest.raises(StateError, match="Unknown state: 'Gone'"):
            restore_component(ComponentSnapshot("comp", "Gone", [], {}), engine)
        assert engine.get("comp") is None

    def test_registry_of_ones_own(self):
        """Another registry is used, even one that looks empty."""

        class Falsy(StateRegistry):
            def __bool__(self):
                return False

        registry = Falsy()
        registry.register("Parked", Parked)
        restored = restore_component(
            ComponentSnapshot("comp", "Parked", [], {}), FlexiFlowEngine(), registry
        )
        assert isinstance(restored.state_machine.current_state, Parked)
        assert restored.state_machine.registry is registry
        with pytest.raises(StateError):
            restore_component(
                ComponentSnapshot("comp", "InitialState", [], {}), FlexiFlowEngine(), registry
            )

    def test_class_name_of_a_state_under_another_key(self):
        """A class registered under other keys only is found by its name, if it is the only one."""
        registry = StateRegistry()
        registry.register("garage", Parked)
        registry.register("lot", Parked)
        snapshot = ComponentSnapshot("comp", "Parked", [], {})
        restored = restore_component(snapshot, FlexiFlowEngine(), registry)
        assert isinstance(restored.state_machine.current_state, Parked)
        registry.register("other", type("Parked", (State,), {}))
        with pytest.raises(StateError, match="Unknown state: 'Parked'"):
            restore_component(snapshot, FlexiFlowEngine(), registry)

    def test_registries_are_asked_to_create(self):
        """One of another make needs nothing else; one that overrides it is heard."""
        made = []

        class Telling(StateRegistry):
            def create(self, name):
                made.append(name)
                return super().create(name)

        telling = Telling()
        telling.register("Parked", Parked)
        other = SimpleNamespace(create=telling.create)
        snapshot = ComponentSnapshot("comp", "Parked", [], {})
        for registry in (telling, other):
            restored = restore_component(snapshot, FlexiFlowEngine(), registry)
            assert restored.state_machine.registry is registry

        assert made == ["Parked", "Parked"]

    async def test_no_event_but_the_registration(self):
        """Restoring is no state change."""
        engine = FlexiFlowEngine()
        seen = []

        async def note(data):
            seen.append(data)

        await engine.event_bus.subscribe("state.changed", "test", note)
        restore_component(ComponentSnapshot("comp", "ErrorHandling", [], {}), engine)
        assert seen == []

    async def test_entry_actions_are_not_run_again(self):
        """The state was entered in the component's former life."""
        component = load_component({
            "pack": "p",
            "context": {"n": 0},
            "states": {"A": {"entry": [{"set": {"n": "context.n + 1"}}]}},
        })  # fmt: skip
        await component.start()
        restored = restore_component(
            take_snapshot(component), FlexiFlowEngine(), component.state_machine.registry
        )
        await restored.handle_message({"type": "x"})
        assert restored.context == {"n": 1}

    async def test_restored_component_goes_on(self, path):
        """A component saved in one engine goes on in another."""
        saved = AsyncComponent("comp", state_machine=StateMachine.from_name("ErrorHandling"))
        save_component(saved, path)
        restored = restore_component(load_snapshot(path), FlexiFlowEngine())
        await restored.handle_message({"type": "acknowledge"})
        assert type(restored.state_machine.current_state).__name__ == "InitialState"


def test_a_component_of_another_make():
    """What has a name, rules and a state can be kept."""
    machine = SimpleNamespace(current_state=Parked())
    found = take_snapshot(SimpleNamespace(name="c", rules=[1], state_machine=machine))
    assert found == ComponentSnapshot("c", "Parked", [1], {})


@pytest.mark.parametrize("double", [Mock, MagicMock])
def test_a_double_of_a_component(path, double):
    """What it calls its context is no data unless it is a mapping."""
    stand_in = double()
    stand_in.name, stand_in.rules = "c", []
    stand_in.state_machine.current_state = Parked()
    save_component(stand_in, path)
    assert load_snapshot(path) == ComponentSnapshot("c", "Parked", [], {})
