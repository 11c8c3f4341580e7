"""The queue of messages for a run, and the task that hands them over one after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

from designer.run.pacing import Pacing

__all__ = ["MessagePump"]

Message = dict[str, Any]


class MessagePump:
    """Hands messages over in the order in which they were sent, in slices.

    Args:
        deliver: hands one message over; returns when it has been handled.
        jump: called when no message waits: moves on by itself and returns True, or does nothing
            and returns False.
        pacing: says when to let the window have a turn.
    """

    def __init__(
        self,
        deliver: Callable[[Message], Awaitable[None]],
        jump: Callable[[], Awaitable[bool]],
        pacing: Pacing,
    ) -> None:
        self._deliver = deliver
        self._jump = jump
        self._pacing = pacing
        self._queue: deque[Iterator[Message]] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def has_messages(self) -> bool:
        """Whether messages wait, or one is on its way."""
        return bool(self._queue)

    def send(self, message: Message) -> None:
        """Queues a message."""
        self.send_many((message,))

    def send_many(self, messages: Iterable[Message]) -> None:
        """Queues messages; they are taken from the iterable only when it is their turn."""
        self._queue.append(iter(messages))
        self.wake()

    def wake(self) -> None:
        """Something may be there to be done."""
        self._idle.clear()
        self._wake.set()

    async def idle(self) -> None:
        """Waits until all that was sent has been handled."""
        await self._idle.wait()

    def end(self) -> None:
        """Forgets what waits; nobody waits for it any more."""
        self._queue.clear()
        self._idle.set()

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            self._wake.clear()
            self._pacing.begin()
            while self._queue:
                await self._hand_over(self._queue[0])
                self._queue.popleft()
            if await self._jump():
                await self._breathe_if_due()
                continue
            if not self._queue:
                self._idle.set()
                await self._wake.wait()

    async def _hand_over(self, messages: Iterator[Message]) -> None:
        for message in messages:
            await self._deliver(message)
            await self._breathe_if_due()

    async def _breathe_if_due(self) -> None:
        if self._pacing.due:
            await self._pacing.breathe()
