"""States that configs name as ``states_of_test:Alpha`` and ``states_of_test:Beta``."""

from types import ModuleType
from typing import Any

from flexiflow.state_machine import State

__all__ = ["MODULE", "Alpha", "Beta", "make_module"]

MODULE = "states_of_test"


class Alpha(State):
    """A state for configs to name."""


class Beta(State):
    """Another one."""


def make_module() -> ModuleType:
    """The module that holds them; ``Other`` is a second class called Alpha, ``number`` no class."""
    made: Any = ModuleType(MODULE)
    made.Alpha = Alpha
    made.Beta = Beta
    made.Other = type("Alpha", (State,), {"__qualname__": "Other.Alpha"})
    made.number = 3
    return made  # type: ignore[no-any-return]
