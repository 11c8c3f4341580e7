"""The program: it makes what lives long, shows the window, and ends everything in order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from designer.document import layout_process
from designer.host.asyncqt import TaskGroupOwner
from designer.host.reporting import Reporter, reporting_to
from designer.host.settings import Settings, ThemeChoice
from designer.host.trust import TrustStore
from designer.shell.appearance import Appearance
from designer.shell.main_window import MainWindow
from designer.shell.workbench import Services

__all__ = ["DesignerApp", "make_application"]

Performance = Callable[[MainWindow], Awaitable[int]]
"""Something done with the window instead of waiting for a person; its result is the exit code."""


def make_application(arguments: list[str]) -> QApplication:
    """The one QApplication; its end is decided by :class:`DesignerApp`, not by the last window."""
    application = QApplication(arguments)
    application.setApplicationName("flexiflow-designer")
    application.setApplicationDisplayName("FlexiFlow Designer")
    application.setDesktopFileName("flexiflow-designer")
    application.setQuitOnLastWindowClosed(False)
    return application


class DesignerApp(QObject):
    """Owns the services, the window and the way they begin and end.

    Args:
        application: Qt's.
        settings: what is remembered; the user's own when not given.
        theme: overrides the remembered choice for this time.
    """

    def __init__(
        self,
        application: QApplication,
        *,
        settings: Settings | None = None,
        theme: ThemeChoice | None = None,
    ) -> None:
        super().__init__()
        settings = settings or Settings()
        self.reporter = Reporter(self)
        self.tasks = TaskGroupOwner("application")
        self.appearance = Appearance(application, theme or settings.theme)
        services = Services(settings, TrustStore(settings), self.appearance)
        self.window = MainWindow(services)
        self.reporter.error_reported.connect(self.window.show_error)
        self.window.close_requested.connect(self.request_close)
        self._ended: asyncio.Future[int] | None = None
        self._closing = False

    async def run(
        self, paths: Iterable[Path] = (), *, performance: Performance | None = None
    ) -> int:
        """Shows the window and returns the exit code when it is closed.

        Args:
            paths: opened at once.
            performance: done with the window instead of waiting until a person closes it.
        """
        self._ended = asyncio.get_running_loop().create_future()
        with reporting_to(self.reporter), self._listening_to_signals():
            try:
                if performance is not None:
                    self.window.show()
                    return await performance(self.window)

                self.window.recall()
                self.window.show()
                self.window.files.open_soon(paths)
                return await self._ended
            finally:
                await self._close_down(remember=performance is None)

    def request_close(self) -> None:
        """Closes the program when nothing is to be saved, or a person has decided about it."""
        if not self._closing:
            self._closing = True
            self.tasks.start(self._close(), name="closing")

    async def _close(self) -> None:
        try:
            if await self.window.files.may_quit():
                self._end(0)
        finally:
            self._closing = False

    def _end(self, code: int) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(code)

    async def _close_down(self, *, remember: bool) -> None:
        """Ends everything in the reverse order of its beginning."""
        if remember:
            self.window.remember()
        self.window.close_requested.disconnect(self.request_close)
        await self.window.close_down()
        await self.tasks.close()
        await asyncio.to_thread(layout_process.close)
        self.appearance.dispose()
        self.reporter.error_reported.disconnect(self.window.show_error)
        self.window.deleteLater()
        await asyncio.sleep(0)  # Qt deletes it before this coroutine goes on

    @contextlib.contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        """Ctrl-C and a polite kill close the window as a person would; the second time at once."""
        loop, listening = asyncio.get_running_loop(), []
        for number in (signal.SIGINT, signal.SIGTERM):
            # Windows has no such handlers; there Ctrl-C ends the program itself.
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self._on_signal, number)
                listening.append(number)
        try:
            yield
        finally:
            for number in listening:
                loop.remove_signal_handler(number)

    def _on_signal(self, number: int) -> None:
        if self._closing:
            self._end(128 + number)
        else:
            self.request_close()
