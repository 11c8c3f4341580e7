"""A new flow is empty, and ready for its first state."""

import pytest

from designer.commands import states
from designer.commands.session import EditSession
from designer.document.elements import FlowKind
from designer.document.model import Document
from designer.document.starting import new_flow


@pytest.mark.parametrize("kind", list(FlowKind))
def test_a_new_flow_takes_a_first_state(kind):
    """Config or pack: one pack, no state, and the first state is where it starts."""
    session = EditSession(Document(new_flow("shop", kind)))
    assert (session.document.flow.name, session.document.packs[0].name) == ("shop", "shop")
    state_id = states.add_state(session, None, (0, 0))
    assert session.document.flow.initial == state_id


def test_every_new_flow_has_ids_of_its_own():
    """Ids are never reused."""
    assert new_flow("shop").flow.id != new_flow("shop").flow.id
