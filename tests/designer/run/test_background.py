"""Work off the window's thread."""

import asyncio
import threading

import pytest

from designer.run.background import in_thread


async def test_the_result_comes_back():
    """The work is done in another thread, which then ends."""
    worker = await in_thread(threading.current_thread, name="worker")

    assert worker.name == "worker"
    assert worker is not threading.current_thread()
    assert not worker.is_alive()


async def test_an_error_comes_back():
    """It is raised where the work was asked for."""
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0, name="worker")


async def test_being_cancelled_waits_for_the_work_to_end():
    """No thread is left behind."""
    started, go_on, seen = threading.Event(), threading.Event(), []

    def work():
        started.set()
        go_on.wait(10)
        seen.append(True)
        raise ValueError("nobody asks any more")

    task = asyncio.ensure_future(in_thread(work, name="worker"))
    await in_thread(started.wait, name="watcher")
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go_on.set()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == [True]


async def test_it_works_on_the_windows_loop(qapp):
    """Qt's loop is told from the other thread."""
    assert await in_thread(lambda: 3, name="worker") == 3
