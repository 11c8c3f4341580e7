"""The command ``diagnose``."""

import json
import sys
from types import ModuleType

from flexiflow import __version__, cli_diagnose
from tests.helpers.cli import call


class TestDiagnose:
    CHECKS = (
        "python.version", "platform", "package.version", "module.component", "module.engine",
        "module.event_manager", "module.state_machine", "module.config_loader", "extra.reload",
        "extra.api",
    )  # fmt: skip

    def test_json(self, capsys):
        """One object, all checks in order."""
        outcome = call("diagnose", "--json", capsys=capsys)
        assert outcome.code == 0
        found = json.loads(outcome.out)
        assert found["ok"] is True
        assert [check["check"] for check in found["checks"]] == list(self.CHECKS)
        assert all(list(check) == ["check", "value", "ok"] for check in found["checks"])
        assert found["checks"][2]["value"] == __version__
        assert found["checks"][3]["value"] == "ok"
        assert outcome.out.startswith('{\n  "ok": true,\n  "checks": [')

    def test_text(self, capsys):
        """A verdict, an empty line, a line for each check."""
        lines = call("diagnose", capsys=capsys).out.splitlines()
        assert lines[:2] == ["FlexiFlow environment: OK", ""]
        assert lines[4] == f"  [OK] package.version: {__version__}"
        assert len(lines) == 2 + len(self.CHECKS)

    def test_missing_extra_is_no_issue(self, capsys, monkeypatch):
        """It is told, and fine."""
        monkeypatch.setattr(cli_diagnose, "_EXTRAS", {"api": "nowhere_at_all"})
        outcome = call("diagnose", capsys=capsys)
        assert outcome.code == 0
        assert "  [OK] extra.api: not installed" in outcome.out

    def test_extra_without_a_spec(self, capsys, monkeypatch):
        """What can be imported is there, however it came to be."""
        monkeypatch.setitem(sys.modules, "watchfiles", ModuleType("watchfiles"))
        assert "  [OK] extra.reload: installed" in call("diagnose", capsys=capsys).out

    def test_extra_that_cannot_be_imported(self, write, capsys, monkeypatch, tmp_path):
        """It is as good as not there."""
        write("raise RuntimeError('half of it is missing')\n", "watchfiles.py")
        monkeypatch.delitem(sys.modules, "watchfiles", raising=False)
        monkeypatch.syspath_prepend(tmp_path)
        outcome = call("diagnose", capsys=capsys)
        assert outcome.code == 0
        assert "  [OK] extra.reload: not installed" in outcome.out

    def test_issue(self, capsys, monkeypatch):
        """A module that cannot be imported is one; then the exit code is 1."""
        monkeypatch.setitem(sys.modules, "flexiflow.engine", None)
        outcome = call("diagnose", capsys=capsys)
        assert outcome.code == 1
        assert outcome.out.startswith("FlexiFlow environment: ISSUES FOUND\n\n")
        assert "  [FAIL] module.engine: import of flexiflow.engine halted" in outcome.out
        assert json.loads(call("diagnose", "--json", capsys=capsys).out)["ok"] is False
