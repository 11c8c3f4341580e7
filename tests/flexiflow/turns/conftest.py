"""A component whose messages say what is to be done, and a log of what was."""

import asyncio
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import StateMachine
from tests.helpers.scripts import Script


@pytest.fixture
def log() -> list[Any]:
    """What happened, in order."""
    return []


@pytest.fixture
def bus() -> AsyncEventManager:
    """A bus."""
    return AsyncEventManager()


@pytest.fixture
def component(log: list[Any], bus: AsyncEventManager) -> AsyncComponent:
    """A component that does what its messages say."""
    return AsyncComponent("c", state_machine=StateMachine(Script(log)), event_bus=bus)


@pytest.fixture
async def loop_errors() -> list[BaseException]:
    """Errors that reached the loop's exception handler."""
    errors: list[BaseException] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: errors.append(context["exception"]))
    return errors
