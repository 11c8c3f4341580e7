"""What the byte code of a function tells about it before it runs."""

from __future__ import annotations

import dis
import inspect
from types import FunctionType

__all__ = ["may_suspend"]

_SEND = dis.opmap["SEND"]


def may_suspend(function: FunctionType) -> bool:
    """Whether awaiting the function's result may let other code run in between.

    A coroutine function without an ``await`` (nor ``async for`` nor ``async with``) cannot suspend:
    from call to result it runs like a plain function. Anything but a coroutine function may return
    an awaitable, so nothing is known of it.
    """
    if not function.__code__.co_flags & inspect.CO_COROUTINE:
        return True

    return _SEND in function.__code__.co_code[::2]
