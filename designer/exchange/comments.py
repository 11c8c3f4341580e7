"""Whether a YAML text holds comments, which a person wrote and would miss."""

from __future__ import annotations

from typing import Any

import yaml

__all__ = ["has_comments"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def has_comments(text: str) -> bool:
    """Whether there is a comment; of a text that is no YAML, whether there is a ``#`` at all.

    A ``#`` within a value is no comment, so what stands between the values is looked at.
    """
    text = text.removeprefix("\ufeff")
    if "#" not in text:
        return False

    seen = 0
    try:
        for token in yaml.scan(text, Loader=_LOADER):
            start, end = token.start_mark.index, token.end_mark.index
            if "#" in text[seen:start] or _in_block_header(token, text[start:end]):
                return True
            seen = max(seen, end)
    except yaml.YAMLError:
        return True
    return "#" in text[seen:]


def _in_block_header(token: Any, source: str) -> bool:
    """Whether a comment stands beside the mark that begins a text of several lines."""
    is_block = isinstance(token, yaml.ScalarToken) and token.style in ("|", ">")
    return is_block and "#" in source.partition("\n")[0]
