"""Watches the files of open flows: what somebody else changes there is not overlooked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

from designer.host.asyncqt import TaskGroupOwner
from designer.shell.notices import Choice, Notice, Severity
from designer.shell.page import FlowPage, FlowSource
from flexiflow.errors import FlexiFlowError
from flexiflow.yaml_source import read_text

__all__ = ["DiskWatch"]

#: Programs that write a file do so in several steps; they are waited for, in milliseconds.
SETTLE_MS = 200
_KEY = "disk"


class DiskWatch(QObject):
    """Asks what shall be done when a file of a page is not as it was.

    Args:
        tasks: owns the questions.
        reload: called with a page that is to be read from disk again.
        is_saving: tells whether we are writing a page ourselves at the moment.
    """

    def __init__(
        self,
        tasks: TaskGroupOwner,
        *,
        reload: Callable[[FlowPage], Awaitable[object]],
        is_saving: Callable[[FlowPage], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._reload = reload
        self._is_saving = is_saving
        self._pages: list[FlowPage] = []
        self._asking: set[FlowPage] = set()
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_changed)
        self._watcher.directoryChanged.connect(self._on_changed)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._look)

    def follow(self, page: FlowPage) -> None:
        """Watches the files of a page."""
        self._pages.append(page)
        page.changed.connect(self._watch_files)
        self._watch_files()

    def unfollow(self, page: FlowPage) -> None:
        """Watches the files of the page no longer."""
        self._pages.remove(page)
        page.changed.disconnect(self._watch_files)
        self._watch_files()

    def stop(self) -> None:
        """Watches nothing any more."""
        self._settle.stop()
        self._pages.clear()
        self._watch_files()

    def _watch_files(self) -> None:
        """Brings the watched paths in step with the files of the pages.

        A file that was replaced is another file to the watcher, which forgets it; so this is done
        after every change. Of a file that is gone, the folder is watched until it comes back.
        """
        files = {path for page in self._pages if page.source for path in page.source.texts}
        there = {path for path in files if path.exists()}
        wanted = {str(path) for path in there}
        wanted |= {str(path.parent) for path in files - there if path.parent.is_dir()}
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if gone := sorted(watched - wanted):
            self._watcher.removePaths(gone)
        if new := sorted(wanted - watched):
            self._watcher.addPaths(new)

    def _on_changed(self) -> None:
        self._settle.start()

    def _look(self) -> None:
        self._watch_files()
        for page in self._pages:
            if page.source is not None and page not in self._asking:
                self._tasks.start(self._compare(page), name="looking at the disk")

    async def _compare(self, page: FlowPage) -> None:
        source = page.source
        if source is None or page in self._asking:
            return

        self._asking.add(page)
        try:
            texts = await asyncio.to_thread(_texts_on_disk, tuple(source.texts))
            changed = [path for path, text in texts.items() if text != source.texts[path]]
            if changed and source is page.source and not self._is_saving(page):
                await self._ask(page, source, texts, changed)
        finally:
            self._asking.discard(page)

    async def _ask(
        self, page: FlowPage, source: FlowSource, texts: dict[Path, str], changed: list[Path]
    ) -> None:
        names = " and ".join(path.name for path in changed)
        lost = " What you changed here would be lost." if page.modified else ""
        answer = await page.banners.ask(
            Notice(
                f"{names} was changed by another program",
                f"Here it is still as it was opened or saved.{lost}",
                severity=Severity.WARNING,
                choices=(
                    Choice("reload", "Reload", primary=not page.modified),
                    Choice("keep", "Keep mine"),
                ),
                key=_KEY,
            )
        )
        if answer == "reload":
            await self._reload(page)
        elif answer == "keep" and page.source is source:
            # From now on saving replaces exactly what is on disk at this moment.
            page.set_source(FlowSource(source.path, {**source.texts, **texts}))


def _texts_on_disk(paths: tuple[Path, ...]) -> dict[Path, str]:
    """The files that are there and can be read, with their texts."""
    texts = {}
    for path in paths:
        try:
            texts[path] = read_text(path)
        except FlexiFlowError:
            continue  # being written at this moment, or deleted: saving will make it again
    return texts
