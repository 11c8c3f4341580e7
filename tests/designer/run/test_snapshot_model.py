"""Stored snapshots as a table."""

import pytest
from PySide6.QtCore import QModelIndex, Qt

from designer.host.theme import DARK, LIGHT
from designer.run.snapshot_model import SnapshotModel, moment_text
from designer.run.snapshot_reader import SnapshotPage, SnapshotRow

ROOT = QModelIndex()


@pytest.fixture
def model(qapp, qtmodeltester):
    """An empty list, held to the rules of Qt's models at the end."""
    model = SnapshotModel()
    yield model
    qtmodeltester.check(model, force_py=True)


def page(first, last, before=None):
    """The rows of ids from ``first`` down to ``last``."""
    rows = (
        SnapshotRow(id_, "order", "2026-01-01T00:00:00+00:00", f"S{id_}", "Cart")
        for id_ in range(first, last - 1, -1)
    )
    return SnapshotPage(tuple(rows), before)


def ids(model):
    """The ids shown."""
    return [model.row_for(row).id for row in range(model.rowCount())]


def test_pages_come_in_as_a_view_asks_for_them(model, qtbot):
    """Once each."""
    model.show_first(page(9, 7, before=7))
    assert model.canFetchMore(ROOT)

    with qtbot.waitSignal(model.more_wanted):
        model.fetchMore(ROOT)
    with qtbot.assertNotEmitted(model.more_wanted):
        model.fetchMore(ROOT)
    model.add_page(page(6, 5))

    assert ids(model) == [9, 8, 7, 6, 5]
    assert not model.canFetchMore(ROOT)


def test_a_page_that_did_not_come_can_be_asked_for_again(model):
    """The disk may have been busy."""
    model.show_first(page(9, 7, before=7))
    model.fetchMore(ROOT)

    model.give_up()

    assert model.canFetchMore(ROOT)
    assert model.before == 7


def test_new_rows_come_in_at_the_top(model):
    """What is known already is not repeated."""
    model.show_first(page(5, 3))

    model.add_newer(page(7, 4, before=4))

    assert ids(model) == [7, 6, 5, 4, 3]
    assert model.newest_id == 7
    model.add_newer(page(7, 4, before=4))
    assert ids(model) == [7, 6, 5, 4, 3]


def test_a_gap_starts_the_list_anew(model):
    """What came between would be missing."""
    model.show_first(page(5, 3))

    model.add_newer(page(99, 97, before=97))

    assert ids(model) == [99, 98, 97]
    assert model.before == 97


def test_the_first_rows_of_an_empty_list(model):
    """They leave no gap when they are all there is."""
    model.add_newer(page(2, 1))

    assert ids(model) == [2, 1]


def test_a_row_tells_time_state_origin_component_and_id(model):
    """In that order."""
    model.show_first(page(1, 1))

    texts = [model.index(0, column).data() for column in range(5)]

    assert texts[1:] == ["S1", "Cart", "order", "1"]
    assert texts[0] == moment_text("2026-01-01T00:00:00+00:00")
    assert model.index(0, 2).data(Qt.ItemDataRole.AccessibleTextRole) == "Came from: Cart"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "State"
    assert model.headerData(1, Qt.Orientation.Vertical) is None
    assert model.data(ROOT) is None


def test_a_damaged_row_says_so_in_words_and_colour(model):
    """And why in its tip."""
    damaged = SnapshotRow(3, "theirs", "some day", "", fault="No valid JSON.")
    model.show_first(SnapshotPage((damaged,), None))
    state = model.index(0, 1)

    assert state.data() == "damaged"
    assert state.data(Qt.ItemDataRole.ForegroundRole).color() == LIGHT.error_text
    assert state.data(Qt.ItemDataRole.ToolTipRole) == "No valid JSON."
    assert model.index(0, 0).data() == "some day"


def test_another_theme_repaints_all_rows(model, qtbot):
    """Dark colours for a dark window."""
    model.set_theme(LIGHT)
    model.show_first(page(2, 1))
    assert model.index(0, 1).data(Qt.ItemDataRole.FontRole) is not None

    with qtbot.waitSignal(model.dataChanged):
        model.set_theme(DARK)

    assert model.index(0, 1).data(Qt.ItemDataRole.ForegroundRole).color() == DARK.text
