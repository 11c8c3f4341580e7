"""Snapshots survive a process that is killed at any moment.

``make slow`` kills it a hundred times for each kind of storage.
"""

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from flexiflow.extras.persist_json import load_snapshot
from flexiflow.extras.persist_sqlite import load_latest_snapshot

ROOT = Path(__file__).parents[3]
CHILD = Path(__file__).with_name("writing_child.py")
ROUNDS = int(os.environ.get("FLEXIFLOW_KILL_ROUNDS", "10"))


def load(kind, path):
    if kind == "json":
        return load_snapshot(path)
    connection = sqlite3.connect(path)
    try:
        return load_latest_snapshot(connection, "c")
    finally:
        connection.close()


def write_until_killed(kind, path, first, lines):
    """Lets a process write, kills it so many lines later plus a moment; what it said last."""
    process = subprocess.Popen(
        [sys.executable, str(CHILD), kind, str(path), str(first)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    with process, process.stdout as output:
        for _ in range(lines):
            output.readline()
        for _ in range(random.randrange(20_000)):
            pass  # somewhere in the middle of what it does next
        process.kill()
        rest = output.read()
    return rest.decode()


@pytest.mark.timeout(60 + 3 * ROUNDS)
@pytest.mark.parametrize("kind", ["json", "sqlite"])
def test_last_completed_snapshot_loads(kind, tmp_path):
    """It is the last one that was completed, or the one that was being written, and whole."""
    path = tmp_path / f"state.{kind}"
    done = 0
    for _ in range(ROUNDS):
        first = done + 1000
        lines = random.randrange(2, 40)
        rest = write_until_killed(kind, path, first, lines)
        # Two lines for each number: begun and done, in order.
        said = lines + rest.count("\n")
        done = first + said // 2 - 1
        snapshot = load(kind, path)
        assert snapshot.context["number"] in {done, done + 1}
        assert snapshot.rules == [{"text": "x" * 5000}]
        done += 1
