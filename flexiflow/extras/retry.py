"""Tries an async function again when it fails, with growing pauses."""

from __future__ import annotations

import asyncio
import functools
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

__all__ = ["AsyncFn", "RetryConfig", "retry_async"]

P = ParamSpec("P")
R = TypeVar("R")
AsyncFn = Callable[P, Awaitable[R]]

# These end a program, a task or a coroutine; trying again would keep it from ending.
_NEVER_RETRIED = (asyncio.CancelledError, GeneratorExit, KeyboardInterrupt, SystemExit)


@dataclass(frozen=True)
class RetryConfig:
    """How often and how patiently to try. Nothing is checked here: :func:`retry_async` does.

    Attributes:
        max_attempts: attempts in total, the first included.
        base_delay: seconds before the first retry.
        max_delay: no pause is longer, jitter included; at the cap jitter changes nothing.
        backoff: factor by which the pause grows with each failure.
        jitter: up to this share of the pause is added at random (0 to 1).
        retry_on: exceptions that lead to another attempt. Cancellation, ``GeneratorExit``,
            ``KeyboardInterrupt`` and ``SystemExit`` never do, whatever stands here.
    """

    max_attempts: int = 3
    base_delay: float = 0.1
    max_delay: float = 2.0
    backoff: float = 2.0
    jitter: float = 0.0
    retry_on: tuple[type[BaseException], ...] = (Exception,)


def retry_async(config: RetryConfig) -> Callable[[AsyncFn[P, R]], Callable[P, Awaitable[R]]]:
    """A decorator that tries an async function again as ``config`` says.

    The last exception is raised unchanged; one that does not match ``retry_on`` is raised at once.
    Between two attempts other tasks always get a turn, even when the pause is zero.

    Raises:
        ValueError: the config makes no sense.
    """
    _check(config)

    def decorate(function: AsyncFn[P, R]) -> Callable[P, Awaitable[R]]:
        @functools.wraps(function)
        async def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
            delay = config.base_delay
            for _ in range(config.max_attempts - 1):
                try:
                    return await function(*args, **kwargs)
                except _NEVER_RETRIED:
                    raise
                except config.retry_on:
                    pass

                await asyncio.sleep(_pause(config, delay))
                delay = min(config.max_delay, delay * config.backoff)

            return await function(*args, **kwargs)

        return attempt

    return decorate


def _pause(config: RetryConfig, delay: float) -> float:
    share = config.jitter * random.random()  # noqa: S311 - spreads retries, guards no secret
    return min(config.max_delay, delay + delay * share)


def _check(config: RetryConfig) -> None:
    if config.max_attempts < 1:
        raise ValueError("max_attempts must be >= 1")

    if config.base_delay < 0 or config.max_delay < 0:
        raise ValueError("delays must be >= 0")

    if config.backoff < 1.0:
        raise ValueError("backoff must be >= 1.0")

    if not 0.0 <= config.jitter <= 1.0:
        raise ValueError("jitter must be between 0.0 and 1.0")
