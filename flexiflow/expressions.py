"""Guards and values: a safe subset of Python, checked and compiled once.

An expression is text from a file that anybody may have written. It is parsed by Python's own
parser, every node is checked against an allow-list (``expression_syntax``), and what is left is
compiled to one Python function (``expression_code``) whose operators are ours
(``expression_values``): it reaches keys of the data, never attributes of objects, and neither
hangs nor grows beyond its limits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as data_field
from functools import lru_cache
from typing import Any, Final

from flexiflow.errors import ErrorContext, EvaluationError, ExpressionError
from flexiflow.expression_code import compile_code, make_function
from flexiflow.expression_comparisons import COMPARISONS
from flexiflow.expression_functions import CALLS
from flexiflow.expression_javascript import translate
from flexiflow.expression_language import (
    FUNCTIONS,
    MAPPINGS,
    MAX_CHARACTERS,
    MAX_NESTING,
    NAMES,
)
from flexiflow.expression_limits import built
from flexiflow.expression_operators import OPERATORS
from flexiflow.expression_syntax import CheckedSyntax, References, check_syntax
from flexiflow.expression_values import MAX_LENGTH, ClashError, field, result
from flexiflow.safe_text import safe_str

__all__ = [
    "FUNCTIONS",
    "MAX_CHARACTERS",
    "MAX_LENGTH",
    "MAX_NESTING",
    "NAMES",
    "EvaluationError",
    "Expression",
    "ExpressionError",
    "References",
    "Scope",
    "compile_expression",
    "to_javascript",
]


@dataclass(slots=True)
class Scope:
    """What an expression sees.

    Attributes:
        message: the message being handled.
        context: the component's own data.
        rules: all rule mappings merged, later wins.
        state: the key of the current state.
        component: the component's name.
        now: the clock, in seconds.
    """

    message: Mapping[str, Any] = data_field(default_factory=dict)
    context: Mapping[str, Any] = data_field(default_factory=dict)
    rules: Mapping[str, Any] = data_field(default_factory=dict)
    state: str = ""
    component: str = ""
    now: Callable[[], float] = time.time


class Expression:
    """A checked expression; equal texts give one and the same object.

    Attributes:
        text: the expression as written.
    """

    __slots__ = ("_function", "_syntax", "text")

    def __init__(self, text: str, syntax: CheckedSyntax) -> None:
        self.text: Final = text
        self._syntax: Final = syntax
        self._function: Callable[..., Any] | None = None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return compile_expression, (self.text,)

    @property
    def function(self) -> Callable[..., Any]:
        """The compiled ``function(message, context, rules, state, component, now=time.time)``.

        Compiled when it is first asked for; calling it is the fastest way to evaluate. It raises
        nothing but :class:`EvaluationError`.
        """
        if self._function is None:
            self._function = make_function(
                compile_code(self._syntax, self.text), _NAMES_IN_CODE, time.time
            )

        return self._function

    @property
    def syntax(self) -> CheckedSyntax:
        """The checked syntax tree, for translating it."""
        return self._syntax

    def evaluate(self, scope: Scope | Mapping[str, Any]) -> Any:
        """The value with this data.

        Args:
            scope: a :class:`Scope`, or a mapping with keys of the same names.

        Raises:
            EvaluationError: a key is missing, values do not go together, or a limit is passed.
        """
        if not isinstance(scope, Scope):
            scope = Scope(**scope)

        return self.function(
            scope.message, scope.context, scope.rules, scope.state, scope.component, scope.now
        )

    def references(self) -> References:
        """The rule keys, context keys and message fields that the text names."""
        return self._syntax.references()


def to_javascript(expression: Expression | str, *, names: Mapping[str, str] | None = None) -> str:
    """The expression in JavaScript; ``expression_javascript`` tells where the two differ.

    Args:
        expression: the expression, or its text.
        names: what message, context, rules, state and component are called there, where they are
            called differently.

    Raises:
        ExpressionError: the text is no expression of the language.
    """
    if isinstance(expression, str):
        expression = compile_expression(expression)

    return translate(expression.syntax, names)


@lru_cache(maxsize=8192)
def compile_expression(text: str) -> Expression:
    """Checks the text of a guard or value.

    Raises:
        ExpressionError: it is no expression of the language; says where in the text.
    """
    return Expression(text, check_syntax(text))


def _explain(
    error: Exception,
    text: str,
    reads: tuple[tuple[str, str], ...],
    scope: tuple[Any, Any, Any],
) -> EvaluationError:
    """The error for a person, from whatever evaluating raised."""
    facts = ErrorContext({"expression": text if len(text) <= 200 else f"{text[:200]}..."})
    if isinstance(error, ClashError):
        return EvaluationError(
            str(error),
            why="The expression cannot be evaluated with the data at hand.",
            fix="Correct the expression, or test the data in it before using it.",
            context=facts,
        )

    missing = _find_missing(error, reads, scope) if isinstance(error, KeyError) else None
    if missing is not None:
        name, key = missing
        return EvaluationError(
            _missing(name, key),
            why=f"The expression reads '{key}' of {name}.",
            fix=f'Provide it, or ask first: "{key}" in {name} and ...',
            context=facts.add("missing", f"{name}.{key}"),
        )

    return EvaluationError(
        f"The expression cannot be evaluated: {_said_by(error)}",
        why=f"Evaluating it raised {type(error).__name__}.",
        fix="Correct the expression, or test the data in it before using it.",
        context=facts,
    )


def _find_missing(
    error: KeyError, reads: tuple[tuple[str, str], ...], scope: tuple[Any, Any, Any]
) -> tuple[str, str] | None:
    """The name and key that a KeyError is about."""
    values = dict(zip(MAPPINGS, scope, strict=True))
    try:
        wanted = [(name, key) for name, key in reads if error.args == (key,)]
        for name, key in wanted:
            if isinstance(values[name], Mapping) and key not in values[name]:
                return name, key
    except Exception:  # noqa: BLE001, S110 - a mapping that fails once may fail again
        pass

    return None


def _said_by(error: Exception) -> str:
    """What an error says, if it can be made to speak."""
    return safe_str(error)[:200] or type(error).__name__


def _missing(name: str, key: str) -> str:
    """Which key is missing, in the words of the place that lacks it."""
    if name == "rules":
        return f"No rule sets '{key}'"

    kind = "field" if name == "message" else "key"
    return f"The {name} has no {kind} '{key}'"


_NAMES_IN_CODE: dict[str, Any] = {
    **OPERATORS,
    **COMPARISONS,
    **CALLS,
    "steps": None,  # all there are, for expressions that do not count them together
    "field": field,
    "result": result,
    "built": built,
    "FAILURES": Exception,  # the data may hold Python objects, which raise what they like
    "explain": _explain,
    "__builtins__": {},
}
"""Everything that a compiled expression can name."""
