"""Errors: their text, their facts, and that they can be copied."""

import copy
import pickle

import pytest

from flexiflow import errors
from flexiflow.errors import (
    ConfigError,
    ErrorContext,
    EvaluationError,
    ExpectationError,
    ExpressionError,
    FlexiFlowError,
    ImportError_,
    PackError,
    PersistenceError,
    Problem,
    StateError,
)


def test_a_context_grows_by_chained_calls():
    """Each call stores and gives the same object."""
    context = ErrorContext()
    assert context.format() == ""
    assert context.add("path", "/a").add("count", 2) is context
    assert context.format() == "  path='/a'\n  count=2"
    assert context == ErrorContext({"path": "/a", "count": 2})


def test_the_text_has_a_line_for_each_part():
    """What, Why, Fix and Context, without blank lines."""
    error = FlexiFlowError("w", why="y", fix="f", context=ErrorContext({"k": "v"}))
    assert str(error) == "w\nWhy: y\nFix: f\nContext:\n  k='v'"
    assert error.args == (str(error),)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({}, "w"),
        ({"why": "y"}, "w\nWhy: y"),
        ({"fix": "f"}, "w\nFix: f"),
        ({"why": "", "fix": ""}, "w"),
        ({"context": ErrorContext()}, "w"),
    ],
)
def test_parts_that_say_nothing_are_left_out(parts, text):
    """With only what, the text is exactly that."""
    error = FlexiFlowError("w", **parts)
    assert str(error) == text
    assert error.context == ErrorContext()


def test_why_fix_and_context_are_named():
    """They are no positional arguments."""
    with pytest.raises(TypeError):
        FlexiFlowError("w", "y")


def test_the_text_is_composed_once():
    """Later facts do not change it; only facts added on purpose do."""
    error = FlexiFlowError("w")
    error.context.add("k", 1)
    assert str(error) == "w"
    assert error.add_facts(m=2) is error
    assert str(error) == "w\nContext:\n  k=1\n  m=2"


@pytest.mark.parametrize("kind", [ConfigError, StateError, PersistenceError, ImportError_])
def test_each_cause_has_a_class(kind):
    """All are FlexiFlowErrors, and none is the built-in of a similar name."""
    assert kind.__mro__[1] is FlexiFlowError
    assert not issubclass(kind, ImportError)


PROBLEMS = (Problem("a", "why a", "fix a", "f.yaml", 3, 4, "x.y"), Problem("b", path="f.yaml"))


@pytest.mark.parametrize(
    "error",
    [
        FlexiFlowError("w", why="y", fix="f", context=ErrorContext({"k": [1]})),
        StateError("w"),
        ExpressionError("w", why="y", line=3, column=4),
        ExpectationError("w", step=3, line=4, expected=1, found=2),
        EvaluationError("w"),
        PackError(PROBLEMS),
        PackError(PROBLEMS[:1]).add_facts(more=1),
        errors.state_not_found("X", ["A"]),
    ],
)
@pytest.mark.parametrize(
    "remade", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))]
)
def test_errors_survive_copying_and_pickling(error, remade):
    """With all attributes and the same text."""
    again = remade(error)
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_one_problem_is_the_error_itself():
    """Its place is the context."""
    error = PackError(PROBLEMS[:1])
    assert (error.what, error.why, error.fix) == ("a", "why a", "fix a")
    assert error.context.items == {"path": "f.yaml", "line": 3, "column": 4, "at": "x.y"}


def test_several_problems_are_all_in_the_text():
    """Numbered, each with place, why and fix."""
    error = PackError(PROBLEMS)
    assert error.what == "2 problems in f.yaml"
    assert "1. a\n     At: f.yaml, line 3, column 4 (x.y)\n     Why: why a\n     Fix: fix a" in str(
        error
    )
    assert "2. b\n     At: f.yaml" in str(error)
    assert PackError([Problem("a", path="x"), Problem("b", path="y")]).what == "2 problems"
    assert PackError([Problem("a"), Problem("b")]).what == "2 problems"


@pytest.mark.parametrize(
    ("problem", "place"),
    [
        (Problem("a"), ""),
        (Problem("a", at="x"), "x"),
        (Problem("a", line=1, column=2), "line 1, column 2"),
        (Problem("a", path="f", at="x"), "f (x)"),
    ],
)
def test_a_place_for_a_person(problem, place):
    """Only what is known."""
    assert problem.place() == place


@pytest.mark.parametrize(
    ("error", "kind", "what", "why", "fixes", "facts"),
    [
        (
            errors.config_missing_field("name", "/p"),
            ConfigError,
            "Config missing required field: 'name'",
            "'name'",
            ["'name'"],
            {"config_path": "/p", "field": "name"},
        ),
        (
            errors.config_missing_field("name"),
            ConfigError,
            "Config missing required field: 'name'",
            "'name'",
            ["'name'"],
            {"field": "name"},
        ),
        (
            errors.config_wrong_type("rules", "list", "str", "/p"),
            ConfigError,
            "Config field 'rules' has wrong type",
            "Expected list, but got str.",
            ["'rules'", "list"],
            {"config_path": "/p", "field": "rules", "expected": "list", "got": "str"},
        ),
        (
            errors.state_not_found("X", ["A", "B"]),
            StateError,
            "Unknown state: 'X'",
            "not registered",
            ["A, B", "DEFAULT_REGISTRY.register"],
            {"requested_state": "X", "valid_states": ["A", "B"]},
        ),
        (
            errors.persistence_invalid_json("/p", "e"),
            PersistenceError,
            "Invalid JSON in state file: /p",
            "malformed JSON",
            ["syntax errors"],
            {"path": "/p", "error": "e"},
        ),
        (
            errors.persistence_missing_field("/p", "name"),
            PersistenceError,
            "State file missing required field: 'name'",
            "'name'",
            ["missing field"],
            {"path": "/p", "field": "name"},
        ),
        (
            errors.import_invalid_format("x"),
            ImportError_,
            "Invalid dotted path format: 'x'",
            "module:ClassName",
            ["colon"],
            {"dotted_path": "x"},
        ),
        (
            errors.import_module_not_found("m", "m:X"),
            ImportError_,
            "Module not found: 'm'",
            "could not be imported",
            ["Python path"],
            {"module": "m", "dotted_path": "m:X"},
        ),
        (
            errors.import_symbol_not_found("m", "X", "m:X"),
            ImportError_,
            "Symbol 'X' not found in module 'm'",
            "imported",
            ["spelling"],
            {"module": "m", "symbol": "X", "dotted_path": "m:X"},
        ),
        (
            errors.import_not_state_subclass("m:X", "int"),
            ImportError_,
            "Not a State subclass: 'm:X'",
            "Expected a State subclass, but got int.",
            ["inherit", "flexiflow.State"],
            {"dotted_path": "m:X", "got_type": "int"},
        ),
    ],
)
def test_common_errors_have_fixed_words(error, kind, what, why, fixes, facts):  # noqa: PLR0917 - a row of a table
    """What is literal, why and fix say the decisive words, facts come in their order."""
    assert isinstance(error, kind)
    assert error.what == what
    assert why in error.why
    assert all(fix in error.fix for fix in fixes)
    assert list(error.context.items.items()) == list(facts.items())
    assert "Why:" in str(error)
    assert "Fix:" in str(error)


def test_of_many_states_five_are_shown():
    """The others are counted."""
    error = errors.state_not_found("X", [f"S{number:02}" for number in range(20)])
    assert "S00, S01, S02, S03, S04 (+15 more)" in error.fix
    assert error.context.items["valid_states"] == ["S00", "S01", "S02", "S03", "S04"]
    assert errors.state_not_found("X", []).context.items["valid_states"] == []
    assert "more" not in errors.state_not_found("X", list("abcde")).fix
