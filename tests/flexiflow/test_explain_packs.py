"""Looking at the packs of a config."""

from collections import deque

import pytest

from flexiflow import explain_packs
from flexiflow.config_loader import load_component
from flexiflow.errors import PackError
from flexiflow.explain import PackInfo, StateResolution, explain
from flexiflow.state_machine import DEFAULT_REGISTRY, State
from flexiflow.statepack import MappingPack, StateSpec, TransitionSpec
from flexiflow.visualize import visualize
from tests.helpers.explain_cases import FakePack, config, only_error, state, whats


class TestPacks:
    def test_dotted_pack(self, module):
        """Its keys are sorted, its transitions are its own list, its states are listed."""
        result = explain(config(packs=[f"{module}:DoorPack"], initial_state="Shut"))
        assert result.is_valid
        assert result.warnings == []
        assert result.packs == [
            PackInfo(
                "door",
                ["Open", "Shut"],
                [TransitionSpec("Shut", "push", "Open", "unlocked")],
                ["InitialState"],
            )
        ]
        assert result.state_providers == {"Shut": "door", "Open": "door"}
        assert result.pack_order == ["door"]
        assert result.initial_state == "Shut"
        assert result.states == [
            StateResolution("Shut", None, True, True),
            StateResolution("Open", None, True, True),
        ]
        assert "  ✓ Open (from door)" in result.format()

    def test_instances_in_order(self):
        """A config as data may hold pack instances; the list's order is kept."""
        one, other = FakePack("one", {"B": StateSpec(state("B"))}), MappingPack({"A": state("A")})
        result = explain(config(packs=[one, other]))
        assert result.pack_order == ["one", "mapping"]
        assert result.state_providers == {"B": "one", "A": "mapping"}

    def test_each_answer_is_asked_for_once(self):
        """A pack that makes its answers anew cannot disagree with itself."""
        pack = FakePack("one", {"B": StateSpec(state("B"))})
        explain(config(packs=[pack]))
        assert sorted(pack.calls) == ["depends_on", "provides", "transitions"]

    @pytest.mark.parametrize("packs", ["text", {}, 5])
    def test_no_list(self, packs):
        """An error, and the other steps go on."""
        result = explain(config(packs=packs, initial_state="Gone"))
        error = result.errors[0]
        assert error.what == "Field 'packs' must be a list"
        assert error.why == f"Got {type(packs).__name__}."
        assert "'module:PackClass'" in error.fix
        assert error.context == {"path": "(dict)"}
        assert result.errors[1].what == "Unknown initial_state: 'Gone'"

    @pytest.mark.parametrize("packs", [None, []])
    def test_nothing(self, packs):
        """No packs are no packs."""
        result = explain(config(packs=packs))
        assert (result.is_valid, result.packs, result.pack_order) == (True, [], [])

    def test_library_error(self):
        """What, why, fix and facts of the error, and no pack is recorded."""
        good = MappingPack({"A": state("A")})
        result = explain(config(packs=[good, "nowhere_at_all:Pack"]))
        error = only_error(result)
        assert error.what == "Pack loading failed: Module not found: 'nowhere_at_all'"
        assert error.why
        assert error.fix
        assert error.context["dotted_path"] == "nowhere_at_all:Pack"
        assert "path" not in error.context
        assert (result.packs, result.pack_order, result.state_providers) == ([], [], {})

    def test_states_of_good_packs_may_be_started_in(self):
        """A bad pack does not make another one's states unknown."""
        good = MappingPack({"A": state("A")})
        result = explain(config(packs=[good, "nowhere_at_all:Pack"], initial_state="A"))
        assert len(result.errors) == 1
        assert result.initial_state == "A"

    @pytest.mark.parametrize("entry", [5, None, ["x"], FakePack])
    def test_entry_that_is_no_pack(self, entry):
        """A library error like any other."""
        error = only_error(explain(config(packs=[entry])))
        assert error.what == f"Pack loading failed: Invalid pack entry: {entry!r}"

    def test_states_and_packs(self, module):
        """They exclude each other."""
        result = explain(config(states={"A": f"{module}:Open"}, packs=[f"{module}:door"]))
        error = only_error(result)
        assert error.what == "Pack loading failed: Cannot specify both 'states' and 'packs'"
        assert "mutually exclusive" in error.why
        assert error.context == {"has_states": True, "has_packs": True}
        assert result.pack_order == ["mapping"]

    def test_every_collision(self):
        """Keys from two packs, and keys of the engine's own."""
        one = MappingPack({"A": state("A"), "B": state("B"), "InitialState": state("I")})
        two = FakePack("two", {"A": StateSpec(state("A")), "B": StateSpec(state("B"))})
        assert whats(explain(config(packs=[one, two])).errors) == [
            "Pack loading failed: Duplicate state key: 'A'",
            "Pack loading failed: Duplicate state key: 'B'",
            "Pack loading failed: State key 'InitialState' shadows builtin",
        ]

    def test_only_the_engines_own_states_can_be_shadowed(self):
        """What other configs of the process have registered does not matter."""
        DEFAULT_REGISTRY.register("OfAnotherConfig", state("A"))
        try:
            result = explain(config(packs=[MappingPack({"OfAnotherConfig": state("B")})]))
        finally:
            DEFAULT_REGISTRY.unregister("OfAnotherConfig")

        assert result.is_valid
        assert "OfAnotherConfig" in result.builtin_states

    def test_repeated_entries(self, module):
        """The same pack twice is loaded once, with a warning."""
        pack = MappingPack({"A": state("A")})
        result = explain(config(packs=[f"{module}:door", pack, f"{module} : door", pack]))
        assert result.is_valid
        assert result.pack_order == ["door", "mapping"]
        assert whats(result.warnings) == [
            f"Pack '{module} : door' is listed more than once",
            "Pack 'mapping' is listed more than once",
        ]
        assert result.warnings[0].context["index"] == 2

    def test_needs_that_nobody_meets(self):
        """A warning for each key that is neither provided nor registered."""
        pack = FakePack("p", {"A": StateSpec(state("A"))}, depends_on=("A", "InitialState", "Gone"))
        result = explain(config(packs=[pack]))
        assert result.is_valid
        assert whats(result.warnings) == ["Pack 'p' needs state 'Gone', which nothing provides"]
        assert result.packs[0].depends_on == ["A", "Gone", "InitialState"]

    def test_class_that_is_no_state(self):
        """Its resolution fails."""
        result = explain(config(packs=[FakePack("p", {"A": StateSpec(int), "B": StateSpec(5)})]))
        assert [s.error for s in result.states] == [
            "Not a State subclass (got type)",
            "Not a State subclass (got int)",
        ]
        assert whats(result.errors) == [
            "State 'A' failed to resolve",
            "State 'B' failed to resolve",
        ]

    @pytest.mark.parametrize(
        "pack",
        [
            FakePack(name=5),
            FakePack(provides=ValueError("boom")),
            FakePack(provides=SystemExit("boom")),
            FakePack(provides=[1]),
            FakePack(provides={5: StateSpec(State)}),
            FakePack(provides={"A": State}),
            FakePack(transitions=ValueError("boom")),
            FakePack(transitions=7),
            FakePack(transitions=["x"]),
            FakePack(transitions="text"),
            FakePack(transitions={"A": 1}),
            FakePack(transitions=[TransitionSpec("A", 5, "B")]),
            FakePack(depends_on=ValueError("boom")),
            FakePack(depends_on="text"),
            FakePack(depends_on=b"text"),
            FakePack(depends_on=5),
            FakePack(depends_on=[5]),
        ],
    )
    def test_pack_with_a_bad_answer(self, pack):
        """Whatever a pack says or raises is an error of the config."""
        result = explain(config(packs=[pack]))
        error = only_error(result)
        assert error.what.startswith("Unexpected error loading packs: ")
        assert error.why is None
        assert "pack definitions" in error.fix
        assert error.context == {}
        assert result.packs == []

    @pytest.mark.parametrize(
        "kind",
        [list, tuple, iter, lambda specs: (spec for spec in specs), deque],
    )
    def test_transitions_in_whatever_holds_them(self, kind):
        """They are listed once; a generator can be asked only once."""
        specs = [TransitionSpec("A", "m", "B"), TransitionSpec("B", "m", "A")]
        states = {"A": StateSpec(state("A")), "B": StateSpec(state("B"))}
        pack = FakePack("p", states)
        pack.transitions = lambda: kind(specs)
        result = explain(config(packs=[pack]))
        assert result.is_valid
        assert result.packs[0].transitions == specs
        assert visualize(result).count("-->") == 2

    @pytest.mark.parametrize(
        "kind",
        [list, tuple, set, frozenset, iter, dict.fromkeys, lambda keys: dict.fromkeys(keys).keys()],
    )
    def test_needs_in_whatever_holds_them(self, kind):
        """Each key counts once, sorted."""
        pack = FakePack("p", {"A": StateSpec(state("A"))})
        pack.depends_on = lambda: kind(["InitialState", "A", "A"])
        result = explain(config(packs=[pack]))
        assert (result.is_valid, result.packs[0].depends_on) == (True, ["A", "InitialState"])

    def test_the_packs_own_list(self):
        """A list of transitions is handed on as it is."""
        own = [TransitionSpec("A", "m", "A")]
        pack = FakePack("p", {"A": StateSpec(state("A"))}, transitions=own)
        assert explain(config(packs=[pack])).packs[0].transitions is own

    def test_ctrl_c_in_a_pack(self):
        """Ctrl-C ends it."""
        with pytest.raises(KeyboardInterrupt):
            explain(config(packs=[FakePack(provides=KeyboardInterrupt())]))

    def test_transitions_that_are_none(self):
        """They count as no transitions, with a warning."""
        result = explain(config(packs=[FakePack("p", transitions=None)]))
        assert result.is_valid
        assert result.packs[0].transitions == []
        assert "transitions() gave None" in result.warnings[0].what


class TestYamlPacks:
    PACK = """
        pack: door
        states: {Shut: , Open: , Ash: {final: true}}
        transitions:
          - {from: Shut, message: push, to: Open, guard: message.force > 1}
          - {from: Open, after: 30s, to: Shut}
          - {from: Open, message: burn, to: Ash}
          - {from: Open, message: look}
    """

    def test_file(self, write):
        """It is found beside the config."""
        write(self.PACK, "door.pack.yaml")
        result = explain(
            write("name: c\nrules: [{a: 1}]\npacks: [door.pack.yaml]\ninitial_state: Shut\n")
        )
        assert result.is_valid
        assert result.warnings == []
        assert result.packs[0].provided_keys == ["Ash", "Open", "Shut"]
        assert [(t.from_state, t.on_message, t.to_state) for t in result.packs[0].transitions] == [
            ("Shut", "push", "Open"),
            ("Open", "after 30s", "Shut"),
            ("Open", "burn", "Ash"),
            ("Open", "look", "Open"),
        ]

    def test_inline(self, write):
        """A pack inside the config."""
        result = explain(
            write(
                "name: c\nrules: [{a: 1}]\ninitial_state: A\n"
                "packs:\n  - pack: p\n    states: {A: }\n"
            )
        )
        assert (result.is_valid, result.initial_state) == (True, "A")

    def test_base_dir(self, write, tmp_path):
        """Data names files relative to the folder that is given."""
        write(self.PACK, "door.yaml")
        assert explain(config(packs=["door.yaml"]), base_dir=tmp_path).pack_order == ["door"]
        assert not explain(config(packs=["door.yaml"]), base_dir=tmp_path / "sub").is_valid

    def test_every_problem_of_a_file_with_its_place(self, write, tmp_path):
        """Problems of a pack file name that file, line and column."""
        write("pack: door\nstates: {A: }\ntransitions:\n  - {from: B, message: x, to: A}\n"
              "  - {from: A, message: y, guard: '1 +'}\n", "door.yaml")  # fmt: skip
        result = explain(write("name: c\npacks: [door.yaml]\n"))
        assert [(e.path, e.line, e.at) for e in result.errors] == [
            (str(tmp_path / "door.yaml"), 4, "transitions[0].from"),
            (str(tmp_path / "door.yaml"), 5, "transitions[1].guard"),
        ]
        assert result.errors[0].what == "Pack loading failed: Unknown state 'B'"
        assert f"At: {tmp_path / 'door.yaml'}, line 4" in result.format(places=True)

    def test_every_problem_of_an_inline_pack_with_its_place(self, write):
        """Problems of an inline pack are places of the config."""
        result = explain(
            write("name: c\npacks:\n  - pack: p\n    states: {A: }\n    statez: 1\n    tags: 5\n")
        )
        assert [(e.path, e.line, e.at) for e in result.errors] == [
            (None, 5, "packs[0].statez"),
            (None, 6, "packs[0].tags"),
        ]
        assert "Did you mean 'states'?" in result.errors[0].fix

    def test_missing_file(self, write):
        """A pack file that is not there is an error of the config."""
        error = only_error(explain(write("name: c\npacks: [gone.yaml]\n")))
        assert "gone.yaml" in error.what

    def test_pack_by_itself(self, write):
        """It is a component of its name that starts in its first state; rules are not missed."""
        result = explain(write(self.PACK, "door.yaml"))
        assert result.is_valid
        assert (result.name, result.initial_state, result.pack_order) == ("door", "Shut", ["door"])
        assert [s.key for s in result.states] == ["Shut", "Open", "Ash"]
        assert result.warnings == []

    def test_bad_pack_by_itself(self, write):
        """Its problems are errors with their places."""
        result = explain(write("pack: p\nstates: {A: }\ntransitions: [{from: A}]\n"))
        error = only_error(result)
        assert (error.line, error.at, error.path) == (3, "transitions[0]", None)

    def test_target_that_nobody_has(self, write):
        """A transition into nowhere keeps a pack from loading."""
        result = explain(
            write(
                "pack: p\nstates: {First: }\ntransitions: [{from: First, message: x, to: Firts}]\n"
            )
        )
        error = only_error(result)
        assert error.what == "Unknown state 'Firts'"
        assert error.fix == "Did you mean 'First'?"
        assert (error.line, error.at) == (3, "transitions[0].to")
        assert result.warnings == []

    def test_pack_by_itself_without_states(self, write):
        """It has nothing to start in."""
        assert whats(explain(write("pack: p\nstates: {}\n")).errors) == ["The pack has no states"]

    def test_functions_that_are_called(self, write, module):
        """A function that cannot be found is a warning, with its place."""
        path = write(f"""
            pack: p
            states:
              A:
                entry: [call: "json:loads", call: "{module}:gone"]
                exit: [call: "nowhere_at_all:f"]
            transitions: [{{from: A, message: x, do: [call: "json:gone"]}}]
        """)
        assert [(w.what, w.line, w.at) for w in explain(path).warnings] == [
            (f"Action cannot call '{module}:gone'", 5, "states.A.entry[1].call"),
            ("Action cannot call 'nowhere_at_all:f'", 6, "states.A.exit[0].call"),
            ("Action cannot call 'json:gone'", 7, "transitions[0].do[0].call"),
        ]
        unseen = explain(path, imports=False).warnings
        assert whats(unseen) == ["Action cannot call 'nowhere_at_all:f'"]

    def test_transition_out_of_a_final_state(self, write):
        """No pack may have it; the error names its line in the pack's file."""
        text = (
            "pack: p\nstates: {A: {final: true}}\ntransitions:\n  - {from: A, message: x, to: A}\n"
        )
        write(text, "p.yaml")
        result = explain(write("name: c\nrules: [{}]\npacks: [p.yaml]\ninitial_state: A\n"))
        error = only_error(result)
        assert error.what == "State 'A' is final, but a transition leaves it"
        assert (error.line, error.at) == (4, "transitions[0].from")
        assert error.path.endswith("p.yaml")

    @pytest.mark.parametrize("alone", [True, False])
    def test_all_problems_together(self, write, alone):
        """A transition into nowhere and one that may not be are told beside other problems."""
        pack = {
            "pack": "p",
            "states": {"A": {"final": True}, "B": {"final": 3}},
            "transitions": [
                {"from": "A", "message": "m", "to": "Zz"},
                {"from": "B", "message": "m", "to": "A", "guard": "1 +"},
            ],
        }
        fields = pack if alone else config(packs=[pack], initial_state="A")
        with pytest.raises(PackError) as caught:
            load_component(fields)

        found = [
            what.removeprefix("Pack loading failed: ") for what in whats(explain(fields).errors)
        ]
        assert "Unknown state 'Zz'" in found
        assert "State 'A' is final, but a transition leaves it" in found
        assert sorted(found) == sorted(problem.what for problem in caught.value.problems)

    def test_all_problems_of_a_file_together(self, write):
        """Also of a pack that stands in a file of its own, each with its place there."""
        write(
            "pack: p\nstates: {A: , B: 3}\ntransitions: [{from: A, message: m, to: Zz}]", "p.yaml"
        )
        result = explain(write("name: c\nrules: [{}]\npacks: [p.yaml]\ninitial_state: A\n"))
        assert [(error.line, error.at) for error in result.errors] == [
            (2, "states.B"),
            (3, "transitions[0].to"),
        ]
        assert result.initial_state == "A"

    def test_a_pack_that_cannot_be_read_hides_what_it_has(self, write):
        """Then nobody knows which states there are."""
        write("pack: [", "q.yaml")
        pack = "{pack: p, states: {A: }, transitions: [{from: A, message: m, to: Zz}]}"
        path = write(f"name: c\nrules: [{{}}]\npacks: [{pack}, q.yaml, 'nowhere_at_all:P']\n")
        assert whats(explain(path).errors) == [
            "Pack loading failed: Invalid YAML syntax",
            "Pack loading failed: Module not found: 'nowhere_at_all'",
        ]

    def test_a_transition_to_a_dotted_initial_state(self, module):
        """Its class is registered under its name, so it is known."""
        pack = {
            "pack": "p",
            "states": {"A": None},
            "transitions": [{"from": "A", "message": "m", "to": "Open"}],
        }
        fields = config(packs=[pack], initial_state=f"{module}:Open")
        assert explain(fields).is_valid
        assert load_component(fields).name == "comp"

    def test_state_that_nothing_leads_to(self, write):
        """A warning with its place in the config."""
        result = explain(
            write(
                "name: c\nrules: [{}]\npacks:\n  - pack: p\n    states:\n      A:\n      B:\n"
                "initial_state: A\n"
            )
        )
        warning = result.warnings[0]
        assert warning.what == "State 'B' cannot be reached"
        assert (warning.line, warning.at, warning.path) == (7, "packs[0].states.B", None)

    def test_python_packs_may_lead_anywhere(self, write):
        """Beside Python packs nothing is said about reachability."""
        pack = {"pack": "p", "states": {"A": None, "B": None}}
        other = MappingPack({"C": state("C")})
        assert explain(config(packs=[pack, other], initial_state="A")).warnings == []

    def test_file_that_vanishes(self, write, tmp_path, monkeypatch):
        """A finding keeps its way when its file cannot be read a second time."""
        path = write("pack: p\nstates: {A: , B: }\n", "p.yaml")
        real = explain_packs.load_pack

        def load_and_remove(item, folder):
            pack = real(item, folder)
            path.unlink()
            return pack

        monkeypatch.setattr(explain_packs, "load_pack", load_and_remove)
        result = explain(config(packs=["p.yaml"], initial_state="A"), base_dir=tmp_path)
        assert (result.warnings[0].at, result.warnings[0].line) == ("states.B", None)
