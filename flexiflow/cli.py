"""The command line: ``flexiflow``, or ``python -m flexiflow``."""

from __future__ import annotations

import argparse
import asyncio
import inspect
import os
import traceback
from collections.abc import Sequence
from typing import Any

from flexiflow.cli_component import (
    _resolve_config_path,
    cmd_handle,
    cmd_register,
    cmd_update_rules,
)
from flexiflow.cli_diagnose import cmd_diagnose
from flexiflow.cli_output import silence_output, write_error
from flexiflow.cli_parser import build_parser
from flexiflow.errors import FlexiFlowError
from flexiflow.safe_text import safe_str

__all__ = [
    "_resolve_config_path",
    "build_parser",
    "cmd_diagnose",
    "cmd_handle",
    "cmd_register",
    "cmd_update_rules",
    "main",
]

_DEBUG = "FLEXIFLOW_DEBUG"
_INTERRUPTED = 130
"""What a shell reports for a program that Ctrl-C ended."""

_PIPE_CLOSED = 141
"""... and for one whose reader went away."""


def main(argv: Sequence[str] | None = None) -> None:
    """Runs one command.

    Args:
        argv: the arguments; those of the process by default.

    Raises:
        SystemExit: with 1 when the command failed, 2 when the arguments are wrong.
    """
    args = build_parser().parse_args(argv)
    try:
        _run(args)
    except KeyboardInterrupt:
        raise SystemExit(_INTERRUPTED) from None
    except BrokenPipeError:
        silence_output()
        raise SystemExit(_PIPE_CLOSED) from None
    except FlexiFlowError as error:
        write_error(error, as_json=getattr(args, "json", False))
        raise SystemExit(1) from error
    except Exception as error:
        if os.environ.get(_DEBUG):
            traceback.print_exc()

        write_error(_unexpected(error), as_json=getattr(args, "json", False))
        raise SystemExit(1) from error


def _run(args: argparse.Namespace) -> None:
    """Runs the command; one that has a name here is what that name means now."""
    command = globals().get(f"cmd_{args.command}", args.run)
    result = command(args)
    if inspect.iscoroutine(result):
        with asyncio.Runner() as runner:
            runner.get_loop().set_exception_handler(_report)
            runner.run(result)


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tells of errors that nobody waits for; Ctrl-C is none, whatever task it has hit."""
    if not isinstance(context.get("exception"), KeyboardInterrupt):
        loop.default_exception_handler(context)


def _unexpected(error: Exception) -> FlexiFlowError:
    """An error that is none of the library's, for the person at the terminal."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return FlexiFlowError(
        f"{type(error).__name__}: {safe_str(error)}",
        why=f"It was raised in {frame.name}, {frame.filename}, line {frame.lineno}.",
        fix=f"Set the environment variable {_DEBUG}=1 to see how it came to that.",
    )


if __name__ == "__main__":
    main()
