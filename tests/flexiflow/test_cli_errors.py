"""How a command ends that cannot do its work."""

import asyncio
from argparse import Namespace

import pytest

from flexiflow.cli import cmd_register
from flexiflow.errors import ConfigError, StateError
from flexiflow.state_machine import DEFAULT_REGISTRY
from tests.helpers.cli import call


class TestErrors:
    def test_library_error(self, write, capsys):
        """What, why, fix and facts on standard error, exit code 1, no traceback."""
        outcome = call("register", "--config", write("rules: []\n"), capsys=capsys)
        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err.startswith("Error: ")
        for word in ("Why: ", "Fix: ", "Context:"):
            assert word in outcome.err
        assert "Traceback" not in outcome.err

    @pytest.mark.parametrize("text", ["name: [\n", "- a\n", "name: c\ninitial_state: Gone\n"])
    def test_config_that_does_not_load(self, write, capsys, text):
        """No traceback either."""
        outcome = call("register", "--config", write(text), capsys=capsys)
        assert outcome.code == 1
        assert "Traceback" not in outcome.err

    COMMANDS = (("register",), ("handle", "x"), ("update_rules", "r.yaml"))

    @pytest.mark.parametrize("arguments", COMMANDS)
    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("rules: []\n", "Config missing required field: 'name'"),
            ("[]\n", "Config missing required field: 'name'"),
            ("- a\n", "Config field '(root)' has wrong type"),
            ("name: c\nrules: abc\n", "Config field 'rules' has wrong type"),
            ("name: c\nstates: []\n", "Config field 'states' has wrong type"),
            ("name: c\nstates: {A: 3}\n", "Invalid states entry: 'A': 3"),
            ("name: c\nstates: {A: abc}\n", "Invalid dotted path in states['A']: 'abc'"),
            ("name: c\nstates: {}\npacks: []\n", "Cannot specify both 'states' and 'packs'"),
            ("name: c\ninitial_state: null\n", "Config field 'initial_state' has wrong type"),
            ("name: c\ninitial_state: Nope\n", "Unknown state: 'Nope'"),
            ("rules: abc\ninitial_state: 5\n", "Config missing required field: 'name'"),
        ],
    )
    def test_words_of_old(self, write, capsys, arguments, text, what):
        """Each command ends with the error that the original's loader and registry have."""
        outcome = call(*arguments, "--config", write(text), capsys=capsys)
        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err.startswith(f"Error: {what}\nWhy: ")
        assert "\nFix: " in outcome.err

    def test_classes_of_old(self, write):
        """Who calls the commands can tell the errors apart, and read their facts."""
        path = write("rules: []\n")
        with pytest.raises(ConfigError) as caught:
            asyncio.run(cmd_register(Namespace(config=str(path), start=False)))
        facts = caught.value.context.items
        assert (facts["config_path"], facts["field"]) == (str(path), "name")
        assert caught.value.__context__ is None
        write("name: c\ninitial_state: Nope\n")
        with pytest.raises(StateError):
            asyncio.run(cmd_register(Namespace(config=str(path), start=False)))

    def test_what_only_packs_can_have(self, write, capsys):
        """All problems of a pack are told at once."""
        pack = "pack: p\nstates: {A: }\ntransitions: [{from: A, message: m, to: B}]\n"
        outcome = call("register", "--config", write(pack), capsys=capsys)
        assert "Error: Unknown state 'B'\n" in outcome.err
        write("pack: p\nstates: 5\nguards: 5\n", "p.yaml")
        config = write("name: c\npacks: [p.yaml]\n")
        outcome = call("register", "--config", config, capsys=capsys)
        assert (outcome.code, outcome.err[:17]) == (1, "Error: 2 problems")
        write("name: c\npacks: [none.yaml]\n")
        outcome = call("register", "--config", config, capsys=capsys)
        assert outcome.err.startswith("Error: Pack file not found: none.yaml\n")

    def test_a_config_that_loads_is_read_once(self, write, capsys, monkeypatch, tmp_path):
        """Its packs are made once, and nothing is left in the default registry."""
        write(
            """
            from flexiflow import MappingPack, State

            class Own(State):
                pass

            class Pack(MappingPack):
                def __init__(self):
                    print("made")
                    super().__init__({"Own": Own})
            """,
            "printing_pack.py",
        )
        monkeypatch.syspath_prepend(tmp_path)
        path = write("name: c\npacks: ['printing_pack:Pack']\ninitial_state: Own\n")
        outcome = call("register", "--config", path, capsys=capsys)
        assert (outcome.code, outcome.out) == (0, "made\n")
        assert "Own" not in DEFAULT_REGISTRY.names()

    def test_missing_config(self, capsys, tmp_path):
        """A missing file says so; who calls the command gets the built-in class."""
        path = tmp_path / "none.yaml"
        outcome = call("register", "--config", path, capsys=capsys)
        assert outcome.code == 1
        assert outcome.err.startswith(f"Error: File not found: {path}\nWhy: ")
        with pytest.raises(FileNotFoundError, match=r"none\.yaml"):
            asyncio.run(cmd_register(Namespace(config=str(path), start=False)))

    FAILING = """
        from flexiflow import State

        class Boom(State):
            async def handle_message(self, message, component):
                raise RuntimeError("boom")
    """

    def test_error_of_a_state(self, write, capsys, monkeypatch, tmp_path):
        """Whatever a state raises is told with its place; the traceback on demand."""
        write(self.FAILING, "failing_states.py")
        monkeypatch.syspath_prepend(tmp_path)
        path = write("name: c\ninitial_state: 'failing_states:Boom'\n")
        outcome = call("register", "--config", path, "--start", capsys=capsys)
        assert outcome.code == 1
        assert "Error: RuntimeError: boom" in outcome.err
        assert "failing_states.py, line 6" in outcome.err
        assert "Traceback" not in outcome.err
        monkeypatch.setenv("FLEXIFLOW_DEBUG", "1")
        outcome = call("register", "--config", path, "--start", capsys=capsys)
        assert "Traceback (most recent call last):" in outcome.err

    def test_ctrl_c(self, capsys, monkeypatch, config):
        """It ends quietly."""

        async def interrupted(args):
            raise KeyboardInterrupt

        monkeypatch.setattr("flexiflow.cli.cmd_register", interrupted)
        assert call("register", "--config", config, capsys=capsys) == (130, "", "")
