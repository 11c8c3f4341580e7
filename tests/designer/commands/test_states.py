"""Edits of states: each is one step that undoes and redoes."""

from dataclasses import replace

import pytest

from designer.commands import states
from designer.commands.errors import EditError
from designer.commands.session import EditSession
from designer.document.elements import Pack, PackOrigin, State
from designer.document.model import Content, Document
from flexiflow.pack_records import SetAction
from tests.helpers.contents import content_of, order_like, pack_content_of


def _with(content: Content, pack: Pack, *more: State) -> Content:
    return replace(content, packs=(*content.packs, pack), states=(*content.states, *more))


BUILTIN = Pack(id="p-b", name="builtin", origin=PackOrigin.BUILTIN)
PYTHON = Pack(id="p-y", name="states", origin=PackOrigin.PYTHON)
ELSEWHERE = Pack(id="p-e", name="elsewhere", origin=PackOrigin.ELSEWHERE)


def test_a_state_is_added_with_its_place(session, one_step):
    """Name, pack and centre are as asked for."""
    state_id = states.add_state(session, "p-main", (100.04, -0.0), "OnHold")
    assert session.document.state_for(state_id).key == "OnHold"
    assert session.document.state_for(state_id).pack == "p-main"
    assert session.document.find_position(state_id).point == (100.0, 0.0)
    one_step("Add state OnHold")


def test_a_state_without_a_name_gets_a_free_one(session):
    """State1, then State2."""
    first = states.add_state(session, None, (0, 0))
    second = states.add_state(session, None, (0, 0))
    assert session.document.state_for(first).key == "State1"
    assert session.document.state_for(second).key == "State2"


def test_the_first_state_is_the_initial_one():
    """A flow that has no state yet starts in its first."""
    for content in (content_of(""), pack_content_of("")):
        session = EditSession(Document(content))
        state_id = states.add_state(session, None, (0, 0))
        assert session.document.flow.initial == state_id
        states.add_state(session, None, (0, 0))
        assert session.document.flow.initial == state_id


def test_a_config_without_packs_gets_one():
    """The state's new pack comes with it, in the same step."""
    session = EditSession(Document(Content(flow=content_of("").flow)))
    state_id = states.add_state(session, None, (0, 0))
    pack = session.document.pack_for(session.document.state_for(state_id).pack)
    assert (pack.name, pack.origin) == ("main", PackOrigin.INLINE)
    session.undo_stack.undo()
    assert session.document.packs == ()


def test_a_config_of_python_states_holds_no_others():
    """`states:` and `packs:` exclude each other."""
    session = EditSession(Document(Content(flow=content_of("").flow, packs=(PYTHON,))))
    with pytest.raises(EditError, match="names its states in Python"):
        states.add_state(session, None, (0, 0))


@pytest.mark.parametrize(
    "key", ["", "On Hold", "1st", "class", "Cart", "InitialState", "a-b", "x\n"]
)
def test_a_name_that_may_not_be_is_refused(session, key):
    """Nothing changes, and the refusal is a sentence."""
    start = session.document.content
    with pytest.raises(EditError, match=r"\.$"):
        states.add_state(session, "p-main", (0, 0), key)
    with pytest.raises(EditError):
        states.rename_state(session, "s-Paid", key)
    assert session.document.content is not None
    assert session.document.content == start
    assert session.undo_stack.count() == 0


@pytest.mark.parametrize("point", [(float("nan"), 0), (0, float("inf"))])
def test_a_place_that_is_none_is_refused(session, point):
    """Not a number and infinity are no places."""
    with pytest.raises(EditError, match="place"):
        states.add_state(session, "p-main", point)
    with pytest.raises(EditError, match="place"):
        states.move_states(session, {"s-Cart": point})


def test_a_state_is_renamed(session, one_step):
    """One record changes; what names the state names its id."""
    assert states.rename_state(session, "s-Cart", "Basket")
    assert session.document.find_state("Basket").id == "s-Cart"
    one_step("Rename Cart to Basket")


def test_renaming_to_the_same_name_does_nothing(session):
    """No step is left behind."""
    assert not states.rename_state(session, "s-Cart", "Cart")


def test_naming_a_new_state_joins_its_creation(session):
    """Drawing a state and naming it is undone in one go."""
    start = session.document.content
    state_id = states.add_state(session, "p-main", (0, 0))
    states.rename_state(session, state_id, "OnHold", joins_last=True)
    assert session.undo_stack.undoText() == "Add state OnHold"
    session.undo_stack.undo()
    assert session.document.content == start


def test_naming_a_state_that_was_saved_is_a_step_of_its_own(session):
    """And called what it is."""
    state_id = states.add_state(session, "p-main", (0, 0))
    session.undo_stack.setClean()
    states.rename_state(session, state_id, "OnHold", joins_last=True)
    assert session.undo_stack.count() == 2
    assert session.undo_stack.undoText() == "Rename State1 to OnHold"


def _naming_ghost() -> EditSession:
    """Cart leads to Ghost, which nothing declares, and where the flow starts."""
    content = content_of("Cart Ghost", [("Cart", "go", "Ghost")], initial="Ghost")
    ghost = replace(content.states[1], pack="p-e")
    content = replace(content, packs=(*content.packs, ELSEWHERE), states=(content.states[0], ghost))
    return EditSession(Document(content))


def test_a_name_that_was_only_named_is_declared_by_a_rename():
    """Transitions and the initial state that named it lead to the state now."""
    session = _naming_ghost()
    start = session.document.content
    new = states.add_state(session, "p-main", (0, 0))
    states.rename_state(session, new, "Ghost")
    assert session.document.transition_for("t-0").target == new
    assert session.document.flow.initial == new
    assert session.document.find("s-Ghost") is None
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert session.document.content == start


def test_a_name_that_was_only_named_is_declared_by_a_new_state():
    """Adding the state that is missing mends the flow in one step."""
    session = _naming_ghost()
    new = states.add_state(session, "p-main", (0, 0), "Ghost")
    assert session.document.transition_for("t-0").target == new
    assert session.document.flow.initial == new
    assert [state.key for state in session.document.states] == ["Cart", "Ghost"]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"description": " The customer chooses. "}, "Describe Cart"),
        ({"final": True}, "Make Cart final"),
        ({"entry": (SetAction({"a": 1}),)}, "Change entry actions of Cart"),
        ({"exit": (SetAction({"a": 1}),)}, "Change exit actions of Cart"),
        ({"color": "#b7791f"}, "Colour Cart"),
        ({"tags": ("a",)}, "Tag Cart"),
        ({"key": "Basket"}, "Rename Cart to Basket"),
        ({"key": "Basket", "final": True}, "Edit Cart"),
        ({"description": "x", "final": True}, "Edit Cart"),
    ],
)
def test_each_field_is_edited_as_one_step(session, one_step, fields, text):
    """The value is in the document and the step bears a name."""
    assert states.edit_state(session, "s-Cart", **fields)
    state = session.document.state_for("s-Cart")
    for name, value in fields.items():
        assert getattr(state, name) == (value.strip() if name == "description" else value)
    one_step(text)


def test_an_empty_description_is_none(session):
    """A file says nothing rather than an empty text."""
    assert not states.edit_state(session, "s-Cart", description="  ", color="")
    states.edit_state(session, "s-Paid", final=False)
    assert session.undo_stack.undoText() == "Make Paid not final"


def test_several_states_are_edited_as_one_step(session, one_step):
    """The same fields on each."""
    states.edit_states(session, ["s-Cart", "s-Paying"], final=True)
    assert session.document.state_for("s-Paying").final
    one_step("Make 2 states final")


def test_several_states_have_no_common_name(session):
    """Names are one at a time, and checked with other fields too."""
    with pytest.raises(EditError, match="one at a time"):
        states.edit_states(session, ["s-Cart", "s-Paying"], key="Both")
    with pytest.raises(EditError, match="already"):
        states.edit_state(session, "s-Cart", key="Paid", final=True)


def test_states_are_moved_as_one_step(session, one_step):
    """Those that stay where they are do not count."""
    states.move_states(session, {"s-Cart": (10, 20), "s-Paying": (220, 0)})
    assert session.document.find_position("s-Cart").point == (10.0, 20.0)
    one_step("Move Cart")


def test_a_move_can_bear_its_own_name(session):
    """Tidying is a move too; moving to the same place is none."""
    assert states.move_states(session, {"s-Cart": (1, 1), "s-Paid": (2, 2)})
    assert session.undo_stack.undoText() == "Move 2 states"
    assert states.move_states(session, {"s-Cart": (5, 5)}, "Tidy the flow")
    assert session.undo_stack.undoText() == "Tidy the flow"
    assert not states.move_states(session, {"s-Cart": (5, 5)})


def test_a_config_starts_where_it_is_told(session, one_step):
    """The order of its states stays."""
    states.set_initial(session, "s-Paying")
    assert session.document.flow.initial == "s-Paying"
    assert session.document.states[0].key == "Cart"
    one_step("Start in Paying")


def test_a_pack_starts_in_its_first_state():
    """So the initial state becomes the first."""
    session = EditSession(Document(pack_content_of("A B C")))
    start = session.document.content
    states.set_initial(session, "s-C")
    assert session.document.flow.initial == "s-C"
    assert [state.key for state in session.document.states] == ["C", "A", "B"]
    session.undo_stack.undo()
    assert session.document.content == start
    assert not states.set_initial(session, "s-A")


def test_read_only_states_are_not_edited():
    """The refusal says to whom they belong; moving them is allowed."""
    content = _with(content_of("Cart"), BUILTIN, State(id="s-I", pack="p-b", key="ErrorHandling"))
    session = EditSession(Document(content))
    with pytest.raises(EditError, match="ErrorHandling belongs to the engine's own states"):
        states.rename_state(session, "s-I", "Mine")
    with pytest.raises(EditError, match="engine's own"):
        states.add_state(session, "p-b", (0, 0))
    assert states.move_states(session, {"s-I": (5, 5)})


def test_edits_of_what_is_gone_are_refused(session):
    """A refusal, not a KeyError."""
    with pytest.raises(EditError, match="not there any more"):
        states.edit_state(session, "gone", final=True)
    with pytest.raises(EditError, match="not there any more"):
        states.add_state(session, "gone", (0, 0))


def test_a_new_state_goes_to_the_pack_of_the_selection():
    """A state, a transition or a pack tells which; read-only ones are passed over."""
    content = _with(order_like(), BUILTIN, State(id="s-I", pack="p-b", key="ErrorHandling"))
    second = Pack(id="p-2", name="second", origin=PackOrigin.FILE, path="second.pack.yaml")
    content = _with(content, second, State(id="s-X", pack="p-2", key="X"))
    document = Document(content)
    assert states.pack_for_new_state(document) == "p-main"
    assert states.pack_for_new_state(document, ["s-X"]) == "p-2"
    assert states.pack_for_new_state(document, ["p-2"]) == "p-2"
    assert states.pack_for_new_state(document, ["s-I", "t-0"]) == "p-main"
    assert states.pack_for_new_state(Document(Content(flow=content.flow))) is None
