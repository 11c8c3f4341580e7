"""Unexpected warnings in the log."""

from __future__ import annotations

import logging

__all__ = ["WarningCollector"]


class WarningCollector(logging.Handler):
    """Keeps every record of WARNING or above, as text."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the record."""
        text = f"{record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        self.lines.append(text)
