"""Edits of transitions: each is one step that undoes and redoes."""

from dataclasses import replace

import pytest

from designer.commands import transitions
from designer.commands.errors import EditError
from designer.commands.session import EditSession
from designer.document.elements import Pack, PackOrigin, State
from designer.document.model import Document
from flexiflow.pack_records import SetAction
from tests.helpers.contents import order_like


def test_a_transition_is_added_after_its_siblings(session, one_step):
    """It is tried last among those that leave its source."""
    new = transitions.add_transition(session, "s-Cart", "s-Paid", "skip")
    added = session.document.transition_for(new)
    assert (added.source, added.target, added.message) == ("s-Cart", "s-Paid", "skip")
    assert transitions.place_among_siblings(session.document, new) == (2, 3)
    assert session.document.index_for(added) == 2
    one_step("Add transition Cart → Paid")


def test_an_internal_transition_has_no_target(session, one_step):
    """It stays in its state, and gets a message of its own."""
    new = transitions.add_transition(session, "s-Failed", None)
    assert session.document.transition_for(new).target is None
    assert session.document.transition_for(new).message == "next"
    one_step("Add internal transition in Failed")


def test_messages_made_up_are_free(session):
    """The second one is another."""
    first = transitions.add_transition(session, "s-Cart", "s-Paid")
    second = transitions.add_transition(session, "s-Cart", "s-Paid")
    assert session.document.transition_for(first).message == "next"
    assert session.document.transition_for(second).message == "next2"


def test_a_state_and_the_way_there_are_one_step(session, one_step):
    """What a drop on the empty canvas makes."""
    state_id, transition_id = transitions.add_state_with_transition(session, "s-Paying", (5, 6))
    transition = session.document.transition_for(transition_id)
    assert (transition.source, transition.target) == ("s-Paying", state_id)
    assert session.document.state_for(state_id).pack == "p-main"
    one_step("Add state State1 after Paying")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"message": "send"}, "Change message of Cart → Paying"),
        ({"after": 30}, "Change delay of Cart → Paying"),
        ({"guard": "context.a > 0"}, "Change guard of Cart → Paying"),
        ({"do": (SetAction({"a": 1}),)}, "Change actions of Cart → Paying"),
        ({"description": "Off we go."}, "Describe Cart → Paying"),
        ({"color": "red"}, "Colour Cart → Paying"),
        ({"tags": ("a",)}, "Tag Cart → Paying"),
        ({"source": "s-Paid"}, "Let Cart → Paying leave another state"),
        ({"target": "s-Paid"}, "Lead Cart → Paying elsewhere"),
        ({"target": None}, "Lead Cart → Paying elsewhere"),
        ({"message": "send", "guard": "True"}, "Edit Cart → Paying"),
    ],
)
def test_each_field_is_edited_as_one_step(session, one_step, fields, text):
    """The value is in the document and the step bears a name."""
    assert transitions.edit_transition(session, "t-1", **fields)
    transition = session.document.transition_for("t-1")
    for name, value in fields.items():
        assert getattr(transition, name) == value
    one_step(text)


def test_a_delay_takes_the_message_away_and_back(session):
    """A transition has exactly one of the two."""
    transitions.edit_transition(session, "t-1", after=2.5)
    assert session.document.transition_for("t-1").message is None
    transitions.edit_transition(session, "t-1", message="go")
    assert session.document.transition_for("t-1").after is None


@pytest.mark.parametrize(
    "fields",
    [
        {"message": None},
        {"message": " "},
        {"message": " go"},
        {"message": "a\nb"},
        {"after": 0},
        {"after": float("nan")},
        {"after": float("inf")},
        {"message": "go", "after": 1},
        {"source": "gone"},
        {"target": "gone"},
    ],
)
def test_values_that_may_not_be_are_refused(session, fields):
    """A sentence, and nothing changed."""
    start = session.document.content
    with pytest.raises(EditError, match=r"\.$"):
        transitions.edit_transition(session, "t-1", **fields)
    assert session.document.content == start


def test_an_empty_guard_is_none(session):
    """A file says nothing rather than an empty text."""
    assert not transitions.edit_transition(session, "t-1", guard=" ", description="")


def test_several_transitions_are_edited_as_one_step(session, one_step):
    """The same fields on each."""
    transitions.edit_transitions(session, ["t-1", "t-2"], guard="True")
    assert session.document.transition_for("t-2").guard == "True"
    one_step("Change guard of 2 transitions")


def test_naming_a_new_transition_joins_its_creation(session):
    """Drawing a transition and typing its message is undone in one go."""
    start = session.document.content
    new = transitions.add_transition(session, "s-Cart", "s-Paid")
    transitions.edit_transition(session, new, joins_last=True, message="skip")
    assert session.undo_stack.count() == 1
    assert session.undo_stack.undoText() == "Add transition Cart → Paid"
    session.undo_stack.undo()
    assert session.document.content == start


def test_a_message_typed_after_a_save_is_a_step_of_its_own(session):
    """And called what it is."""
    new = transitions.add_transition(session, "s-Cart", "s-Paid")
    session.undo_stack.setClean()
    transitions.edit_transition(session, new, joins_last=True, message="skip")
    assert session.undo_stack.undoText() == "Change message of Cart → Paid"


def test_an_end_is_taken_to_another_state(session, one_step):
    """Source or target, the other stays."""
    transitions.retarget(session, "t-1", target="s-Failed")
    transition = session.document.transition_for("t-1")
    assert (transition.source, transition.target) == ("s-Cart", "s-Failed")
    one_step("Lead Cart → Paying elsewhere")


def test_a_retarget_to_the_same_state_does_nothing(session):
    """Neither does one without any end."""
    assert not transitions.retarget(session, "t-1", source="s-Cart", target="s-Paying")
    assert not transitions.retarget(session, "t-1")


def _two_packs() -> EditSession:
    content = order_like()
    main = replace(content.packs[0], guards={"rich": "context.total > 5", "poor": "False"})
    second = Pack(id="p-2", name="second", origin=PackOrigin.INLINE, guards={"poor": "True"})
    builtin = Pack(id="p-b", name="builtin", origin=PackOrigin.BUILTIN)
    more = (
        State(id="s-X", pack="p-2", key="X"),
        State(id="s-E", pack="p-b", key="ErrorHandling"),
    )
    content = replace(content, packs=(main, second, builtin), states=(*content.states, *more))
    return EditSession(Document(content))


def test_a_transition_moves_to_the_pack_of_its_new_source():
    """A named guard that the other pack has not is written out."""
    session = _two_packs()
    transitions.edit_transition(session, "t-1", guard="rich")
    transitions.edit_transition(session, "t-2", guard="poor")
    transitions.retarget(session, "t-1", source="s-X")
    transitions.retarget(session, "t-2", source="s-X")
    first, second = (session.document.transition_for(name) for name in ("t-1", "t-2"))
    assert (first.pack, first.guard) == ("p-2", "context.total > 5")
    assert (second.pack, second.guard) == ("p-2", "poor")


def test_nothing_leaves_a_read_only_state():
    """It may be led to, though."""
    session = _two_packs()
    with pytest.raises(EditError, match="engine's own"):
        transitions.add_transition(session, "s-E", "s-Cart")
    with pytest.raises(EditError, match="engine's own"):
        transitions.retarget(session, "t-1", source="s-E")
    with pytest.raises(EditError, match="engine's own"):
        transitions.add_state_with_transition(session, "s-E", (0, 0))
    assert transitions.add_transition(session, "s-Cart", "s-E")


def test_a_transition_is_tried_earlier(session, one_step):
    """Places count among the transitions that leave the same state."""
    assert transitions.place_among_siblings(session.document, "t-4") == (2, 3)
    transitions.move_transition(session, "t-4", 0)
    assert transitions.place_among_siblings(session.document, "t-4") == (0, 3)
    assert [t.id for t in session.document.transitions] == ["t-0", "t-1", "t-4", "t-2", "t-3"]
    one_step("Reorder Paying → Failed")


def test_a_transition_is_tried_later(session):
    """Down the list, and not beyond its ends."""
    transitions.move_transition(session, "t-2", 2)
    assert [t.id for t in session.document.transitions] == ["t-0", "t-1", "t-3", "t-4", "t-2"]
    assert not transitions.move_transition(session, "t-2", 2)
    for place in (-1, 3):
        with pytest.raises(EditError, match="between 1 and 3"):
            transitions.move_transition(session, "t-2", place)


def test_edits_of_what_is_gone_are_refused(session):
    """A refusal, not a KeyError."""
    with pytest.raises(EditError, match="not there any more"):
        transitions.edit_transition(session, "gone", message="x")
    with pytest.raises(EditError, match="not there any more"):
        transitions.add_transition(session, "s-Cart", "gone")
