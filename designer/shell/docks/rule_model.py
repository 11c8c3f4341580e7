"""The rules of a flow as a tree model; every edit is one step of the undo stack."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from designer.commands.errors import EditError
from designer.commands.rule_edits import (
    Path,
    ValueKind,
    converted,
    free_name,
    kind_of_value,
    number_of,
    value_at,
    value_text,
    with_added,
    with_moved,
    with_name,
    with_value,
    without,
)
from designer.commands.rules import set_rules
from designer.commands.session import EditSession

__all__ = ["COLUMNS", "KIND", "NAME", "VALUE", "RuleModel", "RuleNode"]

NAME, KIND, VALUE = range(3)
COLUMNS = ("Rule", "Type", "Value")

Index = QModelIndex | QPersistentModelIndex

_CONTAINERS = (ValueKind.LIST, ValueKind.MAPPING)


@dataclass(slots=True, eq=False)
class RuleNode:
    """One row: a rule, or an entry within one.

    Attributes:
        path: where its value is.
        place: where it is among its siblings, for moving and removing: a rule that is a mapping of
            one key is one row, whose value is that key's.
        key: its name when it has one that can be edited.
        number: tells it apart; never used again, so an old index leads nowhere.
    """

    path: Path
    place: Path
    key: Any
    value: Any
    parent: RuleNode | None
    row: int
    number: int = 0
    children: list[RuleNode] = field(default_factory=list)

    @property
    def kind(self) -> ValueKind:
        """The kind of its value."""
        return kind_of_value(self.value)

    @property
    def label(self) -> str:
        """What it is called."""
        return str(self.key) if self.key is not None else f"{self.row + 1}."


class RuleModel(QAbstractItemModel):
    """The rules of one session's flow, three columns wide."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: EditSession | None = None
        self._rules: tuple[Any, ...] = ()
        self._roots: list[RuleNode] = []
        self._by_number: dict[int, RuleNode] = {}
        self._numbers = itertools.count(1)

    @property
    def rules(self) -> tuple[Any, ...]:
        """What it shows."""
        return self._rules

    @property
    def has_nested(self) -> bool:
        """Whether any rule is a list or a mapping."""
        return any(node.kind in _CONTAINERS for node in self._roots)

    def set_session(self, session: EditSession | None) -> None:
        """Shows the rules of another flow."""
        self._session = session
        self._fill(session.document.flow.rules if session is not None else ())

    def refresh(self) -> bool:
        """Shows what the flow says now; False when it says the same."""
        rules = self._session.document.flow.rules if self._session is not None else ()
        if rules is self._rules:
            return False
        self._fill(rules)
        return True

    def node_for(self, index: Index) -> RuleNode | None:
        """The node of a row; None for no row, and for one that is no more."""
        return self._by_number.get(index.internalId()) if index.isValid() else None

    def index_at(self, place: Path, column: int = NAME) -> QModelIndex:
        """The index of the node at that place; an invalid one when there is none."""
        node = next((node for node in _walk(self._roots) if node.place == place), None)
        return QModelIndex() if node is None else self.createIndex(node.row, column, node.number)

    # -- edits -----------------------------------------------------------------------------

    def check_name(self, index: Index, text: str) -> str | None:
        """The sentence that says why a row may not be called so."""
        node = self.node_for(index)
        if not text.strip():
            return "A rule needs a name."
        if node is None or text.strip() == node.key:
            return None
        siblings = value_at(self._rules, node.path[:-1])
        return f"There is a {text.strip()} here already." if text.strip() in siblings else None

    def check_value(self, index: Index, text: str) -> str | None:
        """The sentence that says why a row may not have that value."""
        node = self.node_for(index)
        if node is not None and node.kind is ValueKind.NUMBER and number_of(text) is None:
            return "This is no number; choose text as its type, or type a number."
        return None

    def add_rule(self) -> Path:
        """Adds a rule, last; returns its place."""
        taken = [key for rule in self._rules if isinstance(rule, Mapping) for key in rule]
        name = free_name(taken)
        self._push(with_added(self._rules, (), name, ""), f"Add rule {name}")
        return (len(self._rules) - 1,)

    def add_inside(self, index: Index) -> Path | None:
        """Adds an entry to a list or mapping; returns its place."""
        node = self.node_for(index)
        if node is None or node.kind not in _CONTAINERS:
            return None
        name = free_name(list(node.value), "new_key")
        path, step = node.path, name if node.kind is ValueKind.MAPPING else len(node.value)
        self._push(with_added(self._rules, path, name, ""), f"Add to rule {node.label}")
        return (*path, step)

    def remove(self, index: Index) -> bool:
        """Removes a row."""
        node = self.node_for(index)
        return node is not None and self._push(
            without(self._rules, node.place), f"Remove rule {node.label}"
        )

    def move(self, index: Index, by: int) -> Path | None:
        """Moves a row among its siblings; returns its new place, None when it stays."""
        node = self.node_for(index)
        if node is None:
            return None
        if not self._push(with_moved(self._rules, node.place, by), f"Move rule {node.label}"):
            return None
        last = node.place[-1]
        return node.place if isinstance(last, str) else (*node.place[:-1], node.row + by)

    def _edit(self, node: RuleNode, column: int, value: Any) -> bool:
        if column == NAME:
            name = str(value).strip()
            text = f"Rename rule {node.label} to {name}"
            return self._push(with_name(self._rules, node.path, name), text)

        new = converted(node.value, value) if column == KIND else _typed(node.kind, value)
        return self._push(with_value(self._rules, node.path, new), f"Change rule {node.label}")

    def _push(self, rules: tuple[Any, ...], text: str) -> bool:
        if self._session is None:
            return False
        try:
            pushed = set_rules(self._session, rules, text)
        except EditError:
            return False
        self.refresh()
        return pushed

    def _fill(self, rules: tuple[Any, ...]) -> None:
        self.beginResetModel()
        self._rules = rules
        self._roots = list(_nodes(rules))
        self._by_number = {next(self._numbers): node for node in _walk(self._roots)}
        for number, node in self._by_number.items():
            node.number = number
        self.endResetModel()

    # -- Qt --------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own default
        """The index of a row."""
        siblings = self._rows_of(parent)
        if not (0 <= row < len(siblings) and 0 <= column < len(COLUMNS)):
            return QModelIndex()
        return self.createIndex(row, column, siblings[row].number)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # the stubs know only QObject.parent
        """The index of the row above."""
        node = self.node_for(index)
        if node is None or node.parent is None:
            return QModelIndex()
        return self.createIndex(node.parent.row, NAME, node.parent.number)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows are in a row."""
        return len(self._rows_of(parent))

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Name, type, value."""
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The titles of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows and edits."""
        node = self.node_for(index)
        if node is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{COLUMNS[column]}: {self._text(node, column)}"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(node, column)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Makes the edit, if it may be."""
        node = self.node_for(index)
        if node is None or role != Qt.ItemDataRole.EditRole:
            return False
        column = index.column()
        checks = {NAME: self.check_name, VALUE: self.check_value}
        if column in checks and checks[column](index, str(value)):
            return False
        return self._edit(node, column, value)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Entries of lists have no name; lists and mappings no value of their own."""
        node = self.node_for(index)
        if node is None:
            return Qt.ItemFlag.NoItemFlags
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        fixed = {
            NAME: not isinstance(node.key, str),
            KIND: False,
            VALUE: node.kind in (*_CONTAINERS, ValueKind.NOTHING, ValueKind.OTHER),
        }
        return plain if fixed[index.column()] else plain | Qt.ItemFlag.ItemIsEditable

    def _rows_of(self, parent: Index) -> list[RuleNode]:
        """The rows below a row's first cell."""
        if not parent.isValid():
            return self._roots
        node = self.node_for(parent)
        return node.children if node is not None and parent.column() == NAME else []

    def _text(self, node: RuleNode, column: int) -> str:
        return (node.label, node.kind.value, value_text(node.value))[column]


def _typed(kind: ValueKind, text: Any) -> Any:
    """The value that was typed or chosen for a row of that kind."""
    if kind is ValueKind.YES_NO:
        return text in (True, "yes")
    return number_of(str(text)) if kind is ValueKind.NUMBER else str(text)


def _nodes(rules: tuple[Any, ...]) -> Iterator[RuleNode]:
    """The rules as rows; a mapping of one key is that key's row."""
    for row, rule in enumerate(rules):
        if isinstance(rule, Mapping) and len(rule) == 1:
            ((key, value),) = rule.items()
            node = RuleNode((row, key), (row,), key, value, None, row)
        else:
            node = RuleNode((row,), (row,), None, rule, None, row)
        _grow(node)
        yield node


def _grow(node: RuleNode) -> None:
    """Gives a list or mapping its rows."""
    if node.kind not in _CONTAINERS:
        return
    is_mapping = node.kind is ValueKind.MAPPING
    entries = node.value.items() if is_mapping else enumerate(node.value)
    for row, (step, value) in enumerate(entries):
        path = (*node.path, step)
        child = RuleNode(path, path, step if is_mapping else None, value, node, row)
        _grow(child)
        node.children.append(child)


def _walk(nodes: list[RuleNode]) -> Iterator[RuleNode]:
    for node in nodes:
        yield node
        yield from _walk(node.children)
