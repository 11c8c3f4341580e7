"""Doing something again whenever a file changes."""

import asyncio
import sys

import pytest

from flexiflow import reload
from flexiflow.reload import run_hot_reload, watch_path


@pytest.fixture
def batches(monkeypatch):
    """Stands in for the file system: so many batches of changes; tells what was watched."""

    def prepare(count):
        watched = []

        async def awatch(path):
            watched.append(path)
            for _ in range(count):
                yield {("changed", path)}

        monkeypatch.setattr(reload, "awatch", awatch)
        return watched

    return prepare


async def test_once_for_each_batch(batches):
    """The callback takes no arguments and is awaited for each batch."""
    watched = batches(3)
    calls = []

    async def on_change():
        calls.append(1)

    await watch_path("c.yaml", on_change)
    assert (calls, watched) == ([1, 1, 1], ["c.yaml"])


async def test_failure_is_logged_and_watching_goes_on(batches, caplog):
    """One bad save does not end it."""
    batches(2)
    calls = []

    async def on_change():
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("half written")

    await watch_path("c.yaml", on_change)
    assert len(calls) == 2
    assert "Error while reloading c.yaml" in caplog.text
    assert "half written" in caplog.text


async def test_cancellation_ends_it(batches):
    """Also in the middle of the callback."""
    batches(2)

    async def on_change():
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await watch_path("c.yaml", on_change)


def test_blocking_form(batches):
    """It runs a loop of its own."""
    batches(1)
    calls = []

    async def on_change():
        calls.append(1)

    run_hot_reload("c.yaml", on_change)
    assert calls == [1]


def test_without_watchfiles(monkeypatch):
    """The error says how to install it."""
    monkeypatch.setattr(reload, "awatch", None)
    with pytest.raises(RuntimeError) as caught:
        run_hot_reload("c.yaml", None)
    assert str(caught.value) == (
        "watchfiles is not installed. Install with: pip install -e '.[reload]'"
    )


def test_importing_without_watchfiles(monkeypatch):
    """The module can be imported; the name stands for nothing."""
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    monkeypatch.delitem(sys.modules, "flexiflow.reload")
    import flexiflow.reload as fresh

    assert fresh.awatch is None


async def test_real_file(tmp_path):
    """A real change of a real file."""
    path = tmp_path / "c.yaml"
    path.write_text("name: a\n")
    changed = asyncio.Event()

    async def on_change():
        changed.set()

    task = asyncio.create_task(watch_path(path, on_change))
    async with asyncio.timeout(30):
        while not changed.is_set():
            # The watcher needs a moment to begin, so the file changes until it is seen.
            path.write_text(path.read_text() + "#\n")
            await asyncio.wait([asyncio.ensure_future(changed.wait())], timeout=0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
