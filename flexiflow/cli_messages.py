"""Messages from standard input, one a line, read without holding up the event loop."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

from flexiflow.errors import ConfigError, ErrorContext, PackError
from flexiflow.problem_report import kind_of
from flexiflow.yaml_source import parse_yaml

__all__ = ["iter_input_lines", "parse_message"]

_CHUNK = 65_536
Line = bytes | OSError | None
"""A line of input, what ended it, or None at its end."""

_READ_AHEAD = 1_000
"""Lines that are read before the first of them has been handled."""


def parse_message(line: str, number: int) -> dict[str, Any] | None:
    """The message of a line: a type by itself, or a mapping in YAML or JSON; None for no message.

    Args:
        line: the line; an empty one and a comment are no message.
        number: its number, from 1, for errors.

    Raises:
        ConfigError: the line is something else.
    """
    text = line.strip()
    if not text or text.startswith("#"):
        return None

    data = _parsed(text, number)
    if isinstance(data, str):
        return {"type": data}

    if isinstance(data, dict) and all(isinstance(key, str) for key in data):
        if isinstance(data.get("type"), str):
            return data

        raise _bad_line(number, text, "A message has a 'type' that is text.")

    raise _bad_line(number, text, f"YAML reads this as {kind_of(data)}: quote it if it is a type.")


def _parsed(text: str, number: int) -> Any:
    if text.startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            pass  # not JSON, so perhaps YAML's own way of writing a mapping in one line

    try:
        return parse_yaml(text)
    except PackError as error:
        why = error.problems[0].why or error.what
        raise _bad_line(number, text, why) from error


def _bad_line(number: int, text: str, why: str) -> ConfigError:
    return ConfigError(
        f"Line {number} is no message",
        why=why,
        fix="Write a type, such as: start, or a mapping, such as: {type: confirm, content: yes}",
        context=ErrorContext({"line": number, "text": text[:200]}),
    )


async def iter_input_lines() -> AsyncIterator[str]:
    """The lines of standard input as they come.

    A thread reads them, as only that works alike for terminals, pipes and files on every system. It
    reads past Python's own buffer, whose lock it would hold when the program ends.

    Raises:
        OSError: it cannot be read, such as a folder.
    """
    if sys.stdin is None:  # closed by who started the program
        return

    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[Line] = asyncio.Queue()
    room = threading.Semaphore(_READ_AHEAD)
    done = threading.Event()

    def put(line: Line) -> bool:
        room.acquire()
        if done.is_set():
            return False

        loop.call_soon_threadsafe(lines.put_nowait, line)
        return True

    reader = threading.Thread(
        target=_read_lines, args=(sys.stdin.fileno(), put), name="standard input", daemon=True
    )
    reader.start()
    try:
        while (line := await lines.get()) is not None:
            room.release()
            if isinstance(line, OSError):
                raise line

            yield line.decode("utf-8", "replace")
    finally:
        done.set()
        room.release()


def _read_lines(descriptor: int, put: Callable[[Line], bool]) -> None:
    """Hands on each line, and None at the end; ends when nobody takes them any more."""
    rest = b""
    try:
        while chunk := os.read(descriptor, _CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            if not all(map(put, lines)):
                return
    except OSError as error:
        put(error)
        return

    if not rest or put(rest):
        put(None)
