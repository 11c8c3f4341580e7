"""Calls the command line: in this process, or in one of its own."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flexiflow.cli import main

__all__ = ["Outcome", "call", "command", "start"]

_ROOT = Path(__file__).parents[2]


class Outcome(NamedTuple):
    """How a call ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def call(*arguments: object, capsys: Any, stdin: str = "") -> Outcome:
    """Runs ``main`` in this process."""
    reading, writing = os.pipe()
    with pytest.MonkeyPatch.context() as patch, os.fdopen(reading) as standard_input:
        patch.setattr(sys, "stdin", standard_input)
        # A handler made while output is captured must not outlive that.
        patch.setattr(logging.getLogger("flexiflow"), "handlers", [])
        patch.setattr(logging.getLogger("flexiflow"), "level", logging.NOTSET)
        with os.fdopen(writing, "w") as pipe:
            pipe.write(stdin)

        code: Any = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code
            if isinstance(code, str):
                sys.stderr.write(f"{code}\n")
                code = 1

        for thread in threading.enumerate():
            if thread.name == "standard input":
                thread.join(20)  # before its file is closed

    captured = capsys.readouterr()
    return Outcome(code or 0, captured.out, captured.err)


def command(*arguments: object) -> Sequence[str]:
    """The command line of a process of its own."""
    return [sys.executable, "-m", "flexiflow", *map(str, arguments)]


def start(*arguments: object, **options: Any) -> "subprocess.Popen[str]":
    """Starts such a process with pipes for what it reads and writes."""
    environment = os.environ | {"PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"}
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(
        command(*arguments), text=True, env=environment, **({**pipes, **options})
    )
