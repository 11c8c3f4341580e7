"""The menu bar and the toolbar, built from the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar, QToolBar, QToolButton, QWidget

from designer.host.theme import ICON_PX
from designer.shell.action_set import ActionSet
from designer.shell.actions import MENUS, SEPARATOR, SUBMENUS, TOOLBAR

__all__ = ["FileMenu", "build_menus", "build_toolbar"]


def build_menus(bar: QMenuBar, actions: ActionSet) -> dict[str, QMenu]:
    """Fills the menu bar; returns the menus and submenus by name."""
    menus = {name: bar.addMenu(f"&{name}") for name in MENUS}
    for spec, action in actions.iter_specs():
        if not spec.menu:
            continue
        if spec.menu not in menus:
            parent = menus[SUBMENUS[spec.menu]]
            if spec.gap:
                parent.addSeparator()
            menus[spec.menu] = parent.addMenu(spec.menu)
        elif spec.gap:
            menus[spec.menu].addSeparator()
        menus[spec.menu].addAction(action)

    return menus


def build_toolbar(window: QMainWindow, actions: ActionSet, trailing: Iterable[QWidget]) -> QToolBar:
    """Makes the toolbar of the window; what is ``trailing`` stands behind the actions."""
    bar = QToolBar("Toolbar", window)
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setFloatable(False)
    bar.setIconSize(QSize(ICON_PX, ICON_PX))
    # Its context menu would offer to hide the one way back to it.
    bar.toggleViewAction().setEnabled(False)
    for action_id in TOOLBAR:
        if action_id == SEPARATOR:
            bar.addSeparator()
        else:
            bar.addAction(actions.action_for(action_id))

    run = bar.widgetForAction(actions.action_for("run.start"))
    if isinstance(run, QToolButton):
        run.setProperty("role", "run")
        run.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    for widget in trailing:
        bar.addWidget(widget)
    for more in bar.findChildren(QToolButton, "qt_toolbar_ext_button"):
        more.setAccessibleName("More actions")
    window.addToolBar(bar)
    return bar


class FileMenu(QMenu):
    """A submenu of files that is filled each time it opens.

    Args:
        title: its name.
        paths: tells the files.
        open_file: called with the one that was chosen.
        empty: what stands there when there are none.
    """

    def __init__(
        self,
        title: str,
        paths: Callable[[], Iterable[Path]],
        open_file: Callable[[Path], None],
        *,
        empty: str,
        parent: QWidget,
    ) -> None:
        super().__init__(title, parent)
        self._paths = paths
        self._open_file = open_file
        self._empty = empty
        self.aboutToShow.connect(self._fill)
        self.triggered.connect(self._on_triggered)

    def _fill(self) -> None:
        self.clear()
        for path in self._paths():
            action = self.addAction(path.name)
            action.setData(str(path))
            action.setToolTip(str(path))

        if self.isEmpty():
            self.addAction(self._empty).setEnabled(False)

    def _on_triggered(self, action: QAction) -> None:
        if path := action.data():
            self._open_file(Path(path))
