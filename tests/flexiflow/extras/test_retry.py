"""Trying again."""

import asyncio
import inspect
import random
import re
from dataclasses import FrozenInstanceError

import pytest

from flexiflow.extras.retry import RetryConfig, retry_async


@pytest.fixture
def waits(monkeypatch):
    """The pauses asked for; none of them is slept."""
    asked = []
    real_sleep = asyncio.sleep

    async def sleep(delay, result=None):
        asked.append(delay)
        await real_sleep(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return asked


def failing(times, error=ValueError):
    """An async function that fails so often, and counts its calls."""
    calls = []

    async def function(*args, **kwargs):
        calls.append((args, kwargs))
        if len(calls) <= times:
            raise error(f"failure {len(calls)}")
        return "done"

    return function, calls


def test_defaults():
    """Three attempts, 0.1 s doubling up to 2 s, no jitter, on every Exception."""
    assert RetryConfig() == RetryConfig(3, 0.1, 2.0, 2.0, 0.0, (Exception,))


def test_config_is_frozen():
    """A config does not change."""
    with pytest.raises(FrozenInstanceError):
        RetryConfig().max_attempts = 4


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"max_attempts": 0, "base_delay": -1}, "max_attempts must be >= 1"),
        ({"base_delay": -1, "backoff": 0}, "delays must be >= 0"),
        ({"max_delay": -1}, "delays must be >= 0"),
        ({"backoff": 0.5, "jitter": 2}, "backoff must be >= 1.0"),
        ({"jitter": 1.5}, "jitter must be between 0.0 and 1.0"),
        ({"jitter": -0.1}, "jitter must be between 0.0 and 1.0"),
    ],
)
def test_bad_config_is_refused_by_the_decorator(fields, text):
    """A config never checks itself; retry_async does, in this order."""
    config = RetryConfig(**fields)
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        retry_async(config)


async def test_success_needs_one_attempt(waits):
    """Arguments and the return value pass through."""
    function, calls = failing(0)
    assert await retry_async(RetryConfig())(function)(1, key=2) == "done"
    assert calls == [((1,), {"key": 2})]
    assert waits == []


async def test_retries_until_it_works(waits):
    """Each matching failure leads to another attempt, with the same arguments."""
    function, calls = failing(2)
    assert await retry_async(RetryConfig())(function)(7) == "done"
    assert calls == [((7,), {})] * 3


async def test_last_failure_is_raised_unchanged(waits):
    """After the last attempt its own exception comes out."""
    function, calls = failing(9)
    with pytest.raises(ValueError, match=r"^failure 3$"):
        await retry_async(RetryConfig())(function)()
    assert len(calls) == 3
    assert len(waits) == 2


async def test_other_exceptions_are_raised_at_once(waits):
    """An exception that is not in retry_on gets a single attempt."""
    function, calls = failing(9, KeyError)
    with pytest.raises(KeyError):
        await retry_async(RetryConfig(retry_on=(ValueError,)))(function)()
    assert len(calls) == 1


async def test_waits_grow_up_to_the_cap(waits):
    """0.3 s doubling under a cap of 2 s."""
    function, _ = failing(5)
    await retry_async(RetryConfig(max_attempts=6, base_delay=0.3))(function)()
    assert waits == pytest.approx([0.3, 0.6, 1.2, 2, 2])


async def test_base_delay_above_the_cap(waits):
    """No pause is longer than the cap, the first included."""
    function, _ = failing(2)
    await retry_async(RetryConfig(base_delay=5, max_delay=1))(function)()
    assert waits == [1, 1]


async def test_jitter_stays_within_its_share(waits, monkeypatch):
    """A pause of d becomes at most d + d * jitter, and never more than the cap."""
    monkeypatch.setattr(random, "random", lambda: 0.5)
    function, _ = failing(3)
    await retry_async(RetryConfig(max_attempts=4, base_delay=1, jitter=0.4))(function)()
    assert waits == pytest.approx([1.2, 2, 2])


async def test_state_is_per_call(waits):
    """Each call starts with the base delay and a full count."""
    function, calls = failing(4)
    tried = retry_async(RetryConfig())(function)
    with pytest.raises(ValueError, match="failure 3"):
        await tried()
    assert await tried() == "done"
    assert waits == pytest.approx([0.1, 0.2, 0.1])
    assert len(calls) == 5


async def test_zero_delay_lets_others_run():
    """Other tasks get a turn between attempts even without a pause."""
    turns = []

    async def other():
        while True:
            turns.append(1)
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    function, _ = failing(50)
    await retry_async(RetryConfig(max_attempts=51, base_delay=0))(function)()
    task.cancel()
    assert len(turns) >= 49


@pytest.mark.parametrize(
    "error", [asyncio.CancelledError, GeneratorExit, SystemExit, KeyboardInterrupt]
)
async def test_ending_a_program_or_task_is_never_retried(waits, error):
    """Even when retry_on names BaseException."""
    function, calls = failing(9, error)
    with pytest.raises(error):
        await retry_async(RetryConfig(retry_on=(BaseException,)))(function)()
    assert len(calls) == 1


async def test_base_exceptions_can_be_retried(waits):
    """Any other BaseException is retried when asked for."""
    function, calls = failing(1, type("Own", (BaseException,), {}))
    await retry_async(RetryConfig(retry_on=(BaseException,)))(function)()
    assert len(calls) == 2


async def test_cancelling_during_a_pause_ends_it():
    """Cancellation is not swallowed while waiting."""
    function, calls = failing(9)
    task = asyncio.create_task(retry_async(RetryConfig(base_delay=60, max_delay=60))(function)())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(calls) == 1


def test_name_docstring_and_signature_stay():
    """The decorated function looks like the one it wraps."""

    @retry_async(RetryConfig())
    async def fetch(url: str, *, size: int = 3) -> str:
        """Fetches."""
        return url * size

    assert fetch.__name__ == "fetch"
    assert fetch.__doc__ == "Fetches."
    assert list(inspect.signature(fetch).parameters) == ["url", "size"]
    assert inspect.iscoroutinefunction(fetch)
