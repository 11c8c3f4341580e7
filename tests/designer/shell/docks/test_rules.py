"""The Rules dock: add, edit, remove, reorder and nest, each one step of the undo stack."""

import datetime as dt
from dataclasses import replace

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QComboBox, QLineEdit

from designer.commands.rules import set_rules
from designer.host.theme import DARK, LIGHT
from designer.shell.docks.rule_model import KIND, NAME, VALUE, RuleModel
from designer.shell.docks.rules import RulesDock
from tests.helpers.contents import content_of, pack_content_of
from tests.helpers.page_double import PageDouble

RULES = [
    {"retries": 3},
    {"currency": "EUR"},
    {"strict": True},
    {"limits": {"low": 1, "high": [2, 3]}},
    "odd",
    {"since": dt.date(2026, 1, 2)},
]


class Desk:
    """A dock bound to a page, and hands to edit with."""

    def __init__(self, page: PageDouble, dock: RulesDock, qtbot) -> None:
        self.page, self.dock, self._qtbot = page, dock, qtbot
        self.session, self.stack = page.session, page.session.undo_stack
        self.model, self.tree = dock.model, dock.tree

    @property
    def rules(self):
        return self.session.document.flow.rules

    def choose(self, *place, column: int = NAME) -> QModelIndex:
        index = self.model.index_at(place, column)
        assert index.isValid()
        self.tree.setFocus()
        self.tree.setCurrentIndex(index)
        return index

    def texts(self, parent=None) -> list[tuple[str, ...]]:
        """The rows of a row, all columns."""
        above = parent if parent is not None else QModelIndex()
        return [
            tuple(self.model.index(row, column, above).data() for column in (NAME, KIND, VALUE))
            for row in range(self.model.rowCount(above))
        ]

    def editors(self, kind=QLineEdit) -> list:
        return [one for one in self.tree.viewport().findChildren(kind) if one.isVisible()]

    def editor(self, kind=QLineEdit):
        """The one editor that is open."""
        (found,) = self.editors(kind)
        return found

    def finish(self, text: str) -> None:
        """Types into the editor that is open and confirms, which Qt does a moment later."""
        QTest.keyClicks(self.editor(), text)
        QTest.keyClick(self.editor(), Qt.Key.Key_Return)
        self._qtbot.waitUntil(lambda: not self.editors())

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.tree, key, modifiers)


@pytest.fixture
def desk_for(page_for, qtbot):
    """Makes a desk for a content."""

    def make(content) -> Desk:
        dock = RulesDock(LIGHT)
        return Desk(page_for(dock, content, 360, 400), dock, qtbot)

    return make


@pytest.fixture
def desk(desk_for) -> Desk:
    return desk_for(content_of("A", rules=RULES))


def test_rules_are_shown_as_a_tree(desk):
    """A rule of one key is one row; lists and mappings have rows of their own."""
    assert desk.texts() == [
        ("retries", "number", "3"),
        ("currency", "text", "EUR"),
        ("strict", "yes/no", "yes"),
        ("limits", "mapping", "2 entries"),
        ("5.", "text", "odd"),
        ("since", "other", "2026-01-02"),
    ]
    limits = desk.model.index_at((3,))
    assert desk.texts(limits) == [("low", "number", "1"), ("high", "list", "2 entries")]
    high = desk.model.index_at((3, "limits", "high"))
    assert desk.texts(high) == [("1.", "number", "2"), ("2.", "number", "3")]
    assert desk.model.index_at((9,)).isValid() is False
    assert desk.dock.count == 6


def tab(desk, qtbot, text, *, back=False):
    """Types into the editor that is open and leaves it by Tab, which Qt does a moment later."""
    old = desk.editor()
    QTest.keyClicks(old, text)
    QTest.keyClick(old, Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: old not in desk.editors())


def test_tab_goes_on_to_what_comes_next_in_a_rule(desk, qtbot):
    """A new rule is typed in one go: its name, its type, its value; the last Tab ends it."""
    desk.dock.add_rule()
    tab(desk, qtbot, "limit")
    (kinds,) = desk.editors(QComboBox)
    QTest.keyClick(kinds, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: bool(desk.editors()))
    assert desk.tree.currentIndex().column() == VALUE

    tab(desk, qtbot, "high")

    assert desk.rules[-1] == {"limit": "high"}
    assert desk.editors() == desk.editors(QComboBox) == []


def test_shift_tab_goes_back_in_a_rule(desk, qtbot):
    """From the value over the type to the name."""
    desk.tree.edit(desk.choose(1, column=VALUE))
    tab(desk, qtbot, "USD", back=True)
    qtbot.waitUntil(lambda: bool(desk.editors(QComboBox)))
    assert desk.rules[1] == {"currency": "USD"}
    assert desk.tree.currentIndex().column() == KIND


def test_the_model_keeps_qts_rules(desk):
    """Parents, rows and resets, looked at by Qt's own tester."""
    fail = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(desk.model, fail)
    set_rules(desk.session, RULES[:3])
    desk.stack.undo()
    assert tester.model() is desk.model
    assert isinstance(desk.model, QAbstractItemModel)


def test_cells_are_read_aloud(desk):
    """With the title of their column."""
    index = desk.model.index_at((0,), VALUE)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Value: 3"
    assert desk.model.headerData(KIND, Qt.Orientation.Horizontal) == "Type"
    assert desk.model.headerData(KIND, Qt.Orientation.Vertical) is None
    assert desk.model.data(QModelIndex()) is None
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert desk.model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


def test_a_value_is_edited(desk):
    """Of its own type; one step with a name."""
    desk.choose(0, column=VALUE)
    desk.key(Qt.Key.Key_Return)
    editor = desk.editor()
    assert editor.text() == "3"
    editor.selectAll()
    desk.finish("4.5")
    assert desk.rules[0] == {"retries": 4.5}
    assert desk.stack.undoText() == "Change rule retries"
    desk.stack.undo()
    assert desk.texts()[0] == ("retries", "number", "3")


def test_a_wrong_number_is_told_and_not_taken(desk, qtbot):
    """Enter keeps the editor open, Escape drops it."""
    desk.choose(0, column=VALUE)
    desk.key(Qt.Key.Key_Return)
    editor = desk.editor()
    QTest.keyClicks(editor, "x")
    assert desk.dock.error.text().startswith("This is no number")
    assert editor.property("invalid") is True
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert editor.isVisible()
    assert desk.stack.count() == 0
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert desk.dock.error.text() == ""
    assert not desk.dock.error.isVisible()
    assert not desk.model.setData(desk.model.index_at((0,), VALUE), "x")


def test_a_name_is_edited(desk):
    """Not empty, and not one that is taken in the same mapping."""
    low = desk.choose(3, "limits", "low")
    assert desk.model.check_name(low, "high") == "There is a high here already."
    assert desk.model.check_name(low, " ") == "A rule needs a name."
    assert desk.model.check_name(low, "low") is None
    desk.key(Qt.Key.Key_F2)
    desk.finish("lowest")
    assert list(desk.rules[3]["limits"]) == ["lowest", "high"]
    assert desk.stack.undoText() == "Rename rule low to lowest"


def test_a_text_may_be_anything(desk):
    """Also what looks like a number."""
    index = desk.choose(1, column=VALUE)
    assert desk.model.setData(index, "12")
    assert desk.rules[1] == {"currency": "12"}
    assert not desk.model.setData(index, "13", Qt.ItemDataRole.DisplayRole)


def test_a_text_may_be_empty(desk):
    """Which is not the same as nothing."""
    desk.choose(1, column=VALUE)
    desk.key(Qt.Key.Key_Return)
    QTest.keyClick(desk.editor(), Qt.Key.Key_Delete)
    desk.finish("")
    assert desk.rules[1] == {"currency": ""}


def test_a_type_that_is_not_offered_stays(desk):
    """Leaving the list without a choice changes nothing."""
    desk.choose(5, column=KIND)
    desk.key(Qt.Key.Key_Return)
    box = desk.editor(QComboBox)
    assert box.currentIndex() == -1
    desk.dock._delegate.finish(box)
    assert desk.stack.count() == 0


def test_yes_and_no_are_chosen(desk):
    """From a list."""
    desk.choose(2, column=VALUE)
    desk.key(Qt.Key.Key_Return)
    box = desk.editor(QComboBox)
    assert box.currentText() == "yes"
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert desk.rules[2] == {"strict": False}


def test_a_type_is_chosen(desk):
    """The value becomes the nearest of that type."""
    desk.choose(0, column=KIND)
    desk.key(Qt.Key.Key_Return)
    box = desk.editor(QComboBox)
    assert [box.itemText(place) for place in range(box.count())] == [
        "text",
        "number",
        "yes/no",
        "list",
        "mapping",
    ]
    QTest.keyClick(box, Qt.Key.Key_End)
    assert desk.rules[0] == {"retries": {"value": 3}}
    assert desk.tree.currentIndex() == desk.model.index_at((0,), KIND)
    assert desk.tree.isExpanded(desk.model.index_at((0,)))


def test_what_has_no_value_of_its_own_is_not_edited(desk):
    """Lists, mappings, dates; and items of a list have no name."""
    editable = Qt.ItemFlag.ItemIsEditable
    for place, column in (((3,), VALUE), ((5,), VALUE), ((4,), NAME)):
        assert not desk.model.flags(desk.model.index_at(place, column)) & editable
    assert desk.model.flags(desk.model.index_at((4,), VALUE)) & editable


def test_a_rule_is_added_and_named(desk):
    """With the button; its name is being typed at once."""
    desk.dock.add_button.click()
    assert desk.rules[-1] == {"new_rule": ""}
    editor = desk.editor()
    assert editor.text() == "new_rule"
    desk.finish("hold_above")
    assert desk.rules[-1] == {"hold_above": ""}
    desk.key(Qt.Key.Key_Insert)
    QTest.keyClick(desk.editor(), Qt.Key.Key_Escape)
    assert desk.rules[-1] == {"new_rule": ""}
    desk.stack.undo()
    desk.stack.undo()
    desk.stack.undo()
    assert len(desk.rules) == len(RULES)


def test_entries_are_added_inside(desk):
    """To the mapping or list that is chosen, or around what is chosen."""
    desk.choose(3)
    desk.dock.buttons["inside"].click()
    desk.finish("step")
    assert desk.rules[3]["limits"]["step"] == ""
    desk.choose(3, "limits", "high", 0)
    desk.key(Qt.Key.Key_Insert, Qt.KeyboardModifier.ControlModifier)
    desk.finish("more")
    assert desk.rules[3]["limits"]["high"] == [2, 3, "more"]
    desk.choose(0)
    assert not desk.dock.buttons["inside"].isEnabled()
    count = desk.stack.count()
    desk.dock.add_inside()
    assert desk.stack.count() == count


def test_rules_are_removed(desk):
    """The next one is chosen, so that several go quickly."""
    desk.choose(0)
    desk.key(Qt.Key.Key_Delete)
    assert desk.rules[0] == {"currency": "EUR"}
    assert desk.stack.undoText() == "Remove rule retries"
    assert desk.tree.currentIndex() == desk.model.index_at((0,))
    desk.choose(2, "limits", "high")
    desk.dock.buttons["remove"].click()
    assert desk.rules[2] == {"limits": {"low": 1}}
    desk.key(Qt.Key.Key_Backspace)
    assert desk.rules[2] == {"limits": {}}
    assert desk.tree.currentIndex() == desk.model.index_at((2,))
    for _ in range(9):
        desk.key(Qt.Key.Key_Backspace)
    assert desk.rules == ()
    assert not desk.dock.buttons["remove"].isEnabled()
    assert desk.dock.count is None


def test_rules_are_reordered(desk):
    """With buttons and keys; the moved one stays chosen."""
    desk.choose(0)
    assert not desk.dock.buttons["up"].isEnabled()
    desk.dock.buttons["down"].click()
    assert desk.rules[:2] == ({"currency": "EUR"}, {"retries": 3})
    assert desk.tree.currentIndex() == desk.model.index_at((1,))
    assert desk.stack.undoText() == "Move rule retries"
    desk.key(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert desk.rules[0] == {"retries": 3}
    desk.key(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert desk.stack.count() == 2
    desk.choose(3, "limits", "low")
    desk.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert list(desk.rules[3]["limits"]) == ["high", "low"]
    assert desk.tree.currentIndex() == desk.model.index_at((3, "limits", "low"))
    desk.choose(3, "limits", "high", 0)
    desk.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert desk.rules[3]["limits"]["high"] == [3, 2]


def test_arrows_walk(desk):
    """Without Alt they only choose."""
    desk.choose(0)
    desk.key(Qt.Key.Key_Down)
    assert desk.tree.currentIndex().row() == 1
    assert desk.stack.count() == 0


def test_an_edit_elsewhere_is_shown(desk):
    """And the same row stays chosen."""
    desk.choose(1)
    set_rules(desk.session, [{"first": 1}, {"second": 2}])
    assert desk.texts() == [("first", "number", "1"), ("second", "number", "2")]
    assert desk.tree.currentIndex().row() == 1
    desk.stack.undo()
    assert len(desk.texts()) == len(RULES)


def test_another_edit_of_the_flow_leaves_the_rules_alone(desk):
    """No reset while somebody types."""
    desk.choose(0, column=VALUE)
    desk.key(Qt.Key.Key_Return)
    flow = desk.session.document.flow
    desk.session.push("x", [_change(flow, replace(flow, name="other"))])
    assert desk.editor().isVisible()
    QTest.keyClick(desk.editor(), Qt.Key.Key_Escape)


def _change(before, after):
    from designer.document.model import Change

    return Change(before, after)


def test_a_pack_by_itself_has_no_rules(desk_for):
    """The dock says where they come from."""
    desk = desk_for(pack_content_of("A"))
    assert desk.model.rowCount() == 0
    assert "no rules" in desk.dock._empty.text()
    assert not desk.tree.isVisible()
    assert desk.model.add_rule() == (-1,)
    assert desk.rules == ()


def test_without_a_flow_there_is_nothing(desk):
    """Nothing is edited, nothing is left."""
    desk.dock.bind(None)
    assert desk.model.rowCount() == 0
    assert desk.model.rules == ()
    desk.dock.remove()
    desk.dock.move_row(1)
    model = RuleModel()
    assert not model.refresh()
    assert model.add_rule() == (-1,)


def test_icons_follow_the_theme(desk):
    """Nothing else changes."""
    before = desk.dock.buttons["up"].icon().cacheKey()
    desk.dock.set_theme(DARK)
    assert desk.dock.buttons["up"].icon().cacheKey() != before
