"""A dock beside a real page, as the window has it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import SignalInstance

from designer.document.model import Content
from designer.host.asyncqt import next_emission
from designer.host.theme import LIGHT
from designer.run.controller import Speed
from designer.shell.docks.dock import Dock
from designer.shell.page import FlowPage, FlowSource

__all__ = ["docked", "start", "until"]


@asynccontextmanager
async def docked(dock: Dock, content: Content, path: Path) -> AsyncIterator[FlowPage]:
    """Shows the dock, bound to a page of a flow that was opened from ``path``."""
    page = FlowPage(content, LIGHT, source=FlowSource(path))
    dock.resize(1200, 300)
    dock.show()
    dock.bind(page)
    try:
        yield page
    finally:
        dock.bind(None)
        await page.close_down()


async def start(page: FlowPage, *, speed: Speed = Speed.REAL) -> None:
    """Starts a run of the page's flow."""
    folder = page.base_dir
    await page.run.start(
        page.document.content,
        name="lamp",
        base_dir=folder,
        database=folder / "lamp.snapshots.db",
        speed=speed,
    )


async def until(condition: Callable[[], Any], signal: SignalInstance) -> None:
    """Waits until the condition holds, looking again at each emission of the signal."""
    while not condition():
        await next_emission(signal)
