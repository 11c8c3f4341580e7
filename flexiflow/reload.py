"""Does something again whenever a file changes; needs the extra ``reload`` (watchfiles)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

awatch: Any
try:
    from watchfiles import awatch
except ImportError:
    awatch = None

__all__ = ["run_hot_reload", "watch_path"]

_log = logging.getLogger("flexiflow.reload")


async def watch_path(path: str | Path, on_change: Callable[[], Awaitable[Any]]) -> None:
    """Awaits ``on_change()`` once for each batch of changes, until it is cancelled.

    An exception of ``on_change`` is logged and watching goes on: the next save may put it right.

    Args:
        path: the file or folder.
        on_change: an async function without arguments.

    Raises:
        RuntimeError: watchfiles is not installed.
    """
    if awatch is None:
        raise RuntimeError("watchfiles is not installed. Install with: pip install -e '.[reload]'")

    async for _ in awatch(path):
        try:
            await on_change()
        except Exception:  # noqa: BLE001 - a half-written file must not end the watching
            _log.exception("Error while reloading %s", path)


def run_hot_reload(path: str | Path, on_change: Callable[[], Awaitable[Any]]) -> None:
    """As :func:`watch_path`, for programs without a loop of their own; blocks.

    Raises:
        RuntimeError: watchfiles is not installed.
    """
    asyncio.run(watch_path(path, on_change))
