"""Writes snapshots until it is killed: one line before each save, one after it."""

import itertools
import sqlite3
import sys

from flexiflow.component import AsyncComponent
from flexiflow.extras.persist_json import save_component
from flexiflow.extras.persist_sqlite import prune_snapshots, save_snapshots
from flexiflow.snapshot import take_snapshot

kind, path, first = sys.argv[1], sys.argv[2], int(sys.argv[3])
component = AsyncComponent("c", rules=[{"text": "x" * 5000}])
connection = sqlite3.connect(path) if kind == "sqlite" else None
for number in itertools.count(first):
    sys.stdout.write(f"begun {number}\n")
    sys.stdout.flush()
    component.context["number"] = number
    if connection is None:
        save_component(component, path)
    else:
        save_snapshots(connection, [(take_snapshot(component), None)] * 3)
        prune_snapshots(connection, "c", keep_last=6)

    sys.stdout.write(f"done {number}\n")
    sys.stdout.flush()
