"""The script that makes the environment: what it decides, without making one."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """The script as a module, working on a folder of its own."""
    spec = importlib.util.spec_from_file_location("environment", ROOT / "packaging/environment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / "installed.json")
    return module


def test_everything_is_missing_at_first(environment):
    """Without a stamp, all extras asked for are to be installed."""
    assert environment.missing_extras(["designer", "dev"]) == ["designer", "dev"]


def test_nothing_is_installed_twice(environment):
    """A stamp of the same project file covers its extras, and only those."""
    stamp = {"stamp": environment.stamp_now(), "extras": ["designer", "dev"]}
    environment.STAMP.write_text(json.dumps(stamp))

    assert environment.missing_extras(["designer"]) == []
    assert environment.missing_extras(["designer", "api"]) == ["api"]


def test_a_changed_project_file_installs_anew(environment):
    """A stamp of another project file counts for nothing."""
    environment.STAMP.write_text(json.dumps({"stamp": "old", "extras": ["designer"]}))

    assert environment.missing_extras(["designer"]) == ["designer"]
    assert environment.installed_extras() == ["designer"]


def test_an_old_python_is_told_so(environment, monkeypatch, capsys):
    """Too old a Python ends with the version it needs, and makes nothing."""
    monkeypatch.setattr(environment, "OLDEST", (99, 0))

    assert environment.main(["designer"]) == 1
    assert "needs Python 99.0" in capsys.readouterr().out
    assert not environment.ENVIRONMENT.exists()


def test_missing_libraries_are_named_with_the_command(environment, monkeypatch, capsys):
    """As an ordinary user the one command is shown and nothing is run."""
    monkeypatch.setattr(environment, "missing_packages", lambda: ["libegl1"])
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.delenv("INSTALL", raising=False)
    monkeypatch.setattr(environment.shutil, "which", lambda _name: "/usr/bin/apt-get")

    assert environment.system_libraries() == 1
    assert "sudo apt-get install -y libegl1" in capsys.readouterr().out


def test_only_libraries_that_do_not_load_are_missing(environment, monkeypatch):
    """A library that the loader finds is not asked for."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr(environment, "loads", lambda name: name != "libEGL.so.1")

    assert environment.missing_packages() == ["libegl1"]
