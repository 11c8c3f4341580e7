"""Work off the window's thread: a thread that lives as long as its one piece of work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

__all__ = ["in_thread"]

T = TypeVar("T")


async def in_thread(function: Callable[[], T], *, name: str) -> T:
    """Calls a function in a thread of its own and gives back what it returns or raises.

    Pools keep their threads for the next piece of work; these end with theirs, so that nothing is
    left when a run or the window closes. Being cancelled waits for the function to end: keep
    it short, and call this again for more.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # without an error there is a result

    def work() -> None:
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001 - carried over to the caller, whatever it is
            loop.call_soon_threadsafe(settle, None, error)
        else:
            loop.call_soon_threadsafe(settle, result, None)

    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        done.exception()
        raise
    finally:
        thread.join()
