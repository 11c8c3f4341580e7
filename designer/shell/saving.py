"""Saving a page: it writes all or nothing, and asks before it takes anything from anybody."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from designer.exchange.errors import (
    ChangedOnDiskError,
    CommentsWouldBeLostError,
    FileInTheWayError,
    SaveError,
)
from designer.exchange.writer import save_flow
from designer.host.resources import is_example
from designer.shell.dialogs.files import choose_to_save
from designer.shell.notices import Choice, Notice, Severity, notice_for
from designer.shell.page import FlowPage, FlowSource
from designer.shell.workbench import Workbench
from flexiflow.errors import FlexiFlowError

__all__ = ["Saving"]

_KEY = "save"
_OVERWRITE: dict[type[SaveError], str] = {
    CommentsWouldBeLostError: "Save and lose comments",
    ChangedOnDiskError: "Save mine",
    FileInTheWayError: "Replace it",
}


class Saving:
    """Writes pages to their files; each answer of a person is awaited in a banner of the page."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._busy: set[FlowPage] = set()

    def is_saving(self, page: FlowPage) -> bool:
        """Whether the page is being saved, or waits for an answer about that."""
        return page in self._busy

    async def save(self, page: FlowPage) -> bool:
        """Writes the page to its files, or asks for one; False when it was not written."""
        if page.path is None or is_example(page.path):
            return await self.save_as(page)
        return await self._write_once(page, page.path)

    async def save_as(self, page: FlowPage) -> bool:
        """Asks for a file and writes the page there; False when it was not written."""
        path = await choose_to_save(self._bench.window, self._suggestion(page))
        if path is None:
            return False
        return await self._write_once(page, path)

    def _suggestion(self, page: FlowPage) -> Path:
        if page.path is not None and not is_example(page.path):
            return page.path
        name = page.path.name if page.path is not None else f"{page.title}.yaml"
        return self._bench.services.settings.last_folder / name

    async def _write_once(self, page: FlowPage, path: Path) -> bool:
        """Writes, unless a question about an earlier saving is still open."""
        if page in self._busy:
            return False

        self._busy.add(page)
        try:
            return await self._write(page, path)
        finally:
            self._busy.discard(page)

    async def _write(self, page: FlowPage, path: Path) -> bool:
        allowed: set[type[SaveError]] = set()
        while True:
            try:
                await self._try_to_write(page, path, allowed)
            except (CommentsWouldBeLostError, ChangedOnDiskError, FileInTheWayError) as error:
                answer = await self._ask(page, error)
                if answer == "save_as":
                    return await self._write_elsewhere(page)
                if answer != "overwrite":
                    return False
                allowed.add(type(error))
            except FlexiFlowError as error:
                page.banners.show_notice(notice_for(error, what="Not saved", key=_KEY))
                return False
            else:
                page.banners.dismiss(_KEY)
                return True

    async def _write_elsewhere(self, page: FlowPage) -> bool:
        path = await choose_to_save(self._bench.window, self._suggestion(page))
        return path is not None and await self._write(page, path)

    async def _try_to_write(
        self, page: FlowPage, path: Path, allowed: set[type[SaveError]]
    ) -> None:
        stack = page.session.undo_stack
        index = stack.index()
        write = partial(
            save_flow,
            page.document.content,
            path,
            page.source.texts if page.source is not None else None,
            overwrite_comments=CommentsWouldBeLostError in allowed,
            overwrite_changes=bool(allowed & {ChangedOnDiskError, FileInTheWayError}),
        )
        texts = await asyncio.to_thread(write)
        # What was edited while the disk was busy is not saved.
        if stack.index() == index:
            stack.setClean()
        else:
            stack.resetClean()
        page.set_source(FlowSource(path, texts))
        if not is_example(path):
            self._bench.services.settings.add_recent_file(path)

    async def _ask(self, page: FlowPage, error: SaveError) -> str:
        self._bench.area.show_page(page)
        notice = Notice(
            error.what,
            error.why or "",
            severity=Severity.WARNING,
            choices=(
                Choice("overwrite", _OVERWRITE[type(error)]),
                Choice("save_as", "Save as...", primary=True),
                Choice("cancel", "Cancel"),
            ),
            key=_KEY,
        )
        return await page.banners.ask(notice)
