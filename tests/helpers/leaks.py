"""Finding what a test leaves behind: threads, timers, animations, windows, tasks."""

from __future__ import annotations

import asyncio
import gc
import threading
import traceback
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import getCppPointer

__all__ = ["StartedObjects", "leaked_tasks", "leaked_threads", "leaked_windows"]

#: Threads that outlive a test on purpose: what watches over tests, and pools of the interpreter.
_KNOWN_THREADS = ("pytest_timeout", "pydevd", "QueueFeederThread", "Dummy-")


class StartedObjects:
    """Remembers which timers, animations and threads of Qt were started, and where.

    Starting is watched by plain functions in place of the ``start`` methods, as long as
    :meth:`watching` lasts. What Qt starts inside itself is its own affair.
    """

    def __init__(self) -> None:
        self._started: dict[int, tuple[weakref.ref[Any], str]] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watches every start while this lasts."""
        classes: tuple[Any, ...] = (QTimer, QAbstractAnimation, QThread)
        originals = [(owner, owner.start) for owner in classes]
        for owner, original in originals:
            owner.start = self._recording(original)
        try:
            yield
        finally:
            for owner, original in originals:
                owner.start = original

    def still_running(self) -> list[str]:
        """One line for each that still runs: what it is and the line that started it."""
        return [
            f"{type(item).__name__} started at {place}"
            for reference, place in self._started.values()
            if (item := reference()) is not None and _runs(item)
        ]

    def _recording(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def start(item: Any, *arguments: Any, **options: Any) -> Any:
            frame = traceback.extract_stack(limit=2)[0]
            place = f"{frame.filename}:{frame.lineno}"
            self._started[id(item)] = (weakref.ref(item), place)
            return original(item, *arguments, **options)

        return start


def _runs(item: Any) -> bool:
    try:
        if isinstance(item, QTimer):
            return item.isActive()
        if isinstance(item, QAbstractAnimation):
            return item.state() == QAbstractAnimation.State.Running
        return bool(item.isRunning())
    except RuntimeError:  # its C++ half is gone
        return False


def leaked_threads(before: set[threading.Thread]) -> list[str]:
    """Names of the threads that were not there before, after a short time to end."""
    left = []
    for thread in set(threading.enumerate()) - before:
        if any(known in thread.name for known in _KNOWN_THREADS):
            continue
        thread.join(timeout=2.0)
        if thread.is_alive():
            left.append(thread.name)
    return left


def leaked_windows(before: set[int]) -> list[str]:
    """The top-level widgets that were not there before, once what was to be deleted is."""
    delete_what_is_due()
    left = [widget for widget in QApplication.topLevelWidgets() if id_of(widget) not in before]
    if left:
        gc.collect()  # a widget in a cycle of Python references is no leak
        left = [widget for widget in QApplication.topLevelWidgets() if id_of(widget) not in before]
    return [f"{type(widget).__name__} {widget.objectName()!r}".strip() for widget in left]


def id_of(widget: QWidget) -> int:
    """Tells a widget apart, whatever Python object wraps it at the moment."""
    return int(getCppPointer(widget)[0])


def delete_what_is_due() -> None:
    """Deletes what ``deleteLater`` was called on."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def leaked_tasks(loop: asyncio.AbstractEventLoop) -> list[str]:
    """The tasks of the loop that have not ended, but for the one that asks."""
    try:
        current = asyncio.current_task(loop)
    except RuntimeError:
        current = None
    return [repr(task) for task in asyncio.all_tasks(loop) if task is not current]
