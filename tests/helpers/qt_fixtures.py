"""Fixtures for whatever uses Qt: its own loop, a whole window, and nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.host.asyncqt import new_loop
from designer.host.settings import Settings
from tests.helpers.leaks import StartedObjects, id_of, leaked_tasks, leaked_windows

__all__ = ["nothing_left_in_qt", "pytest_asyncio_loop_factories", "qt_loop", "window"]

if TYPE_CHECKING:
    from tests.helpers.window import WindowDriver


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Coroutine tests that use ``qapp`` run on Qt's own loop, others on a plain one."""
    names = getattr(item, "fixturenames", ())
    return {"qt": _qt_loop} if "qapp" in names else {"plain": asyncio.new_event_loop}


def _qt_loop() -> asyncio.AbstractEventLoop:
    if QApplication.instance() is None:
        pytest.fail("the loop was made before the application")
    return new_loop()


@pytest.fixture(autouse=True)
def nothing_left_in_qt(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test with ``qapp`` that leaves a timer, an animation, a thread or a window behind."""
    if "qapp" not in request.fixturenames:
        yield
        return

    # As the program does: closing the last window, be it a dialog, does not stop the loop.
    request.getfixturevalue("qapp").setQuitOnLastWindowClosed(False)
    before = {id_of(widget) for widget in QApplication.topLevelWidgets()}
    started = StartedObjects()
    with started.watching():
        yield
    left = leaked_windows(before) + started.still_running()
    if left:
        pytest.fail("left behind: " + "; ".join(left))


@pytest.fixture
def qt_loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """Qt's loop as the running asyncio loop of a plain test, which waits with ``qtbot``.

    Every task has to have ended when the test does.
    """
    loop = new_loop(already_running=True)
    yield loop
    left = leaked_tasks(loop)
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.stop()
    # stop() asks the application to exit, which would end every later wait at once; a round of
    # the event loop takes that back.
    QTimer.singleShot(0, qapp.quit)
    qapp.exec()
    asyncio.events._set_running_loop(None)
    loop.close()
    if left:
        pytest.fail("tasks left running:\n" + "\n".join(left))


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, qt_loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> Iterator[WindowDriver]:
    """The whole program with its window shown; it is closed again afterwards."""
    from tests.helpers.window import WindowDriver  # the whole shell, which few tests need

    driver = WindowDriver(qapp, qtbot, qt_loop, Settings(tmp_path / "settings"))
    driver.show()
    yield driver
    driver.finish()
