"""What an edit changes of a run, and whose code a flow names."""

import dataclasses

from designer.document.elements import Pack, PackOrigin, Position
from designer.shell.run_meaning import code_in, same_meaning
from flexiflow.pack_records import CallAction, SetAction
from tests.helpers.contents import order_like


def test_moving_a_state_changes_no_meaning():
    """Where a state is drawn does not matter to a run."""
    one = order_like()
    other = dataclasses.replace(one, positions=(Position("s-Cart", 9.0, 9.0),))

    assert same_meaning(one, other)


def test_another_guard_is_another_meaning():
    """The run goes on with the old one."""
    one = order_like()
    changed = dataclasses.replace(one.transitions[0], guard="false")
    other = dataclasses.replace(one, transitions=(changed, *one.transitions[1:]))

    assert not same_meaning(one, other)


def test_a_yaml_flow_names_no_code():
    """Nothing has to be trusted."""
    assert code_in(order_like()) == ()


def test_every_piece_of_code_is_named_once():
    """Packs, states and calls."""
    content = order_like()
    python = Pack("p-2", "audit", PackOrigin.PYTHON, path="app.packs:Audit")
    state = dataclasses.replace(content.states[0], path="app.states:Cart")
    called = dataclasses.replace(
        content.states[1],
        entry=(CallAction("app:go"), SetAction({"a": 1})),
        exit=(CallAction("app:go"),),
    )
    transition = dataclasses.replace(content.transitions[0], do=(CallAction("app:do"),))
    content = dataclasses.replace(
        content,
        packs=(*content.packs, python),
        states=(state, called, *content.states[2:]),
        transitions=(transition, *content.transitions[1:]),
    )

    assert code_in(content) == ("app.packs:Audit", "app.states:Cart", "app:go", "app:do")
