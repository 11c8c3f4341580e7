"""A job processor whose every change of state is kept in a database, and taken up again."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # the config names its states as ``states:Idle``

from flexiflow.component import AsyncComponent  # noqa: E402 - after the path it needs
from flexiflow.config_loader import ConfigLoader  # noqa: E402
from flexiflow.engine import FlexiFlowEngine  # noqa: E402
from flexiflow.extras.persist_json import restore_component  # noqa: E402
from flexiflow.extras.persist_sqlite import (  # noqa: E402
    list_snapshots,
    load_latest_snapshot,
    prune_snapshots,
    save_snapshot,
)
from flexiflow.snapshot import take_snapshot  # noqa: E402

NAME = "job_processor"
KEPT = 50
MESSAGES = ("start_job", "complete", "reset", "start_job", "fail", "retry", "complete")


def restore_or_create(engine: FlexiFlowEngine, database: sqlite3.Connection) -> AsyncComponent:
    """The component as it was last seen, or a new one."""
    config = ConfigLoader.load_component_config(HERE / "config.yaml")
    snapshot = load_latest_snapshot(database, NAME)
    if snapshot is None:
        print("Starting afresh.")
        return engine.create_component(config)

    print(f"Going on in {snapshot.current_state}.")
    return restore_component(snapshot, engine)


async def main(database_path: Path) -> None:
    """Plays the messages, and shows what has been kept."""
    engine = FlexiFlowEngine()
    with closing(sqlite3.connect(database_path)) as database:
        component = restore_or_create(engine, database)

        async def keep(change: dict[str, Any]) -> None:
            print(f"{change['from_state']} -> {change['to_state']}")
            save_snapshot(database, take_snapshot(component))
            prune_snapshots(database, NAME, keep_last=KEPT)

        await engine.event_bus.subscribe("state.changed", NAME, keep, priority=5)
        for message in MESSAGES:
            await component.handle_message({"type": message})

        await engine.stop()
        print("The last five entries:")
        for entry in list_snapshots(database, NAME, limit=5):
            print(f"  {entry['id']}  {entry['created_at']}  {entry['current_state']}")


if __name__ == "__main__":
    asyncio.run(main(HERE / "state.db"))
