"""What the File menu does: new, open, save, save as, close; nothing is ever lost by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from designer.canvas.arrange import tidied
from designer.document.model import Content
from designer.document.starting import new_flow
from designer.exchange.reader import OpenedFlow, absolute, open_flow
from designer.host.resources import is_example
from designer.shell.dialogs.files import choose_to_open
from designer.shell.dialogs.question import Question, ask
from designer.shell.notices import Choice, notice_for
from designer.shell.page import FlowPage, FlowSource
from designer.shell.saving import Saving
from designer.shell.workbench import Workbench
from flexiflow.errors import FlexiFlowError

__all__ = ["FileWork"]


class FileWork(QObject):
    """Opens and closes pages; writing them is left to :class:`Saving`.

    Signals:
        progress(str): what is being done, for as long as it takes; "" when it is done.
    """

    progress = Signal(str)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._opening: set[Path] = set()
        self.saving = Saving(bench)

    def handlers(self) -> Mapping[str, Callable[..., Any]]:
        """What each action of the File menu calls."""
        return {
            "file.new": self.new_flow,
            "file.open": self._on_open,
            "file.save": self._on_save,
            "file.save_as": self._on_save_as,
            "file.close": self._on_close,
        }

    def new_flow(self) -> FlowPage:
        """Opens an empty flow in a tab of its own."""
        taken = {page.title for page in self._bench.area.pages}
        number = 1
        while (name := "new_flow" if number == 1 else f"new_flow_{number}") in taken:
            number += 1
        page = self._add_page(new_flow(name), None)
        page.view.setFocus()
        return page

    def open_soon(self, paths: Iterable[Path]) -> None:
        """Opens files in the background, as after a drop or a click on a recent one."""
        self._bench.tasks.start(self.open_all(paths), name="opening")

    async def open_all(self, paths: Iterable[Path]) -> None:
        """Opens files one after the other; one that cannot be opened is told of."""
        for path in paths:
            await self.open_path(path)

    async def open_path(self, path: Path) -> FlowPage | None:
        """Opens a file, or shows it when it is open; None when it cannot be opened.

        A banner then says what is wrong with it, and everything else is as before.
        """
        area, place = self._bench.area, absolute(path)
        if (page := area.find_page(path)) is not None:
            area.show_page(page)
            return page
        if place in self._opening:
            return None

        self._opening.add(place)
        self.progress.emit(f"Opening {path.name} ...")
        try:
            page = await self.load_page(path)
        except FlexiFlowError as error:
            self._refuse(path, error)
            return None
        finally:
            self._opening.discard(place)
            self.progress.emit("")

        if not is_example(path):
            self._bench.services.settings.add_recent_file(path)
        self._bench.banners.dismiss(f"open {path}")
        return page

    async def load_page(self, path: Path) -> FlowPage:
        """Opens a file in a tab of its own.

        Raises:
            FlexiFlowError: it is no flow.
        """
        opened = await self.read(path)
        return self._add_page(opened.content, source_of(opened))

    async def read(self, path: Path) -> OpenedFlow:
        """Reads a file beside the window's work; a flow without positions comes back tidied.

        Raises:
            FlexiFlowError: it is no flow.
        """
        opened = await asyncio.to_thread(open_flow, path)
        theme = self._bench.services.appearance.theme
        return await tidied(opened, theme)

    async def reload(self, page: FlowPage) -> None:
        """Shows a page's files as they are on disk; what cannot be opened leaves it as it is."""
        if page.path is None:
            return
        try:
            opened = await self.read(page.path)
        except FlexiFlowError as error:
            page.banners.show_notice(notice_for(error, what="Not reloaded", key="disk"))
            return

        index = self._bench.area.remove(page)
        self._add_page(opened.content, source_of(opened), index=index)
        await page.close_down()

    async def close_page(self, page: FlowPage) -> bool:
        """Closes a page, after asking when it is modified; False when it stays open."""
        if page.modified and not await self._settle(page):
            return False

        self._bench.area.remove(page)
        await page.close_down()
        return True

    async def may_quit(self) -> bool:
        """Asks about every modified page, the shown one first; False when one answer was Cancel.

        No page is closed by this: after a Cancel everything is as it was.
        """
        pages = sorted(self._bench.area.iter_modified(), key=lambda page: not page.isVisible())
        for page in pages:
            if not await self._settle(page):
                return False
        return True

    async def close_all(self) -> None:
        """Closes every page without asking, the last one first."""
        for page in reversed(self._bench.area.pages):
            self._bench.area.remove(page)
            await page.close_down()

    # -- actions ---------------------------------------------------------------------------

    def close_soon(self, page: FlowPage) -> None:
        """Closes a page in the background."""
        self._bench.tasks.start(self.close_page(page), name="closing")

    def _on_open(self) -> None:
        self._bench.tasks.start(self._choose_and_open(), name="opening")

    def _on_save(self) -> None:
        if (page := self._bench.area.current) is not None:
            self._bench.tasks.start(self.saving.save(page), name="saving")

    def _on_save_as(self) -> None:
        if (page := self._bench.area.current) is not None:
            self._bench.tasks.start(self.saving.save_as(page), name="saving")

    def _on_close(self) -> None:
        if (page := self._bench.area.current) is not None:
            self.close_soon(page)

    # -- inside ----------------------------------------------------------------------------

    async def _choose_and_open(self) -> None:
        folder = self._bench.services.settings.last_folder
        await self.open_all(await choose_to_open(self._bench.window, folder))

    def _add_page(
        self, content: Content, source: FlowSource | None, *, index: int = -1
    ) -> FlowPage:
        page = FlowPage(content, self._bench.services.appearance.theme, source=source)
        self._bench.area.add(page, index=index)
        page.view.fit()
        return page

    def _refuse(self, path: Path, error: FlexiFlowError) -> None:
        notice = notice_for(error, what=f"{path.name or path} was not opened", key=f"open {path}")
        self._bench.banners.show_notice(notice)
        if not path.exists():
            self._bench.services.settings.remove_recent_file(path)

    async def _settle(self, page: FlowPage) -> bool:
        """Asks what becomes of a page's edits; True when it may be closed."""
        self._bench.area.show_page(page)
        answer = await ask(self._bench.window, _save_question(page))
        if answer == "save":
            return await self.saving.save(page)
        return answer == "discard"


def source_of(opened: OpenedFlow) -> FlowSource:
    """Where a flow that was read belongs."""
    return FlowSource(opened.path, opened.text_by_path)


def _save_question(page: FlowPage) -> Question:
    return Question(
        f"Save the changes to {page.title}?",
        "What is not saved is lost when the flow is closed.",
        (
            Choice("cancel", "Cancel"),
            Choice("discard", "Discard"),
            Choice("save", "Save", primary=True),
        ),
    )
