"""Files and modules that tests of the engine look at."""

import os
import sys
import textwrap

import pytest

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
        path.write_text(textwrap.dedent(text))
        return path

    return write_file
