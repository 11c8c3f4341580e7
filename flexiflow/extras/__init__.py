"""What a program may want beside the engine: retries, and snapshots in JSON files and SQLite."""

from flexiflow.extras.persist_json import (
    ComponentSnapshot,
    load_snapshot,
    restore_component,
    save_component,
)
from flexiflow.extras.persist_sqlite import list_snapshots as list_snapshots_sqlite
from flexiflow.extras.persist_sqlite import load_latest_snapshot as load_latest_snapshot_sqlite
from flexiflow.extras.persist_sqlite import prune_snapshots as prune_snapshots_sqlite
from flexiflow.extras.persist_sqlite import save_snapshot as save_snapshot_sqlite
from flexiflow.extras.retry import RetryConfig, retry_async

__all__ = [  # noqa: RUF022 - the order is fixed
    "retry_async",
    "RetryConfig",
    "save_component",
    "load_snapshot",
    "restore_component",
    "ComponentSnapshot",
    "save_snapshot_sqlite",
    "load_latest_snapshot_sqlite",
    "list_snapshots_sqlite",
    "prune_snapshots_sqlite",
]
