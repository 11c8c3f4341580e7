"""What ``explain`` says of the states that a config names."""

import pytest

from flexiflow.explain import PackInfo, StateResolution, _try_import_symbol, explain
from flexiflow.state_machine import DEFAULT_REGISTRY
from tests.helpers.explain_cases import config, only_error, whats


class TestStates:
    @pytest.mark.parametrize(
        ("key", "dotted", "resolution"),
        [
            (5, "m:C", ("5", "m:C", False, False, "Both key and value must be strings")),
            ("A", 7, ("A", "7", False, False, "Both key and value must be strings")),
            ("A", None, ("A", None, False, False, "Both key and value must be strings")),
            (
                "A",
                "no_colon",
                (
                    "A",
                    "no_colon",
                    False,
                    False,
                    "Missing ':' separator (use 'module:ClassName' format)",
                ),
            ),
            ("A", "m:", ("A", "m:", False, False, "Invalid format: empty module or symbol")),
            ("A", ":C", ("A", ":C", False, False, "Invalid format: empty module or symbol")),
            (
                "A",
                "nowhere_at_all:C",
                ("A", "nowhere_at_all:C", False, False, "Module not found: nowhere_at_all"),
            ),
            (
                "A",
                "json:Gone",
                ("A", "json:Gone", False, False, "Symbol 'Gone' not found in 'json'"),
            ),
            (
                "A",
                "json:JSONDecoder",
                ("A", "json:JSONDecoder", True, False, "Not a State subclass (got type)"),
            ),
            (
                "A",
                "json:loads",
                ("A", "json:loads", True, False, "Not a State subclass (got function)"),
            ),
        ],
    )
    def test_entry_that_cannot_be_used(self, key, dotted, resolution):
        """Each gives its reason, and one error at the end."""
        result = explain(config(states={key: dotted}))
        assert result.states == [StateResolution(*resolution)]
        error = only_error(result)
        assert error.what == f"State '{resolution[0]}' failed to resolve"
        assert error.why == resolution[4]
        assert error.context == {"key": resolution[0], "dotted_path": resolution[1]}
        assert result.packs == []

    def test_good_entries(self, module):
        """They make one pack, sorted, and may be started in."""
        result = explain(
            config(
                states={"B": f"{module}:Shut", "A": f" {module} : Open ", "X": "bad"},
                initial_state="B",
            )
        )
        assert [s.key for s in result.states] == ["B", "A", "X"]
        assert [s.mark for s in result.states] == ["✓", "✓", "✗"]
        assert result.packs == [PackInfo("mapping", ["A", "B"], [], [])]
        assert result.state_providers == {"A": "mapping", "B": "mapping"}
        assert result.pack_order == ["mapping"]
        assert result.initial_state == "B"
        assert whats(result.errors) == ["State 'X' failed to resolve"]

    @pytest.mark.parametrize("states", ["text", [], ["a"], 5])
    def test_other_type(self, states):
        """An error, then treated as empty."""
        result = explain(config(states=states))
        error = only_error(result)
        assert error.what == "Field 'states' must be a mapping"
        assert error.why == f"Got {type(states).__name__}."
        assert "StateName: 'module:ClassName'" in error.fix
        assert error.context == {"path": "(dict)", "got_type": type(states).__name__}

    @pytest.mark.parametrize("states", [None, {}])
    def test_nothing(self, states):
        """Null and an empty mapping say nothing."""
        result = explain(config(states=states))
        assert (result.is_valid, result.states, result.packs) == (True, [], [])

    def test_builtin_name_may_be_used(self, module):
        """A mapping may name a state like a builtin one."""
        assert explain(config(states={"InitialState": f"{module}:Open"})).is_valid

    @pytest.mark.parametrize(
        "text", ["raise SystemExit", "raise RuntimeError('x')", "raise GeneratorExit"]
    )
    def test_module_that_fails(self, tmp_path, monkeypatch, text):
        """Whatever a module does while it is imported, it is an error of the config."""
        (tmp_path / "failing_module.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        result = explain(config(states={"A": "failing_module:B"}))
        assert result.states[0].error == "Module not found: failing_module"

    def test_ctrl_c_while_importing(self, tmp_path, monkeypatch):
        """Ctrl-C ends it."""
        (tmp_path / "interrupted_module.py").write_text("raise KeyboardInterrupt")
        monkeypatch.syspath_prepend(tmp_path)
        with pytest.raises(KeyboardInterrupt):
            explain(config(states={"A": "interrupted_module:B"}))

    def test_attribute_that_fails(self, tmp_path, monkeypatch):
        """A module may raise anything when it is asked for an attribute."""
        (tmp_path / "asking_module.py").write_text(
            "def __getattr__(name):\n    raise ValueError(name)"
        )
        monkeypatch.syspath_prepend(tmp_path)
        result = explain(config(states={"A": "asking_module:B"}))
        assert result.states[0].error == "Symbol 'B' not found in 'asking_module'"

    def test_nothing_is_registered(self, module):
        """The registry knows what it knew."""
        before = DEFAULT_REGISTRY.names()
        explain(config(states={"A": f"{module}:Open"}, initial_state=f"{module}:Shut"))
        assert DEFAULT_REGISTRY.names() == before


def test_import_helper(module):
    """Gives the symbol, or the reason."""
    assert _try_import_symbol(f"{module}:value") == (5, None)
    assert _try_import_symbol("nothing") == (None, "Invalid format: missing ':' separator")
    assert _try_import_symbol(":x") == (None, "Invalid format: empty module or symbol")
