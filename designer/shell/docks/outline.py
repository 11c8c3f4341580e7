"""The Outline dock: every pack and state of the flow, and a search through all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QVBoxLayout, QWidget

from designer.host.theme import SPACE, Theme
from designer.shell.docks.dock import Dock
from designer.shell.docks.outline_delegate import OutlineDelegate
from designer.shell.docks.outline_model import OutlineModel, outline_rows

if TYPE_CHECKING:
    from designer.shell.page import FlowPage

__all__ = ["OutlineDock"]

_EMPTY = "The packs and states of a flow are listed here. Open one, or start a new one (Ctrl+N)."
#: Typing is followed after this pause, in milliseconds.
PAUSE_MS = 80


class OutlineDock(Dock):
    """Lists the flow; choosing a row selects it on the canvas, and the other way round."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Outline", "outline", theme)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find state, message, guard")
        self.field.setAccessibleName("Find state, message, guard")
        self.field.setClearButtonEnabled(True)
        self.model = OutlineModel(self)
        self.view = QListView()
        self.view.setAccessibleName("Packs and states")
        self.view.setModel(self.model)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._delegate = OutlineDelegate(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        self._following = False
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(PAUSE_MS)
        self._refresh.timeout.connect(self._fill)
        self.field.textChanged.connect(self._refresh_soon)
        self.field.installEventFilter(self)
        self.view.selectionModel().selectionChanged.connect(self._on_chosen)
        self.view.activated.connect(self._on_activated)
        self.set_body(self._body(), empty=_EMPTY)

    def start_search(self) -> None:
        """Puts the cursor into the search field."""
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def wire(self, page: FlowPage) -> None:
        """Follows the page's flow, selection and run."""
        page.document.applied.connect(self._refresh_soon)
        page.scene.selection_ids_changed.connect(self._show_selection)
        page.showing.changed.connect(self._show_active)
        self.field.clear()
        self._fill()
        self._show_active()

    def unwire(self, page: FlowPage) -> None:
        """Stops following the page."""
        page.document.applied.disconnect(self._refresh_soon)
        page.scene.selection_ids_changed.disconnect(self._show_selection)
        page.showing.changed.disconnect(self._show_active)
        self._refresh.stop()
        self.model.set_rows([])

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours."""
        super().set_theme(theme)
        self._delegate.theme = theme
        self.view.viewport().update()

    def _body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        field = QVBoxLayout()
        field.setContentsMargins(2 * SPACE, 0, 2 * SPACE, SPACE)
        field.addWidget(self.field)
        column.addLayout(field)
        column.addWidget(self.view, 1)
        return body

    def _refresh_soon(self) -> None:
        self._refresh.start()

    def _fill(self) -> None:
        if self.page is not None:
            self.model.set_rows(outline_rows(self.page.document.content, self.field.text()))
            self._show_selection()

    def _show_active(self) -> None:
        if self.page is not None:
            active = self.page.showing.active
            if active != self._delegate.active:
                self._delegate.active = active
                self.view.viewport().update()

    def _show_selection(self) -> None:
        """Marks what is selected on the canvas."""
        if self.page is None or self._following:
            return

        self._following = True
        chosen = self.view.selectionModel()
        chosen.clear()
        last: QModelIndex | None = None
        for element_id in self.page.scene.selected_ids():
            index = self.model.find_index(element_id)
            if index is not None:
                chosen.select(index, QItemSelectionModel.SelectionFlag.Select)
                last = index
        if last is not None:
            self.view.scrollTo(last)
        self._following = False

    def _on_chosen(self) -> None:
        """Selects on the canvas what was chosen here."""
        if self.page is None or self._following:
            return

        self._following = True
        rows = [self.model.row_at(index) for index in self.view.selectionModel().selectedIndexes()]
        self.page.show_elements([row.id for row in rows if row is not None])
        self._following = False

    def _on_activated(self, index: QModelIndex) -> None:
        """Enter or a double-click goes to the canvas."""
        row = self.model.row_at(index)
        if self.page is not None and row is not None:
            self.page.show_elements([row.id])
            self.page.view.setFocus()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Arrow keys and Enter of the field go to the list, Escape empties it."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose_first()
            return True
        if event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
            return True
        return False

    def _choose_first(self) -> None:
        self._fill()
        words = self.field.text().lower().split()
        rows = [row for row in self.model.rows if self.model.find_index(row.id) is not None]
        hits = [row for row in rows if words and all(word in row.text.lower() for word in words)]
        for row in (*hits, *rows):
            index = self.model.find_index(row.id)
            if index is not None and self.model.flags(index) & Qt.ItemFlag.ItemIsSelectable:
                self.view.setCurrentIndex(index)
                self.view.setFocus()
                return
