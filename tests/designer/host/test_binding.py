"""Facts about PySide6 that the program stands on."""

import sys

from PySide6.QtCore import QObject, QTimer


def test_calls_that_return_nothing_do_not_use_up_none(qapp):
    """Some versions lose a reference to None on every such call, and abort after some thousand."""
    item, timer = QObject(), QTimer()
    before = sys.getrefcount(None)
    for number in range(5_000):
        item.setObjectName("name")
        timer.setInterval(number)

    assert abs(sys.getrefcount(None) - before) < 100
