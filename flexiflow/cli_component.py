"""The commands ``register``, ``handle`` and ``update_rules``: one component, one step."""

from __future__ import annotations

import argparse
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from flexiflow.component import AsyncComponent
from flexiflow.config_loader import ConfigLoader, load_component
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import ConfigError, ErrorContext, PackError, state_not_found
from flexiflow.logger import set_correlation_id
from flexiflow.state_files import StateFile
from flexiflow.state_machine import DEFAULT_REGISTRY, StateRegistry

__all__ = ["cmd_handle", "cmd_register", "cmd_update_rules"]

_VARIABLE = "FLEXIFLOW_CONFIG"


def _resolve_config_path(cli_value: str | None) -> str:
    """The path that was given, or that of the environment.

    Raises:
        SystemExit: there is neither.
    """
    path = cli_value or os.environ.get(_VARIABLE)
    if not path:
        raise SystemExit(f"No config provided. Use --config or set {_VARIABLE}.")

    return path


async def cmd_register(args: argparse.Namespace) -> None:
    """Loads a config, registers its component, and starts it when told to."""
    async with _component(args) as component:
        if args.start:
            await component.handle_message({"type": "start"})


async def cmd_handle(args: argparse.Namespace) -> None:
    """Lets a config's component handle a message."""
    message: dict[str, Any] = {"type": args.message_type}
    if args.content:
        message["content"] = args.content

    async with _component(args) as component:
        await component.handle_message(message)


async def cmd_update_rules(args: argparse.Namespace) -> None:
    """Appends the rules of a file to those of a config's component."""
    async with _component(args) as component:
        try:
            rules = ConfigLoader.load_rules(args.rule_file)
        except FileNotFoundError as error:
            raise _missing(args.rule_file) from error

        await component.update_rules(rules)
        logger: Any = component.logger
        logger.info("%s rules updated. Total rules: %d", component.name, len(component.rules))


@asynccontextmanager
async def _component(args: argparse.Namespace) -> AsyncIterator[AsyncComponent]:
    """The config's component, registered; the state file, if any, is read and written."""
    set_correlation_id()
    component = _loaded(_resolve_config_path(args.config))
    engine = FlexiFlowEngine()
    await engine.register_async(component)
    path = getattr(args, "state", None)
    try:
        if path is None:
            yield component
            return

        with StateFile(path) as state_file:
            snapshot = state_file.load(component.name)
            if snapshot is not None:
                await component.restore(snapshot)

            yield component
            state_file.save(component)
    finally:
        await engine.stop()


class _MissingFileError(ConfigError, FileNotFoundError):
    """A file that is not there, as whoever calls a command knows it: by the built-in class."""


def _loaded(path: str) -> AsyncComponent:
    """The component of a config, or of a pack by itself.

    Raises:
        FileNotFoundError: there is no such file.
        FlexiFlowError: the config does not load.
    """
    try:
        return load_component(path)
    except PackError as error:
        problems = error

    _check_as_of_old(path)
    raise problems


def _check_as_of_old(path: str) -> None:
    """Raises what ``ConfigLoader`` and the registry say first about a config, if they say anything.

    Their words and classes are what these commands have always ended with. This reads the config
    again, so that only one that fails is read twice. Of packs in YAML they have nothing to say that
    is not known by now.
    """
    try:
        data = ConfigLoader.load_yaml(path)
    except FileNotFoundError as error:
        raise _missing(path) from error

    if "pack" in data and "name" not in data:
        return

    registry = StateRegistry(parent=DEFAULT_REGISTRY)
    try:
        initial = ConfigLoader.load_component_config(path, registry).initial_state
    except PackError:
        return

    if registry.find(initial) is None:
        raise state_not_found(initial, registry.names())


def _missing(path: str) -> _MissingFileError:
    return _MissingFileError(
        f"File not found: {path}",
        why="There is no such file.",
        fix="Check the path.",
        context=ErrorContext({"path": path}),
    )
