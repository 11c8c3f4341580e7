"""Messages as a person types them: fields of text on one side, data on the other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from designer.exchange.yaml_text import to_yaml
from flexiflow.errors import PackError
from flexiflow.yaml_source import parse_yaml

__all__ = ["Draft", "DraftError", "draft_of", "message_of", "text_of_value", "value_of_text"]

_NUMBER: Final = re.compile(r"[-+]?(\d{1,300}(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_OPENERS: Final = ('"', "'", "[", "{")


class DraftError(ValueError):
    """What was typed is no message yet.

    Attributes:
        place: the field at fault: ``type``, ``content``, ``fields``, or the name of a field.
    """

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as text.

    Attributes:
        type: the message's type.
        content: its ``content``; "" leaves it out.
        values: further fields with a row of their own; "" leaves a field out.
        fields: any other fields as a YAML mapping.
    """

    type: str
    content: str = ""
    values: Mapping[str, str] | None = None
    fields: str = ""


def message_of(draft: Draft) -> dict[str, Any]:
    """The message that a draft says.

    Raises:
        DraftError: a field cannot be understood; the first one.
    """
    kind = draft.type.strip()
    if not kind:
        raise DraftError("type", "Choose or type the message's type.")

    message: dict[str, Any] = {"type": kind}
    for name, text in (("content", draft.content), *(draft.values or {}).items()):
        if text.strip():
            message[name] = _value_in(name, text)
    for name, value in _mapping_of(draft.fields).items():
        if name in message:
            raise DraftError("fields", f"{name!r} has a field of its own already.")
        message[name] = value
    return message


def draft_of(message: Mapping[str, Any], rows: tuple[str, ...] = ()) -> Draft:
    """A message as text, to be changed and sent again.

    Args:
        message: a message that was sent.
        rows: names of fields that have a row of their own.
    """
    rest = {key: value for key, value in message.items() if key not in ("type", "content", *rows)}
    return Draft(
        type=str(message.get("type", "")),
        content=text_of_value(message["content"]) if "content" in message else "",
        values={name: text_of_value(message[name]) for name in rows if name in message},
        fields=to_yaml(rest) if rest else "",
    )


def value_of_text(text: str) -> Any:
    """What a person means by a text: a number, true, false or null, a list or mapping, or the text.

    Unlike YAML, nothing else than these is taken for something it does not look like: ``yes``,
    ``12:30`` and ``2026-01-01`` are texts. A text in quotes is one in any case.

    Raises:
        ValueError: quotes or brackets that do not end.
    """
    word = text.strip()
    if word in _WORDS:
        return _WORDS[word]
    if _NUMBER.fullmatch(word):
        return float(word) if any(sign in word for sign in ".eE") else int(word)
    if word.startswith(_OPENERS):
        try:
            return parse_yaml(word)
        except PackError as error:
            raise ValueError(_sentence(error)) from error
    return text


def text_of_value(value: Any) -> str:
    """The text that :func:`value_of_text` reads as this value."""
    if isinstance(value, str) and _is_plain(value):
        return value
    text = json.dumps(value, ensure_ascii=False, default=str)
    # JSON escapes the first control characters alone, and others in a way that YAML does not know.
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in text)


def _is_plain(text: str) -> bool:
    """Whether a text needs no quotes to be read as itself."""
    try:
        return text.isprintable() and text == text.strip() != "" and value_of_text(text) == text
    except ValueError:
        return False


def _value_in(name: str, text: str) -> Any:
    try:
        return value_of_text(text)
    except ValueError as error:
        raise DraftError(name, str(error)) from error


def _mapping_of(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        data = parse_yaml(text)
    except PackError as error:
        raise DraftError("fields", _sentence(error)) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise DraftError("fields", "Fields are written as a mapping: one 'name: value' a line.")
    for name in data:
        if not isinstance(name, str):
            raise DraftError("fields", f"{name!r} is no name: put it into quotes.")
        if name == "type":
            raise DraftError("fields", "The type has a field of its own.")
    return data


def _sentence(error: PackError) -> str:
    problem = error.problems[0]
    place = f"Line {problem.line}: " if problem.line and problem.line > 1 else ""
    return f"{place}{problem.what}: {problem.why}"
