"""Data of any size as a tree."""

import pytest
from PySide6.QtCore import QModelIndex, Qt

from designer.run.data_tree import DataTreeModel

ROOT = QModelIndex()


@pytest.fixture
def model(qapp, qtmodeltester):
    """A tree of a snapshot, held to the rules of Qt's models at the end."""
    data = {"state": "Paid", "context": {"total": 2.5, "items": [1, "b"], "vip": True, "x": None}}
    model = DataTreeModel(data)
    yield model
    qtmodeltester.check(model, force_py=True)


def open_all(model, parent=ROOT, depth=4):
    """Fetches everything, as a view that is opened wholly does."""
    while model.canFetchMore(parent):
        model.fetchMore(parent)
    if depth:
        for row in range(model.rowCount(parent)):
            open_all(model, model.index(row, 0, parent), depth - 1)


def texts(model, parent=ROOT):
    """Names and values of the children, and of theirs."""
    found = []
    for row in range(model.rowCount(parent)):
        name, value = (model.index(row, column, parent) for column in range(2))
        found.append((name.data(), value.data(), texts(model, name)))
    return found


def test_values_stand_under_their_names(model):
    """Mappings and lists can be opened."""
    open_all(model)

    assert texts(model) == [
        ("state", "Paid", []),
        (
            "context",
            "4 entries",
            [
                ("total", "2.5", []),
                ("items", "2 items", [("[0]", "1", []), ("[1]", "b", [])]),
                ("vip", "yes", []),
                ("x", "nothing", []),
            ],
        ),
    ]


def test_nothing_is_made_before_somebody_looks(model):
    """A view asks for what it shows."""
    assert model.rowCount() == 0
    assert model.hasChildren()
    assert model.canFetchMore(ROOT)


def test_a_long_list_comes_in_lots(qapp):
    """A million items are no wait."""
    model = DataTreeModel(list(range(1_000_000)))

    model.fetchMore(ROOT)
    model.fetchMore(ROOT)

    assert model.rowCount() == 400
    assert model.index(399, 1).data() == "399"
    assert model.canFetchMore(ROOT)


def test_a_child_knows_what_holds_it(model):
    """On every level."""
    open_all(model)
    context = model.index(1, 0)
    items = model.index(1, 0, context)

    assert model.parent(items) == context
    assert model.parent(context) == ROOT
    assert model.value_at(model.index(1, 0, items)) == "b"


def test_values_themselves_have_no_children(model):
    """Neither does the second column."""
    open_all(model)

    assert not model.hasChildren(model.index(0, 0))
    assert not model.hasChildren(model.index(1, 1))
    assert not model.canFetchMore(model.index(0, 0))
    assert model.rowCount(model.index(1, 1)) == 0
    assert not model.index(9, 0).isValid()


def test_long_texts_are_cut_and_stand_in_the_tip(qapp):
    """So that a row stays a row."""
    model = DataTreeModel({"text": "x" * 500})
    model.fetchMore(ROOT)
    value = model.index(0, 1)

    assert len(value.data()) < 100
    assert value.data(Qt.ItemDataRole.ToolTipRole) == "x" * 500
    assert value.data(Qt.ItemDataRole.DecorationRole) is None


def test_other_data_takes_the_place_of_the_old(model, qtbot):
    """Or nothing does."""
    with qtbot.waitSignal(model.modelReset):
        model.set_data({"a": {}, "b": [0]})
    open_all(model)

    assert texts(model) == [("a", "0 entries", []), ("b", "1 item", [("[0]", "0", [])])]
    assert model.shown == {"a": {}, "b": [0]}
    model.set_data(None)
    assert not model.hasChildren()


def test_the_columns_have_titles(model):
    """Name and value."""
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(2)]

    assert titles == ["Name", "Value"]
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.data(ROOT) is None
