"""Random edits: undone, all of them, the document is as it began; redone, as it ended."""

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from designer.commands import elements, flow, rules, states, transitions
from designer.commands.errors import EditError
from designer.commands.session import EditSession
from designer.document.elements import FlowKind, Pack, PackOrigin, State
from designer.document.model import Content, Document
from flexiflow.pack_records import EmitAction, SetAction
from tests.helpers.contents import order_like

KEYS = st.sampled_from(["Cart", "Basket", "Paid", "Ghost", "OnHold", "not a name", ""])
PLACES = st.floats(-1000, 1000)
TEXTS = st.sampled_from([None, "", "some text", "other"])
VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.floats(0, 2), st.just("x"))
ACTIONS = st.lists(
    st.sampled_from([SetAction({"a": 1, "b": 2}), SetAction({"b": 2, "a": 1}), EmitAction("x")]),
    max_size=2,
).map(tuple)
PICK = st.integers(0, 1000)


def _start(kind: FlowKind) -> Content:
    content = order_like()
    more = (
        Pack(id="p-2", name="second", origin=PackOrigin.INLINE),
        Pack(id="p-b", name="builtin", origin=PackOrigin.BUILTIN),
        Pack(id="p-e", name="elsewhere", origin=PackOrigin.ELSEWHERE),
    )
    ghosts = (
        State(id="s-E", pack="p-b", key="ErrorHandling"),
        State(id="s-G", pack="p-e", key="Ghost"),
    )
    packs = content.packs + (more if kind is FlowKind.CONFIG else more[1:])
    return replace(
        content,
        flow=replace(content.flow, kind=kind),
        packs=packs,
        states=content.states + ghosts,
    )


class RandomEdits(RuleBasedStateMachine):
    """Every edit there is, in any order, with undo and redo in between."""

    kind = FlowKind.CONFIG

    def __init__(self) -> None:
        super().__init__()
        self.session = EditSession(Document(_start(self.kind)))
        self.document = self.session.document
        self.start = repr(self.document.content)

    def state(self, pick: int) -> str:
        return self.document.states[pick % len(self.document.states)].id

    def transition(self, pick: int) -> str:
        return self.document.transitions[pick % len(self.document.transitions)].id

    def has_states(self) -> bool:
        return bool(self.document.states)

    def has_transitions(self) -> bool:
        return bool(self.document.transitions)

    def attempt(self, edit, *args, **fields) -> None:
        """An edit either is one step or refuses and changes nothing."""
        before, index = repr(self.document.content), self.session.undo_stack.index()
        try:
            edit(self.session, *args, **fields)
        except EditError:
            assert repr(self.document.content) == before
            assert self.session.undo_stack.index() == index
        assert self.session.undo_stack.index() <= index + 1

    @rule(key=st.one_of(st.none(), KEYS), x=PLACES, y=PLACES)
    def add_state(self, key, x, y):
        self.attempt(states.add_state, None, (x, y), key)

    @precondition(has_states)
    @rule(pick=PICK, key=KEYS)
    def rename(self, pick, key):
        self.attempt(states.rename_state, self.state(pick), key)

    @precondition(has_states)
    @rule(pick=PICK, text=TEXTS, final=st.booleans(), entry=ACTIONS)
    def edit_state(self, pick, text, final, entry):
        self.attempt(
            states.edit_state, self.state(pick), description=text, final=final, entry=entry
        )

    @precondition(has_states)
    @rule(picks=st.lists(PICK, max_size=3), x=PLACES, y=PLACES)
    def move(self, picks, x, y):
        self.attempt(states.move_states, {self.state(pick): (x, y) for pick in picks})

    @precondition(has_states)
    @rule(pick=PICK)
    def start_in(self, pick):
        self.attempt(states.set_initial, self.state(pick))

    @precondition(has_states)
    @rule(source=PICK, towards=st.one_of(st.none(), PICK))
    def connect(self, source, towards):
        aim = None if towards is None else self.state(towards)
        self.attempt(transitions.add_transition, self.state(source), aim)

    @precondition(has_states)
    @rule(source=PICK, x=PLACES)
    def connect_to_new(self, source, x):
        self.attempt(transitions.add_state_with_transition, self.state(source), (x, 0))

    @precondition(has_transitions)
    @rule(
        pick=PICK, message=st.one_of(st.none(), st.just("go")), after=st.floats(-1, 5), do=ACTIONS
    )
    def edit_transition(self, pick, message, after, do):
        trigger = {"after": after} if message is None else {"message": message}
        self.attempt(transitions.edit_transition, self.transition(pick), do=do, **trigger)

    @precondition(has_transitions)
    @rule(pick=PICK, source=PICK, towards=PICK)
    def retarget(self, pick, source, towards):
        self.attempt(
            transitions.retarget,
            self.transition(pick),
            source=self.state(source),
            target=self.state(towards),
        )

    @precondition(has_transitions)
    @rule(pick=PICK, index=st.integers(-1, 3))
    def reorder(self, pick, index):
        self.attempt(transitions.move_transition, self.transition(pick), index)

    @precondition(has_states)
    @rule(picks=st.lists(PICK, max_size=2), others=st.lists(PICK, max_size=2))
    def delete(self, picks, others):
        ids = [self.state(pick) for pick in picks]
        if self.document.transitions:
            ids += [self.transition(pick) for pick in others]
        self.attempt(elements.delete, ids)

    @rule(name=st.sampled_from(["shop", "", "main"]), value=VALUES)
    def edit_flow(self, name, value):
        self.attempt(flow.edit_flow, name=name, context={"a": value})

    @rule(values=st.lists(VALUES, max_size=2))
    def edit_rules(self, values):
        self.attempt(rules.set_rules, [{"a": value} for value in values])

    @rule()
    def undo(self):
        self.session.undo_stack.undo()

    @rule()
    def redo(self):
        self.session.undo_stack.redo()

    @invariant()
    def everything_named_is_there(self):
        """Ids are never left dangling, and transitions live in their source's pack."""
        document = self.document
        ids = {state.id for state in document.states}
        for transition in document.transitions:
            assert transition.source in ids
            assert transition.target is None or transition.target in ids
            assert transition.pack == document.state_for(transition.source).pack
            assert document.pack_for(transition.pack).editable
            assert (transition.message is None) != (transition.after is None)
        assert document.flow.initial is None or document.flow.initial in ids
        assert {position.id for position in document.content.positions} <= ids

    @invariant()
    def a_pack_starts_in_its_first_state(self):
        """Whatever is added, deleted or reordered."""
        if self.kind is FlowKind.PACK:
            own = [s.id for s in self.document.states if self.document.pack_for(s.pack).editable]
            assert self.document.flow.initial == (own[0] if own else None)

    def teardown(self):
        stack, end = self.session.undo_stack, repr(self.document.content)
        steps = stack.index()
        for _ in range(steps):
            stack.undo()
        assert repr(self.document.content) == self.start
        for _ in range(steps):
            stack.redo()
        assert repr(self.document.content) == end


class RandomPackEdits(RandomEdits):
    """The same on a pack that is open by itself."""

    kind = FlowKind.PACK


TestRandomEdits = RandomEdits.TestCase
TestRandomEdits.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestRandomPackEdits = RandomPackEdits.TestCase
TestRandomPackEdits.settings = settings(TestRandomEdits.settings, max_examples=20)
