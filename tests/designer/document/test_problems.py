"""Problems: each check finds its fault, and keeps quiet about a sound flow."""

from dataclasses import replace

from designer.document.elements import Pack, PackOrigin, State, Transition
from designer.document.model import Content
from designer.document.problems import Severity, find_problems
from flexiflow.pack_records import CallAction, SetAction
from tests.helpers.contents import content_of, order_like, pack_content_of


def codes(content: Content) -> list[str]:
    return [problem.code for problem in find_problems(content)]


def with_guard(content: Content, number: int, guard: str) -> Content:
    transitions = list(content.transitions)
    transitions[number] = replace(transitions[number], guard=guard)
    return replace(content, transitions=tuple(transitions))


def with_pack(content: Content, origin: PackOrigin, *keys: str) -> Content:
    """The states of those names belong to a pack of that origin."""
    pack = Pack(id="p-x", name="other", origin=origin)
    states = tuple(
        replace(state, pack="p-x") if state.key in keys else state for state in content.states
    )
    return replace(content, packs=(*content.packs, pack), states=states)


SOUND = content_of("A B", [("A", "go", "B")], initial="A", final="B")


def test_a_sound_flow_has_no_problem():
    """Neither has an empty one."""
    assert codes(SOUND) == []
    assert codes(content_of("")) == []
    assert codes(pack_content_of("A B", [("A", "go", "B")], final="B")) == []


def test_a_flow_without_initial_state_is_told_of():
    """Once it has states."""
    content = replace(SOUND, flow=replace(SOUND.flow, initial=None))
    (problem,) = find_problems(content)
    assert (problem.code, problem.severity, problem.ids) == ("F101", Severity.WARNING, ("f-1",))


def test_an_initial_state_that_nothing_declares_is_an_error():
    """Unless a dotted path says where it is."""
    content = with_pack(
        replace(SOUND, flow=replace(SOUND.flow, initial="s-B")), PackOrigin.ELSEWHERE, "B"
    )
    assert "F102" in codes(content)
    states = tuple(
        replace(state, path="m:B") if state.key == "B" else state for state in content.states
    )
    assert "F102" not in codes(replace(content, states=states))


def test_a_target_that_nothing_declares_is_an_error():
    """Where Python packs may declare it, it is a suspicion."""
    content = with_pack(SOUND, PackOrigin.ELSEWHERE, "B")
    (problem,) = find_problems(content)
    assert (problem.code, problem.severity, problem.ids) == (
        "F201",
        Severity.ERROR,
        ("t-0", "s-B"),
    )
    python = Pack(id="p-y", name="y", origin=PackOrigin.PYTHON, path="m:P")
    (problem,) = find_problems(replace(content, packs=(*content.packs, python)))
    assert problem.severity is Severity.WARNING


def test_a_name_declared_twice_is_an_error():
    """Both places are told."""
    content = with_pack(SOUND, PackOrigin.FILE)
    twin = State(id="s-B2", pack="p-x", key="B", final=True)
    content = replace(
        content,
        states=(*content.states, twin),
        transitions=(
            *content.transitions,
            Transition(id="t-9", pack="p-main", source="s-A", target="s-B2", message="x"),
        ),
    )
    (problem,) = find_problems(content)
    assert (problem.code, problem.ids) == ("F103", ("s-B2", "s-B"))
    assert "main and other" in problem.message


def test_a_builtin_states_name_is_an_error():
    """The engine would not take the pack."""
    content = content_of("A InitialState", [("A", "go", "InitialState")], initial="A")
    content = replace(content, states=(content.states[0], replace(content.states[1], final=True)))
    (problem,) = find_problems(content)
    assert (problem.code, problem.ids) == ("F107", ("s-InitialState",))
    assert codes(with_pack(content, PackOrigin.BUILTIN, "InitialState")) == []


def test_an_unreachable_state_is_told_of():
    """A state nothing leads to, and one that only such a state leads to."""
    content = content_of("A B C D", [("A", "go", "B"), ("C", "go", "D")], initial="A", final="B D")
    assert [(p.code, p.ids) for p in find_problems(content)] == [
        ("F104", ("s-C",)),
        ("F104", ("s-D",)),
    ]


def test_nothing_is_unreachable_beyond_python():
    """Python states lead where no file says."""
    content = content_of("A B C", [("A", "go", "B")], initial="A", final="C")
    assert "F104" in codes(content_of("A B C", [("A", "go", "B")], initial="A", final="B C"))
    assert "F104" not in codes(with_pack(content, PackOrigin.PYTHON, "B"))
    assert "F104" not in codes(with_pack(content, PackOrigin.PYTHON, "A"))


def test_a_trap_is_told_of():
    """A loop and an internal transition are no way out."""
    content = content_of(
        "A B", [("A", "go", "B"), ("B", "again", "B"), ("B", "note", None)], initial="A"
    )
    assert [(p.code, p.ids) for p in find_problems(content)] == [("F105", ("s-B",))]


def test_a_way_out_of_a_final_state_is_an_error():
    """The state and its transitions are told."""
    content = content_of("A B", [("A", "go", "B"), ("B", "back", "A")], initial="A", final="B")
    (problem,) = find_problems(content)
    assert (problem.code, problem.ids) == ("F106", ("s-B", "t-1"))


def test_a_transition_after_one_without_guard_is_shadowed():
    """The same message, and an earlier one that is always taken."""
    content = order_like()
    assert [(p.code, p.ids) for p in find_problems(content)] == [("F202", ("t-4", "t-3"))]
    assert codes(with_guard(content, 3, "rules.max_retries > 1")) == []
    assert codes(with_guard(content, 3, "True")) == ["F202"]


def test_a_transition_after_one_of_the_same_guard_is_shadowed():
    """Named or written out."""
    content = with_guard(with_guard(order_like(), 3, "retry"), 4, "rules.max_retries > 1")
    pack = replace(content.packs[0], guards={"retry": "rules.max_retries > 1"})
    assert codes(replace(content, packs=(pack,))) == ["F202"]


def _timed(*delays: float, target: str | None = "s-B", guard: str | None = None) -> Content:
    """Delays out of A; target and guard are the first one's."""
    timers = [
        Transition(
            id=f"t-{number}",
            pack="p-main",
            source="s-A",
            target="s-B" if number else target,
            after=delay,
            guard=None if number else guard,
        )
        for number, delay in enumerate(delays)
    ]
    return replace(SOUND, transitions=tuple(timers))


def test_a_longer_delay_is_shadowed_by_a_shorter_one():
    """Wherever they stand, unless the shorter one stays or may not be taken."""
    assert [p.ids for p in find_problems(_timed(5, 9))] == [("t-1", "t-0")]
    assert [p.ids for p in find_problems(_timed(9, 5))] == [("t-0", "t-1")]
    assert [p.ids for p in find_problems(_timed(5, 5))] == [("t-1", "t-0")]
    assert codes(_timed(5, 9, target=None)) == []
    assert codes(_timed(5, 9, guard="message.x > 1")) == []


def test_a_guard_that_does_not_compile_is_an_error():
    """On a transition, or by name in a pack."""
    (problem,) = find_problems(with_guard(SOUND, 0, "context.a >"))
    assert (problem.code, problem.severity, problem.ids) == ("F301", Severity.ERROR, ("t-0",))
    pack = replace(SOUND.packs[0], guards={"rich": "total >"})
    (problem,) = find_problems(replace(SOUND, packs=(pack,)))
    assert (problem.code, problem.ids) == ("F301", ("p-main",))


def test_a_guard_that_reads_what_nothing_sets_is_told_of():
    """Rules and context are known; message fields are anybody's."""
    content = with_guard(SOUND, 0, "rules.a > 0 and context.b > 0 and message.c")
    assert codes(content) == ["F302", "F303"]
    ruled = replace(content, flow=replace(content.flow, rules=({"a": 1}, "odd"), context={"b": 1}))
    assert codes(ruled) == []


def test_what_actions_set_is_known():
    """In a state or on a transition; and Python may set anything."""
    content = with_guard(SOUND, 0, "context.b > 0")
    for action in (SetAction({"b": 1}), CallAction("m:f")):
        state = replace(content.states[0], entry=(action,))
        assert codes(replace(content, states=(state, content.states[1]))) == []


def test_the_rules_of_a_pack_are_not_known():
    """They come with the config that names it."""
    content = pack_content_of("A B", [("A", "go", "B")], final="B")
    assert codes(with_guard(content, 0, "rules.a > 0")) == []


def test_errors_come_first():
    """Then warnings, each in the order of the checks."""
    content = content_of("A B C", [("B", "x", "A"), ("A", "go", "B")], initial="A", final="B")
    assert [p.severity for p in find_problems(content)] == [
        Severity.ERROR,
        Severity.WARNING,
        Severity.WARNING,
    ]
