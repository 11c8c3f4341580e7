"""Where a person finds what is wrong in a flow that is to run."""

from dataclasses import replace

import pytest

from designer.document.elements import Pack, PackOrigin
from designer.exchange.run_places import told_by_own_files
from designer.exchange.writer import run_config
from flexiflow.component_loader import load_component
from flexiflow.errors import PackError, Problem
from tests.helpers.contents import content_of, pack_content_of

LEFT = [("A", "go", "B"), ("B", "back", "A")]


def told(content):
    """The places of what the engine says about a flow."""
    with pytest.raises(PackError) as caught:
        load_component(run_config(content), trust=False)
    return [problem.place() for problem in told_by_own_files(caught.value, content).problems]


def in_file(content, path="order.pack.yaml"):
    """The same flow, its pack in a file of its own."""
    pack = replace(content.packs[0], origin=PackOrigin.FILE, path=path)
    return replace(content, packs=(pack,))


def test_a_pack_by_itself_is_all_there_is():
    """No list of packs is in its file."""
    assert told(pack_content_of("A B", LEFT, final="B")) == ["transitions[1].from"]


def test_a_pack_in_a_file_is_told_with_that_file():
    """As the config names it."""
    content = in_file(content_of("A B", LEFT, initial="A", final="B"))
    assert told(content) == ["order.pack.yaml (transitions[1].from)"]


def test_a_pack_inside_a_config_keeps_its_place():
    """The config does have that list."""
    assert told(content_of("A B", LEFT, initial="A", final="B")) == ["packs[0].transitions[1].from"]


def test_packs_of_python_count():
    """They stand in the list too; the states of a mapping do not."""
    content = in_file(content_of("A B", LEFT, initial="A", final="B"))
    states = Pack(id="p-states", name="states", origin=PackOrigin.PYTHON)
    python = Pack(id="p-python", name="P", origin=PackOrigin.PYTHON, path="m:P")
    content = replace(content, packs=(states, python, *content.packs))
    error = PackError([Problem("wrong", at="packs[1].guards.x"), Problem("odd", at="packs[0].x")])

    moved = told_by_own_files(error, content)

    assert [problem.place() for problem in moved.problems] == [
        "order.pack.yaml (guards.x)",
        "packs[0].x",
    ]


def test_what_is_in_no_pack_stays_where_it_is():
    """Such as the initial state, a pack as a whole, or what has a file already."""
    content = in_file(content_of("A"))
    problems = [
        Problem("no", at="initial_state"),
        Problem("collides", at="packs[0]"),
        Problem("odd", at="packs[0].states", path="elsewhere.yaml"),
    ]
    assert told_by_own_files(PackError(problems), content).problems == tuple(problems)
