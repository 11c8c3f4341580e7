"""Reading YAML that anybody may have written: from a path to plain data, or to clear errors."""

from __future__ import annotations

import gc
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from flexiflow.errors import PackError, Problem
from flexiflow.problem_report import MAX_PROBLEMS, ProblemReport
from flexiflow.yaml_builder import (
    INVALID_SYNTAX,
    MAX_DEPTH,
    MAX_NODES,
    Builder,
    RefusedError,
    too_deep,
)
from flexiflow.yaml_places import LOADER, Position, breadcrumb, locate

__all__ = [
    "INVALID_SYNTAX",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Parsed",
    "Position",
    "begin_report",
    "breadcrumb",
    "locate",
    "parse_yaml",
    "paused_garbage_collector",
    "read_text",
    "scan_yaml",
]

MAX_BYTES = 32 * 1024 * 1024
_MARKED = yaml.MarkedYAMLError
_READER_ERROR = yaml.reader.ReaderError


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says.

    Attributes:
        data: its document; None when there is none.
        problems: duplicate keys; the data holds the last of each.
    """

    data: Any
    problems: tuple[Problem, ...] = ()


def read_text(path: str | Path) -> str:
    """The text of a file of at most 32 MiB.

    Raises:
        PackError: the file is missing (its cause is then a FileNotFoundError), is no ordinary
            file, is too large, cannot be read, or is no UTF-8.
    """
    name = str(path)
    try:
        with _ordinary(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise _unreadable(
            f"File not found: {name}", "There is no such file.", "Check the path.", name
        ) from error
    except (OSError, ValueError) as error:
        raise _unreadable(
            f"File cannot be read: {name}", f"The system says: {error}.", "Check the path.", name
        ) from error

    if len(content) > MAX_BYTES:
        raise _too_large(name)

    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        raise PackError(
            [
                Problem(
                    INVALID_SYNTAX,
                    f"The file is no UTF-8 text: {error.reason} at byte {error.start}.",
                    "Save it as UTF-8, and check that it is a text file at all.",
                    name,
                    line,
                    column,
                )
            ]
        ) from error


def _ordinary(path: str | Path) -> Path:
    """The path, if opening it can neither hang nor read for ever."""
    checked = Path(path)
    status = checked.stat()
    if stat.S_ISDIR(status.st_mode):
        raise _unreadable(
            f"Not a file but a folder: {path}",
            "A flow is a file.",
            "Name a file in that folder.",
            str(path),
        )

    if not (stat.S_ISREG(status.st_mode) or _is_null_device(status)):
        raise _unreadable(
            f"Not an ordinary file: {path}",
            "Devices and pipes have no end.",
            "Copy its content into a file.",
            str(path),
        )

    if status.st_size > MAX_BYTES:
        raise _too_large(str(path))

    return checked


def _is_null_device(status: os.stat_result) -> bool:
    """Whether it is the one device that ends at once."""
    return stat.S_ISCHR(status.st_mode) and os.path.samestat(status, Path(os.devnull).stat())


def parse_yaml(text: str, path: str | Path | None = None) -> Any:
    """The data of a YAML text, as ``yaml.safe_load`` reads it, with limits and no surprises.

    Args:
        text: one document, or none.
        path: the file it comes from, for errors.

    Raises:
        PackError: no YAML for PyYAML either (whose error is then the cause), a limit, a duplicate
            key, or data that holds itself.
    """
    data, report = begin_report(text, path)
    report.raise_if_any()
    return data


def begin_report(
    text: str, path: str | Path | None = None, *, data_tags: bool = False
) -> tuple[Any, ProblemReport]:
    """As :func:`scan_yaml`: the data, and a report of the text that has its duplicate keys."""
    parsed = scan_yaml(text, path, data_tags=data_tags)
    name = None if path is None else str(path)
    return parsed.data, ProblemReport(text, name, known=list(parsed.problems))


def scan_yaml(text: str, path: str | Path | None = None, *, data_tags: bool = False) -> Parsed:
    """As :func:`parse_yaml`, with duplicate keys handed back instead of raised.

    Args:
        text: one document, or none.
        path: the file it comes from, for errors.
        data_tags: whether tags may make sets, pairs, bytes and dates, as in the original's configs.
    """
    name = None if path is None else str(path)
    if len(text) > MAX_BYTES:
        raise _too_large(name)

    builder: Builder | None = None
    try:
        with paused_garbage_collector():
            parser = LOADER(text.removeprefix("\ufeff"))
            try:
                builder = Builder(parser, name, data_tags)
                return Parsed(builder.build(), tuple(builder.problems))
            finally:
                parser.dispose()
    except RefusedError as error:
        found = [] if builder is None else builder.problems[: MAX_PROBLEMS - 1]
        raise PackError([*found, error.problem]) from error.__cause__
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        raise PackError([_syntax_problem(error, text, name)]) from error


def _syntax_problem(error: Exception, text: str, path: str | None) -> Problem:
    line = column = None
    said = str(error)
    if isinstance(error, _MARKED):
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        if mark is not None:
            line, column = mark.line + 1, mark.column + 1
    elif isinstance(error, _READER_ERROR):
        said = f"{error.reason} (character {error.character!r})"
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")

    if "maximum nesting depth" in said:  # libyaml 0.2.6 looks far ahead, and has a limit too
        return too_deep(path, line, column)

    fix = "Correct the YAML at that place; look at its indentation, colons, quotes and brackets."
    if "\\t" in said:
        fix = "Indent with blanks: YAML does not allow tabs there."

    return Problem(INVALID_SYNTAX, f"The YAML reader says: {said}.", fix, path, line, column)


def _unreadable(what: str, why: str, fix: str, path: str) -> PackError:
    return PackError([Problem(what, why, fix, path)])


def _too_large(path: str | None) -> PackError:
    limit = MAX_BYTES // 1024 // 1024
    return PackError(
        [
            Problem(
                f"The file is larger than {limit} MiB",
                f"A flow of more than {limit} MiB is hardly one; it is refused unread.",
                "Check that it is the right file, or split it.",
                path,
            )
        ]
    )


@contextmanager
def paused_garbage_collector() -> Iterator[None]:
    """Loading makes many objects and no garbage; collecting meanwhile takes twice the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
