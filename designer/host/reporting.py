"""The one place errors go to that nobody caught: slots, tasks, threads, the event loop."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from PySide6.QtCore import QObject, Signal

__all__ = ["Reporter", "report_error", "reporting_to"]

_log = logging.getLogger("designer")
_current: list[Reporter] = []


class Reporter(QObject):
    """Passes errors on to whoever shows them.

    Signals:
        error_reported(object): the exception. Errors of other threads arrive in the receiver's.
    """

    error_reported = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._busy = threading.local()

    def report(self, error: BaseException) -> None:
        """Logs the error and announces it; an error that this itself causes is only logged."""
        _log.error("%s: %s", type(error).__name__, error, exc_info=error)
        if getattr(self._busy, "now", False):
            return

        self._busy.now = True
        try:
            self.error_reported.emit(error)
        finally:
            self._busy.now = False


def report_error(error: BaseException) -> None:
    """Shows an error that nobody caught, in the window when there is one, and in the log."""
    if _current:
        _current[-1].report(error)
        return

    _log.error("%s: %s", type(error).__name__, error, exc_info=error)


@contextmanager
def reporting_to(reporter: Reporter) -> Iterator[None]:
    """While this lasts, the reporter gets every error nobody caught, of slots and threads too."""
    hooks = sys.excepthook, threading.excepthook
    _current.append(reporter)
    sys.excepthook = _on_uncaught
    threading.excepthook = _on_thread_failed
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = hooks
        _current.remove(reporter)


def _on_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
        return

    report_error(error)


def _on_thread_failed(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        report_error(arguments.exc_value)
