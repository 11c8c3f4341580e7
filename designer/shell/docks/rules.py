"""The Rules dock: the ordered rules of a component, as a tree that can be edited."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from designer.commands.rule_edits import Path, ValueKind
from designer.document.elements import FlowKind
from designer.host.resources import icon
from designer.host.theme import SPACE, Theme
from designer.shell.docks.dock import Dock
from designer.shell.docks.rule_delegate import RuleDelegate
from designer.shell.docks.rule_model import KIND, NAME, VALUE, RuleModel
from designer.shell.panels.field import show_words, words

if TYPE_CHECKING:
    from designer.shell.page import FlowPage

__all__ = ["RuleTree", "RulesDock"]

_EMPTY = "Rules are the values that guards read as rules.NAME. Open a flow to edit its rules."
_NO_RULES = (
    "A pack by itself has no rules: the component that uses it has. "
    "Make a new flow, or open a component config, to give it some."
)
_CONTAINERS = (ValueKind.LIST, ValueKind.MAPPING)

#: Buttons: what they do, icon, words, keys.
_BUTTONS = (
    ("inside", "plus", "Add inside", "Ctrl+Insert"),
    ("up", "arrow-up", "Move up", "Alt+Up"),
    ("down", "arrow-down", "Move down", "Alt+Down"),
    ("remove", "trash-2", "Remove", "Delete"),
)


class RuleTree(QTreeView):
    """The tree, with its keys.

    Signals:
        wanted(str): a key asks for "add", "inside", "remove", "up" or "down".
    """

    wanted = Signal(str)

    def moveCursor(  # noqa: N802 (Qt's name)
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Tab goes on to the next cell of the row that can be typed in; Qt's goes a row down."""
        steps = {
            QAbstractItemView.CursorAction.MoveNext: 1,
            QAbstractItemView.CursorAction.MovePrevious: -1,
        }
        if action not in steps:
            return super().moveCursor(action, modifiers)

        index = self.currentIndex()
        while index.isValid():
            index = index.siblingAtColumn(index.column() + steps[action])
            if self.model().flags(index) & Qt.ItemFlag.ItemIsEditable:
                break
        return index

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Insert adds, Delete removes, Alt with an arrow moves, Enter edits."""
        if self.state() is QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
            return

        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        match event.key():
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.wanted.emit("remove")
            case Qt.Key.Key_Insert:
                self.wanted.emit("inside" if control else "add")
            case Qt.Key.Key_Up if alt:
                self.wanted.emit("up")
            case Qt.Key.Key_Down if alt:
                self.wanted.emit("down")
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.currentIndex().isValid():
                self.edit(self.currentIndex())
            case _:
                super().keyPressEvent(event)


class RulesDock(Dock):
    """Edits the rules of the current flow."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Rules", "rules", theme)
        self.model = RuleModel(self)
        self.tree = RuleTree()
        self.add_button = QPushButton("+ Add rule")
        self.buttons = {name: QToolButton() for name, *_rest in _BUTTONS}
        self.error = words("", "error")
        self._delegate = RuleDelegate(self)
        self._build_tree()
        self.set_body(self._body(), empty=_EMPTY)
        self._wire_own()
        self._show_icons()
        self._on_current()

    def wire(self, page: FlowPage) -> None:
        """Follows the page's rules."""
        page.session.document.flow_changed.connect(self._refresh)
        self.model.set_session(page.session)
        is_pack = page.session.document.flow.kind is FlowKind.PACK
        self.set_empty(_NO_RULES if is_pack else None)
        self._show(())

    def unwire(self, page: FlowPage) -> None:
        """Stops following the page."""
        page.session.document.flow_changed.disconnect(self._refresh)
        self.model.set_session(None)
        show_words(self.error, "")

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours."""
        super().set_theme(theme)
        self._show_icons()

    def add_rule(self) -> None:
        """Adds a rule and lets its name be typed."""
        self._edit(self.model.add_rule())

    def add_inside(self) -> None:
        """Adds an entry to the list or mapping that is chosen, or that holds what is chosen."""
        index = self.tree.currentIndex()
        node = self.model.node_for(index)
        if node is not None and node.kind not in _CONTAINERS:
            index = index.parent()
        place = self.model.add_inside(index)
        if place is not None:
            self._edit(place)

    def remove(self) -> None:
        """Removes the row that is chosen; the next one is chosen then."""
        node = self.model.node_for(self.tree.currentIndex())
        if node is None:
            return
        self.model.remove(self.tree.currentIndex())
        parent = self.model.index_at(node.parent.place if node.parent is not None else ())
        rows = self.model.rowCount(parent)
        after = self.model.index(min(node.row, rows - 1), NAME, parent)
        self._choose(after if after.isValid() else parent)

    def move_row(self, by: int) -> None:
        """Moves the row that is chosen among its siblings."""
        place = self.model.move(self.tree.currentIndex(), by)
        if place is not None:
            self._show(place)

    # -- inside ----------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Shows what the flow says now; the same row stays chosen."""
        node = self.model.node_for(self.tree.currentIndex())
        place, column = (node.place, self.tree.currentIndex().column()) if node else ((), NAME)
        if self.model.refresh():
            self._show(place, column)

    def _show(self, place: Path, column: int = NAME) -> None:
        """Opens all rows and chooses one."""
        self.tree.setRootIsDecorated(self.model.has_nested)
        self.tree.expandAll()
        self._choose(self.model.index_at(place, column))
        rules = self.model.rowCount()
        self.set_count(rules or None)

    def _edit(self, place: Path) -> None:
        """Chooses a row and lets it be typed: its name, or in a list its value."""
        self._show(place)
        index = self.model.index_at(place)
        if not self.model.flags(index) & Qt.ItemFlag.ItemIsEditable:
            index = index.siblingAtColumn(VALUE)
        self.tree.setFocus()
        self.tree.setCurrentIndex(index)
        self.tree.edit(index)

    def _choose(self, index: QModelIndex) -> None:
        self.tree.setCurrentIndex(index)
        self._on_current()

    def _on_current(self) -> None:
        """Only what can be done with the row is offered."""
        node = self.model.node_for(self.tree.currentIndex())
        siblings = self.model.rowCount(self.tree.currentIndex().parent())
        inside = node is not None and (node.kind in _CONTAINERS or node.parent is not None)
        self.buttons["inside"].setEnabled(inside)
        self.buttons["remove"].setEnabled(node is not None)
        self.buttons["up"].setEnabled(node is not None and node.row > 0)
        self.buttons["down"].setEnabled(node is not None and node.row + 1 < siblings)

    def _on_wanted(self, what: str) -> None:
        match what:
            case "add":
                self.add_rule()
            case "inside":
                self.add_inside()
            case "remove":
                self.remove()
            case "up" | "down":
                self.move_row(-1 if what == "up" else 1)

    def _on_faulted(self, fault: str) -> None:
        show_words(self.error, fault)

    # -- widgets ---------------------------------------------------------------------------

    def _build_tree(self) -> None:
        tree = self.tree
        tree.setModel(self.model)
        tree.setItemDelegate(self._delegate)
        tree.setAccessibleName("Rules")
        tree.setUniformRowHeights(True)
        tree.setIndentation(4 * SPACE)
        tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        tree.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        header = tree.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(48)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(KIND, 66)
        header.resizeSection(VALUE, 72)

    def _body(self) -> QWidget:
        self.add_button.setProperty("role", "link")
        self.add_button.setToolTip("Add a rule (Insert)")
        self.add_button.setAccessibleName("Add rule")
        line = QHBoxLayout()
        line.setSpacing(SPACE // 2)
        line.addWidget(self.add_button)
        line.addStretch(1)
        for name, _icon, text, keys in _BUTTONS:
            button = self.buttons[name]
            button.setToolTip(f"{text}  ({keys})")
            button.setAccessibleName(text)
            button.setIconSize(QSize(16, 16))
            line.addWidget(button)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(2 * SPACE, 0, 2 * SPACE, SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self.tree, 1)
        column.addWidget(self.error)
        column.addLayout(line)
        return body

    def _wire_own(self) -> None:
        self.tree.wanted.connect(self._on_wanted)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self._delegate.faulted.connect(self._on_faulted)
        self.add_button.clicked.connect(self.add_rule)
        for name, button in self.buttons.items():
            button.clicked.connect(partial(self._on_wanted, name))

    def _show_icons(self) -> None:
        for name, image, _text, _keys in _BUTTONS:
            self.buttons[name].setIcon(icon(image, self.theme, self.theme.muted))
