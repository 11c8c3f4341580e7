"""The docks around the canvas: where they stand at first, their tabs, and the stored layout."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QMenu, QTabBar, QTabWidget

from designer.host.theme import Theme
from designer.shell.docks.dock import Dock
from designer.shell.page import FlowPage

__all__ = ["DockArea"]

#: Raised when the docks themselves change, so that an old layout is not applied to new docks.
LAYOUT_VERSION = 1

_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea

#: Where each dock stands at first, by object name.
PLACES = {
    "outline": _LEFT,
    "properties": _RIGHT,
    "rules": _RIGHT,
    "event_log": _BOTTOM,
    "snapshots": _BOTTOM,
    "messages": _BOTTOM,
}

#: Widths of the docks at the sides and height of those at the bottom, in px.
LEFT_WIDTH, RIGHT_WIDTH, BOTTOM_HEIGHT = 230, 290, 240


class DockArea(QObject):
    """Arranges the docks of a window."""

    def __init__(self, window: QMainWindow, docks: Iterable[Dock]) -> None:
        super().__init__(window)
        self._window = window
        self.docks = tuple(docks)
        self._by_name = {dock.objectName(): dock for dock in self.docks}
        window.setDockNestingEnabled(True)
        window.setDocumentMode(True)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.setCorner(Qt.Corner.BottomLeftCorner, _BOTTOM)
        window.setCorner(Qt.Corner.BottomRightCorner, _BOTTOM)
        # Qt rebuilds its tab bars a moment after docks have moved.
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._dress_tabs)
        for dock in self.docks:
            dock.dockLocationChanged.connect(self._dress_soon)
            dock.topLevelChanged.connect(self._dress_soon)
            dock.visibilityChanged.connect(self._dress_soon)
            dock.count_changed.connect(self._dress_soon)
        self.reset()

    def dock_for(self, name: str) -> Dock:
        """The dock of that object name; raises KeyError."""
        return self._by_name[name]

    def show_dock(self, name: str) -> None:
        """Brings a dock to the front."""
        dock = self.dock_for(name)
        dock.show()
        dock.raise_()

    def bind(self, page: FlowPage | None) -> None:
        """Lets every dock show that page."""
        for dock in self.docks:
            dock.bind(page)

    def set_theme(self, theme: Theme) -> None:
        """Draws all docks in the theme's colours."""
        for dock in self.docks:
            dock.set_theme(theme)

    def reset(self) -> None:
        """Puts every dock where it stands at first."""
        for dock in self.docks:
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        last: dict[Qt.DockWidgetArea, Dock] = {}
        for dock in self.docks:
            area = PLACES[dock.objectName()]
            self._window.addDockWidget(area, dock)
            dock.show()
            if area is _BOTTOM and area in last:
                self._window.tabifyDockWidget(last[area], dock)
            last[area] = dock
        self.show_dock("event_log")
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._resize(horizontal, {"outline": LEFT_WIDTH, "properties": RIGHT_WIDTH})
        self._resize(vertical, {"properties": 420, "rules": 180})
        self._resize(vertical, {"event_log": BOTTOM_HEIGHT})
        self._settle.start()

    def state(self) -> bytes:
        """The layout, to be stored."""
        return bytes(self._window.saveState(LAYOUT_VERSION).data())

    def restore(self, state: bytes) -> bool:
        """Brings a stored layout back; False when it does not fit."""
        if not state:
            return False
        done = self._window.restoreState(state, LAYOUT_VERSION)
        self._settle.start()
        return done

    def stop(self) -> None:
        """Ends its timer."""
        self._settle.stop()

    def _resize(self, orientation: Qt.Orientation, sizes: dict[str, int]) -> None:
        docks: list[QDockWidget] = [self.dock_for(name) for name in sizes]
        self._window.resizeDocks(docks, list(sizes.values()), orientation)

    def _dress_soon(self) -> None:
        self._settle.start()

    # -- tabs ------------------------------------------------------------------------------

    def _dress_tabs(self) -> None:
        """Folds the title bars that a tab repeats, and puts counts on the tabs."""
        for tabbed in self.docks:
            group = self._window.tabifiedDockWidgets(tabbed)
            tabbed.set_tabbed(any(not other.isHidden() for other in group))

        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for bar in self._window.findChildren(QTabBar, options=direct):
            if bar.contextMenuPolicy() is not Qt.ContextMenuPolicy.CustomContextMenu:
                self._prepare_bar(bar)
            for index in range(bar.count()):
                if (dock := self._dock_of(bar, index)) is not None:
                    _show_count(bar, index, dock.count)

    def _prepare_bar(self, bar: QTabBar) -> None:
        """Gives a new bar of Qt's what a title bar has: a name, and ways to float and to close."""
        bar.setAccessibleName("Docks")
        bar.setExpanding(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        bar.customContextMenuRequested.connect(partial(self._show_menu, bar))
        bar.tabBarDoubleClicked.connect(partial(self._float_tab, bar))

    def _dock_of(self, bar: QTabBar, index: int) -> Dock | None:
        title = bar.tabText(index)
        return next((dock for dock in self.docks if dock.windowTitle() == title), None)

    def _float_tab(self, bar: QTabBar, index: int) -> None:
        if (dock := self._dock_of(bar, index)) is not None:
            dock.setFloating(True)

    def _show_menu(self, bar: QTabBar, place: QPoint) -> None:
        dock = self._dock_of(bar, bar.tabAt(place))
        if dock is None:
            return

        menu = QMenu(bar)
        menu.setAccessibleName(dock.windowTitle())
        menu.addAction("Float").triggered.connect(partial(dock.setFloating, True))
        menu.addAction("Close").triggered.connect(dock.close)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(bar.mapToGlobal(place))


def _show_count(bar: QTabBar, index: int, count: int | None) -> None:
    """Puts a number on a tab, as a pill behind its title."""
    side = QTabBar.ButtonPosition.RightSide
    text = f"{count:,}" if count else ""
    pill = bar.tabButton(index, side)
    if isinstance(pill, QLabel):
        if pill.text() == text:
            return
        if len(pill.text()) == len(text):
            pill.setText(text)
            return

    bar.setTabButton(index, side, _pill(text) if text else None)
    if pill is not None:
        pill.deleteLater()


def _pill(text: str) -> QLabel:
    pill = QLabel(text)
    pill.setProperty("role", "pill")
    pill.ensurePolished()
    pill.resize(pill.sizeHint())
    return pill
