"""Keeps the actions in step with the current flow: what is of use now, what is on, what it says."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoGroup

from designer.document.elements import State
from designer.host.trust import TrustStore
from designer.run.controller import RunPhase, Speed
from designer.shell.action_set import ActionSet
from designer.shell.action_spec import When
from designer.shell.page import FlowPage
from designer.shell.run_meaning import code_in

__all__ = ["Availability"]

_SPEEDS = {
    Speed.REAL: "speed.real",
    Speed.TENFOLD: "speed.ten",
    Speed.FASTEST: "speed.max",
}


class Availability(QObject):
    """Follows the current page for the actions."""

    def __init__(
        self, actions: ActionSet, undo: QUndoGroup, trust: TrustStore, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._undo = undo
        self._trust = trust
        self._page: FlowPage | None = None
        undo.canUndoChanged.connect(self.refresh)
        undo.canRedoChanged.connect(self.refresh)
        self.refresh()

    def bind(self, page: FlowPage | None) -> None:
        """Follows another page, or none."""
        if self._page is not None:
            self._page.scene.selection_ids_changed.disconnect(self.refresh)
            self._page.run.phase_changed.disconnect(self.refresh)
            self._page.document.applied.disconnect(self.refresh)
        self._page = page
        if page is not None:
            page.scene.selection_ids_changed.connect(self.refresh)
            page.run.phase_changed.connect(self.refresh)
            page.document.applied.connect(self.refresh)
        self.refresh()

    def show_speed(self, speed: Speed) -> None:
        """Shows which speed is chosen."""
        self._actions.set_checked(_SPEEDS[speed], True)

    def refresh(self) -> None:
        """Brings the actions in step."""
        self._actions.set_available(frozenset(self._facts()))
        phase = self._page.run.phase if self._page is not None else RunPhase.IDLE
        active, held = phase is not RunPhase.IDLE, phase is RunPhase.PAUSED
        self._actions.set_text("run.start", "Restart" if active else "Run")
        self._actions.set_text("run.pause", "Resume" if held else "Pause")
        self._actions.set_checked("run.pause", held)
        trusted = self._page is not None and self._trust.is_trusted(self._page.base_dir)
        self._actions.set_checked("flow.trust", trusted)

    def _facts(self) -> Iterator[When]:
        if self._undo.canUndo():
            yield When.UNDO
        if self._undo.canRedo():
            yield When.REDO
        if (page := self._page) is None:
            return

        yield When.PAGE
        selected = page.scene.selected_ids()
        if selected:
            yield When.SELECTION
        if any(isinstance(page.document.find(id_), State) for id_ in selected):
            yield When.STATE
        if page.run.active:
            yield When.ACTIVE
        if page.run.phase is RunPhase.PAUSED:
            yield When.HELD
        if code_in(page.document.content):
            yield When.CODE
