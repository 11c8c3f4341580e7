"""The events of a YAML parser -> plain data, with every limit kept while it grows.

PyYAML's own loaders build first and ask later: an alias of aliases explodes when it is walked,
merge keys while they are merged, and a duplicate key silently wins. Here one pass over the
parser's events counts what each alias and merge key stands for before it is used, so nothing
larger than the limits is ever made. The values are those that ``yaml.safe_load`` gives, and what
it refuses is "Invalid YAML syntax" here, with an error of PyYAML's as the cause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

from flexiflow.errors import Problem
from flexiflow.yaml_places import breadcrumb
from flexiflow.yaml_scalars import MERGE, ScalarError, is_allowed_tag, resolve, value_of_tag

__all__ = ["INVALID_SYNTAX", "MAX_DEPTH", "MAX_NODES", "Builder", "RefusedError", "too_deep"]

INVALID_SYNTAX = "Invalid YAML syntax"
"""What is said of every text that PyYAML refuses as well."""

MAX_DEPTH = 64
MAX_NODES = 1_000_000
_MOST_DUPLICATES = 1_000
"""Duplicate keys that are noted; a file of nothing else shall not cost memory besides."""

_TAG = "tag:yaml.org,2002:"
_MISSING: Final = object()
_SET = f"{_TAG}set"
_PAIRS = (f"{_TAG}omap", f"{_TAG}pairs")
_DATA_TAGS = frozenset({_SET, *_PAIRS, f"{_TAG}binary", f"{_TAG}timestamp"})
"""What is plain data for PyYAML, and no value of a flow's."""

_MAPPING_TAGS = ("!", f"{_TAG}map", _SET)
_SEQUENCE_TAGS = ("!", f"{_TAG}seq", *_PAIRS)


def too_deep(path: str | None, line: int | None, column: int | None) -> Problem:
    """What is said of a file beyond :data:`MAX_DEPTH`, whoever notices it."""
    return Problem(
        "The file is nested too deep",
        f"Lists and mappings stand in each other at most {MAX_DEPTH} levels deep.",
        "Flatten it; look for brackets that are never closed.",
        path,
        line,
        column,
    )


class RefusedError(Exception):
    """The text cannot be built at all; holds the one problem.

    Its cause is an error of PyYAML's where PyYAML refuses the text as well.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being filled.

    Attributes:
        tag: what it is to become at its end, where that is written.
        key: the key whose value comes next; _MISSING while a key comes next, and in a list.
        merges: the mappings that ``<<`` named.
        before: nodes counted before it began.
    """

    container: Any
    is_mapping: bool
    anchor: str | None
    before: int
    tag: str | None = None
    key: Any = _MISSING
    merges: list[Any] | None = None


@dataclass
class Builder:
    """Builds the one document of a text.

    Attributes:
        parser: PyYAML's parser over the text.
        path: the file, for problems.
        data_tags: whether tags may make sets, pairs, bytes and dates, as they do for PyYAML.
        problems: duplicate keys, found on the way; the last one counts, as everywhere.
    """

    parser: Any
    path: str | None = None
    data_tags: bool = False
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._frames: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._plain: dict[str, Any] = {}
        self._nodes = 0
        self._root: Any = None

    def build(self) -> Any:
        """The data of the document; None when there is none.

        Raises:
            RefusedError: a limit, a second document, a tag, or a key that cannot be one.
            yaml.YAMLError: the text is no YAML.
        """
        get_event = self.parser.get_event
        handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start_mapping,
            yaml.MappingEndEvent: self._end_mapping,
            yaml.SequenceStartEvent: self._start_sequence,
            yaml.SequenceEndEvent: self._end_sequence,
            yaml.AliasEvent: self._alias,
        }
        documents = 0
        while True:
            event = get_event()
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)
            elif isinstance(event, yaml.StreamEndEvent):
                return self._root
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._malformed(
                        event,
                        ComposerError,
                        "The file holds several YAML documents",
                        why="One file is one flow; a line '---' begins another document.",
                        fix="Keep one document a file.",
                    )

    def _count(self, event: Any, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise self._refuse(
                event,
                "The file is too large when its aliases are followed",
                why=f"A file holds at most {MAX_NODES:,} values, those behind aliases and merge "
                "keys counted each time.",
                fix="Write out what is needed, or split the file.",
            )

    def _scalar(self, event: Any) -> None:
        self._count(event, 1)
        text = event.value
        if event.tag is not None:
            value = self._tagged(event)
        elif event.implicit[0]:
            value = self._plain.get(text, _MISSING)
            if value is _MISSING:
                value = self._plain[text] = self._resolve(event)
        else:
            value = text
            if event.style == '"' and not text.isascii():
                self._check_characters(event)

        if event.anchor is not None:
            self._remember(event, event.anchor, value, 1)

        self._add(event, value)

    def _check_characters(self, event: Any) -> None:
        """Refuses halves of characters, which PyYAML's own parser lets escapes write."""
        if any("\ud800" <= character <= "\udfff" for character in event.value):
            raise self._refuse(
                event,
                "The text holds half a character",
                why="An escape such as \\ud83d is one half of a pair; no file can hold it.",
                fix="Write the character itself, or its \\U escape.",
            )

    def _add(self, event: Any, value: Any) -> None:
        """Puts a finished value, or a scalar key, where it belongs."""
        if not self._frames:
            self._root = value
            return

        frame = self._frames[-1]
        if not frame.is_mapping:
            frame.container.append("<<" if value is MERGE else value)
        elif frame.key is _MISSING:
            self._set_key(event, frame, value)
        elif frame.key is MERGE:
            self._merge(event, frame, value)
        else:
            frame.container[frame.key] = "<<" if value is MERGE else value
            frame.key = _MISSING

    def _set_key(self, event: Any, frame: _Frame, key: Any) -> None:
        if isinstance(key, dict | list | set):
            raise self._malformed(
                event,
                ConstructorError,
                "A mapping key is a list or a mapping",
                why="Keys are single values.",
                fix="Put quotes around it if it is meant as text.",
            )

        if key in frame.container or (key is MERGE and frame.merges is not None):
            self._note_duplicate(event, "<<" if key is MERGE else key)

        frame.key = key

    def _note_duplicate(self, event: Any, key: Any) -> None:
        if len(self.problems) < _MOST_DUPLICATES:
            self.problems.append(
                self._problem(
                    event,
                    f"Duplicate key: {key!r}",
                    why="A mapping has each key once; YAML would silently keep the last one.",
                    fix="Rename or remove one of them.",
                    key=key,
                )
            )

    def _merge(self, event: Any, frame: _Frame, value: Any) -> None:
        sources = value if isinstance(value, list) else [value]
        if not all(isinstance(source, dict) for source in sources):
            raise self._malformed(
                event,
                ConstructorError,
                "A merge key needs a mapping, or a list of mappings",
                why="'<<' takes over the entries of other mappings.",
                fix="Write '<<: *anchor' with the anchor of a mapping, or quote '<<'.",
            )

        frame.merges = [*(frame.merges or []), *sources]
        frame.key = _MISSING

    def _start_mapping(self, event: Any) -> None:
        self._open(event, {}, is_mapping=True, allowed=_MAPPING_TAGS)

    def _start_sequence(self, event: Any) -> None:
        self._open(event, [], is_mapping=False, allowed=_SEQUENCE_TAGS)

    def _open(
        self, event: Any, container: Any, *, is_mapping: bool, allowed: tuple[str, ...]
    ) -> None:
        self._count(event, 1)
        if len(self._frames) >= MAX_DEPTH:
            mark = event.start_mark
            raise RefusedError(too_deep(self.path, mark.line + 1, mark.column + 1))

        if event.tag is not None:
            self._check_tag(event, is_allowed=event.tag in allowed)

        if event.anchor is not None:
            self._remember(event, event.anchor, _MISSING, 0)

        self._frames.append(_Frame(container, is_mapping, event.anchor, self._nodes - 1, event.tag))

    def _end_mapping(self, event: Any) -> None:
        frame = self._frames[-1]
        if frame.merges is not None:
            merged: dict[Any, Any] = {}
            for source in reversed(frame.merges):
                merged.update(source)

            frame.container = merged | frame.container

        if frame.tag == _SET:
            frame.container = set(frame.container)

        self._close(event)

    def _end_sequence(self, event: Any) -> None:
        frame = self._frames[-1]
        if frame.tag in _PAIRS:
            frame.container = [self._pair(event, entry) for entry in frame.container]
        self._close(event)

    def _pair(self, event: Any, entry: Any) -> tuple[Any, Any]:
        """One entry of a list of pairs, which is written as a mapping of one key."""
        if not isinstance(entry, dict) or len(entry) != 1:
            raise self._malformed(
                event,
                ConstructorError,
                "An entry of a list of pairs is no mapping of one key",
                why="Behind '!!omap' and '!!pairs' stands a list such as [a: 1, b: 2].",
                fix="Correct the entry, or remove the tag.",
            )

        ((key, value),) = entry.items()
        return key, value

    def _close(self, event: Any) -> None:
        frame = self._frames.pop()
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (frame.container, self._nodes - frame.before)

        self._add(event, frame.container)

    def _remember(self, event: Any, anchor: str, value: Any, size: int) -> None:
        if anchor in self._anchors:
            raise self._malformed(
                event,
                ComposerError,
                f"Duplicate anchor: '&{anchor}'",
                why="An anchor names one place of the file.",
                fix="Rename one of them.",
            )

        self._anchors[anchor] = (value, size)

    def _alias(self, event: Any) -> None:
        value, size = self._anchors.get(event.anchor, (_MISSING, -1))
        if size < 0:
            raise self._malformed(
                event,
                ComposerError,
                f"Unknown alias: '*{event.anchor}'",
                why=f"No '&{event.anchor}' stands before it.",
                fix="Correct its spelling, or put quotes around a text that begins with '*'.",
            )

        if value is _MISSING:
            raise self._refuse(
                event,
                f"The alias '*{event.anchor}' stands inside of what it names",
                why="Data that holds itself has no end.",
                fix="Write out what is meant.",
            )

        self._count(event, size)
        self._add(event, value)

    def _resolve(self, event: Any) -> Any:
        try:
            return resolve(event.value)
        except ScalarError as error:
            raise self._bad_scalar(event, error) from error.__cause__

    def _tagged(self, event: Any) -> Any:
        self._check_tag(event, is_allowed=is_allowed_tag(event.tag))
        if event.tag == "!" and event.implicit[0]:
            return self._resolve(event)  # as PyYAML does: a lone "!" says nothing

        try:
            return value_of_tag(event.value, event.tag)
        except ScalarError as error:
            raise self._bad_scalar(event, error) from error.__cause__

    def _bad_scalar(self, event: Any, error: ScalarError) -> RefusedError:
        what, why = error.what, error.why
        if isinstance(error.__cause__, yaml.YAMLError):
            what, why = INVALID_SYNTAX, f"{what}. {why}"

        return self._refuse(event, what, why=why, fix=error.fix)

    def _check_tag(self, event: Any, *, is_allowed: bool) -> None:
        what = f"The tag '{event.tag.replace(_TAG, '!!')}' is not allowed"
        why = "Tags can stand for objects of a program; a flow holds plain data."
        fix = "Remove the tag, or put quotes around a text that begins with '!'."
        if not is_allowed:
            raise self._malformed(event, ConstructorError, what, why=why, fix=fix)

        if event.tag in _DATA_TAGS and not self.data_tags:
            raise self._refuse(event, what, why=why, fix=fix)

    def _malformed(
        self, event: Any, kind: type[yaml.MarkedYAMLError], what: str, *, why: str, fix: str
    ) -> RefusedError:
        """A refusal of what PyYAML refuses as well, with this kind of error."""
        refused = self._refuse(event, INVALID_SYNTAX, why=f"{what}. {why}", fix=fix)
        refused.__cause__ = kind(None, None, what, event.start_mark)
        return refused

    def _refuse(self, event: Any, what: str, *, why: str, fix: str) -> RefusedError:
        return RefusedError(self._problem(event, what, why=why, fix=fix))

    def _problem(
        self,
        event: Any,
        what: str,
        *,
        why: str,
        fix: str,
        key: Any = _MISSING,
    ) -> Problem:
        mark = event.start_mark
        way = [
            len(frame.container) if not frame.is_mapping else frame.key for frame in self._frames
        ]
        way = ["<<" if step is MERGE else step for step in way if step is not _MISSING]
        at = breadcrumb(way if key is _MISSING else [*way, key])
        return Problem(what, why, fix, self.path, line=mark.line + 1, column=mark.column + 1, at=at)
