"""A logger and handlers for tests of the event bus."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from flexiflow.event_manager import AsyncEventManager

__all__ = ["FAILED", "ErrorLog", "Falsy", "fail", "fail_later", "noted_failures", "writer"]

FAILED = "event.handler.failed"


class ErrorLog:
    """A logger that has nothing but ``error``."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def error(self, *args: Any) -> None:
        self.calls.append(args)


class Falsy(ErrorLog):
    """A logger that is false."""

    def __len__(self) -> int:
        return 0


def writer(calls: list[Any], name: Any) -> Callable[[Any], Awaitable[None]]:
    """A handler that writes down its name."""

    async def handle(_data: Any) -> None:
        calls.append(name)

    return handle


async def fail(_data: Any) -> None:
    """A handler that fails."""
    raise RuntimeError("broken")


async def fail_later(_data: Any) -> None:
    """A handler that fails after a while."""
    await asyncio.sleep(0)
    raise ValueError("later")


async def noted_failures(bus: AsyncEventManager) -> list[str]:
    """The exceptions of all handlers and filters that fail from now on, as they are told."""
    failures: list[str] = []

    async def fail(data: Any) -> None:
        failures.append(data["exception"])

    await bus.subscribe(FAILED, "other", fail)
    return failures
