"""What ``explain`` says of the fields of a config."""

import pytest

from flexiflow.explain import Diagnostic, explain
from flexiflow.state_machine import DEFAULT_REGISTRY
from tests.helpers.explain_cases import config, only_error, state, whats

BUILTIN = ["AwaitingConfirmation", "ErrorHandling", "InitialState", "ProcessingRequest"]


class TestName:
    @pytest.mark.parametrize("fields", [{}, {"name": ""}, {"name": None}, {"name": 0}])
    def test_missing(self, fields):
        """Absent or falsy; the rest is still looked at."""
        result = explain({"rules": [{}], **fields})
        error = only_error(result)
        assert error.what == "Missing required field: 'name'"
        assert "must have a name" in error.why
        assert "name: " in error.fix
        assert error.context == {"path": "(dict)"}
        assert result.name is None
        assert result.initial_state == "InitialState"

    def test_other_type(self):
        """The type that was found is named."""
        error = only_error(explain(config(name=5)))
        assert (error.what, error.why) == ("Field 'name' must be a string", "Got int.")
        assert "string" in error.fix
        assert error.context == {"path": "(dict)", "got_type": "int"}

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("name: on", "Field 'name' must be a string"),
            ("name: off", "Missing required field: 'name'"),
            ("name: c\nrules: [{}]\ninitial_state: yes", "Field 'initial_state' must be a string"),
            ("name: c\nrules: [{}]\nstates: {no: 'm:X'}", "State 'False' failed to resolve"),
            ("name: c\nrules: [{}]\nstates: {A: yes}", "State 'A' failed to resolve"),
        ],
    )
    def test_what_yaml_misreads_is_named(self, write, text, what):
        """An unquoted word that YAML takes for a boolean; the usual words stay."""
        error = only_error(explain(write(text)))
        assert error.what == what
        assert error.fix.endswith(" YAML reads this as a boolean: quote it.")


class TestRules:
    def test_counted(self):
        """The number of rules; null is none."""
        assert explain(config(rules=[{}, {}])).rules_count == 2
        assert explain(config(rules=None)).rules_count == 0

    def test_other_type(self):
        """Then the count stays 0, and there is no warning of missing rules."""
        result = explain(config(rules={"a": 1}))
        error = only_error(result)
        assert (error.what, error.why) == ("Field 'rules' must be a list", "Got dict.")
        assert "list" in error.fix
        assert error.context == {"path": "(dict)", "got_type": "dict"}
        assert result.rules_count == 0
        assert result.warnings == []

    @pytest.mark.parametrize("rules", [None, []])
    def test_none_is_a_warning(self, rules):
        """Without context and reason, and only for a config that is right otherwise."""
        result = explain(config(rules=rules))
        assert result.warnings == [
            Diagnostic(
                "warning", "No rules defined", None, "Add rules if your component needs them.", {}
            )
        ]
        assert result.is_valid
        assert explain(config(rules=rules, states={"A": "nowhere_at_all:B"})).warnings == []

    def test_rule_that_is_no_mapping(self):
        """A warning names its index."""
        result = explain(config(rules=[{}, "text", 5]))
        assert result.is_valid
        assert whats(result.warnings) == ["Rule 1 is not a mapping", "Rule 2 is not a mapping"]
        assert result.warnings[0].context == {"path": "(dict)", "index": 1}


class TestPolicy:
    @pytest.mark.parametrize("policy", [["packs", "builtin"], ["builtin", "packs"]])
    def test_both_orders(self, policy):
        """Either is stored."""
        assert explain(config(initial_state_resolution=policy)).initial_state_resolution == policy

    def test_null(self):
        """Null is the default."""
        result = explain(config(initial_state_resolution=None))
        assert result.is_valid
        assert result.initial_state_resolution == ["packs", "builtin"]

    @pytest.mark.parametrize("policy", ["packs", {"a": 1}, 5])
    def test_no_list(self, policy):
        """The default stays."""
        result = explain(config(initial_state_resolution=policy))
        error = only_error(result)
        assert error.what == "Field 'initial_state_resolution' must be a list"
        assert error.why == f"Got {type(policy).__name__}."
        assert '["packs", "builtin"]' in error.fix
        assert error.context == {"path": "(dict)"}
        assert result.initial_state_resolution == ["packs", "builtin"]

    @pytest.mark.parametrize("policy", [[], ["packs"], ["packs", "builtin", "packs"]])
    def test_wrong_length(self, policy):
        """Exactly two."""
        error = only_error(explain(config(initial_state_resolution=policy)))
        assert error.what == "Field 'initial_state_resolution' must have exactly 2 elements"
        assert error.why == f"Got {len(policy)} elements."
        assert '["packs", "builtin"]' in error.fix
        assert '["builtin", "packs"]' in error.fix
        assert error.context == {"path": "(dict)", "policy": policy}

    @pytest.mark.parametrize(
        ("policy", "offending"),
        [
            (["packs", "nowhere"], "nowhere"),
            (["zoo", "abc"], "abc, zoo"),
            (["packs", 5], "5"),
            (["packs", ["x"]], "['x']"),
            (["packs", {"a": 1}], "{'a': 1}"),
        ],
    )
    def test_unknown_source(self, policy, offending):
        """Those that are none are listed, sorted, also unhashable ones."""
        error = only_error(explain(config(initial_state_resolution=policy)))
        assert error.what == f"Invalid resolution source(s): {offending}"
        assert error.context == {"path": "(dict)", "policy": policy}

    def test_repeated_source(self):
        """The repeated one is named; the reason says so, and which sources there are."""
        error = only_error(explain(config(initial_state_resolution=["packs", "packs"])))
        assert error.what == "Invalid resolution source(s): packs"
        assert "repeated" in error.why
        assert "Only 'packs' and 'builtin' are sources" in error.why


class TestInitialState:
    def test_default(self):
        """The builtin start."""
        assert explain(config()).initial_state == "InitialState"

    @pytest.mark.parametrize("value", [None, 5, ["a"]])
    def test_other_type(self, value):
        """Null too is no string."""
        result = explain(config(initial_state=value))
        error = only_error(result)
        assert error.what == "Field 'initial_state' must be a string"
        assert error.why == f"Got {type(value).__name__}."
        assert "string" in error.fix
        assert error.context == {"path": "(dict)", "got_type": type(value).__name__}
        assert result.initial_state is None

    def test_dotted(self, module):
        """The class's own name is stored."""
        assert explain(config(initial_state=f"{module}:Open")).initial_state == "Open"

    def test_dotted_that_leads_nowhere(self):
        """The reason is that of a state's resolution."""
        error = only_error(explain(config(initial_state="nowhere_at_all:A")))
        assert error.what == "Cannot resolve initial_state: nowhere_at_all:A"
        assert error.why == "Module not found: nowhere_at_all"
        assert error.context == {"path": "(dict)", "initial_state": "nowhere_at_all:A"}

    def test_dotted_that_is_no_state(self, module):
        """The type of what is there is named."""
        error = only_error(explain(config(initial_state=f"{module}:value")))
        assert error.what == "initial_state is not a State subclass"
        assert error.why == f"'{module}:value' resolved to int."
        assert "flexiflow.State" in error.fix
        assert error.context == {"path": "(dict)", "initial_state": f"{module}:value"}

    def test_unknown_name(self, module):
        """The first five names that would do are listed."""
        states = {"Zed": f"{module}:Open", "Extra": f"{module}:Shut"}
        error = only_error(explain(config(states=states, initial_state="Gone")))
        assert error.what == "Unknown initial_state: 'Gone'"
        assert error.why
        assert f"Use one of: {', '.join(BUILTIN)}, Zed" in error.fix
        assert "Extra" not in error.fix
        assert error.context == {"path": "(dict)", "initial_state": "Gone"}

    def test_misspelt_name(self):
        """The nearest name is asked for."""
        assert (
            "Did you mean 'InitialState'?"
            in only_error(explain(config(initial_state="InitalState"))).fix
        )

    def test_name_from_elsewhere(self):
        """A name that another config registered is accepted, with a warning."""
        DEFAULT_REGISTRY.register("FromElsewhere", state("FromElsewhere"))
        try:
            result = explain(config(initial_state="FromElsewhere"))
            assert "FromElsewhere" in result.builtin_states
        finally:
            DEFAULT_REGISTRY.unregister("FromElsewhere")
        assert result.is_valid
        assert result.initial_state == "FromElsewhere"
        assert whats(result.warnings) == ["initial_state 'FromElsewhere' comes from elsewhere"]


class TestOtherKeys:
    def test_unknown_key(self, write):
        """A warning asks for the nearest one, and knows the line."""
        result = explain(write("name: c\nrules: [{}]\ninitial_stat: X\n5: x\nzzz: 1\n"))
        assert result.is_valid
        assert whats(result.warnings) == [
            "Unknown key 'initial_stat'",
            "Unknown key 5",
            "Unknown key 'zzz'",
        ]
        assert result.warnings[0].fix == "Did you mean 'initial_state'?"
        assert result.warnings[0].line == 3
        assert "x-zzz" in result.warnings[2].fix

    def test_own_keys(self):
        """Keys that begin with x- are nobody's business."""
        assert explain(config(**{"x-mine": 5, "layout": {}, "context": {"a": 1}})).warnings == []

    def test_context_of_another_type(self):
        """The starting data is a mapping."""
        error = only_error(explain(config(context=[1])))
        assert error.what == "'context' has to be a mapping"
