"""Opening a flow: from whatever is on disk, to a content or to a clear error."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.document.elements import FlowKind, PackOrigin
from designer.document.model import Content
from designer.exchange.reader import open_flow
from flexiflow.errors import FlexiFlowError, PackError
from flexiflow.pack_records import SetAction

EXAMPLES = Path(__file__).parents[3] / "resources" / "examples"
FLOWS = sorted(path for path in EXAMPLES.glob("*.yaml") if ".scenario." not in path.name)


def opened(tmp_path: Path, text: str, **others: str) -> Content:
    """The content of a config or pack of that text, with pack files beside it."""
    for name, other in others.items():
        (tmp_path / f"{name}.yaml").write_text(other)
    path = tmp_path / "flow.yaml"
    path.write_text(text)
    return open_flow(path).content


def refusal_of(path: Path) -> FlexiFlowError | None:
    """The error of ours that refuses a file; None when it opens."""
    try:
        flow = open_flow(path)
    except FlexiFlowError as error:
        return error

    assert flow.path == path
    return None


def keys(content: Content, origin: PackOrigin) -> list[str]:
    packs = {pack.id for pack in content.packs if pack.origin is origin}
    return [state.key for state in content.states if state.pack in packs]


def arrows(content: Content) -> list[tuple[str, str | None]]:
    names = {state.id: state.key for state in content.states}
    return [
        (names[transition.source], names.get(transition.target or ""))
        for transition in content.transitions
    ]


def initial(content: Content):
    return next((s for s in content.states if s.id == content.flow.initial), None)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.name)
def test_every_example_opens(path):
    """With states, transitions and a place to start."""
    flow = open_flow(path)
    assert flow.content.states
    assert flow.content.transitions
    assert initial(flow.content)
    assert flow.has_comments
    assert next(iter(flow.text_by_path)) == path == flow.path


def test_the_order_flow_is_all_there():
    """The config, its pack, what they say."""
    flow = open_flow(EXAMPLES / "order.yaml")
    content = flow.content
    assert content.flow.kind is FlowKind.CONFIG
    assert content.flow.name == "order_4711"
    assert content.flow.rules[0] == {"max_payment_attempts": 3}
    assert [(pack.name, pack.origin, pack.path) for pack in content.packs] == [
        ("order", PackOrigin.FILE, "order.pack.yaml")
    ]
    assert content.packs[0].guards["may_retry"] == "context.attempts < rules.max_payment_attempts"
    assert len(content.states) == 11
    assert len(content.transitions) == 19
    assert initial(content).key == "Cart"
    checkout = next(state for state in content.states if state.key == "Checkout")
    assert checkout.entry == (SetAction({"attempts": 0}),)
    assert list(flow.text_by_path) == [EXAMPLES / "order.yaml", EXAMPLES / "order.pack.yaml"]
    assert flow.commented == tuple(flow.text_by_path)


def test_a_pack_by_itself_starts_in_its_first_state(tmp_path):
    """And is named after itself."""
    content = opened(tmp_path, "pack: p\nstates: {B: , A: }\nlayout: {A: [1, 2.5], Gone: [3, 4]}\n")
    assert (content.flow.kind, content.flow.name) == (FlowKind.PACK, "p")
    assert initial(content).key == "B"
    assert [position.point for position in content.positions] == [(1.0, 2.5)]
    assert content.packs[0].places == {"Gone": (3.0, 4.0)}


def test_a_pack_without_states_starts_nowhere(tmp_path):
    """It is being written."""
    assert opened(tmp_path, "pack: p\nstates: {}\n").flow.initial is None


def test_names_lead_to_states_of_other_packs(tmp_path):
    """Of the own pack first, then of the others in order, wherever they are written."""
    content = opened(
        tmp_path,
        "name: n\ninitial_state: B\npacks:\n"
        "  - pack: one\n    states: {A: }\n    transitions:\n"
        "      - {from: A, message: m, to: B}\n      - {from: A, message: k, to: A}\n"
        "  - two.yaml\n",
        two="pack: two\nstates: {B: , A: }\ntransitions: [{from: B, message: m, to: A}]\n",
    )
    assert arrows(content) == [("A", "B"), ("A", "A"), ("B", "A")]
    first, again, second = content.transitions
    assert again.target == first.source != second.target
    assert initial(content).key == "B"


def test_builtin_states_are_drawn_where_they_are_named(tmp_path):
    """And only then; they are read only."""
    content = opened(
        tmp_path,
        "name: n\ninitial_state: A\npacks:\n  - pack: one\n    states: {A: }\n"
        "    transitions: [{from: A, message: m, to: ErrorHandling}]\n"
        "layout: {ErrorHandling: [5, 6], InitialState: [7, 8]}\n",
    )
    assert keys(content, PackOrigin.BUILTIN) == ["ErrorHandling"]
    assert [position.point for position in content.positions] == [(5.0, 6.0)]
    assert content.flow.places == {"InitialState": (7.0, 8.0)}


@pytest.mark.parametrize(
    ("written", "origin", "key"),
    [
        ("", None, None),
        ("initial_state: InitialState\n", PackOrigin.BUILTIN, "InitialState"),
        ("initial_state: A\n", PackOrigin.INLINE, "A"),
        ("initial_state: Nowhere\n", PackOrigin.ELSEWHERE, "Nowhere"),
        ("initial_state: 'some.module:Thing'\n", PackOrigin.ELSEWHERE, "Thing"),
    ],
)
def test_a_config_starts_where_it_says(tmp_path, written, origin, key):
    """In a state of a pack, a builtin one, one of Python, or one that is nowhere."""
    content = opened(tmp_path, f"name: n\n{written}packs: [{{pack: p, states: {{A: }}}}]\n")
    state = initial(content)
    assert (state.key if state else None) == key
    if origin is not None:
        assert key in keys(content, origin)
    if ":" in written[14:]:
        assert state.path == "some.module:Thing"


@pytest.mark.parametrize(
    ("order", "origin"),
    [
        ("packs, builtin", PackOrigin.INLINE),
        ("builtin, packs", PackOrigin.BUILTIN),
    ],
)
def test_the_order_of_resolution_counts(tmp_path, order, origin):
    """Where a pack has a state of a builtin one's name."""
    content = opened(
        tmp_path,
        f"name: n\ninitial_state: InitialState\ninitial_state_resolution: [{order}]\n"
        "packs: [{pack: p, states: {InitialState: }}]\n",
    )
    packs = {pack.id: pack.origin for pack in content.packs}
    assert packs[initial(content).pack] is origin


def test_a_builtin_start_that_is_drawn_already_is_that(tmp_path):
    """It is not drawn twice."""
    content = opened(
        tmp_path,
        "name: n\ninitial_state: InitialState\ninitial_state_resolution: [builtin, packs]\n"
        "packs: [{pack: p, states: {A: }, transitions: [{from: A, message: m, to: InitialState}]}]",
    )
    assert keys(content, PackOrigin.BUILTIN) == ["InitialState"]
    assert initial(content).id == content.transitions[0].target


def test_python_is_never_imported(tmp_path, monkeypatch):
    """Its packs and states are drawn by name; the module is not touched."""
    (tmp_path / "danger.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.syspath_prepend(tmp_path)
    content = opened(tmp_path, "name: n\npacks: ['danger:Pack']\ninitial_state: 'danger:State'\n")
    assert [(p.name, p.path) for p in content.packs if p.origin is PackOrigin.PYTHON] == [
        ("Pack", "danger:Pack")
    ]
    content = opened(
        tmp_path, "name: n\nstates: {A: 'danger:A', B: 'danger:B'}\ninitial_state: B\n"
    )
    assert keys(content, PackOrigin.PYTHON) == ["A", "B"]
    assert initial(content).path == "danger:B"
    assert "danger" not in sys.modules


def test_a_pack_that_is_named_twice_is_there_once(tmp_path):
    """As it is for the engine; a name makes a config, whatever else is there."""
    content = opened(
        tmp_path,
        "name: n\npack: kept\npacks: ['a:b', 'a : b', two.yaml, ./two.yaml]\n",
        two="pack: two\nstates: {B: }\n",
    )
    assert [pack.path for pack in content.packs] == ["a:b", "two.yaml"]
    assert content.flow.extra == {"pack": "kept"}


def test_what_the_format_does_not_know_is_kept(tmp_path):
    """In configs any key, in packs those that begin with x-."""
    content = opened(
        tmp_path,
        "name: n\nx-a: 1\ndescriptoin: text\npacks:\n  - pack: p\n    x-b: [2]\n"
        "    states: {A: {x-c: 3}}\n    transitions: [{from: A, message: m, x-d: {e: 4}}]\n",
    )
    assert content.flow.extra == {"x-a": 1, "descriptoin": "text"}
    assert content.packs[0].extra == {"x-b": [2]}
    assert content.states[0].extra == {"x-c": 3}
    assert content.transitions[0].extra == {"x-d": {"e": 4}}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("name: n\nname: m\n", "name"),
        ("name: ''\n", ""),
        ("name: on\n", "name"),
        ("rules: []\n", ""),
        ("name: n\nrules: {a: 1}\n", "rules"),
        ("name: n\npacks: {a: 1}\n", "packs"),
        ("name: n\npacks: [5]\n", "packs[0]"),
        ("name: n\npacks: [nowhere]\n", "packs[0]"),
        ("name: n\npacks: [{pack: p, states: {1: }}]\n", "packs[0].states.1"),
        ("name: n\npacks: []\nstates: {}\n", "states"),
        ("name: n\nstates: [a]\n", "states"),
        ("name: n\nstates: {1: 'a:b', A: 5, B: b}\n", "states.1"),
        ("name: n\ninitial_state: null\n", "initial_state"),
        ("name: n\ninitial_state: 'm:'\n", "initial_state"),
        ("name: n\ninitial_state_resolution: [packs]\n", "initial_state_resolution"),
        ("name: n\ninitial_state_resolution: packs\n", "initial_state_resolution"),
        ("name: n\ncontext: {a: 2026-01-01}\n", "context.a"),
        ("name: n\nlayout: {A: [1]}\n", "layout.A"),
        ("name: n\n1: x\n", "1"),
        ("pack: p\n", ""),
        ("pack: p\nstates: {A: }\ntransitions: [{from: B, message: m}]\n", "transitions[0].from"),
        ("- a\n", ""),
        ("steps: []\n", ""),
        ("", ""),
        ("null\n", ""),
        ("a: [\n", ""),
    ],
)
def test_what_may_not_be_is_told_with_its_place(tmp_path, text, at):
    """The file, and the way to what is wrong in it."""
    with pytest.raises(PackError) as caught:
        opened(tmp_path, text)
    problem = caught.value.problems[0]
    assert problem.at == at
    assert problem.path == str(tmp_path / "flow.yaml")
    assert caught.value.why
    assert caught.value.fix


def test_all_problems_of_a_file_are_told(tmp_path):
    """Not one at a time."""
    with pytest.raises(PackError) as caught:
        opened(tmp_path, "rules: 5\npacks: [7, {pack: p}]\n")
    assert len(caught.value.problems) == 4


def test_a_pack_file_that_is_missing_or_broken_is_named(tmp_path):
    """The config is fine."""
    with pytest.raises(PackError, match="File not found"):
        opened(tmp_path, "name: n\npacks: [other.yaml]\n")
    with pytest.raises(PackError) as caught:
        opened(tmp_path, "name: n\npacks: [other.yaml]\n", other="pack: p\n")
    assert caught.value.problems[0].path == str(tmp_path / "other.yaml")


def test_a_relative_path_is_opened(tmp_path, monkeypatch):
    """And known by its whole path, links not followed."""
    (tmp_path / "flow.yaml").write_text("pack: p\nstates: {}\n")
    (tmp_path / "link.yaml").symlink_to("flow.yaml")
    monkeypatch.chdir(tmp_path)
    assert open_flow("./link.yaml").path == tmp_path / "link.yaml"


def test_what_is_no_readable_file_is_refused(tmp_path):
    """Missing, a folder, a pipe, too large, binary."""
    big, binary, pipe = tmp_path / "big.yaml", tmp_path / "binary.yaml", tmp_path / "pipe.yaml"
    with big.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    binary.write_bytes(bytes(range(256)) * 64)
    os.mkfifo(pipe)
    for path in (big, binary, pipe, tmp_path, tmp_path / "missing.yaml", Path("a\0b")):
        with pytest.raises(FlexiFlowError):
            open_flow(path)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.binary(max_size=80), st.text(max_size=80).map(lambda t: t.encode("utf-8", "replace"))
    )
)
def test_any_bytes_open_or_are_refused(tmp_path, data):
    """Nothing else is ever raised."""
    path = tmp_path / "any.yaml"
    path.write_bytes(data)
    refusal = refusal_of(path)
    assert refusal is None or refusal.why


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_mangled_flow_opens_or_is_refused(tmp_path, data):
    """Parts of real files cut out, doubled and overwritten."""
    for name in ("order.pack.yaml", "order.yaml"):
        text = (EXAMPLES / name).read_text()
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 60)))
        piece = data.draw(
            st.sampled_from(
                ["", "null", "[]", "{}", "- ", ": ", "5", "\n", "*a", text[start:end] * 2]
            )
        )
        (tmp_path / name).write_text(text[:start] + piece + text[end:])
    refusal = refusal_of(tmp_path / "order.yaml")
    assert refusal is None or refusal.why
