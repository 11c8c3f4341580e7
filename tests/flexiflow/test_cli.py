"""The command line: the commands of old, and how every command ends."""

import asyncio
import inspect
import json
import logging
import re
import runpy
import shlex
import signal
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from types import ModuleType

import pytest

from flexiflow import __version__, cli_diagnose
from flexiflow.cli import (
    _resolve_config_path,
    build_parser,
    cmd_diagnose,
    cmd_handle,
    cmd_register,
    cmd_update_rules,
    main,
)
from flexiflow.errors import ConfigError, StateError
from flexiflow.logger import _correlation_id
from flexiflow.state_machine import DEFAULT_REGISTRY
from tests.helpers.cli import call, command, start

NO_CONFIG = "No config provided. Use --config or set FLEXIFLOW_CONFIG."


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    monkeypatch.delenv("FLEXIFLOW_CONFIG", raising=False)
    monkeypatch.delenv("FLEXIFLOW_DEBUG", raising=False)


@pytest.fixture
def config(write):
    return write("name: comp\nrules:\n  - a: 1\n")


ABBREVIATIONS = ("--s", "--st", "--sta", "--star")


class TestParser:
    def test_description(self):
        """An ordinary parser."""
        parser = build_parser()
        assert isinstance(parser, ArgumentParser)
        assert (parser.description, parser.prog) == ("FlexiFlow CLI", "flexiflow")

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            (["register"], {"command": "register", "config": None, "start": False}),
            (["register", "--config", "c", "--start"], {"config": "c", "start": True}),
            *((["register", part], {"start": True, "state": None}) for part in ABBREVIATIONS),
            (["handle", "go"], {"command": "handle", "message_type": "go", "content": ""}),
            (["handle", "go", "--content", "x"], {"content": "x"}),
            (["update_rules", "r.yaml"], {"command": "update_rules", "rule_file": "r.yaml"}),
            (["diagnose"], {"command": "diagnose", "diag_json": False}),
            (["diagnose", "--json"], {"diag_json": True}),
        ],
    )
    def test_commands(self, arguments, expected):
        """Each takes its arguments."""
        assert expected.items() <= vars(build_parser().parse_args(arguments)).items()

    @pytest.mark.parametrize(
        "arguments", [[], ["nope"], ["handle"], ["update_rules"], ["snapshots"]]
    )
    def test_wrong_usage(self, arguments, capsys):
        """It ends with 2, and says so on standard error."""
        outcome = call(*arguments, capsys=capsys)
        assert (outcome.code, outcome.out) == (2, "")
        assert "usage: flexiflow" in outcome.err

    def test_help(self, capsys):
        """The commands stand in their order, with examples."""
        outcome = call("--help", capsys=capsys)
        assert outcome.code == 0
        found = [
            outcome.out.index(name)
            for name in ("diagnose ", "register ", "handle ", "update_rules")
        ]
        assert found == sorted(found)
        assert "examples:" in outcome.out

    @pytest.mark.parametrize(
        "arguments",
        [
            *([name] for name in ("diagnose", "register", "handle", "update_rules")),
            *([name] for name in ("explain", "visualize", "run", "serve", "snapshots")),
            *(["snapshots", name] for name in ("list", "show", "diff", "prune")),
        ],
    )
    def test_help_of_each_command(self, arguments, capsys):
        """Each says what it does, with an example."""
        outcome = call(*arguments, "--help", capsys=capsys)
        assert outcome.code == 0
        assert "example:\n  " in outcome.out
        assert f"flexiflow {' '.join(arguments)}" in outcome.out

    @pytest.mark.parametrize("option", ["--version", "-V"])
    def test_version(self, option, capsys):
        """The version on standard output."""
        outcome = call(option, capsys=capsys)
        assert (outcome.code, outcome.out) == (0, f"flexiflow {__version__}\n")
        assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


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


class TestDiagnose:
    CHECKS = (
        "python.version", "platform", "package.version", "module.component", "module.engine",
        "module.event_manager", "module.state_machine", "module.config_loader", "extra.reload",
        "extra.api",
    )  # fmt: skip

    def test_json(self, capsys):
        """One object, all checks in order."""
        outcome = call("diagnose", "--json", capsys=capsys)
        assert outcome.code == 0
        found = json.loads(outcome.out)
        assert found["ok"] is True
        assert [check["check"] for check in found["checks"]] == list(self.CHECKS)
        assert all(list(check) == ["check", "value", "ok"] for check in found["checks"])
        assert found["checks"][2]["value"] == __version__
        assert found["checks"][3]["value"] == "ok"
        assert outcome.out.startswith('{\n  "ok": true,\n  "checks": [')

    def test_text(self, capsys):
        """A verdict, an empty line, a line for each check."""
        lines = call("diagnose", capsys=capsys).out.splitlines()
        assert lines[:2] == ["FlexiFlow environment: OK", ""]
        assert lines[4] == f"  [OK] package.version: {__version__}"
        assert len(lines) == 2 + len(self.CHECKS)

    def test_missing_extra_is_no_issue(self, capsys, monkeypatch):
        """It is told, and fine."""
        monkeypatch.setattr(cli_diagnose, "_EXTRAS", {"api": "nowhere_at_all"})
        outcome = call("diagnose", capsys=capsys)
        assert outcome.code == 0
        assert "  [OK] extra.api: not installed" in outcome.out

    def test_extra_without_a_spec(self, capsys, monkeypatch):
        """What can be imported is there, however it came to be."""
        monkeypatch.setitem(sys.modules, "watchfiles", ModuleType("watchfiles"))
        assert "  [OK] extra.reload: installed" in call("diagnose", capsys=capsys).out

    def test_extra_that_cannot_be_imported(self, write, capsys, monkeypatch, tmp_path):
        """It is as good as not there."""
        write("raise RuntimeError('half of it is missing')\n", "watchfiles.py")
        monkeypatch.delitem(sys.modules, "watchfiles", raising=False)
        monkeypatch.syspath_prepend(tmp_path)
        outcome = call("diagnose", capsys=capsys)
        assert outcome.code == 0
        assert "  [OK] extra.reload: not installed" in outcome.out

    def test_issue(self, capsys, monkeypatch):
        """A module that cannot be imported is one; then the exit code is 1."""
        monkeypatch.setitem(sys.modules, "flexiflow.engine", None)
        outcome = call("diagnose", capsys=capsys)
        assert outcome.code == 1
        assert outcome.out.startswith("FlexiFlow environment: ISSUES FOUND\n\n")
        assert "  [FAIL] module.engine: import of flexiflow.engine halted" in outcome.out
        assert json.loads(call("diagnose", "--json", capsys=capsys).out)["ok"] is False


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


def test_commands_go_by_their_names(monkeypatch, config):
    """What a command's name in the module means is what runs."""
    seen = []
    for name in ("register", "handle", "update_rules", "diagnose"):
        monkeypatch.setattr(f"flexiflow.cli.cmd_{name}", lambda args: seen.append(args.command))

    for arguments in (["register"], ["handle", "x"], ["update_rules", "r"], ["diagnose"]):
        main(arguments)
    assert seen == ["register", "handle", "update_rules", "diagnose"]


class Output:
    """A standard output that a test chooses, on a file of its own."""

    def __init__(self, path, encoding="ascii", error=None):
        self.file = path.open("w", encoding=encoding)
        self.encoding = encoding
        self.error = error
        self.fileno = self.file.fileno
        self.flush = self.file.flush

    def write(self, text):
        if self.error is not None:
            raise self.error
        return self.file.write(text)


class TestOutput:
    def test_what_the_encoding_lacks(self, config, capsys, monkeypatch, tmp_path):
        """It is escaped."""
        output = Output(tmp_path / "out.txt")
        monkeypatch.setattr(sys, "stdout", output)
        assert call("explain", config, capsys=capsys).code == 0
        output.file.close()
        assert "\\u2713 Valid" in (tmp_path / "out.txt").read_text()

    def test_reader_that_is_gone(self, config, capsys, monkeypatch, tmp_path):
        """The call ends quietly, and nothing more is written."""
        output = Output(tmp_path / "out.txt", error=BrokenPipeError())
        monkeypatch.setattr(sys, "stdout", output)
        assert call("explain", config, capsys=capsys) == (141, "", "")
        output.file.write("more")
        output.file.close()
        assert (tmp_path / "out.txt").read_text() == ""


class TestProcesses:
    @pytest.mark.parametrize("module", ["flexiflow", "flexiflow.cli"])
    def test_as_a_module(self, module):
        """Both ways start it."""
        done = subprocess.run(
            [sys.executable, "-m", module, "--version"], capture_output=True, text=True, check=True
        )
        assert done.stdout == f"flexiflow {__version__}\n"

    def test_importing_does_nothing(self):
        """Only running the module calls the command line."""
        assert runpy.run_module("flexiflow.__main__")["main"] is main

    @pytest.mark.parametrize("module", ["flexiflow", "flexiflow.cli"])
    @pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
    def test_running_does_something(self, module, capsys, monkeypatch):
        """The arguments are those of the process."""
        monkeypatch.setattr(sys, "argv", ["flexiflow", "--version"])
        with pytest.raises(SystemExit):
            runpy.run_module(module, run_name="__main__")
        assert capsys.readouterr().out.startswith("flexiflow ")

    def test_ctrl_c_in_a_process(self, write):
        """A run that waits for input ends quietly."""
        process = start("run", write("name: c\n"))
        assert "registered" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (130, "", "")

    BLOCKING = """
        import asyncio, time

        from flexiflow import State

        class Blocking(State):
            async def handle_message(self, message, component):
                if message["type"] == "start":
                    component.post({"type": "block"})
                    return False, self
                main = next(iter(asyncio.all_tasks() - {asyncio.current_task()}))
                print("asked", flush=True)
                while not main.cancelling():
                    time.sleep(0.01)
                print("told", flush=True)
                time.sleep(600)
        """

    def test_ctrl_c_twice(self, write, tmp_path, monkeypatch):
        """A state that holds up everything needs a second one, which ends it as quietly."""
        write(self.BLOCKING, "blocking_states.py")
        monkeypatch.chdir(tmp_path)
        config = write("name: c\ninitial_state: 'blocking_states:Blocking'\n")
        process = start("run", config)
        process.stdin.write("start\n")
        process.stdin.flush()
        for word in ("asked\n", "told\n"):
            while process.stdout.readline() != word:
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (130, "")

    def test_closed_pipe(self, write):
        """A reader that goes away ends the run quietly."""
        process = start("run", write("name: c\n"))
        process.stdout.readline()
        process.stdout.close()
        process.stdout = None
        process.communicate("start\n" * 50, timeout=30)
        assert process.returncode == 141

    def test_closed_pipe_leaves_no_complaint(self, write):
        """... without a word, also at the end of the interpreter."""
        path = write("name: c\n")
        line = f"yes start | {shlex.join(map(str, command('run', path)))} | head -n 1"
        done = subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, timeout=60, check=True
        )
        assert done.stdout.count("\n") == 1
        assert done.stderr == ""

    def test_closed_output(self, config):
        """Printing into a pipe that is closed from the start ends quietly as well."""
        line = f"{shlex.join(map(str, command('explain', config)))} | true"
        done = subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, timeout=60, check=True
        )
        assert done.stderr == ""

    @pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (("explain", "CONFIG"), 0),
            (("register", "--config", "CONFIG", "--start"), 0),
            (("register", "--config", "none.yaml"), 1),
            (("run", "CONFIG"), 0),
        ],
    )
    def test_closed_from_the_start(self, config, closing, arguments, code):
        """What cannot be written anywhere is not written, and nothing else changes."""
        told = [str(config) if argument == "CONFIG" else argument for argument in arguments]
        line = f"{shlex.join(map(str, command(*told)))} </dev/null {closing}"
        done = subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == code
        assert "Traceback" not in done.stderr

    def test_no_utf8_terminal(self, config, monkeypatch):
        """What an encoding lacks is escaped."""
        monkeypatch.setenv("PYTHONIOENCODING", "ascii")
        process = start("explain", config)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, "")
        assert "\\u2713 Valid" in out
