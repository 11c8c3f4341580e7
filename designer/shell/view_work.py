"""What the View menu does: zoom, tabs, docks, theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from designer.host.settings import ThemeChoice
from designer.shell.dock_area import DockArea
from designer.shell.page import FlowPage
from designer.shell.workbench import Workbench

__all__ = ["ViewWork"]

_THEMES = {
    "theme.system": ThemeChoice.SYSTEM,
    "theme.light": ThemeChoice.LIGHT,
    "theme.dark": ThemeChoice.DARK,
}


class ViewWork(QObject):
    """Turns actions of the View menu into what canvas, docks and appearance can do."""

    def __init__(self, bench: Workbench, docks: DockArea) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._docks = docks
        for action_id, choice in _THEMES.items():
            chosen = choice is bench.services.appearance.choice
            bench.actions.set_checked(action_id, chosen)
        for dock in docks.docks:
            dock.toggleViewAction().toggled.connect(self._show_docks)
        self._show_docks()

    def handlers(self) -> Mapping[str, Callable[..., Any]]:
        """What each action of the View menu calls."""
        zooms = {
            "view.zoom_in": self._on_zoom_in,
            "view.zoom_out": self._on_zoom_out,
            "view.zoom_reset": self._on_zoom_reset,
            "view.fit": self._on_fit,
            "view.fit_selection": self._on_fit_selection,
        }
        tabs = {
            "view.next_tab": partial(self._on_step, 1),
            "view.previous_tab": partial(self._on_step, -1),
        }
        docks = {
            f"view.{dock.objectName()}": partial(self._on_dock, dock.objectName())
            for dock in self._docks.docks
        }
        themes = {
            action_id: partial(self._on_theme, choice) for action_id, choice in _THEMES.items()
        }
        return {**zooms, **tabs, **docks, **themes, "view.reset_layout": self._docks.reset}

    def _page(self) -> FlowPage | None:
        return self._bench.area.current

    def _on_zoom_in(self) -> None:
        if (page := self._page()) is not None:
            page.view.zoom_in()

    def _on_zoom_out(self) -> None:
        if (page := self._page()) is not None:
            page.view.zoom_out()

    def _on_zoom_reset(self) -> None:
        if (page := self._page()) is not None:
            page.view.zoom_reset()

    def _on_fit(self) -> None:
        if (page := self._page()) is not None:
            page.view.fit()

    def _on_fit_selection(self) -> None:
        if (page := self._page()) is not None:
            page.view.fit_selection()

    def _on_step(self, by: int, *_: object) -> None:
        self._bench.area.step(by)

    def _show_docks(self) -> None:
        """Brings the marks in the menu in step with the docks that are there."""
        for dock in self._docks.docks:
            self._bench.actions.set_checked(f"view.{dock.objectName()}", not dock.isHidden())

    def _on_dock(self, name: str, *_: object) -> None:
        if self._bench.actions.action_for(f"view.{name}").isChecked():
            self._docks.show_dock(name)
        else:
            self._docks.dock_for(name).close()

    def _on_theme(self, choice: ThemeChoice, *_: object) -> None:
        services = self._bench.services
        services.settings.theme = choice
        services.appearance.choose(choice)
