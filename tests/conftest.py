"""What every test needs: windows without a screen, fonts and settings of its own, and silence."""

import asyncio
import inspect
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.helpers.leaks import leaked_tasks, leaked_threads
from tests.helpers.logs import WarningCollector

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")
# Widths of texts decide where things lie: drawings shall not depend on the machine's fonts.
os.environ["FONTCONFIG_FILE"] = str(Path(__file__).parent / "fonts" / "fonts.conf")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what it puts into the background deaf to Ctrl-C, and our programs' tests with
    # it; those of Ctrl-C need processes that hear.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _silent_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that logs a warning or worse, unless it looks at the log itself (``caplog``)."""
    collector = WarningCollector()
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    if collector.lines and "caplog" not in request.fixturenames:
        pytest.fail("unexpected in the log:\n" + "\n".join(collector.lines))


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    """Fails a test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    if left := leaked_threads(before):
        pytest.fail(f"threads left running: {', '.join(left)}")


@pytest_asyncio.fixture
async def _task_census() -> AsyncIterator[None]:
    """Fails a coroutine test that leaves a task behind."""
    yield
    await asyncio.sleep(0)  # a task that was cancelled just now ends in the next turn
    if left := leaked_tasks(asyncio.get_running_loop()):
        pytest.fail("tasks left running:\n" + "\n".join(left))


@pytest.fixture(autouse=True)
def _no_leaked_tasks(request: pytest.FixtureRequest, _no_leaked_threads: None) -> None:
    """Counts the tasks of every coroutine test, whose loop ends before threads are counted."""
    if inspect.iscoroutinefunction(getattr(request, "function", None)):
        request.getfixturevalue("_task_census")


@pytest.fixture(autouse=True)
def _settings_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keeps every test, and the programs it starts, away from the user's settings."""
    folder = tmp_path_factory.mktemp("settings")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLEXIFLOW_DESIGNER_HOME", str(folder))
        yield folder
