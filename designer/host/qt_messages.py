"""Qt's own messages go where all others go: into Python's log."""

from __future__ import annotations

import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

__all__ = ["send_qt_messages_to_log"]

_log = logging.getLogger("qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
#: What the offscreen platform says of every window, which means nothing.
_NOISE = "This plugin does not support"


def send_qt_messages_to_log() -> None:
    """From now on, for the rest of the process."""
    qInstallMessageHandler(_on_message)


def _on_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    if not text.startswith(_NOISE):
        place = f" ({context.category})" if context.category not in (None, "default") else ""
        _log.log(_LEVELS.get(kind, logging.WARNING), "%s%s", text, place)
