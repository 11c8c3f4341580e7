"""The JavaScript functions that translated expressions call, where the languages differ."""

from __future__ import annotations

import re

__all__ = ["INHERITED", "with_helpers"]

INHERITED = frozenset(
    {
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)
"""The keys that every object of JavaScript seems to have."""

_HELPERS = {
    "$own": "(all, key) => Object.prototype.hasOwnProperty.call(all, key)",
    "$equal": (
        "(a, b) => { "
        'if (typeof a === "boolean") a = Number(a); if (typeof b === "boolean") b = Number(b); '
        'if (!a || !b || typeof a !== "object" || typeof b !== "object") return a === b; '
        "if (Array.isArray(a) !== Array.isArray(b)) return false; const keys = Object.keys(a); "
        "return keys.length === Object.keys(b).length"
        " && keys.every((key) => $own(b, key) && $equal(a[key], b[key])); }"
    ),
    "$has": (
        '(all, one) => typeof all === "string" ? all.includes(one) : '
        "Array.isArray(all) ? all.some((item) => $equal(item, one)) : "
        'typeof one === "string" && $own(all, one)'
    ),
    "$add": "(a, b) => Array.isArray(a) ? [...a, ...b] : a + b",
    "$item": (
        '(all, key) => { if (typeof all === "string") all = [...all]; '
        "return Array.isArray(all) && key < 0 ? all[all.length + key] : all[key]; }"
    ),
    "$len": (
        '(all) => typeof all === "string" ? [...all].length : '
        "Array.isArray(all) ? all.length : Object.keys(all).length"
    ),
    "$str": (
        '(a) => a === true ? "True" : a === false ? "False" : a === null ? "None" : String(a)'
    ),
    "$round": (
        "(a, places = 0) => { if (places > 100) return a; "
        "if (places > 0) return Number(Number(a).toFixed(places)); "
        "const unit = Math.pow(10, -places), part = a / unit, near = Math.round(part); "
        "return (Math.abs(part % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near) * unit; }"
    ),
    "$min": "(all) => all.reduce((best, one) => one < best ? one : best)",
    "$max": "(all) => all.reduce((best, one) => one > best ? one : best)",
}
"""Name -> function; each comes after those that it calls."""

_CALL = re.compile(r'"(?:[^"\\]|\\.)*"|(\$\w+)\(')


def with_helpers(expression: str) -> str:
    """An expression in JavaScript that brings along what it calls; itself if it calls nothing."""
    needed: dict[str, str] = {}
    waiting = _called(expression)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = _HELPERS[name]
            waiting += _called(_HELPERS[name])

    if not needed:
        return expression

    helpers = "".join(f"const {name} = {needed[name]}; " for name in _HELPERS if name in needed)
    return f"(() => {{ {helpers}return {expression}; }})()"


def _called(source: str) -> list[str]:
    return [name for name in _CALL.findall(source) if name in _HELPERS]
