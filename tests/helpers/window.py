"""Drives the whole program as a person would: a real window on Qt's own asyncio loop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from designer.app import DesignerApp
from designer.host.settings import Settings, ThemeChoice
from designer.shell.banner import Banner
from designer.shell.dialogs.question import QuestionDialog
from designer.shell.main_window import MainWindow
from designer.shell.page import FlowPage
from tests.helpers.canvas_driver import CanvasDriver

__all__ = ["WindowDriver"]

T = TypeVar("T")

#: How long anything may take here, in milliseconds.
PATIENCE_MS = 15_000


class WindowDriver:
    """One running program; made by the fixture ``window``.

    Attributes:
        app: the program.
        settings: what it remembers, in a folder of its own.
    """

    def __init__(
        self,
        application: QApplication,
        qtbot: QtBot,
        loop: asyncio.AbstractEventLoop,
        settings: Settings,
    ) -> None:
        self._application = application
        self._bot = qtbot
        self._loop = loop
        self.settings = settings
        self.app = DesignerApp(application, settings=settings, theme=ThemeChoice.LIGHT)
        self._run = loop.create_task(self.app.run())

    # -- what there is ---------------------------------------------------------------------

    @property
    def main(self) -> MainWindow:
        """The window."""
        return self.app.window

    @property
    def page(self) -> FlowPage:
        """The flow that is shown; raises LookupError when none is."""
        page = self.main.page
        if page is None:
            raise LookupError("no flow is open")
        return page

    @property
    def canvas(self) -> CanvasDriver:
        """A hand on the canvas of the flow that is shown."""
        return CanvasDriver(self.page.view)

    @property
    def banners(self) -> tuple[Banner, ...]:
        """All banners that are shown, of the window and of its flow."""
        page = self.main.page
        return (*self.main.banners.banners, *(page.banners.banners if page else ()))

    @property
    def told(self) -> list[str]:
        """What the banners say first."""
        return [banner.notice.what for banner in self.banners]

    @property
    def question(self) -> QuestionDialog | None:
        """The question that waits for an answer, or None."""
        dialogs = self.main.findChildren(QuestionDialog)
        return next((dialog for dialog in dialogs if dialog.isVisible()), None)

    @property
    def exit_code(self) -> int | None:
        """What the program returned; None while it runs."""
        return self._run.result() if self._run.done() else None

    # -- what is done ----------------------------------------------------------------------

    def show(self) -> None:
        """Waits until the window is there."""
        self._bot.waitUntil(self.main.isVisible, timeout=PATIENCE_MS)
        self.main.resize(1440, 900)
        self.main.activateWindow()
        self._bot.waitUntil(self.main.isActiveWindow, timeout=PATIENCE_MS)

    def do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine to its end while the window lives on; returns its result."""
        task = self._loop.create_task(coroutine)
        self._bot.waitUntil(task.done, timeout=PATIENCE_MS)
        return task.result()

    def action(self, action_id: str) -> QAction:
        """The action of that id."""
        return self.main.action_set.action_for(action_id)

    def trigger(self, action_id: str) -> None:
        """Does what a menu would do; it has to be of use now."""
        action = self.action(action_id)
        assert action.isEnabled(), f"{action_id} is disabled"
        action.trigger()

    def open(self, path: Path) -> FlowPage:
        """Opens a file that can be opened."""
        page = self.do(self.main.files.open_path(path))
        assert page is not None, f"not opened: {self.told}"
        return page

    def run(self) -> None:
        """Runs the flow that is shown."""
        assert self.do(self.main.runs.start(self.page)), f"not started: {self.told}"

    def answer(self, choice: str) -> None:
        """Answers the question that is asked in a dialog, once it is."""
        self._bot.waitUntil(lambda: self.question is not None, timeout=PATIENCE_MS)
        dialog = self.question
        assert dialog is not None
        _press(dialog.findChildren(QPushButton), choice)

    def answer_banner(self, choice: str) -> None:
        """Presses that button of a banner, once one has it."""
        self._bot.waitUntil(lambda: bool(self._buttons(choice)), timeout=PATIENCE_MS)
        _press(self._buttons(choice), choice)

    def wait_for_banner(self, what: str) -> Banner:
        """Waits until a banner says this, among other words."""
        self._bot.waitUntil(lambda: any(what in told for told in self.told), timeout=PATIENCE_MS)
        return next(banner for banner in self.banners if what in banner.notice.what)

    def wait_for_end(self) -> int:
        """Waits until the program has ended; returns its exit code."""
        self._bot.waitUntil(self._run.done, timeout=PATIENCE_MS)
        return self._run.result()

    def close(self) -> int:
        """Closes the window as a person who has saved everything; returns the exit code."""
        self.main.close()
        return self.wait_for_end()

    def finish(self) -> None:
        """Ends the program in any case, and takes its theme off the application."""
        if not self._run.done():
            for page in self.main.area.pages:
                page.session.undo_stack.setClean()
            if self.question is not None:
                self.question.reject()
            for banner in self.banners:
                banner.dismiss()
            self.close()
        self._application.setStyleSheet("")
        self._application.setPalette(self._application.style().standardPalette())

    def _buttons(self, choice: str) -> list[QPushButton]:
        found = [banner.findChild(QPushButton, choice) for banner in self.banners]
        return [button for button in found if isinstance(button, QPushButton)]


def _press(buttons: list[QPushButton], name: str) -> None:
    next(button for button in buttons if button.objectName() == name).click()
