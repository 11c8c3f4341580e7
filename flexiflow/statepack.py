"""What a pack of states says about itself; nothing here affects how messages are handled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["MappingPack", "StatePack", "StateSpec", "TransitionSpec"]


@dataclass(frozen=True, repr=False)
class StateSpec:
    """A state that a pack provides.

    Attributes:
        state_class: its class; any class.
        description: what it is for.
    """

    state_class: Any
    description: str | None = None

    def __repr__(self) -> str:
        name = getattr(self.state_class, "__name__", None) or str(self.state_class)
        described = f", {self.description!r}" if self.description else ""
        return f"StateSpec({name}{described})"


@dataclass(frozen=True, repr=False)
class TransitionSpec:
    """A transition that a pack declares.

    Attributes:
        from_state: the key of the state it leaves.
        on_message: the message type that triggers it.
        to_state: the key of the state it leads to.
        guard: a label of its condition; never executed.
        description: what it is for.
    """

    from_state: str
    on_message: str
    to_state: str
    guard: str | None = None
    description: str | None = None

    def __repr__(self) -> str:
        guard = f", guard={self.guard!r}" if self.guard else ""
        return (
            f"TransitionSpec({self.from_state!r} --[{self.on_message}]--> {self.to_state!r}{guard})"
        )


class StatePack(Protocol):
    """A set of states under one name; plain classes conform by their shape."""

    @property
    def name(self) -> str:
        """The pack's name."""
        ...

    def provides(self) -> dict[str, StateSpec]:
        """State key -> the state."""
        ...

    def transitions(self) -> list[TransitionSpec]:
        """The transitions between them, as declared."""
        ...

    def depends_on(self) -> set[str]:
        """Keys of states that must come from elsewhere."""
        ...


class MappingPack:
    """A pack made of a plain mapping.

    Args:
        states: key -> class.
    """

    def __init__(self, states: Mapping[str, Any]) -> None:
        self._states = states

    @property
    def name(self) -> str:
        """Always ``mapping``."""
        return "mapping"

    def provides(self) -> dict[str, StateSpec]:
        """The states, in order of their keys; a new mapping at each call."""
        return {key: StateSpec(state_cls) for key, state_cls in sorted(self._states.items())}

    def transitions(self) -> list[TransitionSpec]:
        """None are known."""
        return []

    def depends_on(self) -> set[str]:
        """Nothing is needed."""
        return set()
