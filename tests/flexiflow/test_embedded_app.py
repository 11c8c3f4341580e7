"""The example of an application around the engine, run as a person runs it."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(folder):
    """The lines that the example prints."""
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_it_stores_each_change_and_goes_on_where_it_ended(tmp_path):
    """The second run begins in the first one's last state."""
    folder = tmp_path / "app"
    shutil.copytree(ROOT / "examples" / "embedded_app", folder)
    first = run(folder)
    assert first[:8] == [
        "Starting afresh.",
        "Idle -> Processing",
        "Processing -> Complete",
        "Complete -> Idle",
        "Idle -> Processing",
        "Processing -> Failed",
        "Failed -> Processing",
        "Processing -> Complete",
    ]
    states = [line.split()[-1] for line in first[9:]]
    assert states == ["Complete", "Processing", "Failed", "Processing", "Idle"]
    second = run(folder)
    assert second[:2] == ["Going on in Complete.", "Complete -> Idle"]
