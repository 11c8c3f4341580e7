"""``flexiflow-designer``: arguments in, exit code out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from flexiflow.version import __version__

__all__ = ["main"]

_EPILOG = """examples:
  flexiflow-designer                      the welcome page
  flexiflow-designer order.yaml           a flow
  flexiflow-designer --play order.scenario.yaml --screenshot order.png order.yaml
                                          runs the flow live in the window, without a person,
                                          and ends with 1 when an expectation fails
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Starts the designer; returns its exit code."""
    arguments = _parser().parse_args(argv)
    if sys.version_info >= (3, 14):
        print(  # noqa: T201 - there is no window yet to say it in
            "The designer's event loop (qasync) does not work on Python 3.14 yet.\n"
            "Fix: start it with Python 3.11 to 3.13. The library itself runs on any of them.",
            file=sys.stderr,
        )
        return 1
    return _start(arguments)


def _start(arguments: argparse.Namespace) -> int:
    # Qt comes in after the arguments: --help and --version answer at once.
    from designer.app import DesignerApp, make_application
    from designer.host import asyncqt
    from designer.host.qt_messages import send_qt_messages_to_log
    from designer.host.settings import ThemeChoice

    send_qt_messages_to_log()
    application = make_application(sys.argv[:1])
    theme = ThemeChoice(arguments.theme) if arguments.theme else None
    app = DesignerApp(application, theme=theme)
    if arguments.play is None:
        return asyncqt.run(partial(app.run, arguments.files))

    from designer.shell.play import PlayOptions, play_in_window

    options = PlayOptions(
        flow=arguments.files[0] if arguments.files else None,
        scenario=arguments.play,
        screenshot=arguments.screenshot,
        events=arguments.events,
        snapshots=arguments.snapshots,
        size=arguments.size,
    )
    return asyncqt.run(partial(app.run, performance=partial(play_in_window, options)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="flexiflow-designer",
        description="Draws state flows, edits their rules, and runs them on the real engine.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="flows to open")
    parser.add_argument("--theme", choices=("system", "light", "dark"), help="for this time")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    play = parser.add_argument_group("without a person")
    play.add_argument("--play", type=Path, metavar="SCENARIO", help="plays it against the flow")
    play.add_argument("--screenshot", type=Path, metavar="PNG", help="the window while it runs")
    play.add_argument("--events", type=Path, metavar="JSONL", help="the events of the run")
    play.add_argument("--snapshots", type=Path, metavar="DB", help="the snapshots of the run")
    play.add_argument(
        "--size", type=_size, default=(1440, 900), metavar="WxH", help="of the window"
    )
    return parser


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    try:
        size = int(width), int(height)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 1440x900") from error
    if not all(200 <= side <= 10_000 for side in size):
        raise argparse.ArgumentTypeError(f"{text!r} is too small or too large for a window")
    return size


if __name__ == "__main__":
    sys.exit(main())
