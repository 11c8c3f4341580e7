"""Where in a YAML text something stands: only worked out when something is wrong with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from flexiflow.safe_text import safe_repr
from flexiflow.yaml_scalars import ScalarError, resolve

__all__ = ["LOADER", "Places", "Position", "Way", "breadcrumb", "locate", "split_breadcrumb"]

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader whose parser reads all files: libyaml's where PyYAML was built with it."""

Way = Sequence[Any]
"""The keys and indices that lead to a node: ``("transitions", 3, "guard")``."""

_PLAIN_STEP = re.compile(r"[^\s.\[\]\"']+")
_STEP = re.compile(r"\.?([^\s.\[\]\"']+)|\[(-?\d+)\]|\[('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\]")
_MERGE_TAG = "tag:yaml.org,2002:merge"
_UNQUOTED_TAG = "!unquoted"


class _PlacesLoader(LOADER):  # type: ignore[misc]  # which class it is depends on the system
    """Composes nodes without asking what they mean: that takes long, and only keys need it."""

    def resolve(self, kind: type[Node], value: str, implicit: Any) -> str:
        """The tag of a node; tells unquoted scalars and merge keys from all others."""
        if kind is not ScalarNode or not implicit[0]:
            return ""

        return _MERGE_TAG if value == "<<" else _UNQUOTED_TAG


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text.

    Attributes:
        line: from 1.
        column: from 1.
        written: the scalar that stands there, as it is read; empty for lists and mappings.
    """

    line: int
    column: int
    written: str = ""


def breadcrumb(way: Way) -> str:
    """The way to a node, written like ``transitions[3].guard``."""
    text = ""
    for step in way:
        if isinstance(step, str) and _PLAIN_STEP.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{safe_repr(step)}]"

    return text


def split_breadcrumb(text: str) -> tuple[Any, ...]:
    """The way that :func:`breadcrumb` wrote down."""
    way: list[Any] = []
    for found in _STEP.finditer(text):
        name, index, quoted = found.groups()
        if index is not None:
            way.append(int(index))
        elif quoted is not None:
            way.append(ast.literal_eval(quoted))
        else:
            way.append(name)

    return tuple(way)


def locate(text: str, at: str | Way, *, key: bool = False) -> Position:
    """Where the node at a breadcrumb stands in a text.

    Args:
        text: YAML.
        at: a breadcrumb or a way; where it ends early, the place of the last node on it counts.
        key: whether the key of a mapping's entry is meant, not its value.
    """
    return Places(text).find(at, key=key)


class Places:
    """The places of one text; reads it once for any number of questions."""

    def __init__(self, text: str) -> None:
        self._text = text.removeprefix("\ufeff")
        try:
            self._root: Node | None = yaml.compose(self._text, Loader=_PlacesLoader)
        except (yaml.YAMLError, UnicodeError):
            self._root = None

        self._entries: dict[int, dict[str, tuple[Node, Node]]] = {}

    def find(self, at: str | Way, *, key: bool = False) -> Position:
        """As :func:`locate`."""
        node = self._node(at, key=key)
        if node is None:
            return Position(1, 1)

        mark = node.start_mark
        written = node.value if isinstance(node, ScalarNode) else ""
        return Position(mark.line + 1, mark.column + 1, written)

    def find_inside(self, at: str | Way, line: int, column: int) -> Position:
        """Where line and column of a scalar's own text stand in the whole text.

        Escapes and folded lines move characters about; the scalar's start stands for those.
        """
        start = self.find(at)
        node = self._node(at, key=False)
        if not isinstance(node, ScalarNode):
            return start

        if node.style in ("|", ">"):
            return self._inside_block(node, line, column) or start

        source = self._text[node.start_mark.index : node.end_mark.index]
        quote = 1 if node.style in ("'", '"') else 0
        before = node.value.split("\n")[0][: column - 1]
        if line == 1 and source[quote:].startswith(before):
            return Position(start.line, start.column + quote + column - 1, start.written)

        return start

    def _inside_block(self, node: ScalarNode, line: int, column: int) -> Position | None:
        rows = re.split(r"\r\n|[\n\r\x85\u2028\u2029]", self._text)
        values = node.value.split("\n")
        row = node.start_mark.line + line
        if row >= len(rows) or line > len(values) or not values[line - 1]:
            return None

        indent = rows[row].find(values[line - 1])
        return None if indent < 0 else Position(row + 1, indent + column, node.value)

    def _node(self, at: str | Way, *, key: bool) -> Node | None:
        way = split_breadcrumb(at) if isinstance(at, str) else tuple(at)
        node = self._root
        for number, step in enumerate(way, 1):
            found: Node | None = None
            if isinstance(node, MappingNode):
                entry = self._entry(node, step)
                if entry is not None:
                    found = entry[0] if key and number == len(way) else entry[1]
            elif isinstance(node, SequenceNode) and isinstance(step, int):
                found = node.value[step] if -1 <= step < len(node.value) else None

            if found is None:
                return node

            node = found

        return node

    def _entry(self, mapping: MappingNode, step: Any) -> tuple[Node, Node] | None:
        """The last entry with this key, its own before those of merge keys.

        Each mapping is searched once, however often the merge keys lead to it.
        """
        waiting = [mapping]
        searched: set[int] = set()
        while waiting:
            one = waiting.pop()
            if id(one) in searched:
                continue

            searched.add(id(one))
            found = self._own_entry(one, step)
            if found is not None:
                return found

            waiting += reversed(_merged_into(one))

        return None

    def _own_entry(self, mapping: MappingNode, step: Any) -> tuple[Node, Node] | None:
        if id(mapping) not in self._entries:
            self._entries[id(mapping)] = {
                key.value: (key, value)
                for key, value in mapping.value
                if isinstance(key, ScalarNode)
            }

        if isinstance(step, str):
            return self._entries[id(mapping)].get(step)

        return next((pair for pair in mapping.value if _is_key(pair[0], step)), None)


def _merged_into(mapping: MappingNode) -> list[MappingNode]:
    """The mappings that the merge key of a mapping names, in order."""
    value = next((value for key, value in mapping.value if key.tag == _MERGE_TAG), None)
    sources = value.value if isinstance(value, SequenceNode) else [value]
    return [source for source in sources if isinstance(source, MappingNode)]


def _is_key(key: Node, step: Any) -> bool:
    """Whether a key node means this value, which is no text."""
    if key.tag != _UNQUOTED_TAG:
        return False

    try:
        found = resolve(key.value)
    except ScalarError:
        return False

    return type(found) is type(step) and bool(found == step)
