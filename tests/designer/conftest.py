"""What tests of the designer need."""

from tests.helpers.qt_fixtures import (
    nothing_left_in_qt,
    pytest_asyncio_loop_factories,
    qt_loop,
    window,
)

__all__ = ["nothing_left_in_qt", "pytest_asyncio_loop_factories", "qt_loop", "window"]
