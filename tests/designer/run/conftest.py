"""A flow of Python code to run."""

import pytest

from tests.helpers.runs import flow_in

PYTHON_PACK = """
import asyncio
from flexiflow.state_machine import State
from flexiflow.statepack import MappingPack

class MuteError(Exception):
    def __repr__(self):
        raise LookupError("no words")

    __str__ = __repr__

class Plain(State):
    async def handle_message(self, message, component):
        if message["type"] == "fail":
            raise ValueError(message.get("why", "no good"))
        if message["type"] == "be_mute":
            raise MuteError
        if message["type"] == "cancel":
            raise asyncio.CancelledError
        if message["type"] == "hang":
            await asyncio.Event().wait()
        await component.event_bus.publish("from.python", {"odd": object()})
        return False, self

def pack():
    return MappingPack("plain", {"Plain": Plain})
"""


@pytest.fixture
def python_flow(tmp_path, monkeypatch):
    """A flow whose one state is Python code."""
    (tmp_path / "plain_states.py").write_text(PYTHON_PACK)
    monkeypatch.syspath_prepend(tmp_path)
    config = "name: lamp\ninitial_state: plain_states:Plain\n"
    return flow_in(tmp_path, config=config)
