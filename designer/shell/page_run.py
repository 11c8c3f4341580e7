"""What the canvas shows of a page's run, and what a click on the canvas says to the run."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from designer.canvas.overlay import NO_OVERLAY, Overlay
from designer.canvas.scene import FlowScene
from designer.document.elements import ElementId
from designer.run.controller import RunController, RunFrame
from designer.shell.run_map import RunMap
from designer.shell.run_meaning import same_meaning

__all__ = ["PageRun"]

#: Edits are compared with what runs when nothing was edited for this long, in milliseconds.
COMPARE_DELAY_MS = 200


class PageRun(QObject):
    """Carries a run to the scene, by ids.

    Signals:
        changed(): another moment of the run is shown.
        message_wanted(str, object): a person clicked a transition whose message needs these fields.
        meaning_changed(bool): the flow on the canvas means something else than what runs, or again
            the same.
    """

    changed = Signal()
    message_wanted = Signal(str, object)
    meaning_changed = Signal(bool)

    def __init__(self, run: RunController, scene: FlowScene, parent: QObject) -> None:
        super().__init__(parent)
        self._run = run
        self._scene = scene
        self._map: RunMap | None = None
        self._differs = False
        self._compare = QTimer(self)
        self._compare.setSingleShot(True)
        self._compare.setInterval(COMPARE_DELAY_MS)
        self._compare.timeout.connect(self._on_compare)
        run.phase_changed.connect(self._on_phase)
        run.frame.connect(self._on_frame)
        scene.message_clicked.connect(self._on_clicked)
        scene.document.applied.connect(self._on_applied)

    @property
    def overlay(self) -> Overlay:
        """The moment that is shown."""
        return self._scene.overlay

    @property
    def active(self) -> ElementId | None:
        """The state the run is in, or None."""
        return self._scene.overlay.active

    @property
    def differs(self) -> bool:
        """Whether the canvas says something else than what runs."""
        return self._differs

    def dispose(self) -> None:
        """Follows nothing any more."""
        self._compare.stop()
        self._run.phase_changed.disconnect(self._on_phase)
        self._run.frame.disconnect(self._on_frame)
        self._scene.message_clicked.disconnect(self._on_clicked)
        self._scene.document.applied.disconnect(self._on_applied)

    def _on_phase(self) -> None:
        content = self._run.content if self._run.active else None
        if content is None:
            self._map = None
            self._compare.stop()
            self._set_differs(False)
            self._show(NO_OVERLAY)
        elif self._map is None or self._map.content is not content:
            self._map = RunMap(content)
            self._set_differs(False)

    def _on_frame(self, frame: RunFrame) -> None:
        if self._map is not None:
            self._show(self._map.overlay(frame.active, frame.taken, frame.visits))

    def _show(self, overlay: Overlay) -> None:
        if overlay != self._scene.overlay:
            self._scene.set_overlay(overlay)
            self.changed.emit()

    def _on_clicked(self, transition_id: ElementId) -> None:
        if self._map is None:
            return
        message = self._map.message_for(transition_id)
        fields = self._map.fields_for(transition_id)
        if message is None:
            return
        if fields:
            self.message_wanted.emit(message, fields)
        else:
            self._run.send({"type": message})

    def _on_applied(self) -> None:
        if self._map is not None:
            self._compare.start()

    def _on_compare(self) -> None:
        if self._map is not None:
            now = self._scene.document.content
            self._set_differs(not same_meaning(self._map.content, now))

    def _set_differs(self, differs: bool) -> None:
        if differs != self._differs:
            self._differs = differs
            self.meaning_changed.emit(differs)
