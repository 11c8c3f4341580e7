"""The status bar: what runs on the left, how the flow stands on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStatusBar, QWidget

from designer.host.theme import SPACE, Theme
from designer.run.controller import RunPhase
from designer.shell.page import FlowPage

__all__ = ["StatusBar", "elapsed_text"]

#: How often the running time is written anew while a flow runs, in milliseconds.
TICK_MS = 250
#: How long a passing word stays, in milliseconds.
PASSING_MS = 6_000

_PHASES = {
    RunPhase.STARTING: "starting",
    RunPhase.RUNNING: "running",
    RunPhase.PAUSED: "held",
    RunPhase.STOPPING: "stopping",
}


def elapsed_text(seconds: float) -> str:
    """A running time: ``00:41``, ``1:02:03``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


class StatusBar(QStatusBar):
    """Follows the current page.

    Signals:
        problems_clicked(): a person wants to see the problems.
    """

    problems_clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Status")
        self.setSizeGripEnabled(False)
        self._page: FlowPage | None = None
        self._dot = _Dot(theme)
        self._run = QLabel()
        self._passing = QLabel()
        self._problems = QPushButton()
        self._zoom, self._saved = QLabel(), QLabel()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show_run)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(PASSING_MS)
        self._forget.timeout.connect(self._passing.clear)
        self._build()
        self._show_all()

    @property
    def run_text(self) -> str:
        """What it says of the run; "" without one."""
        return self._run.text()

    def bind(self, page: FlowPage | None) -> None:
        """Follows another page, or none."""
        if page is self._page:
            return
        if self._page is not None:
            self._unwire(self._page)
        self._page = page
        if page is not None:
            self._wire(page)
        self._show_all()

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours."""
        self._dot.set_theme(theme)

    def say(self, words: str) -> None:
        """Shows a few words in passing, such as why an edit may not be."""
        self._passing.setText(words)
        self._forget.start()

    def stop(self) -> None:
        """Ends its timers."""
        self._tick.stop()
        self._forget.stop()

    def _build(self) -> None:
        left = QWidget()
        left.setAccessibleName("Run")
        row = QHBoxLayout(left)
        row.setContentsMargins(2 * SPACE, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self._dot)
        row.addWidget(self._run)
        row.addWidget(self._passing)
        row.addStretch(1)
        self.addWidget(left, 1)
        self._problems.setProperty("role", "link")
        self._problems.clicked.connect(self.problems_clicked)
        for widget in (self._problems, self._zoom, self._saved):
            self.addPermanentWidget(widget)
        self._run.setAccessibleName("Run")
        self._passing.setAccessibleName("Message")
        self._zoom.setAccessibleName("Zoom")
        self._saved.setAccessibleName("Saved")

    def _wire(self, page: FlowPage) -> None:
        page.run.phase_changed.connect(self._show_run)
        page.run.frame.connect(self._show_run)
        page.problems_changed.connect(self._show_problems)
        page.changed.connect(self._show_saved)
        page.view.zoom_changed.connect(self._show_zoom)

    def _unwire(self, page: FlowPage) -> None:
        page.run.phase_changed.disconnect(self._show_run)
        page.run.frame.disconnect(self._show_run)
        page.problems_changed.disconnect(self._show_problems)
        page.changed.disconnect(self._show_saved)
        page.view.zoom_changed.disconnect(self._show_zoom)

    def _show_all(self) -> None:
        self._show_run()
        self._show_problems()
        self._show_saved()
        self._show_zoom()

    def _show_run(self) -> None:
        run = self._page.run if self._page is not None else None
        active = run is not None and run.phase is not RunPhase.IDLE
        self._dot.setVisible(active)
        self._dot.set_on(run is not None and run.phase is RunPhase.RUNNING)
        if run is None or not active:
            self._tick.stop()
            self._run.setText("")
            return

        if not self._tick.isActive():
            self._tick.start()
        phase = f"{_PHASES[run.phase]} {elapsed_text(run.elapsed)}"
        waiting = run.phase is RunPhase.PAUSED and run.live.messages_wait
        parts = [
            run.state_key or "",
            phase,
            "messages wait" if waiting else "",
            f"{run.log.total:,} events",
        ]
        self._run.setText("  \u00b7  ".join(part for part in parts if part))

    def _show_problems(self) -> None:
        count = len(self._page.problems) if self._page is not None else 0
        self._problems.setVisible(count > 0)
        self._problems.setText(f"\u25b2 {count} {'problem' if count == 1 else 'problems'}")

    def _show_saved(self) -> None:
        if self._page is None:
            self._saved.setText("")
        elif self._page.path is None:
            self._saved.setText("not saved yet")
        else:
            self._saved.setText("modified" if self._page.modified else "saved")

    def _show_zoom(self) -> None:
        page = self._page
        self._zoom.setText(f"{round(page.view.zoom * 100)} %" if page is not None else "")


class _Dot(QWidget):
    """A small filled circle: green while the flow runs, hollow while it is held."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._on = False
        self.setFixedSize(8, 8)
        self.setAccessibleName("Running")

    def set_on(self, on: bool) -> None:
        """Fills it or leaves it hollow."""
        self._on = on
        self.setAccessibleName("Running" if on else "Held")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws the circle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.ok if self._on else self._theme.muted)
        painter.setBrush(self._theme.ok if self._on else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(self.rect().adjusted(1, 1, -1, -1))
