"""Holding a component: what waits is let through one by one, or all at once."""

from __future__ import annotations

import asyncio

from flexiflow.turns import Turns
from flexiflow.waiting import tidied

__all__ = ["Stepping"]


class Stepping(Turns):
    """Gives turns, unless they are held."""

    @property
    def held(self) -> bool:
        """Whether messages and timers wait until they are let through."""
        return self._held

    def hold(self) -> None:
        """Lets nothing through any more; what is being handled is finished."""
        self._held = True
        self._open = False

    def release(self) -> None:
        """Lets everything through again, first what has been waiting.

        Raises:
            RuntimeError: something waits, and no event loop runs; it is still held then.
        """
        if self._held:
            if tidied(self._inner) or tidied(self._line):
                asyncio.get_running_loop()

            self._held = False
            self._credit = 0
            if not self._busy:
                self._pass_on()

    async def step(self) -> bool:
        """Lets exactly one waiting message or due timer through, and waits until it is handled.

        From inside the component's own processing it returns at once, and the one step follows when
        that is over.

        Returns:
            Whether something was let through.
        """
        if self._is_inside() or (self._busy and self._would_wait_for_itself()):
            waits = self.pending > self._credit
            if waits and self._held:
                self._credit += 1

            return waits

        await self.settled()
        work = self._next(step=True)
        if work is None:
            return False

        work.done = asyncio.get_running_loop().create_future()
        self._occupy()
        self._give(work)
        await work.done
        return True
