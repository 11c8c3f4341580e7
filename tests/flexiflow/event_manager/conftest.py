"""A bus, and a logger that tells what it was told."""

import pytest

from flexiflow.event_manager import AsyncEventManager
from tests.helpers.buses import ErrorLog


@pytest.fixture
def log() -> ErrorLog:
    """A logger for the bus."""
    return ErrorLog()


@pytest.fixture
def bus(log: ErrorLog) -> AsyncEventManager:
    """A bus with a logger."""
    return AsyncEventManager(log)
