"""The list of what shows what, in the README beside this, names tests that exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent
README = (FOLDER / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (W\d+) \| [HML] \| .+ \| (.+) \|$", re.MULTILINE)
WEAKNESSES = 71


def iter_tests(path: Path) -> Iterator[str]:
    """The tests of a module, those of classes as ``Class::test``."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield from (
                f"{node.name}::{inner.name}"
                for inner in node.body
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
            )


def test_every_weakness_stands_there_once() -> None:
    """All of them, in order."""
    assert [number for number, _ in ROW.findall(README)] == [
        f"W{number}" for number in range(1, WEAKNESSES + 1)
    ]


def test_every_named_test_exists() -> None:
    """File, class and function; each weakness names one at least."""
    known = {
        f"{path.relative_to(FOLDER).as_posix()}::{name}"
        for path in FOLDER.rglob("test_*.py")
        for name in iter_tests(path)
        if name.rpartition("::")[2].startswith("test_")
    }
    unknown = []
    for number, shown_by in ROW.findall(README):
        named = re.findall(r"`([^`]+)`", shown_by)
        assert named, number
        unknown += [(number, name) for name in named if name not in known]

    assert unknown == []


def test_every_named_file_exists() -> None:
    """Also those of the text around the list."""
    files = set(re.findall(r"`((?:[\w/]+/)?\w+\.py)`", README))
    assert files
    root = FOLDER.parents[1]
    assert not [name for name in files if not any((at / name).exists() for at in (FOLDER, root))]
