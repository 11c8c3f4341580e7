"""Qt's own messages."""

import logging

import pytest
from PySide6.QtCore import qInstallMessageHandler, qWarning

from designer.host.qt_messages import send_qt_messages_to_log


@pytest.fixture
def handler(qapp):
    """Qt's messages go to the log while the test lasts."""
    before = qInstallMessageHandler(None)
    send_qt_messages_to_log()
    yield
    qInstallMessageHandler(before)


def test_a_warning_of_qt_is_a_warning_of_the_log(handler, caplog):
    """Whoever reads the log sees it."""
    qWarning("something is odd")

    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "something is odd")
    ]


def test_what_offscreen_always_says_is_left_out(handler, caplog):
    """A run without a display stays quiet."""
    qWarning("This plugin does not support propagateSizeHints()")

    assert caplog.records == []
