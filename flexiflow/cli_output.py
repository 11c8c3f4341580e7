"""What the command line writes, and how it ends when nobody listens any more."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from flexiflow.errors import FlexiFlowError
from flexiflow.json_text import to_json

__all__ = ["silence_output", "write_error", "write_line", "write_note"]


def write_line(text: str) -> None:
    """Writes a line to standard output and sees it off at once."""
    _write(sys.stdout, text)


def write_note(text: str) -> None:
    """Writes a line for the person at the terminal, to standard error."""
    _write(sys.stderr, text)


def write_error(error: FlexiFlowError, *, as_json: bool = False) -> None:
    """Writes an error to standard error: as text, or as one JSON object."""
    if not as_json:
        place = error.unsaid_place()
        write_note(f"Error: {error}" + (f"\nAt: {place}" if place else ""))
        return

    facts = {"what": error.what, "why": error.why, "fix": error.fix}
    write_note(to_json({"error": {**facts, "context": error.context.items}}))


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # closed by who started the program
        return

    try:
        stream.write(f"{text}\n")
    except UnicodeEncodeError:
        # A terminal of another encoding, or a lone surrogate: what it lacks is escaped.
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")

    stream.flush()


def silence_output() -> None:
    """Writes nothing more to a pipe that is closed, so that Python has no complaint at exit."""
    if sys.stdout is None:
        return

    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, sys.stdout.fileno())
    os.close(descriptor)
