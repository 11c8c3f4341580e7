"""A checked expression -> JavaScript, for whoever runs a flow's guards in a browser.

The result is one expression. What reads the same in both languages is written as such; the rest
calls small functions that the expression brings along (``expression_javascript_helpers``). Where
JavaScript knows no better, the two differ:

- What cannot be evaluated is no error there: a missing key is undefined, a division by zero
  infinite, a text beside a number a text. Limits of size and steps are not kept.
- ``[]`` and ``{}`` count as true, and NaN as false.
- ``<``, ``min`` and the like compare lists as if they were texts, and texts by UTF-16 units, which
  matters beyond U+FFFF.
- All numbers are floats: whole ones are exact up to 2**53, ``str(1.0)`` is ``1``, large and small
  ones are spelt as there, and ``//`` and ``%`` of decimals may differ by their rounding.
- ``round`` to decimal places takes an exact half up, as 0.125 to two of them.
- ``int`` and ``float`` read what JavaScript takes for a number, and give NaN for other texts.
- ``lower`` and ``upper`` follow that engine's version of Unicode.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from flexiflow.expression_javascript_helpers import INHERITED, with_helpers
from flexiflow.expression_language import MAPPINGS
from flexiflow.expression_syntax import CheckedSyntax, literal_key

__all__ = ["translate"]

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "===",
    ast.NotEq: "!==",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_SIGNS: dict[type[ast.operator], str] = {
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_CALLS = {
    "abs": "Math.abs({})",
    "int": "Math.trunc(Number({}))",
    "float": "Number({})",
    "str": "$str({})",
    "len": "$len({})",
    "lower": "({}).toLowerCase()",
    "upper": "({}).toUpperCase()",
    "now": "(Date.now() / 1000)",
}
_CONSTANT_KINDS: dict[type, str] = {str: "text", int: "number", float: "number"}
_CALL_KINDS = {
    **dict.fromkeys(("str", "lower", "upper"), "text"),
    **dict.fromkeys(("len", "abs", "round", "int", "float", "now"), "number"),
}
_NODE_KINDS: dict[type[ast.expr], str] = {
    ast.List: "list",
    ast.BinOp: "number",
    ast.UnaryOp: "number",
}


def translate(syntax: CheckedSyntax, names: Mapping[str, str] | None = None) -> str:
    """The expression in JavaScript.

    Args:
        syntax: the expression.
        names: what message, context, rules, state and component are called there, where they are
            called differently.
    """
    return with_helpers(_Translator(names or {}).write(syntax.body))


def _kind(node: ast.expr) -> str:
    """What a value surely is, if it is anything: ``text``, ``number``, ``list``, or empty."""
    match node:
        case ast.Constant():
            return _CONSTANT_KINDS.get(type(node.value), "")
        case ast.Name():
            return "" if node.id in MAPPINGS else "text"
        case ast.Call(func=ast.Name(id=name)):
            return _CALL_KINDS.get(name, "")
        case ast.BinOp(op=ast.Add()):
            return _kind(node.left) or _kind(node.right)
        case ast.UnaryOp(op=ast.Not()):
            return ""

    return _NODE_KINDS.get(type(node), "")


class _Translator:
    """Writes nodes as JavaScript."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def write(self, node: ast.expr) -> str:
        """The source of a node and all below it, in brackets where it needs them."""
        return _WRITERS[type(node)](self, node)

    def constant(self, node: ast.Constant) -> str:
        """A literal; JSON's are JavaScript's."""
        return json.dumps(node.value)

    def name(self, node: ast.Name) -> str:
        """A name in scope."""
        return self.names.get(node.id, node.id)

    def access(self, node: ast.Attribute | ast.Subscript) -> str:
        """A field, with a dot where the key allows it."""
        value = self.write(node.value)
        key = literal_key(node)
        if key is None and isinstance(node, ast.Subscript):
            return f"$item({value}, {self.write(node.slice)})"

        if isinstance(node.value, ast.Constant):
            value = f"({value})"

        return (
            f"{value}.{key}" if _IDENTIFIER.fullmatch(key or "") else f"{value}[{json.dumps(key)}]"
        )

    def logic(self, node: ast.BoolOp) -> str:
        """``and`` and ``or``."""
        sign = " && " if isinstance(node.op, ast.And) else " || "
        return f"({sign.join(map(self.write, node.values))})"

    def unary(self, node: ast.UnaryOp) -> str:
        """``not`` and signs."""
        signs = {ast.Not: "!", ast.USub: "-", ast.UAdd: "+"}
        return f"({signs[type(node.op)]}{self.write(node.operand)})"

    def binary(self, node: ast.BinOp) -> str:
        """Arithmetic; division and remainder round as in Python."""
        left, right = self.write(node.left), self.write(node.right)
        if isinstance(node.op, ast.FloorDiv):
            return f"Math.floor({left} / {right})"

        if isinstance(node.op, ast.Mod):
            return f"((({left} % {right}) + {right}) % {right})"

        if not isinstance(node.op, ast.Add):
            return f"({left} {_SIGNS[type(node.op)]} {right})"

        match _kind(node):
            case "list":
                return f"[...{left}, ...{right}]"
            case "":
                return f"$add({left}, {right})"
            case _:
                return f"({left} + {right})"

    def compare(self, node: ast.Compare) -> str:
        """A comparison; ``a < b < c`` becomes two."""
        parts = []
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            parts.append(self._comparison(left, operator, right))
            left = right

        return f"({' && '.join(parts)})"

    def _comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> str:
        one, other = self.write(left), self.write(right)
        match operator:
            case ast.Is():
                return f"{one} == null"
            case ast.IsNot():
                return f"{one} != null"
            case ast.In() | ast.NotIn():
                return f"{'!' * isinstance(operator, ast.NotIn)}{self._contains(left, right)}"
            case ast.Eq() | ast.NotEq() if not _is_exact(left, right):
                return f"{'!' * isinstance(operator, ast.NotEq)}$equal({one}, {other})"
            case _:
                return f"{one} {_COMPARE[type(operator)]} {other}"

    def _contains(self, item: ast.expr, container: ast.expr) -> str:
        one, written = self.write(item), self.write(container)
        key = item.value if isinstance(item, ast.Constant) else None
        if isinstance(container, ast.Name) and container.id in MAPPINGS:
            if isinstance(key, str) and key not in INHERITED:
                return f"({one} in {written})"
        elif isinstance(container, ast.Constant) or (
            isinstance(container, ast.List)
            and all(_kind(part) == "text" for part in container.elts)
        ):
            return f"{written}.includes({one})"

        return f"$has({written}, {one})"

    def choice(self, node: ast.IfExp) -> str:
        """``a if c else b``."""
        test, body, other = map(self.write, (node.test, node.body, node.orelse))
        return f"({test} ? {body} : {other})"

    def listing(self, node: ast.List) -> str:
        """A list."""
        return f"[{', '.join(map(self.write, node.elts))}]"

    def call(self, node: ast.Call) -> str:
        """A function of the language."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        values = [self.write(argument) for argument in node.args]
        if name in ("min", "max"):
            return self._extreme(name, node, values)

        if name == "round":
            return f"$round({', '.join(values)})"

        return _CALLS[name].replace("{}", values[0] if values else "")

    @staticmethod
    def _extreme(name: str, node: ast.Call, values: list[str]) -> str:
        if len(values) == 1:
            return f"${name}({values[0]})"

        if any(_kind(argument) == "number" for argument in node.args):
            return f"Math.{name}({', '.join(values)})"

        return f"${name}([{', '.join(values)}])"


def _is_exact(left: ast.expr, right: ast.expr) -> bool:
    """Whether JavaScript's ``===`` means equality: true is no 1 to it, and lists are objects."""
    kinds = {_kind(left), _kind(right)}
    nothing = any(isinstance(one, ast.Constant) and one.value is None for one in (left, right))
    return nothing or "text" in kinds or kinds == {"number"}


_WRITERS: dict[type[ast.expr], Callable[[_Translator, Any], str]] = {
    ast.Constant: _Translator.constant,
    ast.Name: _Translator.name,
    ast.Attribute: _Translator.access,
    ast.Subscript: _Translator.access,
    ast.BoolOp: _Translator.logic,
    ast.UnaryOp: _Translator.unary,
    ast.BinOp: _Translator.binary,
    ast.Compare: _Translator.compare,
    ast.IfExp: _Translator.choice,
    ast.List: _Translator.listing,
    ast.Call: _Translator.call,
}
