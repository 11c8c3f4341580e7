"""Deleting anything, and editing what all have in common."""

from dataclasses import replace
from itertools import pairwise

import pytest

from designer.commands import elements
from designer.commands.errors import EditError
from designer.commands.session import EditSession
from designer.document.elements import Pack, PackOrigin, State
from designer.document.model import Document
from tests.helpers.contents import order_like, pack_content_of


def test_a_state_takes_its_transitions_along(session, one_step):
    """Loops and both directions; undone, everything stands where it stood."""
    elements.delete(session, ["s-Paying"])
    assert [state.key for state in session.document.states] == ["Cart", "Paid", "Failed"]
    assert [transition.id for transition in session.document.transitions] == ["t-0"]
    assert session.document.find_position("s-Paying") is None
    one_step("Delete Paying")


def test_a_transition_goes_alone(session, one_step):
    """Its states stay."""
    elements.delete(session, ["t-1"])
    assert len(session.document.states) == 4
    one_step("Delete Cart → Paying")


def test_many_elements_are_one_step(session, one_step):
    """States, transitions, some of them twice or gone already."""
    elements.delete(session, ["s-Cart", "t-1", "s-Paid", "s-Cart", "gone"])
    assert [state.key for state in session.document.states] == ["Paying", "Failed"]
    assert [transition.id for transition in session.document.transitions] == ["t-3", "t-4"]
    one_step("Delete 2 states and 1 transition")


def test_a_config_is_left_without_initial_state(session, one_step):
    """Nobody chooses another one for the person."""
    elements.delete(session, ["s-Cart"])
    assert session.document.flow.initial is None
    one_step("Delete Cart")


def test_a_pack_starts_in_its_next_first_state():
    """Which may be none."""
    session = EditSession(Document(pack_content_of("A B C")))
    elements.delete(session, ["s-B"])
    assert session.document.flow.initial == "s-A"
    elements.delete(session, ["s-A"])
    assert session.document.flow.initial == "s-C"
    elements.delete(session, ["s-C"])
    assert session.document.flow.initial is None


def test_deleting_nothing_does_nothing(session):
    """Neither does deleting what is gone."""
    assert not elements.delete(session, [])
    assert not elements.delete(session, ["gone"])


def test_initial_is_cleared_before_and_set_after_its_state(session):
    """Whoever hears of the flow finds its initial state."""
    found = []
    document = session.document
    document.flow_changed.connect(lambda: found.append(document.find(document.flow.initial or "")))
    elements.delete(session, ["s-Cart"])
    session.undo_stack.undo()
    assert found == [None, document.state_for("s-Cart")]


def _with_python() -> EditSession:
    content = order_like()
    python = Pack(id="p-y", name="states", origin=PackOrigin.PYTHON)
    builtin = Pack(id="p-b", name="builtin", origin=PackOrigin.BUILTIN)
    more = (State(id="s-P", pack="p-y", key="P"), State(id="s-E", pack="p-b", key="ErrorHandling"))
    content = replace(
        content, packs=(*content.packs, python, builtin), states=(*content.states, *more)
    )
    return EditSession(Document(content))


def test_python_states_go_with_their_pack_only():
    """A single one is code; builtin ones are only drawn."""
    session = _with_python()
    with pytest.raises(EditError, match="P belongs to Python"):
        elements.delete(session, ["s-P"])
    assert elements.delete(session, ["s-E"])
    assert elements.delete(session, ["p-y"])
    assert session.document.find("s-P") is None


def test_a_pack_takes_its_states_along():
    """With their transitions; the config is left with what remains."""
    session = _with_python()
    start = session.document.content
    elements.delete(session, ["p-main"])
    assert session.undo_stack.undoText() == "Delete pack main"
    assert session.document.transitions == ()
    assert [state.key for state in session.document.states] == ["P", "ErrorHandling"]
    session.undo_stack.undo()
    assert session.document.content == start


def test_a_pack_by_itself_is_not_deleted():
    """It is what is open."""
    session = EditSession(Document(pack_content_of("A")))
    with pytest.raises(EditError, match="what is open"):
        elements.delete(session, ["p-main"])


def test_common_fields_of_several_elements_are_one_step(session, one_step):
    """States and transitions alike."""
    elements.edit(session, ["s-Cart", "t-0"], color=" red ", description="")
    assert session.document.state_for("s-Cart").color == "red"
    assert session.document.transition_for("t-0").color == "red"
    one_step("Edit 1 state and 1 transition")


def test_packs_have_no_common_fields(session):
    """They have an edit of their own."""
    with pytest.raises(EditError, match="neither"):
        elements.edit(session, ["p-main"], color="red")


def test_deleting_everything_of_a_large_flow_is_quick():
    """Thousands of states are found by their places, not searched for."""
    keys = [f"S{number}" for number in range(3000)]
    arrows = [(one, "next", other) for one, other in pairwise(keys)]
    session = EditSession(Document(pack_content_of(" ".join(keys), arrows)))
    start = session.document.content
    elements.delete(session, [state.id for state in session.document.states])
    assert session.document.states == ()
    session.undo_stack.undo()
    assert session.document.content == start
