"""Names and texts that Mermaid reads as what they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["IdTable", "one_line", "quoted_message", "quoted_text", "sanitize_id"]

# Words of Mermaid's own flowchart grammar (11.x): as an id each of them ends the parse.
RESERVED = frozenset(
    {"_blank", "_parent", "_self", "_top", "call", "class", "classDef", "click", "default"}
    | {"end", "flowchart", "graph", "href", "interpolate", "linkStyle", "style", "subgraph"}
)
_LINE_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
# An entity, the start of a tag, and the start of a markdown text.
_OFFENDING = re.compile(r'["`|\[\]]|#(?=\w+;)|&(?=#?\w+;)|<(?=\S)')
_ENTITIES = {'"': "#quot;", "&": "#amp;", "<": "#lt;"}
# Mermaid knows the letters of Unicode 6.1 in the basic plane; those of 3.2 are among them.
_OLD_UNICODE = unicodedata.ucd_3_2_0


def sanitize_id(name: str) -> str:
    """``name`` with everything but letters, digits and underscores made underscores."""
    return "".join(c if c.isalnum() or c == "_" else "_" for c in name) or "node"


def one_line(text: str) -> str:
    """``text`` with each line break made a blank."""
    return _LINE_BREAKS.sub(" ", text)


def quoted_text(text: str) -> str:
    """``text`` as it may stand between double quotes."""
    return _OFFENDING.sub(_entity, one_line(text))


def quoted_message(message: str) -> str:
    r"""A message type as it may stand in an edge label, its quotes as ``\"``."""
    return '\\"'.join(quoted_text(part) for part in message.split('"'))


def _entity(match: re.Match[str]) -> str:
    character = match.group()
    return _ENTITIES.get(character, f"#{ord(character)};")


class IdTable:
    """Gives each thing of a diagram an id of its own, its plain one unless another thing has that.

    Args:
        names: the things in the order in which they are drawn: (kind, name, text of the id).
    """

    def __init__(self, names: Iterable[tuple[str, str, str]]) -> None:
        wanted = {(kind, name): _readable(sanitize_id(text)) for kind, name, text in names}
        plain_ids = set(wanted.values())
        numbers: dict[str, int] = {}
        taken = set(RESERVED)
        self._ids: dict[tuple[str, str], str] = {}
        for thing, plain_id in wanted.items():
            chosen = plain_id
            while chosen in taken or (chosen != plain_id and chosen in plain_ids):
                numbers[plain_id] = numbers.get(plain_id, 1) + 1
                chosen = f"{plain_id}_{numbers[plain_id]}"

            self._ids[thing] = chosen
            taken.add(chosen)

    def id_for(self, kind: str, name: str) -> str:
        """The id of a thing.

        Raises:
            KeyError: it is no thing of this diagram.
        """
        return self._ids[kind, name]


def _readable(plain_id: str) -> str:
    return "".join(c if c.isascii() or _is_known_letter(c) else "_" for c in plain_id)


def _is_known_letter(character: str) -> bool:
    return character <= "\uffff" and _OLD_UNICODE.category(character).startswith("L")
