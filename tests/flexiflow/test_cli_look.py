"""Looking at flows from the command line."""

import json
from pathlib import Path

import pytest

from tests.helpers.cli import call

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"


class TestExplain:
    def test_text(self, capsys):
        """The explanation, and 0 for a flow that loads."""
        outcome = call("explain", EXAMPLES / "order.yaml", capsys=capsys)
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.startswith("FlexiFlow Config Explanation\n")
        assert outcome.out.endswith("Status: ✓ Valid - config will load successfully\n")

    def test_errors_with_their_places(self, write, capsys):
        """Lines and columns stand beside each error; the exit code is 1."""
        path = write("name: c\nrules: 5\npacks:\n  - pack: p\n    states: {A: }\n    statez: 1\n")
        outcome = call("explain", path, capsys=capsys)
        assert outcome.code == 1
        assert "At: line 2, column 8 (rules)" in outcome.out
        assert "At: line 6, column 5 (packs[0].statez)" in outcome.out

    def test_json(self, capsys):
        """Everything as one object."""
        outcome = call("explain", EXAMPLES / "order.yaml", "--json", capsys=capsys)
        found = json.loads(outcome.out)
        assert (found["is_valid"], found["name"], found["initial_state"]) == (
            True,
            "order_4711",
            "Cart",
        )
        assert found["packs"][0]["transitions"][1] == {
            "from": "Cart",
            "message": "checkout",
            "to": "Checkout",
            "guard": "context.items > 0",
            "description": None,
        }
        assert found["states"][0]["verified"] is True

    def test_json_of_errors(self, write, capsys):
        """Each with its place."""
        outcome = call("explain", write("name: 5\n"), "--json", capsys=capsys)
        assert outcome.code == 1
        (error,) = json.loads(outcome.out)["errors"]
        assert (error["what"], error["line"]) == ("Field 'name' must be a string", 1)

    def test_missing_file(self, capsys, tmp_path):
        """An explanation like any other."""
        outcome = call("explain", tmp_path / "none.yaml", capsys=capsys)
        assert outcome.code == 1
        assert "Config file not found" in outcome.out

    def test_no_imports(self, write, capsys, module):
        """Nothing is imported when that is forbidden."""
        path = write(f"name: c\nrules: [{{}}]\nstates: {{A: '{module}:Open'}}\ninitial_state: A\n")
        outcome = call("explain", path, "--no-imports", capsys=capsys)
        assert outcome.code == 0
        assert f"  ? A: {module}:Open" in outcome.out


class TestVisualize:
    @pytest.mark.parametrize(
        ("arguments", "begin"),
        [
            ([], "flowchart LR\n"),
            (["--format", "mermaid"], "flowchart"),
            (["--format", "dot"], "digraph"),
        ],
    )
    def test_formats(self, capsys, arguments, begin):
        """Mermaid unless told otherwise."""
        outcome = call("visualize", EXAMPLES / "order.yaml", *arguments, capsys=capsys)
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.startswith(begin)

    def test_unknown_format(self, capsys):
        """Wrong usage."""
        assert call("visualize", "x", "--format", "svg", capsys=capsys).code == 2

    def test_flow_with_errors(self, write, capsys):
        """The diagram is printed all the same, the errors on standard error."""
        outcome = call("visualize", write("name: 5\n"), capsys=capsys)
        assert outcome.code == 1
        assert "%% error: Field 'name' must be a string" in outcome.out
        assert outcome.err.startswith(
            "Error: Field 'name' must be a string\nAt: line 1, column 7 (name)\nWhy: "
        )
        assert "\nFix: " in outcome.err

    def test_missing_file(self, capsys, tmp_path):
        """An error without a place."""
        outcome = call("visualize", tmp_path / "none.yaml", "--no-imports", capsys=capsys)
        assert outcome.code == 1
        begin = f"Error: Config file not found: {tmp_path / 'none.yaml'}\n"
        assert outcome.err.startswith(begin)
        assert outcome.err.removeprefix(begin).startswith("Fix: ")
