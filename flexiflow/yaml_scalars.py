"""What YAML's scalars mean: the values that ``yaml.safe_load`` makes of them, within limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from yaml import YAMLError
from yaml.constructor import SafeConstructor
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

__all__ = ["MERGE", "ScalarError", "is_allowed_tag", "resolve", "value_of_tag"]

MAX_DIGITS = 1_300
"""Characters of a number; more than any 4,096-bit integer needs."""

MERGE: Final = object()
"""The meaning of an unquoted ``<<``."""

_TAG = "tag:yaml.org,2002:"
_CONSTRUCTOR = SafeConstructor()
_SCALAR_TAGS: dict[str, Callable[[Any], Any]] = {
    f"{_TAG}str": lambda node: node.value,
    f"{_TAG}null": lambda _node: None,
    f"{_TAG}bool": _CONSTRUCTOR.construct_yaml_bool,
    f"{_TAG}int": _CONSTRUCTOR.construct_yaml_int,
    f"{_TAG}float": _CONSTRUCTOR.construct_yaml_float,
    f"{_TAG}binary": _CONSTRUCTOR.construct_yaml_binary,
    f"{_TAG}timestamp": _CONSTRUCTOR.construct_yaml_timestamp,
    "!": lambda node: node.value,
}
"""The tags that a scalar may spell out."""

_RESOLVED_TAGS = _SCALAR_TAGS | {
    f"{_TAG}merge": lambda _node: MERGE,
    f"{_TAG}value": lambda node: node.value,
}
"""The tags that YAML itself gives to unquoted scalars."""

_LIKE_A_NUMBER = re.compile(r"[-+]?[0-9.][-+0-9_:.xXa-fA-F]*")
_NUMBERS = (f"{_TAG}int", f"{_TAG}float")
_BAD_VALUE = (YAMLError, ValueError, OverflowError, LookupError, AttributeError, TypeError)
"""What PyYAML's constructors raise for a text that does not spell what its tag says."""


class ScalarError(ValueError):
    """A scalar that does not spell what its tag says, or a number that is too long.

    Its cause, if any, is what PyYAML raises for it.

    Args:
        what: what is wrong.
        why: the rule.
        fix: what to do.
    """

    def __init__(self, what: str, why: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix


def resolve(text: str) -> Any:
    """The value of an unquoted scalar, by the rules of YAML 1.1.

    Raises:
        ScalarError: it looks like a number or date, and is none.
    """
    if len(text) > MAX_DIGITS:
        # Only numbers are ever that long; YAML's own patterns take minutes to see it.
        if _LIKE_A_NUMBER.fullmatch(text):
            raise _too_many_digits(text)

        return text

    resolvers = Resolver.yaml_implicit_resolvers
    for tag, pattern in resolvers.get(text[:1], []) + resolvers.get(None, []):
        if pattern.match(text):
            return _construct(text, tag, _RESOLVED_TAGS[tag])

    return text


def is_allowed_tag(tag: str) -> bool:
    """Whether a scalar may spell out this tag."""
    return tag in _SCALAR_TAGS


def value_of_tag(text: str, tag: str) -> Any:
    """The value of a scalar that spells out an allowed tag.

    Raises:
        ScalarError: the text does not spell what the tag says.
    """
    return _construct(text, tag, _SCALAR_TAGS[tag])


def _construct(text: str, tag: str, constructor: Callable[[Any], Any]) -> Any:
    if tag in _NUMBERS and len(text) > MAX_DIGITS:
        raise _too_many_digits(text)

    kind = tag.removeprefix(_TAG)
    try:
        return constructor(ScalarNode(tag, text))
    except _BAD_VALUE as error:
        raise ScalarError(
            f"Not a valid {kind}: {text[:40]!r}",
            f"YAML reads this as a {kind}, but it is none: {error}",
            "Correct it, or put quotes around it if it is meant as text.",
        ) from error


def _too_many_digits(text: str) -> ScalarError:
    return ScalarError(
        f"The number has {len(text):,} characters",
        f"A number has at most {MAX_DIGITS:,} characters.",
        "Put quotes around it if it is meant as text.",
    )
