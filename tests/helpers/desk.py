"""The Properties dock beside a page, for tests that type into it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.shell.docks.properties import PropertiesDock
from tests.helpers.page_double import PageDouble

__all__ = ["Desk"]


class Desk:
    """A dock bound to a page, and hands to type with."""

    def __init__(self, page: PageDouble, dock: PropertiesDock) -> None:
        self.page, self.dock = page, dock
        self.session, self.document = page.session, page.document
        self.stack = page.session.undo_stack

    def select(self, *ids: str) -> None:
        """Selects on the canvas."""
        self.page.scene.select(ids)

    def panel(self, kind: type[Any], number: int = 0) -> Any:
        """The form's panel of a kind; the first, unless it is another."""
        return [panel for panel in self._panels() if isinstance(panel, kind)][number]

    def kinds(self) -> list[str]:
        """The kinds of the form's panels, from top to bottom."""
        return [type(panel).__name__ for panel in self._panels()]

    def write(self, panel: Any, text: str) -> None:
        """Replaces the text of a field, key by key."""
        editor = panel.field.editor
        editor.setFocus()
        editor.selectAll()
        QTest.keyClick(editor, Qt.Key.Key_Delete)
        for line, part in enumerate(text.split("\n")):
            if line:
                QTest.keyClick(editor, Qt.Key.Key_Return)
            QTest.keyClicks(editor, part)

    def press(
        self,
        panel: Any,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Presses a key in a field."""
        QTest.keyClick(panel.field.editor, key, modifiers)

    def _panels(self) -> tuple[Any, ...]:
        form = self.dock.form
        assert form is not None, "there is no form"
        return tuple(form.panels)
