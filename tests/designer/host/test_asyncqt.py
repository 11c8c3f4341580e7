"""asyncio on Qt's loop."""

import asyncio
import logging

import pytest
from PySide6.QtCore import QObject, Signal

from designer.host import asyncqt
from designer.host.asyncqt import TaskGroupOwner, next_emission, spawn
from designer.host.reporting import Reporter, reporting_to


class Bell(QObject):
    """Rings."""

    rang = Signal(int, str)


@pytest.fixture
def reported():
    """The errors reported while the test lasts."""
    errors = []
    reporter = Reporter()
    reporter.error_reported.connect(errors.append)
    with reporting_to(reporter):
        yield errors


def test_the_program_returns_what_its_coroutine_returns(qapp):
    """The exit code is the coroutine's result."""

    async def main():
        await asyncio.sleep(0)
        return 7

    assert asyncqt.run(main) == 7


def test_work_in_threads_ends_with_the_program(qapp):
    """Nothing of the loop's executor outlives the run."""

    async def main():
        return await asyncio.to_thread(int, "3")

    assert asyncqt.run(main) == 3


async def test_an_emission_can_be_awaited(qapp):
    """The arguments of the signal are the result."""
    bell = Bell()
    asyncio.get_running_loop().call_soon(bell.rang.emit, 3, "times")

    assert await next_emission(bell.rang) == (3, "times")


async def test_the_error_of_a_task_is_reported(qapp, reported, caplog):
    """Nobody awaits a spawned task, so its error goes to the reporter."""
    owner = TaskGroupOwner("test")

    async def fail():
        raise ValueError("broken")

    spawn(owner, fail())
    await asyncio.sleep(0)
    await owner.close()

    assert [str(error) for error in reported] == ["broken"]


async def test_closing_the_owner_cancels_and_awaits_its_tasks(qapp, reported):
    """Cancellation is no error, and is over when close returns."""
    owner = TaskGroupOwner("test")
    cleaned_up = []

    async def wait():
        try:
            await asyncio.Event().wait()
        finally:
            cleaned_up.append(True)

    task = spawn(owner, wait())
    await asyncio.sleep(0)
    await owner.close()

    assert task.cancelled()
    assert cleaned_up == [True]
    assert owner.tasks == frozenset()
    assert reported == []


async def test_an_owner_may_be_closed_from_one_of_its_tasks(qapp):
    """The task that closes its owner is not cancelled by that."""
    owner = TaskGroupOwner("test")

    async def close():
        await owner.close()
        return "done"

    assert await spawn(owner, close()) == "done"


async def test_the_error_of_a_callback_is_reported(qapp, reported, caplog):
    """The loop's own error handler feeds the same reporter."""
    asyncio.get_running_loop().call_soon(int, "no number")
    await asyncio.sleep(0.01)

    assert [type(error) for error in reported] == [ValueError]


def result_of_a_task(qtbot):
    """What a task gives that plain code waits for."""
    task = spawn(TaskGroupOwner("test"), asyncio.sleep(0, "done"))
    qtbot.waitUntil(task.done)
    return task.result()


def test_a_plain_test_can_wait_for_a_task(qt_loop, qtbot):
    """With the loop running already, qtbot's waiting lets tasks go on."""
    assert result_of_a_task(qtbot) == "done"


def test_the_next_plain_test_can_wait_too(qt_loop, qtbot):
    """A stopped loop does not cut the waits of later tests short."""
    assert result_of_a_task(qtbot) == "done"


async def test_an_error_of_a_slot_is_reported(qapp, reported, caplog):
    """PySide sends a slot's exception to sys.excepthook."""
    caplog.set_level(logging.ERROR)
    bell = Bell()
    bell.rang.connect(_fail)
    bell.rang.emit(1, "")

    assert [type(error) for error in reported] == [ZeroDivisionError]


def _fail() -> None:
    1 / 0  # noqa: B018 - the error is the point
