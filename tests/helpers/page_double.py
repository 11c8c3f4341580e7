"""A page without run and banners, for tests of docks that edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from designer.canvas.scene import FlowScene
from designer.commands.session import EditSession
from designer.document.model import Content, Document
from designer.document.problems import FlowProblem, find_problems
from designer.host.theme import LIGHT

if TYPE_CHECKING:
    from designer.shell.page import FlowPage

__all__ = ["PageDouble"]


class PageDouble(QObject):
    """What docks that edit ask of a page: session, document, scene and problems."""

    problems_changed = Signal()

    def __init__(self, content: Content) -> None:
        super().__init__()
        self.session = EditSession(Document(content), self)
        self.document = self.session.document
        self.scene = FlowScene(self.session, LIGHT)
        self.problems: tuple[FlowProblem, ...] = find_problems(content)

    def as_page(self) -> FlowPage:
        """The same, for what wants a page."""
        return cast("FlowPage", self)

    def find_problems(self) -> None:
        """Looks again for what is wrong."""
        self.problems = find_problems(self.document.content)
        self.problems_changed.emit()

    def dispose(self) -> None:
        """Lets go of the scene."""
        self.scene.dispose()
