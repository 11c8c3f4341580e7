"""From what a config names to packs: by dotted path, from YAML, or a mapping of states."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from inspect import getattr_static
from pathlib import Path
from typing import Any, NamedTuple

from flexiflow.declarative import DeclarativePack
from flexiflow.errors import ConfigError, ErrorContext, ImportError_
from flexiflow.imports import load_symbol, split_dotted_path
from flexiflow.packfile import pack_from_data, read_pack
from flexiflow.safe_text import safe_repr, safe_str
from flexiflow.state_machine import State
from flexiflow.statepack import MappingPack

__all__ = [
    "Provided",
    "collect_provided_keys",
    "collisions",
    "is_pack_file",
    "load_pack",
    "load_packs",
    "load_provided",
    "name_of",
    "provided_states",
    "states_and_packs",
]

_METHODS = ("provides", "transitions", "depends_on")


class Provided(NamedTuple):
    """A pack with the state classes that it provides."""

    pack: Any
    states: dict[str, type[State]]


def load_packs(
    *,
    states: Mapping[str, Any] | None = None,
    packs: Iterable[Any] | None = None,
    builtin_keys: Collection[str] | None = None,
    base_dir: str | Path | None = None,
) -> list[Any]:
    """The packs that a config names, in its order; nothing is registered anywhere.

    Args:
        states: key -> class, as one pack; classes are not checked.
        packs: pack instances, dotted paths, paths of YAML pack files, and packs as mappings.
        builtin_keys: keys that no pack may provide; none by default.
        base_dir: where relative paths of files begin; the current folder by default.

    Raises:
        ConfigError: both arguments, an entry that is no pack, or a key from two sides.
        ImportError_: a dotted path that leads nowhere.
    """
    if states is not None and packs is not None:
        raise states_and_packs()

    loaded: list[Any] = []
    if states is not None:
        loaded.append(MappingPack(states))

    loaded += _loaded(packs or (), Path() if base_dir is None else Path(base_dir))
    for collision in _detect_collisions(loaded, builtin_keys or ()):
        raise collision

    return loaded


def states_and_packs() -> ConfigError:
    """The error for ``states`` together with ``packs``."""
    return ConfigError(
        "Cannot specify both 'states' and 'packs'",
        why="'states' and 'packs' are mutually exclusive: each says where states come from.",
        fix="Keep one of them; a mapping of states can become a pack of its own.",
        context=ErrorContext({"has_states": True, "has_packs": True}),
    )


def load_provided(
    packs: Iterable[Any], builtin_keys: Collection[str], base_dir: Path
) -> list[Provided]:
    """As :func:`load_packs`, each pack with what it provides, asked for once and checked.

    Raises:
        ConfigError: also when a pack provides something else than state classes.
    """
    provided = [Provided(pack, provided_states(pack)) for pack in _loaded(packs, base_dir)]
    keys = [(pack.name, states) for pack, states in provided]
    for collision in collisions(keys, builtin_keys):
        raise collision

    return provided


def _loaded(packs: Iterable[Any], folder: Path) -> list[Any]:
    """The packs, those that are named twice only once."""
    loaded: list[Any] = []
    seen: set[str | None] = {None}
    for item in packs:
        name = name_of(item, folder)
        if name is None or name not in seen:
            pack = load_pack(item, folder)
            if not any(pack is other for other in loaded):
                loaded.append(pack)

        seen.add(name)

    return loaded


def provided_states(pack: Any) -> dict[str, type[State]]:
    """Key -> state class of a pack.

    Raises:
        ConfigError: the pack provides something else.
    """
    try:
        name = pack.name
        specs = pack.provides()
    except Exception as error:
        raise _broken(pack, f"its name or provides() raised {safe_repr(error)}") from error

    if not isinstance(name, str):
        raise _broken(pack, f"its name is {type(name).__name__} instead of a string")

    if not isinstance(specs, Mapping):
        raise _broken(pack, f"its provides() gave {type(specs).__name__} instead of a mapping")

    states: dict[str, type[State]] = {}
    for key, spec in specs.items():
        state_class = getattr(spec, "state_class", None)
        if not isinstance(key, str) or not key:
            raise _broken(pack, f"it provides {safe_repr(key)}, which is no name of a state")

        if not (isinstance(state_class, type) and issubclass(state_class, State)):
            raise _broken(
                pack, f"what it provides as '{key}' is no State subclass: {safe_repr(spec)}"
            )

        states[key] = state_class

    return states


def _broken(pack: Any, why: str) -> ConfigError:
    kind = type(pack).__name__
    return ConfigError(
        f"Invalid pack: {kind}",
        why=f"A pack has a name, and provides a mapping of keys to specs of states, but {why}.",
        fix="Correct the pack's name or provides(); its classes inherit from flexiflow.State.",
        context=ErrorContext({"type": kind}),
    )


def collect_provided_keys(packs: Iterable[Any]) -> dict[str, str]:
    """Each provided key -> the name of the first pack that provides it."""
    providers: dict[str, str] = {}
    for pack in packs:
        for key in pack.provides():
            providers.setdefault(key, pack.name)

    return providers


def is_pack_file(item: object) -> bool:
    """Whether an entry of ``packs`` names a YAML file rather than a dotted path."""
    return isinstance(item, str) and item.lower().endswith((".yaml", ".yml"))


def load_pack(item: Any, folder: Path) -> Any:
    """The pack that one entry of ``packs`` stands for.

    Raises:
        ConfigError: the entry is no pack, or a YAML pack says something that it may not.
        ImportError_: a dotted path that leads nowhere.
    """
    if is_pack_file(item):
        return DeclarativePack(read_pack(folder / item))

    if isinstance(item, str):
        return _load_pack_from_dotted_path(item)

    if isinstance(item, Mapping) and "pack" in item:
        return DeclarativePack(pack_from_data(dict(item)))

    if _is_statepack_instance(item):
        return item

    raise ConfigError(
        f"Invalid pack entry: {safe_repr(item)}",
        why="A pack is a dotted path, a YAML file, a mapping with a key 'pack', or an instance.",
        fix="Write 'module:PackClass', 'my.pack.yaml', or a mapping that begins with 'pack:'.",
        context=ErrorContext({"item": safe_str(item), "type": type(item).__name__}),
    )


def name_of(item: object, folder: Path) -> str | None:
    """What tells that two entries name the same pack; None for one that has no name."""
    if not isinstance(item, str):
        return None

    if is_pack_file(item):
        return str((folder / item).absolute())

    return ":".join(part.strip() for part in item.split(":", 1))


def _load_pack_from_dotted_path(dotted_path: str) -> Any:
    """The pack at ``module:symbol``: an instance as it is, a class made without arguments."""
    try:
        split_dotted_path(dotted_path)
    except ImportError_ as error:
        raise ImportError_(
            f"Invalid pack path format: '{dotted_path}'",
            why="A pack is named by a dotted path of the form module:PackClass.",
            fix="Write it like mypackage.packs:MyPack; a colon separates module from class.",
            context=ErrorContext({"dotted_path": dotted_path}),
        ) from error

    symbol = load_symbol(dotted_path)
    if _is_statepack_class(symbol):
        pack = _instantiated(symbol, dotted_path)
        if _is_statepack_instance(pack):
            return pack
    elif _is_statepack_instance(symbol):
        return symbol

    got = type(symbol).__name__
    raise ConfigError(
        f"Not a StatePack: '{dotted_path}'",
        why=f"Expected a pack with name, provides, transitions and depends_on, got {got}.",
        fix="Give the class these four members, or name another symbol.",
        context=ErrorContext({"dotted_path": dotted_path, "got_type": got}),
    )


def _instantiated(pack_class: Any, dotted_path: str) -> Any:
    try:
        return pack_class()
    except (Exception, SystemExit) as error:  # the user's code may end in any way
        raise ConfigError(
            f"Failed to instantiate pack: '{dotted_path}'",
            why=f"Making the pack raised {type(error).__name__}: {safe_str(error)}",
            fix="Give the class a zero-argument constructor, or name an instance of it.",
            context=ErrorContext({"dotted_path": dotted_path, "error": safe_repr(error)}),
        ) from error


def _is_statepack_instance(candidate: object) -> bool:
    """Whether it has the shape of a pack; nothing needs to be inherited."""
    return (
        not isinstance(candidate, type)
        # Looked for without running it: a property may fail, which is said elsewhere.
        and (getattr_static(candidate, "name", None) is not None or hasattr(candidate, "name"))
        and all(callable(getattr(candidate, method, None)) for method in _METHODS)
    )


def _is_statepack_class(candidate: object) -> bool:
    """Whether its instances may be packs; their ``name`` may come from the constructor."""
    return isinstance(candidate, type) and all(
        callable(getattr(candidate, method, None)) for method in _METHODS
    )


def _detect_collisions(packs: Sequence[Any], builtin_keys: Collection[str]) -> list[ConfigError]:
    return collisions([(pack.name, pack.provides()) for pack in packs], builtin_keys)


def collisions(
    provided: Iterable[tuple[str, Iterable[str]]], builtin_keys: Collection[str]
) -> list[ConfigError]:
    """Keys that come from several packs, then keys that hide builtin states.

    Args:
        provided: each pack's name with its keys.
        builtin_keys: keys that no pack may provide.
    """
    providers: dict[str, list[str]] = {}
    for name, keys in provided:
        for key in keys:
            providers.setdefault(key, []).append(name)

    duplicates = [_duplicate(key, names) for key, names in providers.items() if len(names) > 1]
    return duplicates + [
        _shadowing(key, names) for key, names in providers.items() if key in builtin_keys
    ]


def _duplicate(key: str, names: list[str]) -> ConfigError:
    return ConfigError(
        f"Duplicate state key: '{key}'",
        why=f"It is provided by several packs: {', '.join(map(str, names))}.",
        fix="Rename the state in all but one of them.",
        context=ErrorContext({"key": key, "providers": names}),
    )


def _shadowing(key: str, names: list[str]) -> ConfigError:
    return ConfigError(
        f"State key '{key}' shadows builtin",
        why=f"It is provided by {', '.join(map(str, names))}, and the engine has a state of it.",
        fix="Rename the state.",
        context=ErrorContext({"key": key, "providers": names, "builtin": True}),
    )
