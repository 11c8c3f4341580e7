"""How cells of the rules are edited: a line that checks as one types, or a list of choices."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from designer.commands.rule_edits import ValueKind
from designer.shell.docks.rule_model import COLUMNS, KIND, NAME, RuleModel
from designer.shell.panels.field import set_property

__all__ = ["RuleDelegate"]

Index = QModelIndex | QPersistentModelIndex

_KINDS = (
    ValueKind.TEXT,
    ValueKind.NUMBER,
    ValueKind.YES_NO,
    ValueKind.LIST,
    ValueKind.MAPPING,
)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class RuleDelegate(QStyledItemDelegate):
    """Makes the editors of a rule's name, type and value.

    Signals:
        faulted(str): what is wrong with what is being typed; "" when nothing is, or typing ended.
    """

    faulted = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._faults: dict[QLineEdit, str] = {}
        self.closeEditor.connect(self._on_closed)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A list for types and for yes or no, a line for the rest."""
        model = index.model()
        node = model.node_for(index) if isinstance(model, RuleModel) else None
        if index.column() == KIND:
            return self._choice(parent, [kind.value for kind in _KINDS])
        if index.column() != NAME and node is not None and node.kind is ValueKind.YES_NO:
            return self._choice(parent, ["yes", "no"])

        line = QLineEdit(parent)
        line.setFrame(False)
        line.setAccessibleName(COLUMNS[index.column()])
        place = QPersistentModelIndex(index)
        line.textChanged.connect(_Watcher(self, line, place).look)
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Shows the cell's value."""
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findText(text))
        elif isinstance(editor, QLineEdit):
            editor.setText(text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Makes the edit, unless something is wrong with it."""
        value: Any = None
        if isinstance(editor, QComboBox):
            value = editor.currentText() or None
            if index.column() == KIND and value is not None:
                value = ValueKind(value)
        elif isinstance(editor, QLineEdit):
            value = editor.text()
        if value is not None:
            model.setData(index, value, Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """As large as the cell, and not less than it needs."""
        rect = option.rect
        rect.setHeight(max(rect.height(), editor.minimumSizeHint().height()))
        editor.setGeometry(rect)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter does not end what is wrong."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in _ENTER
            and isinstance(editor, QLineEdit)
            and self._faults.get(editor)
        ):
            return True
        return super().eventFilter(editor, event)

    def look(self, line: QLineEdit, index: QPersistentModelIndex) -> None:
        """Checks what is being typed."""
        model = index.model()
        if not index.isValid() or not isinstance(model, RuleModel):
            return
        check = model.check_name if index.column() == NAME else model.check_value
        fault = check(index, line.text()) or ""
        self._faults[line] = fault
        set_property(line, "invalid", bool(fault))
        line.setAccessibleDescription(fault)
        self.faulted.emit(fault)

    def _choice(self, parent: QWidget, texts: list[str]) -> QComboBox:
        box = QComboBox(parent)
        box.addItems(texts)
        box.setAccessibleName(COLUMNS[KIND] if len(texts) > 2 else "Yes or no")
        box.activated.connect(_Finisher(self, box).finish)
        return box

    def finish(self, box: QComboBox) -> None:
        """A choice is made with one click."""
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def _on_closed(self, editor: QWidget) -> None:
        if isinstance(editor, QLineEdit):
            self._faults.pop(editor, None)
        self.faulted.emit("")


class _Watcher(QObject):
    """Looks at one line while it is typed in; goes with it."""

    def __init__(
        self, delegate: RuleDelegate, line: QLineEdit, index: QPersistentModelIndex
    ) -> None:
        super().__init__(line)
        self._delegate, self._line, self._index = delegate, line, index

    def look(self) -> None:
        """Another text."""
        self._delegate.look(self._line, self._index)


class _Finisher(QObject):
    """Ends the choice of one list; goes with it."""

    def __init__(self, delegate: RuleDelegate, box: QComboBox) -> None:
        super().__init__(box)
        self._delegate, self._box = delegate, box

    def finish(self) -> None:
        """An entry was chosen."""
        self._delegate.finish(self._box)
