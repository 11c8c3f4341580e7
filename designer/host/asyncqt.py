"""asyncio on Qt's event loop: running the program, tasks that have an owner, awaiting a signal."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, SignalInstance

from designer.host.reporting import report_error

os.environ.setdefault("QT_API", "pyside6")  # read by qasync when it is imported

from qasync import QEventLoop  # noqa: TID251 - after QT_API; this is the one module for it

__all__ = ["TaskGroupOwner", "new_loop", "next_emission", "run", "spawn"]

T = TypeVar("T")


def new_loop(*, already_running: bool = False) -> asyncio.AbstractEventLoop:
    """An asyncio loop that is Qt's own; there has to be a QApplication.

    Args:
        already_running: makes it the running loop at once, for whoever turns Qt's loop otherwise.
    """
    loop: asyncio.AbstractEventLoop = QEventLoop(
        QCoreApplication.instance(), already_running=already_running
    )
    loop.set_exception_handler(_on_loop_error)
    # qasync's own executor starts ten QThreads at the first use.
    loop.set_default_executor(ThreadPoolExecutor(max_workers=4, thread_name_prefix="designer"))
    return loop


def run(main: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Runs the coroutine on Qt's event loop until it returns, and returns what it returned."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(main())


class TaskGroupOwner:
    """Owns tasks: :meth:`close` cancels those that still run, and awaits them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def tasks(self) -> frozenset[asyncio.Task[Any]]:
        """The tasks that have not ended."""
        return frozenset(self._tasks)

    def start(self, coroutine: Coroutine[Any, Any, object], *, name: str | None = None) -> None:
        """Starts a task that nobody but this owner waits for; slots start coroutines with this."""
        self.adopt(asyncio.get_running_loop().create_task(coroutine, name=name or self.name))

    def adopt(self, task: asyncio.Task[Any]) -> None:
        """Makes the task this owner's; its error, if it ends with one, goes to ``report_error``."""
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    async def close(self) -> None:
        """Cancels all tasks but the one that calls this, and awaits their ends."""
        while tasks := self._tasks - {asyncio.current_task()}:
            for task in tasks:
                task.cancel()

            await asyncio.wait(tasks)
            self._tasks -= tasks  # done callbacks run a turn later

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            report_error(error)


def spawn(
    owner: TaskGroupOwner, coroutine: Coroutine[Any, Any, T], *, name: str | None = None
) -> asyncio.Task[T]:
    """Starts a task that ends with its owner at the latest, and returns it."""
    task = asyncio.get_running_loop().create_task(coroutine, name=name or owner.name)
    owner.adopt(task)
    return task


async def next_emission(signal: SignalInstance) -> tuple[Any, ...]:
    """Waits until the signal is emitted and returns its arguments."""
    future: asyncio.Future[tuple[Any, ...]] = asyncio.get_running_loop().create_future()
    # The connection ends with the receiver, even when the sender is gone by then.
    receiver = _Receiver(future)
    signal.connect(receiver.on_emitted)
    return await future


class _Receiver(QObject):
    """Puts the first emission into a future."""

    def __init__(self, future: asyncio.Future[tuple[Any, ...]]) -> None:
        super().__init__()
        self._future = future

    def on_emitted(self, *arguments: object) -> None:
        if not self._future.done():
            self._future.set_result(arguments)


def _on_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    report_error(error if error is not None else RuntimeError(context.get("message", "")))
