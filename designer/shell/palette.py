"""The command palette: every action and every state, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from designer.host.theme import SPACE, label_font

__all__ = ["Command", "CommandPalette", "rank"]

_Index = QModelIndex | QPersistentModelIndex

WIDTH = 520
ROW = 30
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette.

    Attributes:
        text: what it does.
        run: does it.
        keys: its shortcut; "" for none.
        group: where it belongs, such as its menu.
        enabled: whether it is of use now.
    """

    text: str
    run: Callable[[], None]
    keys: str = ""
    group: str = ""
    enabled: bool = True


def rank(query: str, text: str) -> int | None:
    """How well a text answers a query, lower is better; None when it does not.

    Every word of the query has to be in the text; the start of the text counts most, then the start
    of a word, then any place. Letters that are merely in order count least.
    """
    words, lowered = query.lower().split(), text.lower()
    total = 0
    for word in words:
        place = lowered.find(word)
        if place == 0:
            continue
        if place > 0:
            total += 1 if lowered[place - 1] in " -_.:" else 3
        elif _in_order(word, lowered):
            total += 10
        else:
            return None
    return total


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


class CommandModel(QAbstractListModel):
    """The commands that answer the query, best first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._all: tuple[Command, ...] = ()
        self._shown: list[Command] = []

    def set_commands(self, commands: Iterable[Command]) -> None:
        """Offers these."""
        self._all = tuple(commands)
        self.set_query("")

    def set_query(self, query: str) -> None:
        """Shows those that answer."""
        ranked = [
            (score, not command.enabled, number, command)
            for number, command in enumerate(self._all)
            if (score := rank(query, f"{command.text} {command.group}")) is not None
        ]
        self.beginResetModel()
        self._shown = [line[-1] for line in sorted(ranked, key=lambda line: line[:3])]
        self.endResetModel()

    def command_at(self, index: _Index) -> Command | None:
        """The command of a row, or None."""
        return self._shown[index.row()] if index.isValid() else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """The number of commands shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text; for a screen reader with its shortcut."""
        command = self.command_at(index)
        if command is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return command.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{command.group}: {command.text} {command.keys}".strip()
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """What is of no use now is shown and cannot be chosen."""
        command = self.command_at(index)
        if command is None or not command.enabled:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class CommandDelegate(QStyledItemDelegate):
    """Draws a command: its text, and at the right where it belongs and its keys."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draws one row."""
        model = index.model()
        command = model.command_at(index) if isinstance(model, CommandModel) else None
        if command is None:
            return

        painter.save()
        colors: QPalette = option.palette
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(rect.adjusted(SPACE, 1, -SPACE, -1), 4, 4)
        inner = rect.adjusted(3 * SPACE, 0, -3 * SPACE, 0)
        enabled = QPalette.ColorGroup.Normal if command.enabled else QPalette.ColorGroup.Disabled
        painter.setPen(colors.color(enabled, QPalette.ColorRole.Text))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, left, command.text)
        painter.setFont(label_font())
        painter.setPen(colors.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(inner, right, "   ".join(filter(None, (command.group, command.keys))))
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Every row is as high as the others."""
        return QSize(WIDTH // 2, ROW)


class CommandPalette(QFrame):
    """Opens over the window; a few letters and Enter run a command.

    Args:
        window: over which it opens.
        commands: tells what there is, each time it opens.
    """

    def __init__(self, window: QWidget, commands: Callable[[], Iterable[Command]]) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self.setProperty("role", "popup")
        self.setAccessibleName("Search or run a command")
        self._window = window
        self._commands = commands
        self._field = QLineEdit()
        self._field.setPlaceholderText("Search or run a command")
        self._field.setAccessibleName("Search or run a command")
        self._model = CommandModel(self)
        self._list = QListView()
        self._list.setAccessibleName("Commands")
        self._list.setModel(self._model)
        self._list.setItemDelegate(CommandDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.addWidget(self._field)
        column.addWidget(self._list)
        self._field.textChanged.connect(self._on_typed)
        self._field.installEventFilter(self)
        self._list.clicked.connect(self._run)

    def open(self) -> None:
        """Shows every command."""
        self._model.set_commands(self._commands())
        self._field.clear()
        self._on_typed("")
        self.setFixedWidth(WIDTH)
        self.adjustSize()
        middle = QPoint((self._window.width() - WIDTH) // 2, 60)
        self.move(self._window.mapToGlobal(middle))
        self.show()
        self._field.setFocus()

    def _on_typed(self, query: str) -> None:
        self._model.set_query(query)
        rows = min(max(self._model.rowCount(), 1), MOST_ROWS)
        self._list.setFixedHeight(rows * ROW + 4)
        self._select(0, 1)
        self.adjustSize()

    def _select(self, row: int, step: int) -> None:
        """Selects the row, or the next one in that direction that can be chosen."""
        while 0 <= row < self._model.rowCount():
            index = self._model.index(row)
            if self._model.flags(index) & Qt.ItemFlag.ItemIsSelectable:
                self._list.setCurrentIndex(index)
                return
            row += step

    def _run(self, index: QModelIndex) -> None:
        command = self._model.command_at(index)
        if command is not None and command.enabled:
            self.hide()
            command.run()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The arrow keys and Enter of the field go to the list."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False

        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: MOST_ROWS,
            Qt.Key.Key_PageUp: -MOST_ROWS,
        }
        if step := steps.get(Qt.Key(event.key())):
            row = self._list.currentIndex().row() + step
            self._select(min(max(row, 0), self._model.rowCount() - 1), 1 if step > 0 else -1)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self._list.currentIndex())
            return True
        return False
