"""What the Help menu does: the palette, the sheet of shortcuts, about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from designer.document.elements import ElementId
from designer.shell.action_set import key_text
from designer.shell.actions import MENUS, SUBMENUS
from designer.shell.dialogs.about import AboutDialog
from designer.shell.dialogs.shortcuts import ShortcutsDialog
from designer.shell.page import FlowPage
from designer.shell.palette import Command, CommandPalette
from designer.shell.workbench import Workbench

__all__ = ["HelpWork"]


class HelpWork(QObject):
    """Shows what there is to do."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self.palette = CommandPalette(bench.window, self._commands)

    def handlers(self) -> Mapping[str, Callable[..., Any]]:
        """What each action of the Help menu calls."""
        return {
            "help.palette": self.palette.open,
            "help.shortcuts": self._on_shortcuts,
            "help.about": self._on_about,
        }

    def _on_shortcuts(self) -> None:
        ShortcutsDialog(self._bench.window).open()

    def _on_about(self) -> None:
        AboutDialog(self._bench.window).open()

    def _commands(self) -> Iterator[Command]:
        """Every action but the one that opens the palette, then every state of the flow."""
        for spec, action in self._bench.actions.iter_specs():
            if spec.id == "help.palette":
                continue
            group = spec.menu if spec.menu in MENUS else f"{SUBMENUS[spec.menu]}, {spec.menu}"
            yield Command(
                action.iconText(), action.trigger, key_text(spec), group, action.isEnabled()
            )

        page = self._bench.area.current
        if page is None:
            return
        for state in page.document.states:
            yield Command(state.key, partial(self._go_to, page, state.id), "", "State")

    def _go_to(self, page: FlowPage, state_id: ElementId) -> None:
        page.show_elements([state_id])
        page.view.setFocus()
