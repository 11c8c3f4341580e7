"""What a pack says about itself, asked once and checked, whatever its code does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flexiflow.safe_text import safe_repr
from flexiflow.state_machine import State

__all__ = ["PackFaultError", "PackView", "attempt", "state_class_error", "view_pack"]


class PackFaultError(Exception):
    """A pack says something that no pack may say."""


@dataclass(frozen=True)
class PackView:
    """A pack's own answers.

    Attributes:
        name: its name.
        specs: key -> what it provides, in its own order.
        transition_list: its transitions, in their own order; its own list where it gave one.
        needs: the keys that it needs from elsewhere.
        faults: what is wrong with its answers without making them useless.
        pack: the pack itself.
    """

    name: str
    specs: Mapping[str, Any]
    transition_list: list[Any]
    needs: frozenset[str]
    faults: tuple[str, ...] = ()
    pack: Any = field(default=None, repr=False)


def attempt(function: Callable[..., Any], *args: Any) -> tuple[Any, BaseException | None]:
    """Runs code of the user's and hands back its result, or what it raised; only Ctrl-C passes."""
    try:
        return function(*args), None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a module may exit, a pack may raise anything
        return None, error


def view_pack(pack: Any) -> PackView:
    """Asks a pack for its name, states, transitions and needs, each once.

    Raises:
        PackFaultError: an answer is of no use; the text says which.
        BaseException: whatever the pack's own code raises.
    """
    name = pack.name
    if not isinstance(name, str):
        raise PackFaultError(f"its name must be a string, not {type(name).__name__}")

    transitions, faults = _transitions(pack.transitions())
    return PackView(
        name=name,
        specs=_specs(pack.provides()),
        transition_list=transitions,
        needs=_needs(pack.depends_on()),
        faults=faults,
        pack=pack,
    )


def state_class_error(spec: Any) -> str | None:
    """Why the class of a provided state cannot be used; None if it can."""
    found = spec.state_class
    if isinstance(found, type) and issubclass(found, State):
        return None

    return f"Not a State subclass (got {type(found).__name__})"


def _specs(provided: object) -> dict[str, Any]:
    if not isinstance(provided, Mapping):
        raise PackFaultError(f"provides() must give a mapping, not {type(provided).__name__}")

    for key, spec in provided.items():
        if not isinstance(key, str):
            raise PackFaultError(f"provides() has a key that is no string: {safe_repr(key)}")

        if not hasattr(spec, "state_class"):
            raise PackFaultError(
                f"provides() must give a StateSpec for '{key}', not {safe_repr(spec)}"
            )

    return dict(provided)


def _transitions(declared: object) -> tuple[list[Any], tuple[str, ...]]:
    if declared is None:
        return [], ("transitions() gave None; it must give a list, empty if need be",)

    specs = declared if isinstance(declared, list) else _listed(declared, "transitions", "a list")
    for spec in specs:
        ends = (getattr(spec, name, None) for name in ("from_state", "on_message", "to_state"))
        if not all(isinstance(end, str) for end in ends):
            raise PackFaultError(
                f"transitions() has something that is no TransitionSpec: {safe_repr(spec)}"
            )

        str(getattr(spec, "guard", None))  # Whoever draws it needs the text.

    return specs, ()


def _needs(needed: object) -> frozenset[str]:
    keys = _listed(needed, "depends_on", "a set")
    for key in keys:
        if not isinstance(key, str):
            raise PackFaultError(f"depends_on() has a key that is no string: {safe_repr(key)}")

    return frozenset(keys)


def _listed(answer: Any, method: str, expected: str) -> list[Any]:
    """What is in an answer, whatever holds it; a text holds nothing but itself."""
    if isinstance(answer, Iterable) and not isinstance(answer, str | bytes):
        return list(answer)

    raise PackFaultError(f"{method}() must give {expected}, not {type(answer).__name__}")
