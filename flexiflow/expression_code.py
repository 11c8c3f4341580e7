"""A checked expression -> the Python source of a function that evaluates it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

from flexiflow.expression_language import MAPPINGS
from flexiflow.expression_limits import MAX_STEPS
from flexiflow.expression_syntax import CheckedSyntax, literal_key

__all__ = ["compile_code", "label", "make_function"]

PARAMETERS = ("message", "context", "rules", "state", "component", "now")

_BINARY = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.FloorDiv: "floor_divide",
    ast.Mod: "modulo",
}
_COMPARE = {
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.In: "contains",
    ast.NotIn: "contains_not",
    # Calls too: Python warns of ``1 is None``, written directly.
    ast.Is: "is_none",
    ast.IsNot: "is_something",
}
_CALLS = {
    "len": "length",
    "min": "least",
    "max": "most",
    "abs": "absolute",
    "round": "rounded",
    "int": "whole",
    "float": "decimal",
    "str": "text",
    "lower": "lower",
    "upper": "upper",
    "now": "now",
}


def compile_code(syntax: CheckedSyntax, text: str) -> CodeType:
    """Compiles the expression to the code of one function with :data:`PARAMETERS`.

    It is a function, not bare expression code, so that the ``try`` around it costs nothing
    until something goes wrong.
    """
    writer = _Writer()
    value = writer.write(syntax.body)
    if not _is_small(syntax.body):
        value = f"{'built' if syntax.builds else 'result'}({value})"

    # One that walks once may take all steps there are: it need not be told how many are left.
    begin = f"  steps = [{MAX_STEPS}]\n" if writer.walks > 1 else ""
    source = (
        f"def expression({', '.join(PARAMETERS)}):\n"
        f" try:\n"
        f"{begin}"
        f"  return {value}\n"
        f" except FAILURES as error:\n"
        f"  raise explain(error, {text!r}, {syntax.reads!r}, ({', '.join(MAPPINGS)})) from None\n"
    )
    module = compile(source, "<expression>", "exec", dont_inherit=True)
    return next(constant for constant in module.co_consts if isinstance(constant, CodeType))


def make_function(code: CodeType, names: dict[str, Any], now: Any) -> FunctionType:
    """A function of compiled code that sees nothing but ``names``; ``now`` may be left out."""
    return FunctionType(code, names, "expression", (now,))


def label(node: ast.expr) -> str:
    """How an error names a value: as it is written, where that is short."""
    if isinstance(node, ast.Name):
        return node.id

    key = literal_key(node)
    if key is not None and isinstance(node, ast.Attribute | ast.Subscript):
        return f"{label(node.value)}.{key}"

    if isinstance(node, ast.Subscript):
        return f"{label(node.value)}[...]"

    return "the value"


def _is_small(node: ast.expr) -> bool:
    """Whether the value of a node is surely neither long nor large."""
    match node:
        case ast.Constant() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp():
            return all(_is_small(value) for value in node.values)
        case ast.IfExp():
            return _is_small(node.body) and _is_small(node.orelse)
        case _:
            return False


def _may_walk(sign: ast.cmpop, left: ast.expr, right: ast.expr) -> bool:
    """Whether a comparison may have to go through lists or mappings."""
    if isinstance(sign, ast.Is | ast.IsNot):
        return False

    if isinstance(sign, ast.In | ast.NotIn):
        return not isinstance(right, ast.Constant)

    return not isinstance(left, ast.Constant) and not isinstance(right, ast.Constant)


class _Writer:
    """Writes nodes as Python source that calls the helpers of ``expression_values``."""

    def __init__(self) -> None:
        self.temporaries = 0
        self.walks = 0  # operators and calls that may go through lists, and count their steps

    def write(self, node: ast.expr) -> str:
        """The source of a node and all below it."""
        return _WRITERS[type(node)](self, node)

    def constant(self, node: ast.Constant) -> str:
        """A literal, as Python writes it."""
        return repr(node.value)

    def name(self, node: ast.Name) -> str:
        """A parameter of the function."""
        return node.id

    def access(self, node: ast.Attribute | ast.Subscript) -> str:
        """A field: directly where it belongs to a mapping of ours, else with checks."""
        key = literal_key(node)
        if isinstance(node.value, ast.Name) and node.value.id in MAPPINGS and key is not None:
            return f"{node.value.id}[{key!r}]"

        wanted = repr(key)
        if key is None and isinstance(node, ast.Subscript):
            wanted = self.write(node.slice)

        return f"field({self.write(node.value)}, {wanted}, {label(node.value)!r})"

    def logic(self, node: ast.BoolOp) -> str:
        """``and`` and ``or``, which stop as soon as they know."""
        word = " and " if isinstance(node.op, ast.And) else " or "
        return f"({word.join(map(self.write, node.values))})"

    def unary(self, node: ast.UnaryOp) -> str:
        """``not`` and signs."""
        operand = self.write(node.operand)
        if isinstance(node.op, ast.Not):
            return f"(not {operand})"

        return f"{'negative' if isinstance(node.op, ast.USub) else 'positive'}({operand})"

    def binary(self, node: ast.BinOp) -> str:
        """Arithmetic, through functions that know their limits."""
        return f"{_BINARY[type(node.op)]}({self.write(node.left)}, {self.write(node.right)})"

    def compare(self, node: ast.Compare) -> str:
        """A comparison; each operand is evaluated once, also in ``a < b < c``."""
        parts = []
        left, before = self.write(node.left), node.left
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            right = kept = self.write(comparator)
            if comparator is not node.comparators[-1]:
                self.temporaries += 1
                kept = f"t{self.temporaries}"
                right = f"({kept} := {right})"

            counted = ""
            if _may_walk(operator, before, comparator):
                self.walks += 1
                counted = ", steps"

            parts.append(f"{_COMPARE[type(operator)]}({left}, {right}{counted})")
            left, before = kept, comparator

        return parts[0] if len(parts) == 1 else f"({' and '.join(parts)})"

    def choice(self, node: ast.IfExp) -> str:
        """``a if c else b``."""
        test, body, other = map(self.write, (node.test, node.body, node.orelse))
        return f"({body} if {test} else {other})"

    def listing(self, node: ast.List) -> str:
        """A list of values."""
        return f"[{', '.join(map(self.write, node.elts))}]"

    def call(self, node: ast.Call) -> str:
        """A function of the language."""
        name = _CALLS[label(node.func)]
        values = list(map(self.write, node.args))
        if name in ("least", "most"):
            self.walks += 1
            values.insert(0, "steps")

        return f"{name}({', '.join(values)})"


_WRITERS: dict[type[ast.expr], Callable[[_Writer, Any], str]] = {
    ast.Constant: _Writer.constant,
    ast.Name: _Writer.name,
    ast.Attribute: _Writer.access,
    ast.Subscript: _Writer.access,
    ast.BoolOp: _Writer.logic,
    ast.UnaryOp: _Writer.unary,
    ast.BinOp: _Writer.binary,
    ast.Compare: _Writer.compare,
    ast.IfExp: _Writer.choice,
    ast.List: _Writer.listing,
    ast.Call: _Writer.call,
}
