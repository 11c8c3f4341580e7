"""The session: every edit is one step, and steps can join."""

from dataclasses import replace

import pytest

from designer.commands.session import EditSession
from designer.document.model import Change, Document
from tests.helpers.contents import order_like


def _renamed(session: EditSession, key: str) -> Change:
    state = session.document.state_for("s-Cart")
    return Change(state, replace(state, key=key))


def test_a_push_makes_one_clean_undoable_step(session):
    """Modified is what the stack says, and undo takes it back."""
    assert session.undo_stack.isClean()
    assert session.push("Rename Cart to Basket", [_renamed(session, "Basket")])
    assert session.document.find_state("Basket")
    assert not session.undo_stack.isClean()
    session.undo_stack.undo()
    assert session.document.find_state("Cart")
    assert session.undo_stack.isClean()


def test_nothing_is_pushed_when_nothing_changes(session):
    """An edit without effect leaves no step behind."""
    state = session.document.state_for("s-Cart")
    assert not session.push("Nothing", [Change(state, state), Change(state, state, 0)])
    assert not session.push("Nothing", [])
    assert session.undo_stack.count() == 0


def test_a_stale_edit_is_refused_before_the_push(session):
    """A failing step never comes to lie on the stack."""
    stale = replace(session.document.state_for("s-Cart"), key="Elsewhere")
    with pytest.raises(ValueError, match="not as the edit found it"):
        session.push("Stale", [Change(stale, None)])
    assert session.undo_stack.count() == 0


def test_a_joining_step_is_undone_with_the_one_before(session):
    """Two pushes, one step, the later name."""
    start = session.document.content
    session.push("Rename to Basket", [_renamed(session, "Basket")])
    session.push("Rename to Trolley", [_renamed(session, "Trolley")], joins=True)
    end = session.document.content
    assert session.undo_stack.count() == 1
    assert session.undo_stack.undoText() == "Rename to Trolley"
    session.undo_stack.undo()
    assert session.document.content == start
    session.undo_stack.redo()
    assert session.document.content == end
    session.undo_stack.undo()
    assert session.document.content == start


def test_steps_do_not_join_by_themselves(session):
    """Two edits are two steps unless they say otherwise."""
    session.push("Rename to Basket", [_renamed(session, "Basket")])
    session.push("Rename to Trolley", [_renamed(session, "Trolley")])
    assert session.undo_stack.count() == 2


def test_a_joining_step_stays_alone_after_a_save(session):
    """What was saved is not changed under the save's feet."""
    session.push("Rename to Basket", [_renamed(session, "Basket")])
    session.undo_stack.setClean()
    session.push("Rename to Trolley", [_renamed(session, "Trolley")], joins=True)
    assert session.undo_stack.count() == 2


def test_the_session_owns_its_document():
    """One goes with the other."""
    document = Document(order_like())
    session = EditSession(document)
    assert document.parent() is session
