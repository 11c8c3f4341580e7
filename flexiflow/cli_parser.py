"""The arguments that the command line takes, and its help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from flexiflow.cli_component import cmd_handle, cmd_register, cmd_update_rules
from flexiflow.cli_diagnose import cmd_diagnose
from flexiflow.cli_look import cmd_explain, cmd_visualize
from flexiflow.cli_run import cmd_run
from flexiflow.cli_serve import cmd_serve
from flexiflow.cli_snapshots import (
    cmd_snapshots_diff,
    cmd_snapshots_list,
    cmd_snapshots_prune,
    cmd_snapshots_show,
)
from flexiflow.version import __version__

__all__ = ["build_parser"]

_EPILOG = """\
examples:
  flexiflow explain order.yaml              what a flow says, and what is wrong with it
  flexiflow run order.yaml < messages.txt   run it with messages, one a line
  flexiflow visualize order.yaml            draw it

'flexiflow COMMAND --help' tells more. Errors go to standard error; then the exit code is 1.
"""
_STATE_HELP = "keep state here: loaded before, saved after; JSON, or SQLite for *.db"

Commands = Any
"""What ``add_subparsers`` gives; argparse has no public name for it."""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; the chosen command is ``command`` in its result."""
    parser = argparse.ArgumentParser(
        prog="flexiflow",
        description="FlexiFlow CLI",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", "-V", action="version", version=f"flexiflow {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_diagnose(commands)
    _add_register(commands)
    _add_handle(commands)
    _add_update_rules(commands)
    _add_explain(commands)
    _add_visualize(commands)
    _add_run(commands)
    _add_snapshots(commands)
    _add_serve(commands)
    return parser


def _add(
    commands: Commands, name: str, run: Callable[..., Any], help_text: str, example: str
) -> argparse.ArgumentParser:
    """One command, with its help and an example."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help_text,
        description=f"{help_text[0].upper()}{help_text[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _add_diagnose(commands: Commands) -> None:
    parser = _add(
        commands,
        "diagnose",
        cmd_diagnose,
        "check whether this installation is sound",
        "flexiflow diagnose --json",
    )
    parser.add_argument("--json", dest="diag_json", action="store_true", help="print JSON")


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config", metavar="PATH", help="the flow; default: the environment's FLEXIFLOW_CONFIG"
    )
    parser.add_argument("--state", metavar="FILE", help=_STATE_HELP)


def _add_register(commands: Commands) -> None:
    parser = _add(
        commands,
        "register",
        cmd_register,
        "load a config and register its component",
        "flexiflow register --config config.yaml --start",
    )
    _add_config(parser)
    parser.add_argument("--start", action="store_true", help="send it the message 'start'")
    # Abbreviations from before there was --state go on meaning what they did.
    parser.add_argument(
        "--s", "--st", "--sta", dest="start", action="store_true", help=argparse.SUPPRESS
    )


def _add_handle(commands: Commands) -> None:
    parser = _add(
        commands,
        "handle",
        cmd_handle,
        "let a component handle one message",
        "flexiflow handle --config config.yaml confirm --content confirmed --state state.json",
    )
    _add_config(parser)
    parser.add_argument("message_type", help="the message's type")
    parser.add_argument("--content", metavar="TEXT", default="", help="the message's content")


def _add_update_rules(commands: Commands) -> None:
    parser = _add(
        commands,
        "update_rules",
        cmd_update_rules,
        "add rules from a file to a component",
        "flexiflow update_rules --config config.yaml new_rules.yaml",
    )
    _add_config(parser)
    parser.add_argument("rule_file", help="a YAML file with a list 'rules'")


def _add_imports(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-imports",
        action="store_true",
        help="import no Python module that the file names; importing runs its code",
    )


def _add_explain(commands: Commands) -> None:
    parser = _add(
        commands,
        "explain",
        cmd_explain,
        "tell what a flow says, and everything that is wrong with it",
        "flexiflow explain order.yaml",
    )
    parser.add_argument("file", metavar="FILE", help="a config, or a YAML pack")
    parser.add_argument("--json", action="store_true", help="print JSON")
    _add_imports(parser)


def _add_visualize(commands: Commands) -> None:
    parser = _add(
        commands,
        "visualize",
        cmd_visualize,
        "draw a flow as text for a diagram",
        "flexiflow visualize order.yaml --format dot | dot -Tsvg > order.svg",
    )
    parser.add_argument("file", metavar="FILE", help="a config, or a YAML pack")
    parser.add_argument(
        "--format", choices=("mermaid", "dot"), default="mermaid", help="default: %(default)s"
    )
    _add_imports(parser)


def _add_run(commands: Commands) -> None:
    parser = _add(
        commands,
        "run",
        cmd_run,
        "run a flow and print its events, each as a line of JSON",
        """printf 'start\\n{type: confirm, content: confirmed}\\n' | flexiflow run config.yaml
  flexiflow run order.yaml --scenario order.scenario.yaml --state order.db""",
    )
    parser.add_argument("file", metavar="FILE", help="a config, or a YAML pack")
    parser.add_argument(
        "--scenario",
        metavar="S",
        help="play this scenario in virtual time; otherwise messages are read from standard input, "
        "one a line: a type, or a mapping in YAML or JSON",
    )
    parser.add_argument(
        "--state",
        metavar="DB",
        help="store every change of state in this SQLite database; without a scenario the run goes "
        "on from the last one",
    )
    parser.add_argument(
        "--json", action="store_true", help="print the summary, and an error, as JSON too"
    )
    _add_imports(parser)


def _add_snapshots(commands: Commands) -> None:
    parser = commands.add_parser(
        "snapshots",
        help="look at the snapshots in a database",
        description="Look at the snapshots in a database.",
        epilog="example:\n  flexiflow snapshots list order.db",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_snapshots_list(actions)
    show = _add(
        actions,
        "show",
        cmd_snapshots_show,
        "print one snapshot as JSON",
        "flexiflow snapshots show order.db 12",
    )
    show.add_argument("database", metavar="DB")
    show.add_argument("id", type=int)
    _add_snapshots_diff(actions)
    _add_snapshots_prune(actions)


def _add_snapshots_list(actions: Commands) -> None:
    parser = _add(
        actions,
        "list",
        cmd_snapshots_list,
        "list snapshots, newest first",
        "flexiflow snapshots list order.db --component order_4711 --limit 20",
    )
    parser.add_argument("database", metavar="DB")
    parser.add_argument("--component", metavar="NAME", help="only those of this component")
    parser.add_argument(
        "--limit",
        type=int,
        default=10,
        help="at most so many for each; -1: all; default: %(default)s",
    )
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each")


def _add_snapshots_diff(actions: Commands) -> None:
    parser = _add(
        actions,
        "diff",
        cmd_snapshots_diff,
        "tell what changed from one snapshot to another",
        "flexiflow snapshots diff order.db 11 12",
    )
    parser.add_argument("database", metavar="DB")
    parser.add_argument("before", type=int, metavar="ID")
    parser.add_argument("after", type=int, metavar="ID")
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each change")


def _add_snapshots_prune(actions: Commands) -> None:
    parser = _add(
        actions,
        "prune",
        cmd_snapshots_prune,
        "delete all but the newest snapshots of each component",
        "flexiflow snapshots prune order.db --keep 50",
    )
    parser.add_argument("database", metavar="DB")
    parser.add_argument("--component", metavar="NAME", help="only those of this component")
    parser.add_argument("--keep", type=int, default=10, help="so many stay; default: %(default)s")


def _add_serve(commands: Commands) -> None:
    parser = _add(
        commands,
        "serve",
        cmd_serve,
        "run a flow behind an HTTP interface",
        "flexiflow serve order.yaml --port 8000 --token secret",
    )
    parser.add_argument("file", metavar="FILE", help="a config, or a YAML pack")
    parser.add_argument("--host", default="127.0.0.1", help="default: this machine only")
    parser.add_argument("--port", type=int, default=8000, help="0: any; default: %(default)s")
    parser.add_argument(
        "--token",
        help="what requests must carry as 'Authorization: Bearer TOKEN'; default: the "
        "environment's FLEXIFLOW_TOKEN",
    )
    parser.add_argument("--state", metavar="DB", help="store every change of state here")
    _add_imports(parser)
