"""What an explanation says as text."""

import copy
import pickle
from dataclasses import asdict, astuple, fields

import pytest

from flexiflow.explain import (
    VALID_RESOLUTION_SOURCES,
    ConfigExplanation,
    Diagnostic,
    PackInfo,
    StateResolution,
)


class TestRecords:
    def test_diagnostic_text(self):
        """Level, what, why, fix and facts, each on its line."""
        diagnostic = Diagnostic("error", "Bad", "Because.", "Do it.", {"path": "a", "n": 1})
        assert diagnostic.format() == (
            "[ERROR] Bad\nWhy: Because.\nFix: Do it.\nContext:\n  path='a'\n  n=1"
        )

    def test_diagnostic_text_without_the_rest(self):
        """What is not set is not shown."""
        assert Diagnostic("warning", "Hm").format() == "[WARNING] Hm"

    def test_diagnostic_fields(self):
        """Five fields in this order; the context is new for each."""
        assert Diagnostic("error", "w", "y", "f", {"k": 1}).context == {"k": 1}
        assert Diagnostic("error", "w").context is not Diagnostic("error", "w").context

    def test_the_records_have_these_fields_only(self):
        """Whoever walks the fields, or unpacks them, finds the ones that are promised."""
        assert [field.name for field in fields(Diagnostic)] == [
            "level", "what", "why", "fix", "context"
        ]  # fmt: skip
        assert [field.name for field in fields(StateResolution)] == [
            "key", "dotted_path", "resolved", "is_state_subclass", "error"
        ]  # fmt: skip
        placed = Diagnostic("error", "w").placed(line=3, column=5, at="rules", path="b.yaml")
        assert astuple(placed) == ("error", "w", None, None, {})
        assert placed == Diagnostic("error", "w")
        assert repr(placed) == (
            "Diagnostic(level='error', what='w', why=None, fix=None, context={})"
        )
        unseen = StateResolution("k", "m:C", True, False).unverified()
        assert asdict(unseen) == asdict(StateResolution("k", "m:C", True, False))
        assert unseen == StateResolution("k", "m:C", True, False)

    @pytest.mark.parametrize(
        "duplicate", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))]
    )
    def test_copies_keep_the_place(self, duplicate):
        """Where something stands goes with it, and so does whether a class was seen."""
        placed = Diagnostic("error", "w").placed(line=3, column=5, at="rules", path="b.yaml")
        assert duplicate(placed).place() == "b.yaml, line 3, column 5 (rules)"
        assert duplicate(StateResolution("k", "m:C", True, False).unverified()).mark == "?"

    def test_records_as_data(self):
        """With the place, for those who print it."""
        placed = Diagnostic("error", "w").placed(line=3, column=5, at="rules", path="b.yaml")
        assert placed.as_data() == asdict(placed) | {
            "line": 3, "column": 5, "at": "rules", "path": "b.yaml"
        }  # fmt: skip
        seen = StateResolution("k", "m:C", True, True)
        assert seen.as_data() == asdict(seen) | {"verified": True}

    def test_explanation_defaults(self):
        """Only the path is required; lists and mappings are new for each."""
        one, other = ConfigExplanation("p"), ConfigExplanation("p")
        assert one == other
        assert (one.name, one.initial_state, one.rules_count) == (None, None, 0)
        assert one.initial_state_resolution == ["packs", "builtin"]
        for name in ("states", "builtin_states", "packs", "pack_order", "warnings", "errors"):
            assert getattr(one, name) == []
            assert getattr(one, name) is not getattr(other, name)
        assert one.state_providers == {}
        assert one.initial_state_resolution is not other.initial_state_resolution

    def test_validity_is_read_only(self):
        """Valid is what has no errors, whatever the warnings."""
        result = ConfigExplanation("p", warnings=[Diagnostic("warning", "w")])
        assert result.is_valid
        result.errors.append(Diagnostic("error", "e"))
        assert not result.is_valid
        with pytest.raises(AttributeError):
            result.is_valid = True

    def test_positional_order(self):
        """The other records take their fields in this order."""
        assert StateResolution("k", "m:C", True, False, "e").error == "e"
        assert PackInfo("n", ["k"], [], ["d"]).depends_on == ["d"]

    def test_sources(self):
        """The two that a policy names."""
        assert set(VALID_RESOLUTION_SOURCES) == {"packs", "builtin"}


class TestFormat:
    def test_whole_text(self):
        """Every part in its place."""
        result = ConfigExplanation(
            "c.yaml",
            name="comp",
            initial_state="Open",
            rules_count=2,
            states=[
                StateResolution("Shut", "m:Shut", True, True),
                StateResolution("Bad", "m:Bad", True, False, "Not a State subclass (got int)"),
                StateResolution("Open", None, True, True),
            ],
            builtin_states=["B", "A"],
            packs=[
                PackInfo("door", ["Open", "Shut"], [1, 2], ["A"]),
                PackInfo("empty", [], [], []),
            ],
            state_providers={"Open": "door"},
            pack_order=["door", "empty"],
            warnings=[
                Diagnostic("warning", "Careful", "hidden", "Look."),
                Diagnostic("warning", "Hm"),
            ],
            errors=[Diagnostic("error", "Bad", "Because.", "Do."), Diagnostic("error", "Worse")],
        )
        assert result.format() == "\n".join(
            [
                "FlexiFlow Config Explanation",
                "=" * 40,
                "Source: c.yaml",
                "",
                "Component:",
                "  name: comp",
                "  initial_state: Open",
                "  rules: 2 rule(s)",
                "",
                "Packs:",
                "  door:",
                "    provides: Open, Shut",
                "    transitions: 2 defined",
                "    depends_on: A",
                "  empty:",
                "    provides: (none)",
                "",
                "Pack order: door → empty",
                "",
                "Resolution policy: packs → builtin",
                "",
                "States:",
                "  ✗ Bad: m:Bad",
                "      Error: Not a State subclass (got int)",
                "  ✓ Open (from door)",
                "  ✓ Shut: m:Shut",
                "  Built-in: A, B",
                "",
                "Warnings:",
                "  ⚠ Careful",
                "    Fix: Look.",
                "  ⚠ Hm",
                "",
                "Errors:",
                "  ✗ Bad",
                "    Why: Because.",
                "    Fix: Do.",
                "  ✗ Worse",
                "",
                "Status: ✗ Invalid - 2 error(s) found",
            ]
        )

    def test_least_text(self):
        """What is not there is said to be missing, or left out."""
        assert ConfigExplanation("(dict)").format() == "\n".join(
            [
                "FlexiFlow Config Explanation",
                "=" * 40,
                "Source: (dict)",
                "",
                "Component:",
                "  name: (missing)",
                "  initial_state: (missing)",
                "  rules: 0 rule(s)",
                "",
                "Resolution policy: packs → builtin",
                "",
                "States:",
                "  (no custom states)",
                "  Built-in: ",
                "",
                "Status: ✓ Valid - config will load successfully",
            ]
        )

    def test_unseen_state(self):
        """A class that was not looked at is marked by a question."""
        seen = StateResolution("A", "m:A", True, False).unverified()
        assert "  ? A: m:A" in ConfigExplanation("p", states=[seen]).format()
        failed = StateResolution("A", "m:A", False, False, "no").unverified()
        assert failed.mark == "✗"

    def test_places_on_request(self):
        """Line, column and way of each warning and error, for those who ask."""
        found = Diagnostic("error", "Bad", "Because.").placed(
            line=3, column=5, at="rules[0]", path="b.yaml"
        )
        other = Diagnostic("error", "W").placed(at="x")
        result = ConfigExplanation("a.yaml", errors=[found, other])
        assert "line 3" not in result.format()
        text = result.format(places=True)
        assert "  ✗ Bad\n    At: b.yaml, line 3, column 5 (rules[0])\n    Why: Because." in text
        assert "  ✗ W\n    At: x\n" in text
        assert Diagnostic("error", "W").placed(line=1, column=2).place() == "line 1, column 2"
