"""Names and texts that Mermaid reads as what they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = [
    "IdTable",
    "comment",
    "one_line",
    "quoted_message",
    "quoted_name",
    "quoted_text",
    "sanitize_id",
]

# Words of Mermaid's own flowchart grammar (11.x): as an id each of them ends the parse.
RESERVED = frozenset(
    {"_blank", "_parent", "_self", "_top", "call", "class", "classDef", "click", "default"}
    | {"end", "flowchart", "graph", "href", "interpolate", "linkStyle", "style", "subgraph"}
    | {"hasOwnProperty"}  # ... and this one what its program asks of its own table of states.
)
# Its lexer knows ASCII letters only, and takes digits for words of their own: it finds these words
# between other letters, and behind digits, too.
_HIDDEN_WORD = re.compile(rf"(?:^|[^\x00-\x7f])\d*(?:{'|'.join(sorted(RESERVED))})(?![A-Za-z0-9_])")
_LINE_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
# An entity, the start of a tag, of a markdown text, and of a directive.
_OFFENDING = re.compile(r'["`|\[\]]|#(?=\w+;)|&(?=#?\w+;)|<(?=\S)|%(?=%\{)')
_OFFENDING_IN_NAMES = re.compile(r'"|^`|#(?=\w+;)|&(?=#?\w+;)|<(?=[a-zA-Z/!?])|%(?=%\{)')
_ENTITIES = {'"': "#quot;", "&": "#amp;", "<": "#lt;"}
# Mermaid knows the letters of Unicode 6.1 in the basic plane; those of 3.2 are among them.
_OLD_UNICODE = unicodedata.ucd_3_2_0


def sanitize_id(name: str) -> str:
    """``name`` with everything but letters, digits and underscores made underscores."""
    return "".join(c if c.isalnum() or c == "_" else "_" for c in name) or "node"


def one_line(text: str) -> str:
    """``text`` with each line break made a blank."""
    return _LINE_BREAKS.sub(" ", text)


def comment(text: str) -> str:
    """``text`` as it may stand in a comment: on one line, and no directive."""
    return one_line(text).replace("%%{", "%% {")


def quoted_text(text: str) -> str:
    """``text`` as it may stand between the double quotes of an edge."""
    return _OFFENDING.sub(_entity, one_line(text))


def quoted_name(name: str) -> str:
    """``name`` as it may stand between the double quotes of a state or a group."""
    return _OFFENDING_IN_NAMES.sub(_entity, one_line(name))


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
    known = "".join(c if c.isascii() or _is_known_letter(c) else "_" for c in plain_id)
    if known in RESERVED or not _HIDDEN_WORD.search(known):
        return known

    return "_" + "".join(c if c.isascii() else "_" for c in known)


def _is_known_letter(character: str) -> bool:
    return character <= "\uffff" and _OLD_UNICODE.category(character).startswith("L")
