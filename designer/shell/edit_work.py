"""What the Edit and Flow menus do: undo, select, delete, add, connect, tidy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QUndoGroup
from PySide6.QtWidgets import QMenu

from designer.canvas.arrange import tidy
from designer.commands.errors import EditError
from designer.commands.states import set_initial
from designer.commands.transitions import add_transition
from designer.document.elements import ElementId, State
from designer.document.layout import Direction
from designer.host.asyncqt import spawn
from designer.shell.actions import CONTEXT_MENU, SEPARATOR
from designer.shell.page import FlowPage
from designer.shell.workbench import Workbench

__all__ = ["EditWork"]


class EditWork(QObject):
    """Turns actions into what the current page's canvas and commands can do.

    Signals:
        progress(str): what is being done, for as long as it takes; "" when it is done.
    """

    progress = Signal(str)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._tidying: dict[FlowPage, asyncio.Task[None]] = {}
        self.undo_group = QUndoGroup(self)
        self.undo_group.undoTextChanged.connect(self._name_undo)
        self.undo_group.redoTextChanged.connect(self._name_redo)

    def handlers(self) -> Mapping[str, Callable[..., Any]]:
        """What each action of the Edit and Flow menus calls."""
        return {
            "edit.undo": self.undo_group.undo,
            "edit.redo": self.undo_group.redo,
            "edit.select_all": self._on_select_all,
            "edit.rename": self._on_rename,
            "edit.delete": self._on_delete,
            "flow.add_state": self._on_add_state,
            "flow.append": self._on_append,
            "flow.set_initial": self._on_set_initial,
            "flow.tidy": partial(self._on_tidy, None),
            "flow.tidy_down": partial(self._on_tidy, "down"),
        }

    def follow(self, page: FlowPage) -> None:
        """Takes the page's undo stack and context menu in."""
        self.undo_group.addStack(page.session.undo_stack)
        page.view.menu_requested.connect(self._show_menu)

    def unfollow(self, page: FlowPage) -> None:
        """Lets the page go; nobody needs it tidied any more."""
        if (tidying := self._tidying.pop(page, None)) is not None:
            tidying.cancel()
        self.undo_group.removeStack(page.session.undo_stack)
        page.view.menu_requested.disconnect(self._show_menu)

    def bind(self, page: FlowPage | None) -> None:
        """Undo and redo are those of this page from now on."""
        stack = page.session.undo_stack if page is not None else None
        self.undo_group.setActiveStack(stack)  # type: ignore[arg-type]  # Qt takes None; its stub not

    def selected_states(self) -> tuple[ElementId, ...]:
        """The selected states of the current page, in the order they were selected."""
        page = self._bench.area.current
        if page is None:
            return ()
        find = page.document.find
        return tuple(id_ for id_ in page.scene.selected_ids() if isinstance(find(id_), State))

    # -- actions ---------------------------------------------------------------------------

    def _on_select_all(self) -> None:
        if (page := self._focused_page()) is not None:
            page.view.select_all()

    def _on_rename(self) -> None:
        if (page := self._focused_page()) is not None:
            page.view.edit_selected()

    def _on_delete(self) -> None:
        if (page := self._focused_page()) is not None:
            page.view.delete_selected()

    def _on_add_state(self) -> None:
        if (page := self._focused_page()) is not None:
            page.view.add_state()

    def _on_append(self) -> None:
        """Two selected states are connected; one gets a new state behind it."""
        page, states = self._focused_page(), self.selected_states()
        if page is None:
            return
        if len(states) != 2:
            page.view.append_state()
            return

        try:
            transition_id = add_transition(page.session, *states)
        except EditError as error:
            page.view.edit_refused.emit(error.what)
        else:
            page.view.start_rename(transition_id)

    def _on_set_initial(self) -> None:
        page, states = self._bench.area.current, self.selected_states()
        if page is None or not states:
            return
        try:
            set_initial(page.session, states[0])
        except EditError as error:
            page.view.edit_refused.emit(error.what)

    def _on_tidy(self, direction: Direction | None, *_: object) -> None:
        page = self._bench.area.current
        if page is not None and page not in self._tidying:
            self.progress.emit("Tidying ...")
            work = self._tidy(page, direction)
            self._tidying[page] = spawn(self._bench.tasks, work, name="tidying")

    # -- inside ----------------------------------------------------------------------------

    async def _tidy(self, page: FlowPage, direction: Direction | None) -> None:
        words = ""
        try:
            await tidy(page.view, direction=direction)
        except EditError as error:
            words = error.what
        finally:
            self._tidying.pop(page, None)
            self.progress.emit(words)

    def _focused_page(self) -> FlowPage | None:
        """The current page, with the keyboard on its canvas as after a click there."""
        page = self._bench.area.current
        if page is not None:
            page.view.setFocus()
        return page

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self._bench.window)
        menu.setAccessibleName("Canvas")
        menu.aboutToHide.connect(menu.deleteLater)
        for action_id in CONTEXT_MENU:
            if action_id == SEPARATOR:
                menu.addSeparator()
            else:
                menu.addAction(self._bench.actions.action_for(action_id))
        menu.popup(place)

    def _name_undo(self, text: str) -> None:
        self._bench.actions.set_text("edit.undo", f"Undo {text}" if text else "Undo")

    def _name_redo(self, text: str) -> None:
        self._bench.actions.set_text("edit.redo", f"Redo {text}" if text else "Redo")
