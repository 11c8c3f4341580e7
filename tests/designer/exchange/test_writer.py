"""Saving a flow: what is saved loads again as it was, and nothing is lost on the way."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.commands import elements, flow, rules, states, transitions
from designer.commands.session import EditSession
from designer.document.elements import (
    Flow,
    FlowKind,
    Pack,
    PackOrigin,
    Position,
    State,
    Transition,
)
from designer.document.model import Content, Document
from designer.document.starting import new_flow
from designer.exchange.errors import (
    ChangedOnDiskError,
    CommentsWouldBeLostError,
    FileInTheWayError,
    SaveError,
)
from designer.exchange.reader import open_flow
from designer.exchange.writer import (
    config_data,
    files_for,
    pack_data,
    run_config,
    same_flow,
    save_flow,
)
from flexiflow.component_loader import load_component
from flexiflow.pack_records import CallAction, EmitAction, SendAction, SetAction
from tests.helpers.contents import order_like, pack_content_of

EXAMPLES = Path(__file__).parents[3] / "resources" / "examples"
FLOWS = sorted(path for path in EXAMPLES.glob("*.yaml") if ".scenario." not in path.name)

# -- contents of every kind ----------------------------------------------------------------

NAMES = st.sampled_from(["A", "B", "Cart", "on", "No", "Größe", "_x", "InitialState", "class"])
TEXTS = st.sampled_from(
    [
        "",
        "a",
        "on",
        "12:30",
        "a: b # c",
        "one\ntwo",
        " x ",
        "'",
        "2026-01-01",
        "#",
        "ä→",
        "~",
        "1e3",
    ]
)
PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda values: st.one_of(
        st.lists(values, max_size=3), st.dictionaries(TEXTS, values, max_size=3)
    ),
    max_leaves=6,
)
MAPPINGS = st.dictionaries(TEXTS, PLAIN, max_size=3)
EXTRAS = st.dictionaries(TEXTS.map(lambda text: f"x-{text}"), PLAIN, max_size=2)
EXPRESSIONS = st.sampled_from(
    ["context.a > 0", '"a" in message', "'on' == state", "[1, 2]", "context.a if rules.b else 5"]
)
VALUES = st.dictionaries(
    TEXTS, st.one_of(EXPRESSIONS, st.integers(), st.none(), st.lists(TEXTS, max_size=2)), max_size=3
)
DURATIONS = st.one_of(st.integers(1, 10**6).map(float), st.floats(1e-3, 1e9, allow_subnormal=False))
ACTIONS = st.lists(
    st.one_of(
        VALUES.map(SetAction),
        st.builds(EmitAction, TEXTS.filter(bool), VALUES),
        st.builds(
            SendAction,
            TEXTS.filter(bool),
            to=st.one_of(st.none(), st.just("other")),
            content=st.one_of(st.none(), EXPRESSIONS, st.integers(), st.booleans()),
            data=VALUES,
            after=st.one_of(st.none(), DURATIONS),
        ),
        st.just(CallAction("module:function")),
    ),
    max_size=2,
).map(tuple)
OPTIONAL = st.one_of(st.none(), TEXTS)
TAGS = st.lists(TEXTS, max_size=2).map(tuple)
COORDINATES = st.integers(-10_000, 10_000).map(lambda number: number / 10)
COMMON = {"description": OPTIONAL, "color": OPTIONAL, "tags": TAGS, "extra": EXTRAS}


@st.composite
def packs(draw, pack_id: str, keys: list[str], kind: FlowKind):
    """A YAML pack with its states."""
    file = kind is FlowKind.CONFIG and draw(st.booleans())
    pack = Pack(
        id=pack_id,
        name=draw(TEXTS.filter(bool)),
        origin=PackOrigin.FILE if file else PackOrigin.INLINE,
        path=f"{pack_id}.pack.yaml" if file else "",
        guards=draw(st.dictionaries(TEXTS, EXPRESSIONS, max_size=2)),
        context=draw(MAPPINGS),
        places=draw(st.dictionaries(st.sampled_from(["Gone", "on"]), st.just((1.0, 2.5)))),
        **{name: draw(strategy) for name, strategy in COMMON.items()},
    )
    own = [
        State(
            id=f"{pack_id}-{key}",
            pack=pack_id,
            key=key,
            final=draw(st.booleans()),
            entry=draw(ACTIONS),
            exit=draw(ACTIONS),
            **{name: draw(strategy) for name, strategy in COMMON.items()},
        )
        for key in keys
    ]
    return replace(pack, places={k: v for k, v in pack.places.items() if k not in keys}), own


@st.composite
def arrows(draw, number: int, sources: list[State], targets: list[State], guards):
    """A transition between any two states."""
    source = draw(st.sampled_from(sources))
    target = draw(st.one_of(st.none(), st.sampled_from(targets)))
    after = draw(st.one_of(st.none(), DURATIONS))
    names = guards[source.pack]
    return Transition(
        id=f"t-{number}",
        pack=source.pack,
        source=source.id,
        target=target.id if target else None,
        message=None if after else draw(TEXTS.filter(bool)),
        after=after,
        guard=draw(st.one_of(st.none(), EXPRESSIONS, *map(st.just, names))),
        do=draw(ACTIONS),
        **{name: draw(strategy) for name, strategy in COMMON.items()},
    )


@st.composite
def contents(draw):
    """A config of several packs, or a pack by itself, with states that are declared elsewhere."""
    kind = draw(st.sampled_from(FlowKind))
    keys = draw(st.lists(NAMES, max_size=6, unique=True))
    cut = draw(st.integers(0, len(keys))) if kind is FlowKind.CONFIG else len(keys)
    built = [draw(packs("p-1", keys[:cut], kind))]
    if kind is FlowKind.CONFIG:
        built.append(draw(packs("p-2", keys[cut:], kind)))
    own = [state for _pack, more in built for state in more]
    others = [
        State(id="s-b", pack="p-b", key="ErrorHandling"),
        State(id="s-e", pack="p-e", key="Elsewhere"),
    ]
    moves = [
        draw(arrows(number, own, [*own, *others], {pack.id: pack.guards for pack, _ in built}))
        for number in range(draw(st.integers(0, 5)) if own else 0)
    ]
    first = next(iter(own), None)
    start = draw(st.sampled_from([None, *own, *others])) if kind is FlowKind.CONFIG else first
    named = {start and start.id} | {move.target for move in moves}
    drawn = [*own, *(state for state in others if state.id in named)]
    config = kind is FlowKind.CONFIG
    return Content(
        flow=Flow(
            id="f-1",
            kind=kind,
            name=draw(TEXTS.filter(bool)) if config else built[0][0].name,
            initial=start.id if start else None,
            rules=tuple(draw(st.lists(PLAIN, max_size=3))) if config else (),
            context=draw(MAPPINGS) if config else {},
            resolution=draw(st.sampled_from([(), ("packs", "builtin")])) if config else (),
            extra=draw(EXTRAS) if config else {},
            places=draw(st.dictionaries(st.just("Gone"), st.just((0.0, -1.0)))) if config else {},
        ),
        packs=(
            *(pack for pack, _more in built),
            Pack(id="p-b", name="builtin", origin=PackOrigin.BUILTIN),
            Pack(id="p-e", name="elsewhere", origin=PackOrigin.ELSEWHERE),
        ),
        states=(*own, *others),
        transitions=tuple(moves),
        positions=tuple(
            Position(state.id, draw(COORDINATES), draw(COORDINATES))
            for state in drawn
            if draw(st.booleans())
        ),
    )


RELAXED = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@RELAXED
@given(content=contents())
def test_what_is_saved_loads_again_to_an_equal_document(tmp_path_factory, content):
    """Whatever the flow says; and saving it again writes nothing."""
    path = tmp_path_factory.mktemp("flow") / "flow.yaml"
    known = save_flow(content, path)
    flow = open_flow(path)
    assert same_flow(flow.content, content)
    assert dict(flow.text_by_path) == known
    assert not flow.has_comments
    stamps = {one: one.stat().st_ino for one in known}
    assert save_flow(flow.content, path, known) == known
    assert {one: one.stat().st_ino for one in known} == stamps
    shutil.rmtree(path.parent)


# -- real files ----------------------------------------------------------------------------


@pytest.fixture
def order(tmp_path) -> Path:
    """The order flow in a folder of its own."""
    for name in ("order.yaml", "order.pack.yaml"):
        shutil.copy(EXAMPLES / name, tmp_path)
    return tmp_path / "order.yaml"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.name)
def test_every_example_round_trips(path, tmp_path):
    """Opened, saved, opened again: equal."""
    flow = open_flow(path)
    for one, text in files_for(flow.content, tmp_path / path.name).items():
        one.write_text(text)
    assert same_flow(open_flow(tmp_path / path.name).content, flow.content)


def test_the_order_flow_is_edited_saved_and_opened_again(order):
    """Every family of edits, and the file says it all."""
    opened = open_flow(order)
    session = EditSession(Document(opened.content))
    document = session.document
    paid, picking = document.find_state("Paid"), document.find_state("Picking")
    hold = states.add_state(session, paid.pack, (300, 120.5), "OnHold")
    there = transitions.add_transition(session, paid.id, hold, "hold")
    transitions.edit_transition(session, there, guard="context.total > rules.hold_above")
    back = transitions.add_transition(session, hold, picking.id)
    transitions.edit_transition(session, back, after=90)
    states.rename_state(session, document.find_state("Cart").id, "Basket")
    states.edit_state(session, hold, description="Wait.", entry=(SetAction({"held": True}),))
    elements.delete(session, [document.find_state("Refunded").id])
    rules.set_rules(session, [*document.flow.rules, {"hold_above": 100}])
    flow.edit_flow(session, context={"held": False})

    known = save_flow(document.content, order, opened.text_by_path, overwrite_comments=True)
    again = open_flow(order)
    assert same_flow(again.content, document.content)
    assert dict(again.text_by_path) == known
    pack = (order.parent / "order.pack.yaml").read_text()
    assert "  OnHold:\n    description: Wait.\n    entry:\n      - set: {held: true}\n" in pack
    assert (
        "- {from: Paid, message: hold, to: OnHold, guard: context.total > rules.hold_above}" in pack
    )
    assert "  - {from: OnHold, after: 90s, to: Picking}\n" in pack
    layout = pack.partition("\nlayout:\n")[2]
    assert "  OnHold: [300, 120.5]\n" in layout
    assert len(layout.splitlines()) == len(document.states)
    assert order.read_text().startswith("name: order_4711\ninitial_state: Basket\nrules:\n")


def test_only_files_that_say_something_else_are_written(order):
    """A moved state changes its pack, and not the config, comments and all."""
    opened = open_flow(order)
    session = EditSession(Document(opened.content))
    states.move_states(session, {session.document.states[0].id: (5, 5)})
    config = order.read_bytes()
    known = save_flow(session.document.content, order, opened.text_by_path, overwrite_comments=True)
    assert order.read_bytes() == config
    assert known[order] == config.decode()
    assert "layout:\n  Cart: [5, 5]\n" in known[order.parent / "order.pack.yaml"]
    session.undo_stack.undo()
    states.move_states(session, {session.document.states[0].id: (6, 5)})
    assert save_flow(session.document.content, order, known)


def test_comments_are_not_lost_unasked(order):
    """Nothing is written, and the files with comments are named."""
    opened = open_flow(order)
    session = EditSession(Document(opened.content))
    rules.set_rules(session, [])
    before = order.read_bytes()
    with pytest.raises(CommentsWouldBeLostError) as caught:
        save_flow(session.document.content, order, opened.text_by_path)
    assert caught.value.paths == (order,)
    assert order.read_bytes() == before
    known = save_flow(session.document.content, order, opened.text_by_path, overwrite_comments=True)
    rules.set_rules(session, [{"a": 1}])
    assert save_flow(session.document.content, order, known)


def test_what_somebody_else_changed_is_not_undone_unasked(order):
    """Checked at the moment of saving, for each file that would be written."""
    opened = open_flow(order)
    session = EditSession(Document(opened.content))
    rules.set_rules(session, [])
    pack = order.parent / "order.pack.yaml"
    pack.write_text(pack.read_text() + "# theirs\n")
    options = {"overwrite_comments": True}
    known = save_flow(session.document.content, order, opened.text_by_path, **options)
    states.edit_state(session, session.document.states[0].id, final=True)
    with pytest.raises(ChangedOnDiskError) as caught:
        save_flow(session.document.content, order, known, **options)
    assert caught.value.paths == (pack,)
    assert pack.read_text().endswith("# theirs\n")
    save_flow(session.document.content, order, known, overwrite_changes=True, **options)
    assert "# theirs" not in pack.read_text()


def test_a_file_that_has_gone_is_written_anew(order):
    """Nobody's work is in the way; one that cannot be read any more is."""
    opened = open_flow(order)
    session = EditSession(Document(opened.content))
    rules.set_rules(session, [])
    order.unlink()
    assert save_flow(session.document.content, order, opened.text_by_path, overwrite_comments=True)
    assert order.exists()
    order.write_bytes(b"\xff\xfe")
    with pytest.raises(ChangedOnDiskError):
        save_flow(session.document.content, order, opened.text_by_path, overwrite_comments=True)


def test_saving_under_another_name_keeps_unchanged_packs_as_they_are(order):
    """The copy in another folder has its comments; the new config is written clean."""
    opened = open_flow(order)
    session = EditSession(Document(opened.content))
    rules.set_rules(session, [])
    other = order.parent / "elsewhere" / "copy.yaml"
    known = save_flow(session.document.content, other, opened.text_by_path)
    assert list(known) == [other, other.parent / "order.pack.yaml"]
    pack = other.parent / "order.pack.yaml"
    assert pack.read_bytes() == (order.parent / "order.pack.yaml").read_bytes()
    assert same_flow(open_flow(other).content, session.document.content)


def test_a_pack_takes_no_other_files_place_unasked(order):
    """A folder that has an order.pack.yaml of its own keeps it."""
    opened = open_flow(order)
    other = order.parent / "elsewhere"
    other.mkdir()
    (other / "order.pack.yaml").write_text("mine\n")
    with pytest.raises(FileInTheWayError) as caught:
        save_flow(opened.content, other / "copy.yaml", opened.text_by_path)
    assert caught.value.paths == (other / "order.pack.yaml",)
    assert not (other / "copy.yaml").exists()
    save_flow(opened.content, other / "copy.yaml", opened.text_by_path, overwrite_changes=True)
    assert same_flow(open_flow(other / "copy.yaml").content, opened.content)


def test_a_folder_that_cannot_be_made_is_an_error(order):
    """A file is where it would be."""
    opened = open_flow(order)
    with pytest.raises(SaveError, match="cannot be made"):
        save_flow(opened.content, order / "copy.yaml", opened.text_by_path)


def test_packs_are_written_before_the_config(order, monkeypatch):
    """When the second file fails, the first is there and the config still names what it has."""
    opened = open_flow(order)
    written = []

    def note(path, _text):
        written.append(path.name)
        if len(written) == 2:
            raise SaveError("full")

    monkeypatch.setattr("designer.exchange.writer.write_atomic", note)
    with pytest.raises(SaveError):
        save_flow(opened.content, order.parent / "copy" / "order.yaml")
    assert written == ["order.pack.yaml", "order.yaml"]


def test_a_new_flow_is_one_file(tmp_path):
    """Config and pack together; or a pack alone."""
    for kind in FlowKind:
        session = EditSession(Document(new_flow("shop", kind)))
        path = tmp_path / f"{kind.value}.yaml"
        known = save_flow(session.document.content, path)
        assert same_flow(open_flow(path).content, session.document.content)
        states.add_state(session, None, (0, 0), "Cart")
        known = save_flow(session.document.content, path, known)
        assert list(known) == [path]
        assert same_flow(open_flow(path).content, session.document.content)
    assert (tmp_path / "config.yaml").read_text() == (
        "name: shop\ninitial_state: Cart\npacks:\n  - pack: shop\n    states:\n      Cart:\n"
        "    layout:\n      Cart: [0, 0]\n"
    )
    assert (tmp_path / "pack.yaml").read_text() == (
        "pack: shop\nstates:\n  Cart:\nlayout:\n  Cart: [0, 0]\n"
    )


def test_what_the_document_does_not_edit_is_written_back(tmp_path):
    """Python packs, the `states:` mapping, unknown keys, places of nobody."""
    texts = [
        (
            "name: sh\ninitial_state: m:Start\ninitial_state_resolution: [builtin, packs]\n"
            "packs:\n  - a.b:Pack\n  - pack: p\n    states:\n      A:\n  - c.d:Other\n"
            "typo_key: kept\nx-mine: {a: [1]}\nlayout:\n  Start: [1, 2]\n  Gone: [3, 4]\n"
        ),
        "name: sh\ninitial_state: B\nstates:\n  A: m:A\n  B: m:B\nlayout:\n  B: [1, 2]\n",
        "name: sh\n",
    ]
    for text in texts:
        path = tmp_path / "flow.yaml"
        path.write_text(text)
        assert files_for(open_flow(path).content, path) == {path: text}


def test_data_of_config_and_pack(order):
    """As a mapping each, the pack named by the config."""
    content = open_flow(order).content
    assert config_data(content) == {
        "name": "order_4711",
        "initial_state": "Cart",
        "rules": [{"max_payment_attempts": 3}, {"review_above": 500}, {"currency": "EUR"}],
        "packs": ["order.pack.yaml"],
    }
    assert pack_data(content, content.packs[0].id)["pack"] == "order"


def test_a_run_has_every_pack_inside(tmp_path):
    """In order, with Python's where they stood; the file's folder is not needed."""
    path = tmp_path / "flow.yaml"
    (tmp_path / "two.yaml").write_text("pack: two\nstates: {B: }\n")
    path.write_text(
        "name: sh\ninitial_state: B\nrules: [{a: 1}]\n"
        "packs: ['m:P', two.yaml, {pack: q, states: {C: }}]\n"
    )
    config = run_config(open_flow(path).content)
    assert config == {
        "name": "sh",
        "initial_state": "B",
        "rules": [{"a": 1}],
        "packs": [
            "m:P",
            {"pack": "two", "states": {"B": None}},
            {"pack": "q", "states": {"C": None}},
        ],
    }
    path.write_text("name: sh\nstates: {A: 'm:A'}\n")
    assert run_config(open_flow(path).content) == {"name": "sh", "states": {"A": "m:A"}}


def test_a_pack_runs_as_a_component_of_its_name():
    """From its first state."""
    content = pack_content_of("B A", [("B", "go", "A")])
    assert run_config(content)["name"] == "main"
    assert run_config(content)["initial_state"] == "B"
    assert len(run_config(content)["packs"]) == 1
    assert "initial_state" not in run_config(pack_content_of(""))


def test_flows_that_differ_are_not_the_same():
    """In kind, in a value's type, in the order of transitions; ids do not count."""
    content = order_like()
    session = EditSession(Document(content))
    rules.set_rules(session, [{"max_retries": 3.0}, {"currency": "EUR"}])
    assert not same_flow(session.document.content, content)
    session.undo_stack.undo()
    transitions.move_transition(session, "t-4", 0)
    assert not same_flow(session.document.content, content)
    assert not same_flow(content, pack_content_of("A"))
    renamed = replace(content, flow=replace(content.flow, id="f-other"))
    assert same_flow(content, renamed)


def test_a_link_to_a_flow_stays_a_link(order, tmp_path):
    """Saving goes through it."""
    link = tmp_path / "link.yaml"
    link.symlink_to(order)
    opened = open_flow(link)
    session = EditSession(Document(opened.content))
    rules.set_rules(session, [])
    save_flow(session.document.content, link, opened.text_by_path, overwrite_comments=True)
    assert link.is_symlink()
    assert "rules" not in order.read_text()
    assert link.samefile(order)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.name)
async def test_every_example_runs_from_its_document(path):
    """The engine takes the mapping, and starts where the document does."""
    content = open_flow(path).content
    component = load_component(run_config(content), trust=False)
    await component.start()
    first = next(state for state in content.states if state.id == content.flow.initial)
    assert (component.name, component.state_name) == (content.flow.name, first.key)
    await component.stop()
