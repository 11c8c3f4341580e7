"""Running flows from the command line."""

import io
import json
import os
import signal
import sqlite3
import sys
from pathlib import Path

import pytest

from flexiflow import cli_messages
from flexiflow.cli_messages import parse_message
from flexiflow.errors import ConfigError
from flexiflow.extras.persist_sqlite import list_snapshots, load_latest_snapshot
from tests.helpers.cli import call, start

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"

FLOW = """
    pack: door
    context: {pushes: 0}
    states: {Shut: , Open: }
    transitions:
      - from: Shut
        message: push
        to: Open
        do:
          - set: {pushes: context.pushes + 1}
          - emit: {event: door.pushed, data: {by: message.who}}
      - {from: Open, after: 30s, to: Shut}
      - from: Open
        message: count
        do:
          - set: {pushes: context.pushes + 1}
"""


@pytest.fixture
def flow(write):
    return write(FLOW, "door.yaml")


def events_of(outcome):
    return [json.loads(line) for line in outcome.out.splitlines()]


def names_of(outcome):
    return [event.get("event") for event in events_of(outcome)]


class TestMessages:
    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("start\n", {"type": "start"}),
            ("  'on'  ", {"type": "on"}),
            ("{type: confirm, content: confirmed}", {"type": "confirm", "content": "confirmed"}),
            ('{"type": "pay", "amount": 1e3}', {"type": "pay", "amount": 1000.0}),
            ("type: go", {"type": "go"}),
            ('{"type": "\\u00fc"}', {"type": "ü"}),
            ("", None),
            ("   \n", None),
            ("# a comment", None),
        ],
    )
    def test_line(self, line, message):
        """A type by itself, or a mapping in YAML or JSON."""
        assert parse_message(line, 1) == message

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("on", "a boolean"),
            ("5", "a number"),
            ("[a]", "a list"),
            ("{a: 1}", "'type'"),
            ("{type: 5}", "'type'"),
            ("{5: 1}", "a mapping"),
            ("{type: x", "YAML"),
            ('{"type": ' + "[" * 100_000, "YAML"),
        ],
    )
    def test_no_message(self, line, why):
        """The error names the line and what it is."""
        with pytest.raises(ConfigError, match="Line 7 is no message") as caught:
            parse_message(line, 7)
        assert why in caught.value.why or why == "YAML"
        assert caught.value.context.items["line"] == 7


class TestInput:
    def test_events_are_lines_of_json(self, flow, capsys):
        """One object an event: time, name and data, those of actions included."""
        outcome = call("run", flow, capsys=capsys, stdin="{type: push, who: me}\nnope\n")
        assert outcome.code == 0
        assert names_of(outcome) == [
            "engine.component.registered",
            "component.message.received",
            "door.pushed",
            "state.changed",
            "component.message.received",
            "component.message.ignored",
        ]
        assert events_of(outcome)[2]["data"] == {"by": "me"}
        assert all(event["time"] >= 0 for event in events_of(outcome))
        assert outcome.err == "door is in Open after 6 events\n"

    def test_json_summary(self, flow, capsys):
        """The summary is a line of JSON too."""
        outcome = call("run", flow, "--json", capsys=capsys, stdin="count\n{type: push, who: 1}")
        assert events_of(outcome)[-1] == {
            "summary": {"component": "door", "state": "Open", "context": {"pushes": 1}, "events": 6}
        }
        assert outcome.err == ""

    def test_bad_line(self, flow, capsys):
        """It ends the run; what came before it has happened."""
        outcome = call("run", flow, capsys=capsys, stdin="{type: push, who: 1}\n\non\npush\n")
        assert outcome.code == 1
        assert "Line 3 is no message" in outcome.err
        assert names_of(outcome)[-1] == "state.changed"

    def test_error_as_json(self, flow, capsys):
        """With --json an error is one object on standard error."""
        outcome = call("run", flow, "--json", capsys=capsys, stdin="on\n")
        assert json.loads(outcome.err)["error"]["what"] == "Line 1 is no message"

    def test_bad_flow(self, write, capsys):
        """What keeps a flow from loading, with its place."""
        outcome = call("run", write("pack: p\nstates: {A: }\ntransitions: [{}]\n"), capsys=capsys)
        assert outcome.code == 1
        assert "line=3" in outcome.err

    def test_untrusted_file(self, write, capsys):
        """Nothing is imported when that is forbidden."""
        path = write("name: c\nstates: {A: 'json:loads'}\n")
        outcome = call("run", path, "--no-imports", capsys=capsys)
        assert outcome.code == 1
        assert "Refused: 'json:loads' is Python code" in outcome.err

    def test_many_lines(self, flow, capsys, monkeypatch):
        """Reading waits for handling, and every line is handled."""
        monkeypatch.setattr(cli_messages, "_READ_AHEAD", 3)
        monkeypatch.setattr(cli_messages, "_CHUNK", 7)
        outcome = call("run", flow, capsys=capsys, stdin="{type: push, who: 1}\n" + "count\n" * 50)
        assert names_of(outcome).count("component.message.handled") == 50

    def test_error_with_much_input_left(self, flow, capsys, monkeypatch):
        """What reads the input ends with the run."""
        monkeypatch.setattr(cli_messages, "_READ_AHEAD", 2)
        assert call("run", flow, capsys=capsys, stdin="on\n" * 100).code == 1

    def test_terminal(self, flow, capsys, monkeypatch):
        """A person is told what to do."""
        monkeypatch.setattr("flexiflow.cli_run.sys", FakeTerminal(sys))
        assert "Type messages" in call("run", flow, capsys=capsys).err

    def test_python_states(self, write, capsys, monkeypatch, tmp_path):
        """What a state raises ends the run."""
        write(
            """
            from flexiflow import State

            class Boom(State):
                async def handle_message(self, message, component):
                    raise ValueError("boom")
            """,
            "raising_states.py",
        )
        monkeypatch.syspath_prepend(tmp_path)
        path = write("name: c\ninitial_state: 'raising_states:Boom'\n")
        outcome = call("run", path, capsys=capsys, stdin="x\n")
        assert outcome.code == 1
        assert "ValueError: boom" in outcome.err


class FullDisk(io.StringIO):
    """An output that takes one line."""

    def write(self, text):
        if self.tell():
            raise OSError(28, "No space left on device")
        return super().write(text)


def test_output_that_fails(flow, capsys, monkeypatch):
    """A disk that is full ends the run, although subscribers' errors are nobody's else."""
    monkeypatch.setattr(sys, "stdout", FullDisk())
    outcome = call("run", flow, capsys=capsys, stdin="{type: push, who: 1}\ncount\n")
    assert outcome.code == 1
    assert "No space left on device" in outcome.err


class FakeTerminal:
    """The module ``sys`` with a standard input that is a terminal."""

    def __init__(self, real):
        self.stdin = self
        self.fileno = real.stdin.fileno

    def isatty(self):
        return True


class TestState:
    def states(self, path):
        connection = sqlite3.connect(path)
        rows = list_snapshots(connection, "door", limit=-1)
        connection.close()
        return [row["current_state"] for row in rows][::-1]

    def test_every_change_is_stored(self, flow, capsys, tmp_path):
        """And the end of the run, when something else has changed since."""
        database = tmp_path / "door.db"
        call("run", flow, "--state", database, capsys=capsys, stdin="{type: push, who: 1}\ncount\n")
        assert self.states(database) == ["Open", "Open"]
        connection = sqlite3.connect(database)
        assert load_latest_snapshot(connection, "door").context == {"pushes": 2}
        connection.close()

    def test_goes_on(self, flow, capsys, tmp_path):
        """The next run starts where this one ended."""
        database = tmp_path / "door.db"
        call("run", flow, "--state", database, capsys=capsys, stdin="{type: push, who: 1}\n")
        outcome = call("run", flow, "--state", database, "--json", capsys=capsys, stdin="count\n")
        assert "component.restored" in names_of(outcome)
        assert events_of(outcome)[-1]["summary"]["context"] == {"pushes": 2}

    def test_nothing_new_is_not_stored_twice(self, flow, capsys, tmp_path):
        """The last change is the last row."""
        database = tmp_path / "door.db"
        call("run", flow, "--state", database, capsys=capsys, stdin="{type: push, who: 1}\n")
        assert self.states(database) == ["Open"]

    def test_no_database(self, flow, capsys, tmp_path):
        """A file that is none is an error."""
        path = tmp_path / "no.db"
        path.write_text("this is no database at all, but long enough to be one" * 50)
        outcome = call("run", flow, "--state", path, capsys=capsys)
        assert outcome.code == 1
        assert f"Cannot use database: {path}" in outcome.err

    def test_database_that_fails_later(self, flow, capsys, tmp_path):
        """A database that cannot be written ends the run."""
        path = tmp_path / "door.db"
        call("run", flow, "--state", path, capsys=capsys, stdin="{type: push, who: 1}\n")
        connection = sqlite3.connect(path)
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON flexiflow_snapshots "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        connection.execute("UPDATE flexiflow_snapshots SET snapshot_json = replace("
                           "snapshot_json, 'Open', 'Shut')")  # fmt: skip
        connection.commit()
        connection.close()
        outcome = call(
            "run", flow, "--state", path, capsys=capsys, stdin="{type: push, who: 1}\ncount\n"
        )
        assert outcome.code == 1
        assert "disk full" in outcome.err

    def test_folder_that_is_not_there(self, flow, capsys, tmp_path):
        """A database that cannot be made is an error."""
        outcome = call("run", flow, "--state", tmp_path / "none" / "x.db", capsys=capsys)
        assert outcome.code == 1
        assert "Cannot use database" in outcome.err

    def test_ctrl_c_keeps_what_is_stored(self, flow, tmp_path):
        """A run that is interrupted loses nothing that it has told."""
        database = tmp_path / "door.db"
        process = start("run", flow, "--state", database)
        process.stdin.write("{type: push, who: 1}\n")
        process.stdin.flush()
        while "state.changed" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 130
        assert self.states(database) == ["Open"]


class TestScenario:
    def test_shared_flow(self, capsys, tmp_path):
        """The order flow's own scenario, in virtual time."""
        outcome = call(
            "run", EXAMPLES / "order.yaml", "--scenario", EXAMPLES / "order.scenario.yaml",
            "--state", tmp_path / "order.db", "--json", capsys=capsys,
        )  # fmt: skip
        assert outcome.code == 0
        assert events_of(outcome)[-1]["summary"]["state"] == "Delivered"
        assert "order.paid" in names_of(outcome)

    def test_time_passes_at_once(self, flow, write, capsys):
        """Waiting takes no real time, events carry the time of the play."""
        scenario = write(
            """
            scenario: s
            steps:
              - send: {type: push, who: 1}
              - wait: 1h
              - expect: {state: Shut, events: [door.pushed, state.changed, state.changed]}
            """,
            "s.yaml",
        )
        outcome = call("run", flow, "--scenario", scenario, capsys=capsys)
        assert outcome.code == 0
        assert events_of(outcome)[-1]["time"] == 30

    def test_events_that_only_the_scenario_names(self, write, capsys, monkeypatch, tmp_path):
        """Those of Python states are watched when an expectation names them."""
        write(
            """
            from flexiflow import State

            class Loud(State):
                async def handle_message(self, message, component):
                    await component.event_bus.publish("my.event", {"n": 1})
                    return False, self
            """,
            "loud_states.py",
        )
        monkeypatch.syspath_prepend(tmp_path)
        path = write("name: c\ninitial_state: 'loud_states:Loud'\n")
        scenario = write(
            "scenario: s\nsteps:\n  - send: x\n  - expect: {events: [my.event]}\n", "s.yaml"
        )
        outcome = call("run", path, "--scenario", scenario, capsys=capsys)
        assert outcome.code == 0
        assert "my.event" in names_of(outcome)

    def test_failed_expectation(self, flow, write, capsys):
        """Exit code 1; what was expected, what was found, step and line."""
        scenario = write("scenario: s\nsteps:\n  - send: x\n  - expect: {state: Open}\n", "s.yaml")
        outcome = call("run", flow, "--scenario", scenario, capsys=capsys)
        assert outcome.code == 1
        assert "Step 2 (line 4): expected the state to be 'Open', found 'Shut'" in outcome.err

    def test_starts_anew(self, flow, write, capsys, tmp_path):
        """A scenario does not go on from what is stored."""
        database = tmp_path / "door.db"
        call("run", flow, "--state", database, capsys=capsys, stdin="{type: push, who: 1}\n")
        scenario = write("scenario: s\nsteps:\n  - expect: {state: Shut}\n", "s.yaml")
        outcome = call("run", flow, "--scenario", scenario, "--state", database, capsys=capsys)
        assert outcome.code == 0

    def test_missing_scenario(self, flow, capsys, tmp_path):
        """A missing file says so."""
        outcome = call("run", flow, "--scenario", tmp_path / "none.yaml", capsys=capsys)
        assert outcome.code == 1
        assert "none.yaml" in outcome.err


def test_input_that_stays_open(flow):
    """Messages are handled as they come, not when the input ends."""
    process = start("run", flow)
    process.stdin.write("{type: push, who: 1}\n")
    process.stdin.flush()
    seen = ""
    while "state.changed" not in seen:
        seen = process.stdout.readline()
    out, err = process.communicate("count", timeout=30)
    assert process.returncode == 0
    assert "component.message.handled" in out
    assert "door is in Open" in err


def test_input_that_cannot_be_read(flow, capsys, monkeypatch, tmp_path):
    """A folder in the place of input is an error."""
    descriptor = os.open(tmp_path, os.O_RDONLY)
    module = FakeTerminal(sys)
    module.fileno = lambda: descriptor
    monkeypatch.setattr("flexiflow.cli_messages.sys", module)
    outcome = call("run", flow, capsys=capsys)
    os.close(descriptor)
    assert outcome.code == 1
    assert "IsADirectoryError" in outcome.err


def test_no_input(flow, capsys, monkeypatch):
    """Where standard input is closed there are no messages."""
    module = FakeTerminal(sys)
    module.stdin = None
    monkeypatch.setattr("flexiflow.cli_run.sys", module)
    monkeypatch.setattr("flexiflow.cli_messages.sys", module)
    assert call("run", flow, capsys=capsys).code == 0


def test_binary_input(flow):
    """Bytes that are no text are a bad line."""
    process = start("run", flow)
    os.write(process.stdin.fileno(), b"\xff\xfe\x00\n")
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Line 1 is no message" in err
