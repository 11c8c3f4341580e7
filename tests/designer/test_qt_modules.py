"""Which of Qt's modules a layer may use: widgets stay at the top, the document knows no screen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = {"QtCore", "QtGui", "QtWidgets", "QtSvg"}
WITHOUT_WIDGETS = EVERYTHING - {"QtWidgets"}

#: Folder or module -> the modules of PySide6 it may import.
ALLOWED = {
    "flexiflow": set(),
    "designer/document": {"QtCore"},
    "designer/exchange": {"QtCore"},
    "designer/commands": {"QtCore", "QtGui"},
    "designer/run": {"QtCore", "QtGui"},
    "designer/host": WITHOUT_WIDGETS,
    "designer/canvas": EVERYTHING,
    "designer/shell": EVERYTHING,
    "designer/app.py": EVERYTHING,
    "designer/__main__.py": EVERYTHING,
}


def iter_qt_modules(path: Path) -> Iterator[str]:
    """The modules of PySide6 that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module == "PySide6":
            names = [f"PySide6.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name.split(".")[1] for name in names if name.startswith("PySide6."))


def used_in(place: Path) -> dict[str, set[str]]:
    """The modules of PySide6 that each file at a place uses."""
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    return {str(file.relative_to(ROOT)): set(iter_qt_modules(file)) for file in files}


@pytest.mark.parametrize("place", ALLOWED)
def test_a_layer_uses_only_its_own_part_of_qt(place):
    """One module too many is named with its file."""
    used = used_in(ROOT / place)
    excess = {file: names - ALLOWED[place] for file, names in used.items()}

    assert used
    assert {file: names for file, names in excess.items() if names} == {}


def test_every_module_of_the_designer_belongs_to_a_layer():
    """A new folder has to say what it may use."""
    files = {path for path in (ROOT / "designer").rglob("*.py") if path.parent != ROOT / "designer"}
    known = {path for place in ALLOWED for path in (ROOT / place).rglob("*.py")}

    assert files <= known


def test_an_import_is_seen_wherever_it_stands(tmp_path):
    """The check finds late imports and every way of writing them."""
    source = "import PySide6.QtGui\ndef late():\n    from PySide6 import QtSvg\n"
    path = tmp_path / "module.py"
    path.write_text(f"from PySide6.QtWidgets import QWidget\n{source}")

    assert set(iter_qt_modules(path)) == {"QtGui", "QtSvg", "QtWidgets"}
