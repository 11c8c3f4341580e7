"""The check that the library runs by itself: what it decides, without installing anything."""

import importlib.util
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def check(tmp_path, monkeypatch):
    """The script as a module, with a library and a folder of its own."""
    path = ROOT / "packaging/check_library_alone.py"
    spec = importlib.util.spec_from_file_location("check_library_alone", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    library = tmp_path / "flexiflow"
    library.mkdir()
    (library / "engine.py").write_text("")
    monkeypatch.setattr(module, "files", lambda: sorted(library.iterdir()))
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "ALONE", tmp_path / "build" / "alone")
    monkeypatch.setattr(module, "STAMP", module.ALONE / "went-well")
    return module


@pytest.fixture
def calls(check, monkeypatch):
    """What is done, instead of doing it."""
    done = []

    def install():
        done.append("install")
        check.ALONE.mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(check, "install", install)
    monkeypatch.setattr(check, "look", lambda: done.append("look"))
    return done


def test_what_went_well_is_not_done_again(check, calls):
    """The second call finds nothing changed."""
    assert check.main() == 0
    assert check.main() == 0

    assert calls == ["install", "look"]


@pytest.mark.parametrize("name", ["engine.py", "new.py"])
def test_a_changed_library_is_looked_at_again(check, calls, name):
    """A file that changed, or one that came."""
    check.main()
    (check.ROOT / "flexiflow" / name).write_text("changed = True")

    assert check.main() == 0
    assert calls == ["install", "look"] * 2


def test_what_failed_is_told_and_done_again(check, calls, monkeypatch, capsys):
    """The command, what it said, exit code 1; and nothing is remembered."""

    def look():
        raise subprocess.CalledProcessError(1, ["flexiflow", "run"], "", "No module named PySide6")

    monkeypatch.setattr(check, "look", look)

    assert check.main() == 1
    assert check.main() == 1
    assert "flexiflow run\nNo module named PySide6" in capsys.readouterr().out
    assert calls == ["install"] * 2


def test_every_module_of_the_library_counts():
    """The files that are watched are those of the library and of the flow, and they are there."""
    spec = importlib.util.spec_from_file_location(
        "fresh", ROOT / "packaging/check_library_alone.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    names = {path.relative_to(ROOT).as_posix() for path in module.files()}

    assert {"pyproject.toml", "flexiflow/engine.py", "flexiflow/extras/retry.py"} <= names
    assert "resources/examples/order.pack.yaml" in names
    assert all((ROOT / name).is_file() for name in names)
