"""The Properties dock: a form for what is selected, or for the flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from designer.host.theme import Theme
from designer.shell.docks.dock import Dock
from designer.shell.panels.form import Form
from designer.shell.panels.problem_card import ProblemCards

if TYPE_CHECKING:
    from designer.shell.page import FlowPage

__all__ = ["PropertiesDock"]

_EMPTY = "What is selected in a flow is described and edited here."


class PropertiesDock(Dock):
    """Shows the form for the selection of the current flow."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Properties", "properties", theme)
        self._form: Form | None = None
        self._cards: ProblemCards | None = None
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setAccessibleName("Properties")
        self.set_body(self.area, empty=_EMPTY)

    @property
    def form(self) -> Form | None:
        """What is shown; None while no flow is open."""
        return self._form

    def commit(self) -> None:
        """Hands over what is being typed, before something is done with the flow."""
        if self._form is not None:
            self._form.commit()

    def wire(self, page: FlowPage) -> None:
        """Follows the page's selection, flow and problems."""
        page.scene.selection_ids_changed.connect(self._on_selected)
        page.session.document.applied.connect(self._on_applied)
        page.problems_changed.connect(self._show_problems)
        self._rebuild()

    def unwire(self, page: FlowPage) -> None:
        """Stops following the page; what was being typed is kept in its flow."""
        self.commit()
        page.scene.selection_ids_changed.disconnect(self._on_selected)
        page.session.document.applied.disconnect(self._on_applied)
        page.problems_changed.disconnect(self._show_problems)
        self._drop()
        self.set_heading(self.windowTitle())

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours."""
        super().set_theme(theme)
        if self.page is not None:
            self.commit()
            self._rebuild()

    def _on_selected(self) -> None:
        if self.page is None or self._form is None:
            return
        if self.page.scene.selected_ids() != self._form.ids:
            self.commit()
            self._rebuild()

    def _on_applied(self) -> None:
        if self._form is None:
            return
        if self._form.fits:
            self._form.refresh()
        else:
            self._rebuild()

    def _rebuild(self) -> None:
        """Makes the form anew."""
        if self.page is None:
            return
        self._drop()
        self._form = Form(self.page.session, self.page.scene.selected_ids(), self.theme)
        self._cards = ProblemCards()
        self._form.add_below(self._cards)
        self.area.setWidget(self._form)
        self.set_heading(self._form.heading)
        self._show_problems()

    def _drop(self) -> None:
        self._form = self._cards = None
        form = self.area.takeWidget()
        if form is not None:
            form.hide()
            form.deleteLater()

    def _show_problems(self) -> None:
        """Those of what is selected; of the flow, those that are about no element."""
        if self.page is None or self._form is None or self._cards is None:
            return
        ids = set(self._form.ids or (self.page.session.document.flow.id,))
        found = [problem for problem in self.page.problems if ids.intersection(problem.ids[:1])]
        self._cards.show_problems(found)
