"""A page: one open flow with its session, its canvas, its run and its notices."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.canvas.scene import FlowScene
from designer.canvas.view import FlowView
from designer.commands.session import EditSession
from designer.document.elements import ElementId
from designer.document.model import Content, Document
from designer.document.problems import FlowProblem, find_problems
from designer.host.resources import is_example
from designer.host.settings import data_folder
from designer.host.theme import Theme
from designer.run.controller import RunController
from designer.run.snapshots import database_beside
from designer.shell.banner import BannerStack
from designer.shell.page_run import PageRun

__all__ = ["FlowPage", "FlowSource", "database_for"]

#: Problems are looked for when nothing was edited for this long, in milliseconds.
CHECK_DELAY_MS = 120
#: Flows of more states and transitions than this are checked in a thread.
QUICKLY_CHECKED = 1_000


@dataclass(frozen=True, slots=True)
class FlowSource:
    """Where a flow was read from or written to.

    Attributes:
        path: the file that was opened: a config or a pack.
        texts: every file of the flow as it was when it was last read or written here.
    """

    path: Path
    texts: Mapping[Path, str] = field(default_factory=dict)


class FlowPage(QWidget):
    """One open flow.

    Signals:
        changed(): its name, its file, or whether it is modified.
        problems_changed(): other problems were found.
        message_wanted(str, object): a message of that type needs these fields (a tuple) from a
            person before it can be sent.

    Attributes:
        session: the document and its undo stack.
        scene: what the canvas shows.
        view: the canvas.
        run: the engine's side of a run.
        showing: what of the run is on the canvas.
        banners: what the person is told about this flow.
    """

    changed = Signal()
    problems_changed = Signal()
    message_wanted = Signal(str, object)

    def __init__(
        self,
        content: Content,
        theme: Theme,
        *,
        source: FlowSource | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._problems: tuple[FlowProblem, ...] = ()
        self._edits = 0
        self.session = EditSession(Document(content), self)
        self.scene = FlowScene(self.session, theme)
        self.view = FlowView(self.scene)
        # Files that are dropped on the canvas are the window's.
        self.view.viewport().setAcceptDrops(False)
        self.view.setAcceptDrops(False)
        self.run = RunController(self)
        self.showing = PageRun(self.run, self.scene, self)
        self.banners = BannerStack(theme)
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.setInterval(CHECK_DELAY_MS)
        self._build()
        self._wire()
        self._on_changed()

    # -- what it is ------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        """The flow itself."""
        return self.session.document

    @property
    def source(self) -> FlowSource | None:
        """The files it belongs to; None while it was never saved."""
        return self._source

    @property
    def path(self) -> Path | None:
        """The file it was opened from or saved to; None while it was never saved."""
        return self._source.path if self._source is not None else None

    @property
    def base_dir(self) -> Path:
        """The folder that paths in the flow are relative to."""
        return self.path.parent if self.path is not None else Path.cwd()

    @property
    def database(self) -> Path | None:
        """Where snapshots of its runs are stored: beside its file, or where the user's data is."""
        return database_for(self.path) if self.path is not None else None

    @property
    def title(self) -> str:
        """The name of its file, or of the flow while it has none."""
        return self.path.name if self.path is not None else self.document.flow.name

    @property
    def modified(self) -> bool:
        """Whether there are edits that are not saved."""
        return not self.session.undo_stack.isClean()

    @property
    def problems(self) -> tuple[FlowProblem, ...]:
        """What is wrong with the flow, or likely to be."""
        return self._problems

    # -- what it does ----------------------------------------------------------------------

    def set_source(self, source: FlowSource) -> None:
        """It belongs to those files now; whether it is modified stays as it was."""
        self._source = source
        self.changed.emit()

    def show_elements(self, ids: Iterable[ElementId]) -> None:
        """Selects elements; a single one is brought into view as well."""
        wanted = [element_id for element_id in ids if self.document.find(element_id) is not None]
        self.scene.select(wanted)
        if len(self.scene.selected_ids()) == 1:
            self.view.show_element(wanted[0])

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours."""
        self.scene.set_theme(theme)
        self.banners.set_theme(theme)

    async def close_down(self) -> None:
        """Stops the run and lets go of everything; the page is of no use afterwards."""
        self._check.stop()
        self.banners.dismiss_all()
        await self.run.close()
        self._unwire()
        self.showing.dispose()
        self.view.dispose()
        self.scene.dispose()
        self.deleteLater()

    # -- wiring ----------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banners)
        column.addWidget(self.view, 1)

    def _wire(self) -> None:
        self.session.undo_stack.cleanChanged.connect(self.changed)
        self.document.flow_changed.connect(self.changed)
        self.document.applied.connect(self._on_changed)
        self._check.timeout.connect(self._look_for_problems)
        self.showing.message_wanted.connect(self.message_wanted)

    def _unwire(self) -> None:
        # The stack announces its own end, and nobody may answer then.
        self.session.undo_stack.cleanChanged.disconnect(self.changed)
        self.document.flow_changed.disconnect(self.changed)
        self.document.applied.disconnect(self._on_changed)
        self._check.timeout.disconnect(self._look_for_problems)
        self.showing.message_wanted.disconnect(self.message_wanted)

    def _on_changed(self) -> None:
        self._edits += 1
        self._check.start()

    def _look_for_problems(self) -> None:
        content = self.document.content
        if len(content.states) + len(content.transitions) <= QUICKLY_CHECKED:
            self._set_problems(tuple(find_problems(content)))
        else:
            self.run.tasks.start(self._find_problems(content), name="looking for problems")

    async def _find_problems(self, content: Content) -> None:
        """Looks in a thread; what is found is old when there was an edit meanwhile."""
        edits = self._edits
        found = await asyncio.to_thread(lambda: tuple(find_problems(content)))
        if edits == self._edits:
            self._set_problems(found)

    def _set_problems(self, found: tuple[FlowProblem, ...]) -> None:
        if found != self._problems:
            self._problems = found
            self.problems_changed.emit()


def database_for(path: Path) -> Path:
    """Where the snapshots of a flow are stored: beside it, but nothing beside what came along."""
    if not is_example(path):
        return database_beside(path)
    return data_folder() / database_beside(path).name
