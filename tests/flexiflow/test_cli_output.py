"""What the command line writes to, and how a process of it ends."""

import runpy
import shlex
import signal
import subprocess
import sys

import pytest

from flexiflow import __version__
from flexiflow.cli import main
from tests.helpers.cli import call, command, start


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
