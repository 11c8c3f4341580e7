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

from flexiflow.errors import ExpressionError
from flexiflow.expression_errors import ExpressionText
from flexiflow.expression_language import (
    FUNCTIONS,
    MAPPINGS,
    MAX_CHAIN,
    MAX_CHARACTERS,
    MAX_INTEGER_BITS,
    MAX_NESTING,
    NAMES,
)

__all__ = ["CheckedSyntax", "References", "check_syntax", "literal_key"]

_BINARY = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
_COMPARE = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
_SUSPICIOUS = re.compile(r"\\|\d[A-Za-z]")
"""Where Python's parser may warn: unknown escapes, and keywords right after a number."""
_BRACKET_OR_TEXT = re.compile(r"""[(\[{)\]}]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""")


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
        reads_more: whether it reads rules or the clock, beside message and context.
    """

    body: ast.expr
    reads: tuple[tuple[str, str], ...]
    builds: bool
    reads_more: bool

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

    checker = _Checker(ExpressionText(text))
    body = checker.parse()
    checker.check(body, 1, 1)
    return CheckedSyntax(
        body, tuple(dict.fromkeys(checker.reads)), checker.builds, checker.reads_more
    )


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

    words: ExpressionText
    reads: list[tuple[str, str]] = field(default_factory=list)
    builds: bool = False
    reads_more: bool = False

    def parse(self) -> ast.expr:
        """The syntax tree, whatever is in it."""
        if not self.words.text.strip():
            raise self.words.error(
                "The expression is empty", None, fix="Write one, or leave it out."
            )

        self._check_brackets()
        # The brackets let an expression run over several lines, as YAML's block texts do.
        source = f"({self.words.text}\n)"
        try:
            if _SUSPICIOUS.search(source):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    body = ast.parse(source, mode="eval").body
            else:
                body = ast.parse(source, mode="eval").body
        except SyntaxError as error:
            raise self.words.syntax_error(error) from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise self.words.error(
                "The expression cannot be read", None, why=str(error) or "It is too deep."
            ) from error

        if (body.lineno, body.col_offset) == (1, 0):
            # ``a) or (b`` fits between our brackets, yet is no expression of its own.
            raise self.words.error("The brackets of the expression do not match", None)

        return body

    def _check_brackets(self) -> None:
        """Refuses brackets within brackets that the syntax tree would not show."""
        if sum(map(self.words.text.count, "([{")) <= MAX_NESTING:
            return

        depth = 0
        for found in _BRACKET_OR_TEXT.finditer(self.words.text):
            depth += (found[0] in "([{") - (found[0] in ")]}")
            if depth > MAX_NESTING:
                raise self.words.too_deep((1, found.start() + 1))

    def check(self, node: ast.expr, nesting: int, chain: int) -> None:
        """Checks a node and all below it.

        Args:
            node: what to check.
            nesting: how many operators, calls and lists it stands in, itself included.
            chain: how many nodes there are above it.
        """
        if nesting > MAX_NESTING + isinstance(node, ast.Constant | ast.Name):
            raise self.words.too_deep(node)

        if chain > MAX_CHAIN:
            raise self.words.error(
                "The expression is too long a row",
                node,
                why=f"An expression has at most {MAX_CHAIN} operators or fields in one row.",
                fix="Split it: compute parts of it in a 'set' action.",
            )

        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise self.words.refused(node)

        handler(self, node, nesting, chain)

    def _all(self, nodes: list[ast.expr], nesting: int, chain: int) -> None:
        for node in nodes:
            self.check(node, nesting + 1, chain + 1)

    def constant(self, node: ast.Constant, _nesting: int, _chain: int) -> None:
        value = node.value
        if isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS:
            raise self.words.error(
                "The number is too large",
                node,
                why=f"A whole number has at most {MAX_INTEGER_BITS:,} bits.",
            )

        if isinstance(value, float) and not math.isfinite(value):
            raise self.words.error("The number is too large", node, why="It is beyond 1.8e308.")

        if not (value is None or isinstance(value, str | int | float)):
            raise self.words.refused(node)

    def name(self, node: ast.Name, _nesting: int, _chain: int) -> None:
        if node.id in NAMES:
            self.reads_more = self.reads_more or node.id == "rules"
            return

        if node.id in FUNCTIONS:
            raise self.words.error(
                f"'{node.id}' is a function", node, fix=f"Call it: {node.id}(...)"
            )

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

        raise self.words.error(
            f"Unknown name '{node.id}'",
            node,
            why=f"The names in an expression are {', '.join(NAMES)}.",
            fix=fix,
        )

    def access(self, node: ast.Attribute | ast.Subscript, nesting: int, chain: int) -> None:
        key = literal_key(node)
        if isinstance(node, ast.Attribute):
            if node.attr.startswith("__") and node.attr.endswith("__"):
                raise self.words.error(
                    f"'.{node.attr}' is refused",
                    node,
                    why="Expressions read keys of the data, never attributes of Python objects.",
                    fix=f'If the data really has such a key, write ["{node.attr}"].',
                )
        elif key is None:
            self.check(node.slice, nesting + 1, chain + 1)

        if isinstance(node.value, ast.Name) and node.value.id in MAPPINGS:
            self.name(node.value, nesting, chain)
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
            raise self.words.refused(node)

        self._all([node.operand], nesting, chain)

    def choice(self, node: ast.IfExp, nesting: int, chain: int) -> None:
        self._all([node.test, node.body, node.orelse], nesting, chain)

    def listing(self, node: ast.List, nesting: int, chain: int) -> None:
        self.builds = True
        self._all(node.elts, nesting, chain)

    def binary(self, node: ast.BinOp, nesting: int, chain: int) -> None:
        if not isinstance(node.op, _BINARY):
            raise self.words.refused(node.op if isinstance(node.op, ast.Pow) else node, node)

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
                    raise self.words.error(
                        "'is' compares with None only",
                        right,
                        why="Whether two values are the same object is no question of a flow.",
                        fix="Write == or !=.",
                    )
            elif not isinstance(operator, _COMPARE):  # pragma: no cover - Python has no others
                raise self.words.refused(node)

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

            raise self.words.error(
                "Only the functions of the language can be called",
                node,
                why=f"They are {', '.join(FUNCTIONS)}.",
                fix=fix,
            )

        name = node.func.id
        if node.keywords:
            raise self.words.error(f"{name}() takes no named arguments", node)

        least, most = FUNCTIONS[name]
        if not least <= len(node.args) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            if most == MAX_CHARACTERS:
                wanted = f"at least {least}"

            raise self.words.error(f"{name}() takes {wanted} arguments, not {len(node.args)}", node)

        self.reads_more = self.reads_more or name == "now"
        self._all(node.args, nesting, chain)


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
