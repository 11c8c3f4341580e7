"""The tidy layout in a process of its own, so that nothing it does can hang the window."""

from __future__ import annotations

import asyncio
import atexit
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from designer.document.elements import ElementId, Point
from designer.document.layout import LayoutRequest, layered_layout
from designer.document.layout_candidates import Judge, best_layout

__all__ = ["LayoutProcess", "close", "tidy", "tidy_async"]

#: Seconds a layout may take before the simple one steps in; a cold start is included.
TIME_LIMIT = 12.0
#: Above this many states the simple layout is used at once.
LARGEST = 1_000

Centres = dict[ElementId, Point]
Solver = Callable[[LayoutRequest, Judge | None], Centres]


class LayoutProcess:
    """One child process, started when first needed, killed when it takes too long."""

    def __init__(self, solver: Solver = best_layout) -> None:
        self._solver = solver
        self._lock = threading.Lock()
        self._child: BaseProcess | None = None
        self._pipe: Connection | None = None

    def solve(
        self, request: LayoutRequest, judge: Judge | None = None, timeout: float = TIME_LIMIT
    ) -> Centres | None:
        """The child's answer; None when it failed, was killed, or took too many seconds."""
        with self._lock:
            try:
                pipe = self._started()
                pipe.send((self._solver, request, judge))
                answer: Centres | None = pipe.recv() if pipe.poll(timeout) else None
            except (OSError, EOFError):
                answer = None

            if answer is None:
                self._kill()
            return answer

    def close(self) -> None:
        """Ends the child, if there is one; the next request starts another."""
        with self._lock:
            self._kill()

    def _started(self) -> Connection:
        if self._pipe is not None and self._child is not None and self._child.is_alive():
            return self._pipe

        self._kill()
        # Not forked: a copy of a process with Qt's threads in it may hang.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._child = context.Process(
            target=_serve, args=(theirs,), name="flexiflow-layout", daemon=True
        )
        self._child.start()
        theirs.close()
        return self._pipe

    def _kill(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

        if self._child is not None:
            self._child.kill()
            self._child.join()
            self._child.close()
            self._child = None


def tidy(
    request: LayoutRequest, timeout: float = TIME_LIMIT, *, judge: Judge | None = None
) -> Centres:
    """Centres by state id, on the grid: the best of several layouts, or the simple one.

    Args:
        request: what is to be laid out.
        timeout: seconds after which the simple layout is used instead.
        judge: a module-level function that says how bad a drawing is; the child imports it.
    """
    if len(request.nodes) > LARGEST:
        return layered_layout(request)
    return _process.solve(request, judge, timeout) or layered_layout(request)


async def tidy_async(request: LayoutRequest, *, judge: Judge | None = None) -> Centres:
    """:func:`tidy`, waited for beside the event loop."""
    return await asyncio.to_thread(tidy, request, judge=judge)


def close() -> None:
    """Ends the child process; for the end of the program."""
    _process.close()


def _serve(pipe: Connection) -> None:
    """The child's life: answers requests until the pipe closes."""
    while True:
        try:
            solver, request, judge = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(solver(request, judge))


_process = LayoutProcess()
atexit.register(close)
