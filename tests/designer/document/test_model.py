"""The document: one way to change it, and signals that tell what changed."""

from dataclasses import replace

import pytest

from designer.document.elements import FlowKind, Pack, Position, State, new_id
from designer.document.model import Change, Content, Document
from designer.document.shelf import Shelf
from tests.helpers.contents import content_of, order_like


@pytest.fixture
def document() -> Document:
    return Document(order_like())


class Heard:
    """Notes every signal of a document by name and id."""

    NAMES = (
        *("pack_added", "pack_changed", "pack_removed"),
        *("state_added", "state_changed", "state_removed"),
        *("transition_added", "transition_changed", "transition_removed"),
        "position_changed",
    )

    def __init__(self, document: Document) -> None:
        self.calls: list[str] = []
        for name in self.NAMES:
            getattr(document, name).connect(self._noter(name))
        document.flow_changed.connect(self._noter("flow_changed"))
        document.applied.connect(self._noter("applied"))

    def _noter(self, name):
        return lambda *ids: self.calls.append(" ".join((name, *ids)))


def test_content_is_what_went_in(document):
    """A document hands out what it was made from."""
    assert document.content == order_like()
    assert document.states is document.states


def test_elements_are_found_by_id(document):
    """Each kind has its lookup; an unknown id raises or gives None."""
    assert document.state_for("s-Cart").key == "Cart"
    assert document.transition_for("t-1").message == "submit"
    assert document.pack_for("p-main").name == "main"
    assert document.find("s-Cart") is document.state_for("s-Cart")
    assert document.find("nobody") is None
    assert document.find_state("Paid") is document.state_for("s-Paid")
    assert document.find_state("Nowhere") is None
    assert document.find_position("s-Paying") == Position("s-Paying", 220.0, 0.0)
    assert document.find_position("s-Paying").point == (220.0, 0.0)
    with pytest.raises(KeyError):
        document.state_for("nobody")


def test_transitions_of_a_state_come_in_order(document):
    """Leaving and entering transitions, a loop once."""
    found = [transition.id for transition in document.iter_transitions_of("s-Paying")]
    assert found == ["t-1", "t-2", "t-3", "t-4"]


def test_an_added_state_is_announced_after_it_is_there(document):
    """Whoever hears of a state finds it, and `applied` comes last."""
    heard = Heard(document)
    state = State(id=new_id("s"), pack="p-main", key="OnHold")
    seen = []
    document.state_added.connect(lambda state_id: seen.append(document.state_for(state_id)))
    document.apply([Change(None, state), Change(None, Position(state.id, 1.0, 2.0))])
    assert seen == [state]
    assert heard.calls == [f"state_added {state.id}", f"position_changed {state.id}", "applied"]


def test_a_change_that_changes_nothing_is_not_announced(document):
    """Equality is guarded before each signal."""
    heard = Heard(document)
    state = document.state_for("s-Cart")
    document.apply([Change(state, state), Change(state, replace(state, key="Cart"))])
    assert heard.calls == []


def test_a_value_of_another_type_is_a_change(document):
    """1, 1.0 and True are three things in a file."""
    flow = document.flow
    heard = Heard(document)
    document.apply([Change(flow, replace(flow, rules=({"max_retries": 3.0}, {"currency": "EUR"})))])
    assert heard.calls == ["flow_changed", "applied"]


def test_mappings_of_another_order_are_a_change(document):
    """Assignments happen in order, so their order is content."""
    pack = document.pack_for("p-main")
    document.apply([Change(pack, replace(pack, context={"a": 1, "b": 2}))])
    pack = document.pack_for("p-main")
    assert document.has_effect(Change(pack, replace(pack, context={"b": 2, "a": 1})))


def test_what_is_changed_and_changed_back_is_not_announced(document):
    """Only elements that ended otherwise than they began are told of."""
    heard = Heard(document)
    state = document.state_for("s-Cart")
    other = replace(state, key="Basket")
    document.apply([Change(state, other), Change(other, state)])
    guest = State(id="s-guest", pack="p-main", key="Guest")
    document.apply([Change(None, guest), Change(guest, None)])
    assert heard.calls == []


def test_a_removed_position_is_silent(document):
    """Positions go with their states, which is what is announced."""
    heard = Heard(document)
    position = document.find_position("s-Failed")
    document.apply([Change(position, None)])
    assert heard.calls == ["applied"]


def test_the_inverse_restores_places(document):
    """A removal is taken back to where it stood, a move to where it came from."""
    start = document.content
    first, second = document.states[0], document.states[1]
    inverse = document.apply([Change(first, None), Change(second, second, 2)])
    assert [state.key for state in document.states] == ["Paid", "Failed", "Paying"]
    document.apply(inverse)
    assert document.content == start


def test_moving_is_announced_as_a_change(document):
    """An element in another place is not as it was; one moved to its own place is."""
    heard = Heard(document)
    transition = document.transition_for("t-4")
    document.apply([Change(transition, transition, 2)])
    document.apply([Change(transition, transition, 2)])
    assert heard.calls == ["transition_changed t-4", "applied"]


def test_a_stale_change_changes_nothing(document):
    """An edit that starts from something else than what is held is refused whole."""
    start = document.content
    state = document.state_for("s-Cart")
    stale = replace(state, key="Basket")
    with pytest.raises(ValueError, match="not as the edit found it"):
        document.apply([Change(state, None), Change(stale, None)])
    with pytest.raises(ValueError, match="not as the edit found it"):
        document.apply([Change(None, state)])
    assert document.content == start


def test_the_flow_cannot_be_removed_or_swapped(document):
    """A document has one flow all its life."""
    with pytest.raises(ValueError, match="always has its flow"):
        document.apply([Change(document.flow, None)])
    other = replace(document.flow, id="f-2")
    with pytest.raises(ValueError, match="not as the edit found it"):
        document.apply([Change(other, other)])


def test_a_change_needs_a_record():
    """A change of nothing to nothing has no element."""
    with pytest.raises(ValueError, match="needs a record"):
        _ = Change(None, None).element


def test_places_count_within_a_kind(document):
    """States, transitions, packs and positions are each counted by themselves."""
    assert document.index_for(document.state_for("s-Paid")) == 2
    assert document.index_for(document.transition_for("t-3")) == 3
    assert document.index_for(document.flow) == 0
    with pytest.raises(ValueError, match="not in list"):
        document.index_for(State(id="s-x", pack="p-main", key="X"))


def test_packs_are_announced_too(document):
    """Packs are added, changed and removed like anything else."""
    heard = Heard(document)
    pack = document.pack_for("p-main")
    document.apply([Change(pack, replace(pack, name="other"))])
    document.apply([Change(document.pack_for("p-main"), None)])
    document.apply([Change(None, pack)])
    assert [call for call in heard.calls if call != "applied"] == [
        "pack_changed p-main",
        "pack_removed p-main",
        "pack_added p-main",
    ]
    assert isinstance(document.find("p-main"), Pack)


def test_a_shelf_looks_at_the_hint_first():
    """A right hint is used, a wrong one costs only time."""
    states = content_of("A B C").states
    shelf = Shelf(states)
    assert shelf.index_for("s-B", 1) == 1
    assert shelf.index_for("s-B", 7) == 1
    assert shelf.remove("s-C", 0) == 2
    assert [state.key for state in shelf.records] == ["A", "B"]


def test_a_content_may_be_empty():
    """A flow without anything in it is a document."""
    document = Document(Content(flow=content_of("").flow))
    assert document.states == ()
    assert document.flow.kind is FlowKind.CONFIG
