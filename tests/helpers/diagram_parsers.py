"""The real parsers of the diagrams that ``visualize`` writes."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

__all__ = ["dot_error", "mermaid_errors"]

_ROOT = Path(__file__).parents[2]
_SCRIPT = Path(__file__).with_name("check_mermaid.mjs")


def mermaid_errors(diagrams: Sequence[str]) -> list[str | None]:
    """What Mermaid's parser says to each diagram; None for one that it reads.

    Skips the test where node or the parser is missing.
    """
    folder = Path(os.environ.get("FLEXIFLOW_MERMAID", _ROOT / "build" / "mermaid"))
    node = shutil.which("node")
    if node is None or not (folder / "node_modules" / "mermaid").is_dir():
        pytest.skip(f"needs node, and: npm install --prefix {folder} mermaid@11 jsdom")

    done = subprocess.run(
        [node, _SCRIPT, folder],
        input=json.dumps(diagrams),
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    errors: list[str | None] = json.loads(done.stdout)
    return errors


def dot_error(diagram: str) -> str | None:
    """What Graphviz says to a diagram; None when it draws it without a word.

    Skips the test where Graphviz is missing.
    """
    dot = shutil.which("dot")
    if dot is None:
        pytest.skip("needs dot, of the package graphviz")

    done = subprocess.run(
        [dot, "-Tsvg"], input=diagram, capture_output=True, text=True, timeout=100, check=False
    )
    return done.stderr or None
