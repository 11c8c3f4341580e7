"""The arguments of the command line, and its help."""

import re
from argparse import ArgumentParser

import pytest

from flexiflow import __version__
from flexiflow.cli import build_parser
from tests.helpers.cli import call

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
