"""A checked expression -> JavaScript, for whoever runs a flow's guards in a browser.

The result is one readable expression without helpers. It means the same for what guards are about:
fields, numbers, texts, comparisons. It differs where JavaScript knows no better: ``[]`` and ``{}``
count as true, ``==`` of two lists asks whether they are one object, halves are rounded up,
``str(True)`` is ``true``, and a missing key is no error but undefined.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

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
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_CALLS = {
    "abs": "Math.abs({})",
    "round": "Math.round({})",
    "int": "Math.trunc(Number({}))",
    "float": "Number({})",
    "str": "String({})",
    "lower": "({}).toLowerCase()",
    "upper": "({}).toUpperCase()",
    "now": "(Date.now() / 1000)",
}


def translate(syntax: CheckedSyntax, names: Mapping[str, str] | None = None) -> str:
    """The expression in JavaScript.

    Args:
        syntax: the expression.
        names: what message, context, rules, state and component are called there, where they are
            called differently.
    """
    return _Translator(names or {}).write(syntax.body)


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
        if isinstance(node.value, ast.Constant):
            value = f"({value})"

        key = literal_key(node)
        if key is not None:
            return f"{value}.{key}" if _IDENTIFIER.fullmatch(key) else f"{value}[{json.dumps(key)}]"

        index = self.write(node.slice) if isinstance(node, ast.Subscript) else ""
        if index.startswith("(-"):
            return f"{value}[{value}.length - {index[2:-1]}]"

        return f"{value}[{index}]"

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

        if isinstance(node.op, ast.Add) and ast.List in (type(node.left), type(node.right)):
            return f"[...{left}, ...{right}]"

        return f"({left} {_SIGNS[type(node.op)]} {right})"

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
            case ast.In():
                return self._contains(one, right, other)
            case ast.NotIn():
                return f"!{self._contains(one, right, other)}"
            case _:
                return f"{one} {_COMPARE[type(operator)]} {other}"

    @staticmethod
    def _contains(item: str, container: ast.expr, written: str) -> str:
        if isinstance(container, ast.Name) and container.id in MAPPINGS:
            return f"({item} in {written})"

        if isinstance(container, ast.List | ast.Constant):
            return f"{written}.includes({item})"

        return f"({written}.includes ? {written}.includes({item}) : {item} in {written})"

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
            spread = "..." if len(values) == 1 else ""
            return f"Math.{name}({spread}{', '.join(values)})"

        if name == "len":
            return f"(({values[0]}).length ?? Object.keys({values[0]}).length)"

        if name == "round" and len(values) == 2:
            return f"Number(({values[0]}).toFixed({values[1]}))"

        return _CALLS[name].replace("{}", values[0] if values else "")


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
