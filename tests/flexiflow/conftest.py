"""Files and modules that tests of the engine look at."""

import asyncio
import os
import sys
import textwrap
from typing import Any

import pytest

from flexiflow.state_machine import DEFAULT_REGISTRY, StateRegistry
from tests.helpers import named_states

MODULE = """
from flexiflow.state_machine import State
from flexiflow.statepack import StateSpec, TransitionSpec


class Open(State):
    pass


class Shut(State):
    pass


class Plain:
    pass


value = 5


class DoorPack:
    name = "door"

    def provides(self):
        return {"Shut": StateSpec(Shut), "Open": StateSpec(Open)}

    def transitions(self):
        return [TransitionSpec("Shut", "push", "Open", guard="unlocked")]

    def depends_on(self):
        return {"InitialState"}


door = DoorPack()
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module with states and packs; its name."""
    name = f"explained_{os.getpid()}_{id(tmp_path)}"
    (tmp_path / f"{name}.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    sys.modules.pop(name, None)


@pytest.fixture
def write(tmp_path):
    """Writes a file and gives its path."""

    def write_file(text, name="config.yaml"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def states_of_test(monkeypatch):
    """The module that configs can name as ``states_of_test``."""
    made = named_states.make_module()
    monkeypatch.setitem(sys.modules, named_states.MODULE, made)
    return made


@pytest.fixture
def registry():
    """A registry of the test's own, with what the default one knows."""
    fresh = StateRegistry()
    for name in DEFAULT_REGISTRY.names():
        fresh.register(name, DEFAULT_REGISTRY.find(name))

    return fresh


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    """What the caller's own environment sets for the command line decides no test."""
    monkeypatch.delenv("FLEXIFLOW_CONFIG", raising=False)
    monkeypatch.delenv("FLEXIFLOW_DEBUG", raising=False)


@pytest.fixture
def config(write):
    """A config of a component called comp, with one rule; its path."""
    return write("name: comp\nrules:\n  - a: 1\n")


@pytest.fixture
def hanging_action(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when the action ``flexiflow.testing:hangs`` has been reached, which never ends."""
    reached = asyncio.Event()

    async def hangs(_component: Any, _message: Any) -> None:
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("flexiflow.testing.hangs", hangs, raising=False)
    return reached
