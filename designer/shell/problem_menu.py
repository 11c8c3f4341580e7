"""The problems of a flow as a menu: choosing one shows where it is."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from designer.document.problems import FlowProblem, Severity
from designer.host.resources import icon
from designer.host.theme import Theme
from designer.shell.page import FlowPage

__all__ = ["ProblemMenu"]

#: Problems listed until the rest is counted.
SHOWN = 20


class ProblemMenu(QMenu):
    """Lists what is wrong with a page's flow, worst first."""

    def __init__(self, page: FlowPage, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Problems")
        self._page = page
        problems = sorted(page.problems, key=lambda problem: problem.severity is Severity.WARNING)
        for problem in problems[:SHOWN]:
            self._add(problem, theme)
        if (more := len(problems) - SHOWN) > 0:
            self.addAction(f"... and {more} more").setEnabled(False)
        self.triggered.connect(self._on_triggered)
        self.aboutToHide.connect(self.deleteLater)

    def _add(self, problem: FlowProblem, theme: Theme) -> None:
        fault = problem.severity is Severity.ERROR
        name = "circle-alert" if fault else "triangle-alert"
        color = theme.error_text if fault else theme.warning_text
        text = f"{problem.code}  {problem.message}".replace("&", "&&")
        action = self.addAction(icon(name, theme, color), text)
        action.setData(problem.ids)

    def _on_triggered(self, action: QAction) -> None:
        self._page.show_elements(action.data())
        self._page.view.setFocus()
