"""What the window paints of a run: one frame at most every thirtieth of a second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

__all__ = ["FRAME_MS", "FrameTimer", "RunFrame"]

#: The least time between two frames.
FRAME_MS: Final = 33


@dataclass(frozen=True, slots=True)
class RunFrame:
    """A moment of a run.

    Attributes:
        active: key of the state the component is in.
        taken: the transition taken last: its pack's name and its place there; None for none.
        visits: state key -> how often it was entered.
        events: events so far.
        dropped: rows that the event log let go.
    """

    active: str
    taken: tuple[str, int] | None = None
    visits: Mapping[str, int] = field(default_factory=dict)
    events: int = 0
    dropped: int = 0


class FrameTimer(QObject):
    """Says when to paint: soon after something happened, and never too often.

    Nothing happens, nothing ticks.

    Signals:
        due(): paint now.
    """

    due = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._waiting = False

    def request(self) -> None:
        """Asks for a frame; cheap enough to be called for each event."""
        if not self._waiting:
            self._waiting = True
            self._timer.start()

    def flush(self) -> None:
        """Paints now what waits to be painted, and stops."""
        self._timer.stop()
        if self._waiting:
            self._on_timeout()

    def _on_timeout(self) -> None:
        self._waiting = False
        self.due.emit()
