"""The event log as a table."""

import pytest
from PySide6.QtCore import QModelIndex, Qt

from designer.host.theme import DARK, LIGHT
from designer.run.event_filter import EventFilter
from designer.run.event_log import EventLog
from designer.run.event_model import EventModel, color_of

DISPLAY = Qt.ItemDataRole.DisplayRole


@pytest.fixture
def log():
    """A small ring."""
    return EventLog(100)


@pytest.fixture
def model(qapp, log, qtmodeltester):
    """A table of it, held to the rules of Qt's models at the end."""
    model = EventModel(log)
    yield model
    qtmodeltester.check(model, force_py=True)


def fill(log, count):
    """Appends state changes."""
    for place in range(count):
        log.append(
            "state.changed", {"component": "order", "from_state": f"S{place}", "to_state": "B"}
        )


def numbers(model):
    """The numbers of the rows shown."""
    return [model.row_for(row).number for row in range(model.rowCount())]


def test_rows_come_in_with_a_refresh(model, log, qtbot):
    """A batch is one insertion, whatever its size."""
    fill(log, 30)
    assert (model.rowCount(), model.behind) == (0, True)

    with qtbot.waitSignals([model.rowsInserted]):
        behind = model.refresh(budget=10)

    assert (model.rowCount(), behind, model.behind) == (30, False, False)


def test_nothing_new_changes_nothing(model, log, qtbot):
    """A frame without events costs no layout."""
    fill(log, 3)
    model.refresh(budget=10)
    before = numbers(model)

    with qtbot.assertNotEmitted(model.rowsInserted), qtbot.assertNotEmitted(model.modelReset):
        behind = model.refresh(budget=10)

    assert (numbers(model), len(before), behind) == (before, 3, False)


def test_a_row_tells_time_event_component_summary_and_cause(model, log):
    """In that order."""
    log.append("order.paid", {"component": "order", "total": 2}, correlation_id="m3")
    log.append("order.paid", {"component": "order"})
    model.refresh(budget=10)

    texts = [model.data(model.index(0, column), DISPLAY) for column in range(5)]
    assert texts[1:] == ["order.paid", "order", "total: 2", "m3"]
    assert len(texts[0]) == len("12:04:31.118")
    assert model.data(model.index(1, 4), DISPLAY) == ""
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Summary"
    assert model.headerData(3, Qt.Orientation.Vertical) is None


def test_other_roles_tell_colours_fonts_and_words(model, log):
    """Colour is not the only sign of a level: the tip and screen readers say it."""
    fill(log, 1)
    model.refresh(budget=10)
    event = model.index(0, 1)

    assert event.data(Qt.ItemDataRole.ForegroundRole).color() == LIGHT.ok_text
    assert event.data(Qt.ItemDataRole.ToolTipRole) == "state.changed (success)"
    assert event.data(Qt.ItemDataRole.AccessibleTextRole) == "Event: state.changed"
    assert event.data(EventModel.ROW_ROLE).state == "B"
    assert event.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.index(0, 0).data(Qt.ItemDataRole.ForegroundRole).color() == LIGHT.muted
    assert model.data(QModelIndex(), DISPLAY) is None


def test_the_tip_of_a_failure_tells_cause_and_remedy(model, log):
    """Which the one line of the summary has no room for."""
    payload = {"component": "c", "action": {"set": {"a": "b"}}, "error": "What"}
    log.append("action.failed", payload | {"why": "Because.", "fix": "Do it."})
    log.append("guard.failed", {"guard": "x", "error": "What"})
    log.append("order.paid", {"why": "no failure"})
    model.refresh(budget=10)

    tips = [model.index(row, 3).data(Qt.ItemDataRole.ToolTipRole) for row in range(3)]
    assert tips == [
        "set: {a: b} — What\nWhy: Because.\nFix: Do it.",
        "x: What",
        "why: no failure",
    ]


def test_rows_the_log_let_go_leave_the_table(model, log):
    """In lots of a twentieth, so that views are not laid out for each."""
    fill(log, 100)
    model.refresh(budget=10)

    fill(log, 4)
    model.refresh(budget=10)
    assert numbers(model) == list(range(104))
    fill(log, 4)
    model.refresh(budget=10)

    assert numbers(model) == list(range(8, 108))


def test_a_flood_larger_than_the_log_shows_the_newest(model, log):
    """What came and went between two frames is not shown."""
    fill(log, 10)
    model.refresh(budget=10)

    fill(log, 1_000)
    model.refresh(budget=10)

    assert numbers(model) == list(range(910, 1010))


def test_a_refresh_keeps_to_its_budget(model):
    """The rest comes with the next frame."""
    log = EventLog(10_000)
    model.set_log(log)
    fill(log, 5_000)

    behind = model.refresh(budget=0.0)

    assert behind
    assert 0 < model.rowCount() < 5_000
    while model.refresh(budget=0.0):
        pass
    assert model.rowCount() == 5_000


def test_a_filter_chooses_among_old_and_new_rows(model, log):
    """Rows that came before the filter are looked at again."""
    fill(log, 20)
    model.refresh(budget=10)

    model.set_filter(EventFilter(text="/S1?5/"))
    model.refresh(budget=10)
    fill(log, 6)
    model.refresh(budget=10)

    assert numbers(model) == [5, 15, 25]
    assert model.filter.text == "/S1?5/"


def test_a_broken_filter_changes_nothing(model, log):
    """What was shown stays."""
    fill(log, 2)
    model.refresh(budget=10)

    with pytest.raises(ValueError, match="regular expression"):
        model.set_filter(EventFilter(text="/[/"))

    assert model.rowCount() == 2
    assert model.filter == EventFilter()


def test_clearing_the_log_empties_the_table(model, log):
    """Also when new rows came before the next frame."""
    fill(log, 5)
    model.refresh(budget=10)

    log.clear()
    assert model.behind
    model.refresh(budget=10)
    assert model.rowCount() == 0

    fill(log, 5)
    model.refresh(budget=10)
    log.clear()
    fill(log, 1)
    model.refresh(budget=10)
    assert numbers(model) == [10]


def test_the_entries_shown_can_be_taken_elsewhere(model, log):
    """To a file, or the clipboard."""
    fill(log, 10)
    model.set_filter(EventFilter(text="S4"))
    model.refresh(budget=10)

    assert [entry[0] for entry in model.iter_entries()] == [4]


def test_another_theme_repaints_all_rows(model, log, qtbot):
    """Dark colours for a dark window."""
    model.set_theme(DARK)
    fill(log, 2)
    model.refresh(budget=10)

    with qtbot.waitSignal(model.dataChanged):
        model.set_theme(DARK)

    assert model.index(0, 1).data(Qt.ItemDataRole.ForegroundRole).color() == DARK.ok_text


@pytest.mark.parametrize("level", ["debug", "info", "success", "warning", "error"])
def test_every_level_has_a_colour(level):
    """In both themes."""
    assert color_of(LIGHT, level).isValid()
    assert color_of(DARK, level).isValid()


def test_many_rows_are_told_without_keeping_them_all(model, log):
    """Only some rows' words are remembered."""
    log = EventLog(2_000)
    model.set_log(log)
    fill(log, 1_000)
    model.refresh(budget=10)

    assert numbers(model) == list(range(1_000))
    assert model.log is log
