"""State classes by dotted path, and the names under which registries come to know them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from flexiflow.errors import import_not_state_subclass
from flexiflow.imports import load_symbol
from flexiflow.state_machine import State, StateRegistry

__all__ = ["load_state_class", "register_states"]

_log = logging.getLogger("flexiflow")


def load_state_class(dotted_path: str) -> type[State]:
    """The state class at ``module:ClassName``.

    Raises:
        ImportError_: the path leads nowhere, or to something else.
    """
    symbol = load_symbol(dotted_path)
    if isinstance(symbol, type) and issubclass(symbol, State):
        return symbol

    got = symbol.__name__ if isinstance(symbol, type) else type(symbol).__name__
    raise import_not_state_subclass(dotted_path, got)


def register_states(
    registry: StateRegistry, states: Mapping[str, type[State]], *, class_names: bool = False
) -> None:
    """Registers classes, and warns of each name that so far meant another class.

    Args:
        registry: where to.
        states: key -> class.
        class_names: register each class under its own name too, unless that means another class.
            Snapshots and events carry class names.
    """
    for key, state_class in states.items():
        bound = registry.find(key)
        if bound is not None and not _is_same(bound, state_class):
            _log.warning(
                "State name %r now means %s instead of %s", key, _path(state_class), _path(bound)
            )

        registry.register(key, state_class)

    if not class_names:
        return

    for state_class in states.values():
        bound = registry.find(state_class.__name__)
        if bound is None or _is_same(bound, state_class):
            if bound is not state_class:
                registry.register(state_class.__name__, state_class)
        elif state_class.__name__ not in states:
            _log.warning(
                "State class %s is known by its key only: %r means %s",
                _path(state_class),
                state_class.__name__,
                _path(bound),
            )


def _is_same(one: Any, other: Any) -> bool:
    """Whether two classes are the same, or one is what a reload made of the other."""
    return one is other or _path(one) == _path(other)


def _path(cls: Any) -> str:
    return f"{cls.__module__}:{cls.__qualname__}"
