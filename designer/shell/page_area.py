"""The middle of the window: a tab for each open flow, or the welcome page while there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QTabWidget, QWidget

from designer.shell.welcome import WelcomePage

if TYPE_CHECKING:
    from designer.shell.page import FlowPage

__all__ = ["PageArea"]


class FlowTabs(QTabBar):
    """The tabs of the flows; a middle click closes one.

    Signals:
        middle_clicked(int): on that tab.
    """

    middle_clicked = Signal(int)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A middle click closes the tab."""
        index = self.tabAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.MiddleButton and index >= 0:
            self.middle_clicked.emit(index)
            return

        super().mouseReleaseEvent(event)


class PageArea(QStackedWidget):
    """Holds the pages in their order.

    Signals:
        current_changed(object): another FlowPage is shown, or None.
        close_wanted(object): a person wants to close that FlowPage.
        page_added(object): a FlowPage was opened.
        page_removed(object): a FlowPage was taken out and is about to end.
    """

    current_changed = Signal(object)
    close_wanted = Signal(object)
    page_added = Signal(object)
    page_removed = Signal(object)

    def __init__(self, welcome: WelcomePage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Flows")
        self._pages: list[FlowPage] = []
        self._tabs = QTabWidget()
        bar = FlowTabs()
        bar.setProperty("role", "flows")
        bar.setAccessibleName("Open flows")
        bar.middle_clicked.connect(self._on_close)
        self._tabs.setTabBar(bar)
        self._tabs.setProperty("role", "flows")
        self._tabs.setAccessibleName("Open flows")
        self._tabs.setDocumentMode(True)
        self._tabs.setTabsClosable(True)
        self._tabs.setMovable(True)
        self._tabs.currentChanged.connect(self._on_current)
        self._tabs.tabCloseRequested.connect(self._on_close)
        self.addWidget(welcome)
        self.addWidget(self._tabs)

    @property
    def pages(self) -> tuple[FlowPage, ...]:
        """The open flows, in the order they were opened."""
        return tuple(self._pages)

    @property
    def current(self) -> FlowPage | None:
        """The flow that is shown, or None."""
        index = self._tabs.currentIndex()
        return next((page for page in self._pages if self._tabs.indexOf(page) == index), None)

    def find_page(self, path: Path) -> FlowPage | None:
        """The page of that file, or None."""
        wanted = path.resolve()
        return next(
            (page for page in self._pages if page.path and page.path.resolve() == wanted), None
        )

    def iter_modified(self) -> Iterator[FlowPage]:
        """The pages with edits that are not saved."""
        return (page for page in self.pages if page.modified)

    def add(self, page: FlowPage, *, index: int = -1) -> None:
        """Adds a page, at a place among the tabs or behind them, and shows it."""
        self._pages.append(page)
        page.changed.connect(self._show_titles)
        self.page_added.emit(page)
        self._tabs.insertTab(index, page, page.title)
        self._show_titles()
        self.setCurrentIndex(1)
        self._tabs.setCurrentWidget(page)

    def remove(self, page: FlowPage) -> int:
        """Takes a page out, which its owner then closes down; returns its place among the tabs."""
        self._pages.remove(page)
        page.changed.disconnect(self._show_titles)
        index = self._tabs.indexOf(page)
        self._tabs.removeTab(index)
        self.page_removed.emit(page)
        if not self._pages:
            self.setCurrentIndex(0)
        return index

    def show_page(self, page: FlowPage) -> None:
        """Brings a page to the front."""
        self._tabs.setCurrentWidget(page)

    def step(self, by: int) -> None:
        """Shows the page that many tabs further on, and from the last one on the first."""
        if count := self._tabs.count():
            self._tabs.setCurrentIndex((self._tabs.currentIndex() + by) % count)

    def _on_current(self) -> None:
        self.current_changed.emit(self.current)

    def _on_close(self, index: int) -> None:
        page = self._tabs.widget(index)
        self.close_wanted.emit(next(known for known in self._pages if known is page))

    def _show_titles(self) -> None:
        for page in self._pages:
            index = self._tabs.indexOf(page)
            title = page.title.replace("&", "&&")
            self._tabs.setTabText(index, f"{title}  \u2022" if page.modified else title)
            place = str(page.path) if page.path else "not saved yet"
            state = ", modified" if page.modified else ""
            self._tabs.setTabToolTip(index, f"{place}{state}")
            close = self._tabs.tabBar().tabButton(index, QTabBar.ButtonPosition.RightSide)
            if close is not None:
                close.setAccessibleName(f"Close {page.title}")
