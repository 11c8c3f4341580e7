"""What an expression may be made of: text -> a checked syntax tree, and what it reads."""

from __future__ import annotations

import ast
import difflib
import math
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flexiflow.errors import ErrorContext, ExpressionError

__all__ = [
    "FUNCTIONS",
    "MAPPINGS",
    "MAX_CHARACTERS",
    "MAX_INTEGER_BITS",
    "MAX_NESTING",
    "NAMES",
    "CheckedSyntax",
    "References",
    "check_syntax",
    "literal_key",
]

MAX_CHARACTERS = 2_000
MAX_NESTING = 24
MAX_INTEGER_BITS = 4_096
_MAX_CHAIN = 100
"""Operators or fields in one row; a longer row would run into Python's own recursion limits."""

MAPPINGS = ("message", "context", "rules")
"""The names in scope that hold fields."""

NAMES = (*MAPPINGS, "state", "component")

FUNCTIONS: dict[str, tuple[int, int]] = {
    "len": (1, 1),
    "min": (1, MAX_CHARACTERS),
    "max": (1, MAX_CHARACTERS),
    "abs": (1, 1),
    "round": (1, 2),
    "int": (1, 1),
    "float": (1, 1),
    "str": (1, 1),
    "lower": (1, 1),
    "upper": (1, 1),
    "now": (0, 0),
}
"""The functions of the language -> least and most arguments."""

_BINARY = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
_COMPARE = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
_SUSPICIOUS = re.compile(r"\\|\d[A-Za-z]")
"""Where Python's parser may warn: unknown escapes, and keywords right after a number."""
_BRACKET_OR_TEXT = re.compile(r"""[(\[{)\]}]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""")
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
class References:
    """What an expression reads, as far as the keys are written out in it."""

    rules: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()
    message: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CheckedSyntax:
    """An expression that holds nothing but what the language allows.

    Attributes:
        reads: (name, key) of the fields it reads from message, context and rules, in text order.
        builds: whether it may build a list or text that is longer than its parts.
    """

    body: ast.expr
    reads: tuple[tuple[str, str], ...]
    builds: bool

    def references(self) -> References:
        """The keys it reads, by where it reads them."""
        keys: dict[str, set[str]] = {name: set() for name in MAPPINGS}
        for name, key in self.reads:
            keys[name].add(key)

        return References(**{name: frozenset(found) for name, found in keys.items()})


def check_syntax(text: str) -> CheckedSyntax:
    """Parses an expression and checks every node of it against the allow-list.

    Raises:
        ExpressionError: it is empty, too long, too deep, no expression, or holds something else.
    """
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(
            f"The expression has {len(text):,} characters",
            why=f"An expression has at most {MAX_CHARACTERS:,} characters.",
            fix="Split it: name parts of it as guards, or compute parts of it in a 'set' action.",
        )

    checker = _Checker(text)
    body = checker.parse()
    checker.check(body, 1, 1)
    return CheckedSyntax(body, tuple(dict.fromkeys(checker.reads)), checker.builds)


def literal_key(node: ast.expr) -> str | None:
    """The key that a field access names in the text: ``x.key`` or ``x["key"]``."""
    if isinstance(node, ast.Attribute):
        return node.attr

    if (
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    ):
        return node.slice.value

    return None


@dataclass
class _Checker:
    """Walks one expression; raises at the first thing that is not of the language."""

    text: str
    reads: list[tuple[str, str]] = field(default_factory=list)
    builds: bool = False

    def parse(self) -> ast.expr:
        """The syntax tree, whatever is in it."""
        if not self.text.strip():
            raise self._error("The expression is empty", None, fix="Write one, or leave it out.")

        self._check_brackets()
        # The brackets let an expression run over several lines, as YAML's block texts do.
        source = f"({self.text}\n)"
        try:
            if _SUSPICIOUS.search(source):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    body = ast.parse(source, mode="eval").body
            else:
                body = ast.parse(source, mode="eval").body
        except SyntaxError as error:
            raise self._syntax_error(error) from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise self._error(
                "The expression cannot be read", None, why=str(error) or "It is too deep."
            ) from error

        if (body.lineno, body.col_offset) == (1, 0):
            # ``a) or (b`` fits between our brackets, yet is no expression of its own.
            raise self._error("The brackets of the expression do not match", None)

        return body

    def _check_brackets(self) -> None:
        """Refuses brackets within brackets that the syntax tree would not show."""
        if sum(map(self.text.count, "([{")) <= MAX_NESTING:
            return

        depth = 0
        for found in _BRACKET_OR_TEXT.finditer(self.text):
            depth += (found[0] in "([{") - (found[0] in ")]}")
            if depth > MAX_NESTING:
                raise self._too_deep((1, found.start() + 1))

    def check(self, node: ast.expr, nesting: int, chain: int) -> None:
        """Checks a node and all below it.

        Args:
            node: what to check.
            nesting: how many operators, calls and lists it stands in, itself included.
            chain: how many nodes there are above it.
        """
        if nesting > MAX_NESTING + isinstance(node, ast.Constant | ast.Name):
            raise self._too_deep(node)

        if chain > _MAX_CHAIN:
            raise self._error(
                "The expression is too long a row",
                node,
                why=f"An expression has at most {_MAX_CHAIN} operators or fields in one row.",
                fix="Split it: compute parts of it in a 'set' action.",
            )

        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise self._refused(node)

        handler(self, node, nesting, chain)

    def _all(self, nodes: list[ast.expr], nesting: int, chain: int) -> None:
        for node in nodes:
            self.check(node, nesting + 1, chain + 1)

    def constant(self, node: ast.Constant, _nesting: int, _chain: int) -> None:
        value = node.value
        if isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS:
            raise self._error(
                "The number is too large",
                node,
                why=f"A whole number has at most {MAX_INTEGER_BITS:,} bits.",
            )

        if isinstance(value, float) and not math.isfinite(value):
            raise self._error("The number is too large", node, why="It is beyond 1.8e308.")

        if not (value is None or isinstance(value, str | int | float)):
            raise self._refused(node)

    def name(self, node: ast.Name, _nesting: int, _chain: int) -> None:
        if node.id in NAMES:
            return

        if node.id in FUNCTIONS:
            raise self._error(f"'{node.id}' is a function", node, fix=f"Call it: {node.id}(...)")

        known = [*NAMES, *FUNCTIONS, "True", "False", "None"]
        close = difflib.get_close_matches(node.id, known, 1, 0.6)
        special = {"true": "True", "false": "False", "null": "None"}.get(node.id.lower())
        if special or close:
            fix = f"Did you mean '{special or close[0]}'?"
        else:
            fix = (
                f"Write message.{node.id}, context.{node.id} or rules.{node.id}, "
                f"or put quotes around a text: '{node.id}'."
            )

        raise self._error(
            f"Unknown name '{node.id}'",
            node,
            why=f"The names in an expression are {', '.join(NAMES)}.",
            fix=fix,
        )

    def access(self, node: ast.Attribute | ast.Subscript, nesting: int, chain: int) -> None:
        key = literal_key(node)
        if isinstance(node, ast.Attribute):
            if node.attr.startswith("__") and node.attr.endswith("__"):
                raise self._error(
                    f"'.{node.attr}' is refused",
                    node,
                    why="Expressions read keys of the data, never attributes of Python objects.",
                    fix=f'If the data really has such a key, write ["{node.attr}"].',
                )
        elif key is None:
            self.check(node.slice, nesting + 1, chain + 1)

        if isinstance(node.value, ast.Name) and node.value.id in MAPPINGS:
            if key is not None:
                self.reads.append((node.value.id, key))

            return

        # A row of fields is not deeper to a reader than its first one.
        deeper = not isinstance(node.value, ast.Attribute | ast.Subscript)
        self.check(node.value, nesting + deeper, chain + 1)

    def logic(self, node: ast.BoolOp, nesting: int, chain: int) -> None:
        self._all(node.values, nesting, chain)

    def unary(self, node: ast.UnaryOp, nesting: int, chain: int) -> None:
        if isinstance(node.op, ast.Invert):
            raise self._refused(node)

        self._all([node.operand], nesting, chain)

    def choice(self, node: ast.IfExp, nesting: int, chain: int) -> None:
        self._all([node.test, node.body, node.orelse], nesting, chain)

    def listing(self, node: ast.List, nesting: int, chain: int) -> None:
        self.builds = True
        self._all(node.elts, nesting, chain)

    def binary(self, node: ast.BinOp, nesting: int, chain: int) -> None:
        if not isinstance(node.op, _BINARY):
            raise self._refused(node.op if isinstance(node.op, ast.Pow) else node, node)

        if isinstance(node.op, ast.Add):
            self.builds = True

        # ``a + b + c`` is a row, not a nest.
        deeper = not isinstance(node.left, ast.BinOp)
        self.check(node.left, nesting + deeper, chain + 1)
        self.check(node.right, nesting + 1, chain + 1)

    def compare(self, node: ast.Compare, nesting: int, chain: int) -> None:
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, node.comparators, strict=False):
            if isinstance(operator, ast.Is | ast.IsNot):
                if not (isinstance(right, ast.Constant) and right.value is None):
                    raise self._error(
                        "'is' compares with None only",
                        right,
                        why="Whether two values are the same object is no question of a flow.",
                        fix="Write == or !=.",
                    )
            elif not isinstance(operator, _COMPARE):  # pragma: no cover - Python has no others
                raise self._refused(node)

            if (
                isinstance(operator, ast.In | ast.NotIn)
                and isinstance(right, ast.Name)
                and right.id in MAPPINGS
                and isinstance(left, ast.Constant)
                and isinstance(left.value, str)
            ):
                self.reads.append((right.id, left.value))

        self._all(operands, nesting, chain)

    def call(self, node: ast.Call, nesting: int, chain: int) -> None:
        if not (isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS):
            fix = None
            if isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS:
                fix = f"Write {node.func.attr}(...) around the value."

            raise self._error(
                "Only the functions of the language can be called",
                node,
                why=f"They are {', '.join(FUNCTIONS)}.",
                fix=fix,
            )

        name = node.func.id
        if node.keywords:
            raise self._error(f"{name}() takes no named arguments", node)

        least, most = FUNCTIONS[name]
        if not least <= len(node.args) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            if most == MAX_CHARACTERS:
                wanted = f"at least {least}"

            raise self._error(f"{name}() takes {wanted} arguments, not {len(node.args)}", node)

        self._all(node.args, nesting, chain)

    def _refused(self, node: ast.AST, place: ast.expr | None = None) -> ExpressionError:
        name = _REFUSED.get(type(node))
        if name is None:
            name = "this construct"
            if isinstance(node, ast.Constant):
                name = f"a value of type {type(node.value).__name__}"

        where = place if place is not None else node
        fix = "Write a list: [a, b]." if isinstance(node, ast.Tuple | ast.Set) else None
        return self._error(
            f"An expression cannot hold {name}",
            where if isinstance(where, ast.expr) else None,
            why=_ALLOWED,
            fix=fix,
        )

    def _too_deep(self, place: ast.expr | tuple[int, int]) -> ExpressionError:
        return self._error(
            "The expression is nested too deep",
            place,
            why=f"An expression has at most {MAX_NESTING} levels.",
            fix="Split it: name parts of it as guards, or compute parts of it in a 'set' action.",
        )

    def _syntax_error(self, error: SyntaxError) -> ExpressionError:
        keyword = _KEYWORD_FIELD.search(self.text)
        fix = "Correct it; it is a small subset of Python."
        if keyword:
            fix = f'Write ["{keyword[1]}"]: Python keeps the word {keyword[1]} for itself.'
        else:
            fix = next((hint for sign, hint in _HINTS if sign in self.text), fix)

        line, column = error.lineno or 1, error.offset or 1
        message = (error.msg or "invalid syntax").replace(" (<unknown>, line 1)", "")
        return self._error(
            "Syntax error in the expression",
            (line, column - 1),
            why=f"Python says: {message}.",
            fix=fix,
        )

    def _error(
        self,
        what: str,
        place: ast.expr | tuple[int, int] | None,
        *,
        why: str | None = None,
        fix: str | None = None,
    ) -> ExpressionError:
        line, column = self._position(place)
        shown = self.text if len(self.text) <= 200 else f"{self.text[:200]}..."
        return ExpressionError(
            what,
            why=why or _ALLOWED,
            fix=fix or "Change the expression so that it holds only what is allowed.",
            context=ErrorContext({"expression": shown, "column": column}),
            line=line,
            column=column,
        )

    def _position(self, place: ast.expr | tuple[int, int] | None) -> tuple[int, int]:
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


_HANDLERS: dict[type[ast.AST], Callable[[_Checker, Any, int, int], None]] = {
    ast.Constant: _Checker.constant,
    ast.Name: _Checker.name,
    ast.Attribute: _Checker.access,
    ast.Subscript: _Checker.access,
    ast.BoolOp: _Checker.logic,
    ast.UnaryOp: _Checker.unary,
    ast.BinOp: _Checker.binary,
    ast.Compare: _Checker.compare,
    ast.IfExp: _Checker.choice,
    ast.List: _Checker.listing,
    ast.Call: _Checker.call,
}
"""The allow-list: every kind of node that an expression may hold, and who checks it."""
