"""The sheet of all shortcuts, from the table that binds them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from designer.host.theme import SPACE
from designer.shell.action_set import key_texts
from designer.shell.actions import ACTIONS, CANVAS_KEYS, MENUS, SUBMENUS

__all__ = ["ShortcutsDialog", "shortcut_lines"]

#: What a shortcut does gets at least this much room, in px.
WORDS_WIDTH = 190


def shortcut_lines() -> dict[str, list[tuple[str, str]]]:
    """Every shortcut by the menu it is in: what it does, and its keys."""
    lines: dict[str, list[tuple[str, str]]] = {name: [] for name in MENUS}
    for spec in ACTIONS:
        if spec.shortcuts:
            menu = SUBMENUS.get(spec.menu, spec.menu)
            lines[menu].append((spec.name, "  or  ".join(key_texts(spec))))
    lines["Canvas"] = [(line.text, line.keys) for line in CANVAS_KEYS]
    return {menu: found for menu, found in lines.items() if found}


class ShortcutsDialog(QDialog):
    """Shows every shortcut, with a search."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAccessibleName("Keyboard shortcuts")
        self._rows: list[tuple[str, QLabel, QLabel]] = []
        self._heads: list[tuple[QLabel, int, int]] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find a shortcut")
        self.field.setAccessibleName("Find a shortcut")
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * SPACE, 4 * SPACE, 4 * SPACE, 4 * SPACE)
        column.addWidget(self.field)
        column.addWidget(self._sheet(), 1)
        self.resize(900, 640)

    def _sheet(self) -> QWidget:
        sheet = QWidget()
        sheet.setAccessibleName("Shortcuts")
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(0, 2 * SPACE, 2 * SPACE, 0)
        columns.setSpacing(10 * SPACE)
        lines = shortcut_lines()
        for menus in (("File", "Edit", "View"), ("Flow", "Run", "Help", "Canvas")):
            grid = QGridLayout()
            grid.setVerticalSpacing(SPACE)
            grid.setColumnStretch(0, 1)
            for menu in menus:
                self._add_menu(grid, menu, lines[menu])
            grid.setRowStretch(grid.rowCount(), 1)
            columns.addLayout(grid, 1)
        area = QScrollArea()
        area.setAccessibleName("Shortcuts")
        area.setWidgetResizable(True)
        area.setWidget(sheet)
        return area

    def _add_menu(self, grid: QGridLayout, menu: str, lines: list[tuple[str, str]]) -> None:
        head = QLabel(menu)
        head.setProperty("role", "title")
        head.setContentsMargins(0, 2 * SPACE, 0, 0)
        grid.addWidget(head, grid.rowCount(), 0, 1, 2)
        first = len(self._rows)
        for text, keys in lines:
            words, caps = QLabel(text), QLabel(keys)
            words.setWordWrap(True)
            words.setMinimumWidth(WORDS_WIDTH)
            caps.setProperty("role", "key")
            row = grid.rowCount()
            grid.addWidget(words, row, 0)
            grid.addWidget(caps, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            self._rows.append((f"{menu} {text} {keys}".lower(), words, caps))
        self._heads.append((head, first, len(self._rows)))

    def _filter(self, query: str) -> None:
        words = query.lower().split()
        shown = [all(word in text for word in words) for text, _, _ in self._rows]
        for visible, (_, text, keys) in zip(shown, self._rows, strict=True):
            text.setVisible(visible)
            keys.setVisible(visible)
        for head, first, last in self._heads:
            head.setVisible(any(shown[first:last]))
