"""Any object as text, also one whose own code fails when it is asked for it."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["safe_repr", "safe_str"]


def safe_repr(value: object) -> str:
    """What ``repr`` says of a value, at full length; ``<Type>`` where that fails."""
    return _text(repr, value)


def safe_str(value: object) -> str:
    """What ``str`` says of a value, at full length; ``<Type>`` where that fails."""
    return _text(str, value)


def _text(ask: Callable[[object], str], value: object) -> str:
    try:
        text = ask(value)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - the object's own code may raise anything, exits too
        return f"<{type(value).__name__}>"

    return str.__str__(text)  # a subclass of str brings code of its own along
