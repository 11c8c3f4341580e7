"""Edits of the flow, its packs and its rules."""

import pytest

from designer.commands import flow, rules, transitions
from designer.commands.errors import EditError
from designer.commands.session import EditSession
from designer.document.elements import PackOrigin
from designer.document.model import Document
from tests.helpers.contents import pack_content_of


@pytest.fixture
def pack_session() -> EditSession:
    return EditSession(Document(pack_content_of("A B")))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"name": " shop "}, "Rename the flow"),
        ({"context": {"total": 0}}, "Change the starting context"),
        ({"resolution": ("builtin", "packs")}, "Change where the initial state is looked for"),
        ({"name": "shop", "context": {"a": 1}}, "Edit the flow"),
    ],
)
def test_each_field_of_the_flow_is_one_step(session, one_step, fields, text):
    """The value is in the document and the step bears a name."""
    flow.edit_flow(session, **fields)
    for name, value in fields.items():
        expected = value.strip() if isinstance(value, str) else value
        assert getattr(session.document.flow, name) == expected
    one_step(text)


def test_values_that_may_not_be_are_refused(session):
    """A flow has a name, and two places to look for its initial state."""
    with pytest.raises(EditError, match="needs a name"):
        flow.edit_flow(session, name="  ")
    with pytest.raises(EditError, match="one line"):
        flow.edit_flow(session, name="a\nb")
    with pytest.raises(EditError, match="either order"):
        flow.edit_flow(session, resolution=("packs",))


def test_a_pack_by_itself_names_the_flow(pack_session):
    """Its name, its context, and no resolution."""
    assert flow.edit_flow(pack_session, name="shop", context={"a": 1})
    assert pack_session.document.flow.name == "shop"
    assert pack_session.document.packs[0].name == "shop"
    assert pack_session.document.packs[0].context == {"a": 1}
    assert pack_session.document.flow.context == {}
    with pytest.raises(EditError, match="first state"):
        flow.edit_flow(pack_session, resolution=("packs", "builtin"))
    assert not flow.edit_flow(pack_session)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"name": "shop"}, "Rename pack main"),
        ({"description": "Buys."}, "Describe pack main"),
        ({"guards": {"rich": "context.total > 5"}}, "Change guards of main"),
        ({"context": {"total": 0}}, "Change starting context of main"),
        ({"color": "red"}, "Colour pack main"),
        ({"tags": ("a",)}, "Tag pack main"),
        ({"name": "shop", "color": "red"}, "Edit pack main"),
    ],
)
def test_each_field_of_a_pack_is_one_step(session, one_step, fields, text):
    """The value is in the document and the step bears a name."""
    flow.edit_pack(session, "p-main", **fields)
    for name, value in fields.items():
        assert getattr(session.document.pack_for("p-main"), name) == value
    one_step(text)


def test_a_guard_in_use_is_not_taken_away(session):
    """The file could not be read again; and each guard has to be one."""
    flow.edit_pack(session, "p-main", guards={"rich": "context.total > 5", "poor": "False"})
    transitions.edit_transition(session, "t-1", guard="rich")
    with pytest.raises(EditError, match="rich is in use by Cart → Paying"):
        flow.edit_pack(session, "p-main", guards={"poor": "False"})
    with pytest.raises(EditError, match="bad: Syntax error"):
        flow.edit_pack(session, "p-main", guards={"rich": "True", "bad": "1 +"})
    with pytest.raises(EditError, match="needs a name"):
        flow.edit_pack(session, "p-main", guards={"rich": "True", "": "True"})
    assert flow.edit_pack(session, "p-main", guards={"rich": "True"})


def test_a_pack_keeps_a_name(session):
    """And what is gone is refused."""
    with pytest.raises(EditError, match="needs a name"):
        flow.edit_pack(session, "p-main", name="")
    with pytest.raises(EditError, match="not there any more"):
        flow.edit_pack(session, "gone", name="x")


def test_a_config_gets_another_pack(session, one_step):
    """An empty one, written inside."""
    pack_id = flow.add_pack(session, "extras")
    pack = session.document.pack_for(pack_id)
    assert (pack.name, pack.origin) == ("extras", PackOrigin.INLINE)
    one_step("Add pack extras")


def test_a_pack_holds_no_packs(pack_session):
    """Only a config does."""
    with pytest.raises(EditError, match="no further packs"):
        flow.add_pack(pack_session, "extras")


def test_rules_are_replaced_as_one_step(session, one_step):
    """Under the name of what was done to them."""
    rules.set_rules(session, [{"max_retries": 4}], "Change rule max_retries")
    assert session.document.flow.rules == ({"max_retries": 4},)
    one_step("Change rule max_retries")


def test_equal_rules_do_nothing(session):
    """But a rule of another type does."""
    assert not rules.set_rules(session, [{"max_retries": 3}, {"currency": "EUR"}])
    assert rules.set_rules(session, [{"max_retries": "3"}, {"currency": "EUR"}])


def test_a_pack_has_no_rules(pack_session):
    """They belong to a config."""
    with pytest.raises(EditError, match="no rules"):
        rules.set_rules(pack_session, [{"a": 1}])
