"""The command line: the commands of old."""

import asyncio
import inspect
import json
import logging
import re
from argparse import Namespace

import pytest

from flexiflow.cli import (
    _resolve_config_path,
    cmd_diagnose,
    cmd_handle,
    cmd_register,
    cmd_update_rules,
    main,
)
from flexiflow.logger import _correlation_id
from tests.helpers.cli import call

NO_CONFIG = "No config provided. Use --config or set FLEXIFLOW_CONFIG."


class TestConfigPath:
    def test_argument_first(self, monkeypatch):
        """The argument wins over the environment."""
        monkeypatch.setenv("FLEXIFLOW_CONFIG", "env.yaml")
        assert _resolve_config_path("arg.yaml") == "arg.yaml"
        assert _resolve_config_path(None) == "env.yaml"
        assert _resolve_config_path("") == "env.yaml"

    @pytest.mark.parametrize("value", [None, ""])
    def test_nothing(self, value, monkeypatch):
        """An empty variable counts as unset."""
        monkeypatch.setenv("FLEXIFLOW_CONFIG", "")
        with pytest.raises(SystemExit) as caught:
            _resolve_config_path(value)
        assert caught.value.code == NO_CONFIG

    @pytest.mark.parametrize("arguments", [["register"], ["handle", "x"], ["update_rules", "r"]])
    def test_without_config(self, arguments, capsys):
        """The text goes to standard error."""
        outcome = call(*arguments, capsys=capsys)
        assert outcome == (1, "", f"{NO_CONFIG}\n")


class TestRegister:
    def test_log(self, config, capsys):
        """The registration is logged on standard error, nothing is printed."""
        outcome = call("register", "--config", config, capsys=capsys)
        assert (outcome.code, outcome.out) == (0, "")
        assert "INFO" in outcome.err
        assert "Registered component: comp" in outcome.err
        assert "transitioned" not in outcome.err

    def test_event(self, config, monkeypatch):
        """The registration is published before the run ends."""
        published = []

        async def publish(_bus, event_name, data=None, **_modes):
            published.append((event_name, data))

        monkeypatch.setattr("flexiflow.event_manager.AsyncEventManager.publish", publish)
        main(["register", "--config", str(config)])
        assert published == [("engine.component.registered", {"component": "comp"})]

    def test_start(self, config, capsys, monkeypatch):
        """The message start is sent; the config may come from the environment."""
        monkeypatch.setenv("FLEXIFLOW_CONFIG", str(config))
        outcome = call("register", "--start", capsys=capsys)
        assert "comp transitioned to AwaitingConfirmation" in outcome.err

    def test_each_run_has_an_id(self, config, capsys):
        """All log lines of a run carry the same correlation id, each run another one."""
        ids = set()
        for _ in range(2):
            err = call("register", "--config", config, "--start", capsys=capsys).err
            found = set(re.findall(r"cid=(\S+)", err))
            assert len(found) == 1
            ids |= found
        assert len(ids) == 2
        assert "-" not in ids
        assert _correlation_id.get() == "-"

    def test_main_returns_nothing(self, config):
        """Success is silent."""
        assert main(["register", "--config", str(config)]) is None


class TestHandle:
    def test_message(self, config, capsys):
        """A message that causes a transition."""
        outcome = call("handle", "--config", config, "start", capsys=capsys)
        assert outcome.code == 0
        assert "comp transitioned to AwaitingConfirmation" in outcome.err

    def test_message_that_leads_nowhere(self, config, capsys):
        """It is a success too."""
        outcome = call("handle", "--config", config, "nope", capsys=capsys)
        assert outcome.code == 0
        assert "transitioned" not in outcome.err

    def test_content(self, config, capsys, tmp_path):
        """The content is part of the message; without it there is none."""
        state = tmp_path / "state.json"
        for arguments in (["start"], ["confirm"], ["confirm", "--content", "confirmed"]):
            call("handle", "--config", config, *arguments, "--state", state, capsys=capsys)
        assert json.loads(state.read_text())["current_state"] == "ProcessingRequest"

    def test_nothing_is_remembered_by_default(self, config, capsys):
        """Each run starts in the config's initial state."""
        call("register", "--config", config, "--start", capsys=capsys)
        outcome = call("handle", "--config", config, "cancel", capsys=capsys)
        assert "transitioned" not in outcome.err

    @pytest.mark.parametrize("name", ["state.json", "state.db"])
    def test_state_file(self, config, capsys, tmp_path, name):
        """With one, a run goes on where the last one ended."""
        state = tmp_path / name
        call("register", "--config", config, "--start", "--state", state, capsys=capsys)
        outcome = call("handle", "--config", config, "cancel", "--state", state, capsys=capsys)
        assert "comp transitioned to InitialState" in outcome.err

    def test_state_file_of_another_component(self, config, write, capsys, tmp_path):
        """It is refused."""
        state = tmp_path / "state.json"
        other = write("name: other\n", "other.yaml")
        call("register", "--config", other, "--state", state, capsys=capsys)
        outcome = call("register", "--config", config, "--state", state, capsys=capsys)
        assert outcome.code == 1
        assert "State file is of another component: 'other'" in outcome.err

    def test_yaml_pack(self, write, capsys):
        """A pack by itself is a component too."""
        pack = write("pack: p\nstates: {A: , B: }\ntransitions: [{from: A, message: go, to: B}]\n")
        assert "p transitioned to B" in call("handle", "--config", pack, "go", capsys=capsys).err


class TestUpdateRules:
    def test_log(self, config, write, capsys):
        """The number of all rules is logged."""
        rules = write("rules: [{b: 1}, {c: 2}]\n", "rules.yaml")
        outcome = call("update_rules", "--config", config, rules, capsys=capsys)
        assert (outcome.code, outcome.out) == (0, "")
        assert "comp rules updated. Total rules: 3" in outcome.err

    def test_rules_are_kept_in_a_state_file(self, config, write, capsys, tmp_path):
        """With a state file they are there the next time."""
        rules = write("rules: [{b: 1}]\n", "rules.yaml")
        state = tmp_path / "state.json"
        for _ in range(2):
            call("update_rules", "--config", config, rules, "--state", state, capsys=capsys)
        assert json.loads(state.read_text())["rules"] == [{"a": 1}, {"b": 1}, {"b": 1}]

    @pytest.mark.parametrize("text", ["rules: 5\n", "rules: [\n"])
    def test_bad_rules(self, config, write, capsys, text):
        """An error of the library, as text."""
        outcome = call("update_rules", "--config", config, write(text, "r.yaml"), capsys=capsys)
        assert outcome.code == 1
        assert "Why: " in outcome.err
        assert "r.yaml, line 1, column 8" in outcome.err or "line=2" in outcome.err

    def test_missing_rules(self, config, capsys, tmp_path):
        """A missing file says so."""
        outcome = call("update_rules", "--config", config, tmp_path / "none.yaml", capsys=capsys)
        assert outcome.code == 1
        assert "File not found" in outcome.err


class TestCoroutines:
    def test_kinds(self):
        """Three are coroutine functions, diagnose is a plain one."""
        for function in (cmd_register, cmd_handle, cmd_update_rules):
            assert inspect.iscoroutinefunction(function)
        assert not inspect.iscoroutinefunction(cmd_diagnose)

    def test_namespace_of_old(self, config, capsys):
        """They take a namespace with the original's attributes."""
        logging.getLogger("flexiflow").handlers.clear()
        asyncio.run(cmd_register(Namespace(config=str(config), start=True)))
        asyncio.run(cmd_handle(Namespace(config=str(config), message_type="start", content="x")))
        logging.getLogger("flexiflow").handlers.clear()
        assert capsys.readouterr().err.count("comp transitioned to AwaitingConfirmation") == 2


def test_commands_go_by_their_names(monkeypatch, config):
    """What a command's name in the module means is what runs."""
    seen = []
    for name in ("register", "handle", "update_rules", "diagnose"):
        monkeypatch.setattr(f"flexiflow.cli.cmd_{name}", lambda args: seen.append(args.command))

    for arguments in (["register"], ["handle", "x"], ["update_rules", "r"], ["diagnose"]):
        main(arguments)
    assert seen == ["register", "handle", "update_rules", "diagnose"]
