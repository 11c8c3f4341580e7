"""Counts how often a widget is painted, and how long it was not."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

__all__ = ["PaintCounter"]


class PaintCounter(QObject):
    """Watches a widget's paint events from the moment it is made."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        self._times: list[float] = [time.perf_counter()]
        widget.installEventFilter(self)

    @property
    def count(self) -> int:
        """How often it was painted."""
        return len(self._times) - 1

    def stop(self) -> None:
        """Watches no longer."""
        self._widget.removeEventFilter(self)
        self._times.append(time.perf_counter())

    def gaps(self) -> list[float]:
        """The times between two paintings, in seconds, longest first; after :meth:`stop`."""
        pairs = zip(self._times, self._times[1:], strict=False)
        return sorted((later - earlier for earlier, later in pairs), reverse=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notes the time of a painting and lets it happen."""
        if event.type() == QEvent.Type.Paint:
            self._times.append(time.perf_counter())
        return super().eventFilter(watched, event)
