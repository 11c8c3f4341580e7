"""The words for expressions that are refused, and the place in the text that they mean."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from flexiflow.errors import ErrorContext, ExpressionError
from flexiflow.expression_language import FUNCTIONS, MAX_NESTING

__all__ = ["ExpressionText", "Place"]

Place = ast.expr | tuple[int, int] | None
"""A node, or line and column in the text within our brackets; None is the beginning."""

_KEYWORD_FIELD = re.compile(
    r"\.\s*(and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|"
    r"from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|"
    r"True|False|None)\b"
)
_HINTS = (
    ("&&", "Write 'and' instead of '&&'."),
    ("||", "Write 'or' instead of '||'."),
    ("===", "Write '==' instead of '==='."),
    ("<>", "Write '!=' instead of '<>'."),
    ("!", "Write 'not' instead of '!'."),
)
_REFUSED = {
    ast.Lambda: "a lambda",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.JoinedStr: "an f-string",
    ast.Pow: "the operator **",
    ast.NamedExpr: "an assignment",
    ast.Slice: "a slice",
    ast.Starred: "a starred value",
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
    ast.Set: "a set",
    ast.Dict: "a mapping",
    ast.Tuple: "a tuple",
}
_ALLOWED = (
    "An expression is made of literals, lists, message, context, rules, state, component and "
    "their fields, and, or, not, comparisons, + - * / // %, a if c else b, and the functions "
    f"{' '.join(FUNCTIONS)}."
)


@dataclass(frozen=True, slots=True)
class ExpressionText:
    """The text of an expression, which knows how to say what is wrong with it."""

    text: str

    def refused(self, node: ast.AST, place: ast.expr | None = None) -> ExpressionError:
        """The error for a kind of node that the language does not have."""
        name = _REFUSED.get(type(node))
        if name is None:
            name = "this construct"
            if isinstance(node, ast.Constant):
                name = f"a value of type {type(node.value).__name__}"

        where = place if place is not None else node
        fix = "Write a list: [a, b]." if isinstance(node, ast.Tuple | ast.Set) else None
        return self.error(
            f"An expression cannot hold {name}",
            where if isinstance(where, ast.expr) else None,
            why=_ALLOWED,
            fix=fix,
        )

    def too_deep(self, place: Place) -> ExpressionError:
        """The error for too many levels."""
        return self.error(
            "The expression is nested too deep",
            place,
            why=f"An expression has at most {MAX_NESTING} levels.",
            fix="Split it: name parts of it as guards, or compute parts of it in a 'set' action.",
        )

    def syntax_error(self, error: SyntaxError) -> ExpressionError:
        """The error for what Python's parser does not take, with a hint where one is known."""
        keyword = _KEYWORD_FIELD.search(self.text)
        fix = "Correct it; it is a small subset of Python."
        if keyword:
            fix = f'Write ["{keyword[1]}"]: Python keeps the word {keyword[1]} for itself.'
        else:
            fix = next((hint for sign, hint in _HINTS if sign in self.text), fix)

        line, column = error.lineno or 1, error.offset or 1
        message = (error.msg or "invalid syntax").replace(" (<unknown>, line 1)", "")
        return self.error(
            "Syntax error in the expression",
            (line, column - 1),
            why=f"Python says: {message}.",
            fix=fix,
        )

    def error(
        self,
        what: str,
        place: Place,
        *,
        why: str | None = None,
        fix: str | None = None,
    ) -> ExpressionError:
        """An error with its place in the text."""
        line, column = self._position(place)
        shown = self.text if len(self.text) <= 200 else f"{self.text[:200]}..."
        return ExpressionError(
            what,
            why=why or _ALLOWED,
            fix=fix or "Change the expression so that it holds only what is allowed.",
            context=ErrorContext({"expression": shown, "line": line, "column": column}),
            line=line,
            column=column,
        )

    def _position(self, place: Place) -> tuple[int, int]:
        """Line and column, from 1, in the text without our brackets."""
        if place is None:
            return 1, 1

        lines = self.text.split("\n")
        if isinstance(place, tuple):
            line, offset = place
        else:
            line = place.lineno
            row = ("(" + lines[0] if line == 1 else lines[line - 1]) if line <= len(lines) else ""
            offset = len(row.encode()[: place.col_offset].decode(errors="ignore"))

        if line > len(lines):
            return len(lines), len(lines[-1]) + 1

        return line, max(offset - (line == 1), 0) + 1
