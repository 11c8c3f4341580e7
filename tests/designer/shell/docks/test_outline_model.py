"""The rows of the Outline."""

import dataclasses

import pytest
from PySide6.QtCore import Qt

from designer.document.elements import Pack, PackOrigin
from designer.shell.docks.outline_model import OutlineModel, RowKind, outline_rows
from tests.helpers.contents import order_like


def texts(content, query=""):
    """The words of all rows."""
    return [row.text for row in outline_rows(content, query)]


def test_states_stand_under_their_pack():
    """In file order, with a word for what is special."""
    rows = outline_rows(order_like())

    assert [row.text for row in rows] == ["main", "Cart", "Paying", "Paid", "Failed"]
    assert [row.note for row in rows] == ["", "initial", "", "final", "final"]


@pytest.mark.parametrize(
    ("origin", "path", "text"),
    [
        (PackOrigin.FILE, "order.pack.yaml", "order  \u00b7  order.pack.yaml"),
        (PackOrigin.PYTHON, "app:Pack", "order  \u00b7  Python"),
        (PackOrigin.BUILTIN, "", "Builtin"),
        (PackOrigin.ELSEWHERE, "", "Declared elsewhere"),
    ],
)
def test_a_pack_says_where_it_comes_from(origin, path, text):
    """Its file, or that it is code."""
    content = dataclasses.replace(order_like(), packs=(Pack("p-main", "order", origin, path),))

    assert texts(content)[0] == text


def test_a_search_finds_states():
    """All words of the query have to be there, in any case."""
    assert texts(order_like(), "pay") == ["main", "Paying"]


def test_a_search_finds_messages_under_their_state():
    """With where they lead."""
    rows = outline_rows(order_like(), "decline")

    assert [row.text for row in rows] == ["main", "Paying", "decline", "decline"]
    assert [row.note for row in rows[2:]] == ["\u2192 Paying", "\u2192 Failed"]


def test_a_search_finds_guards_by_what_they_mean():
    """A named guard is found by its expression too."""
    content = order_like()
    guarded = dataclasses.replace(content.transitions[1], guard="is_full")
    pack = dataclasses.replace(content.packs[0], guards={"is_full": "context.items > 9"})
    content = dataclasses.replace(
        content,
        packs=(pack,),
        transitions=(content.transitions[0], guarded, *content.transitions[2:]),
    )

    assert "submit [is_full]" in texts(content, "context.items")


def test_a_search_finds_timers():
    """A delay is shown as it is written."""
    content = order_like()
    timed = dataclasses.replace(content.transitions[1], message=None, after=900.0)
    content = dataclasses.replace(content, transitions=(timed,))

    assert "after 15m" in texts(content, "15m")


def test_an_internal_transition_says_so():
    """It leads nowhere."""
    rows = outline_rows(order_like(), "add_item")

    assert rows[-1].note == "internal"


def test_nothing_found_is_nothing_shown():
    """Not even the pack."""
    assert texts(order_like(), "nowhere") == []


def test_rows_have_places(qapp):
    """Every element is found again by its id."""
    model = OutlineModel()
    model.set_rows(outline_rows(order_like()))

    assert model.find_index("s-Paying").row() == 2
    assert model.find_index("s-gone") is None
    assert model.row_at(model.index(2)).kind is RowKind.STATE
    assert model.index(2).data() == "Paying"
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "Cart, state, initial"


def test_packs_cannot_be_chosen(qapp):
    """They are headings."""
    model = OutlineModel()
    model.set_rows(outline_rows(order_like()))

    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsSelectable
    assert model.flags(model.index(1)) & Qt.ItemFlag.ItemIsSelectable


def test_another_word_keeps_the_rows(qapp, qtbot):
    """A rename changes one row, and the list does not jump."""
    model = OutlineModel()
    rows = outline_rows(order_like())
    model.set_rows(rows)
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        model.set_rows([*rows[:2], dataclasses.replace(rows[2], text="Settling"), *rows[3:]])

    assert model.index(2).data() == "Settling"
