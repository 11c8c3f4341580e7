"""Which rows of the event log are shown."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from designer.run.event_log import Entry
from designer.run.event_text import LOG_EVENT, component_of, summary_of
from designer.run.plain import Frozen, frozen_field, thaw

__all__ = ["EventFilter"]

Predicate = Callable[[Entry], bool]


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What a row must be like to be shown.

    Attributes:
        hidden: names of events that are not shown; log records from WARNING on always are.
        component: only rows of this component; "" for all.
        text: what event, component or summary contain, ignoring case; a regular expression
            between slashes.
    """

    hidden: frozenset[str] = frozenset()
    component: str = ""
    text: str = ""

    @property
    def passes_all(self) -> bool:
        """Whether it hides nothing."""
        return not (self.hidden or self.component or self.text.strip())

    def predicate(self) -> Predicate:
        """The filter as a function of an entry.

        Raises:
            ValueError: the regular expression is none; the text says why.
        """
        matches = _text_matcher(self.text.strip())
        hidden, component = self.hidden, self.component

        def shows(entry: Entry) -> bool:
            _, _, event, frozen, correlation_id, note = entry
            if event in hidden and not (event == LOG_EVENT and _is_warning(frozen)):
                return False
            if not component and matches is None:
                return True
            payload = thaw(frozen)
            if component and component_of(payload) != component:
                return False
            if matches is None:
                return True
            summary = summary_of(event, payload, note)
            return matches(f"{event}\t{component_of(payload)}\t{summary}\t{correlation_id}")

        return shows


def _is_warning(frozen: Frozen) -> bool:
    level = frozen_field(frozen, "levelno")
    return isinstance(level, int) and level >= logging.WARNING


def _text_matcher(text: str) -> Callable[[str], bool] | None:
    if not text:
        return None

    if len(text) > 1 and text.startswith("/") and text.endswith("/"):
        try:
            pattern = re.compile(text[1:-1], re.IGNORECASE)
        except re.error as error:
            raise ValueError(f"Not a regular expression: {error}") from error
        return lambda line: pattern.search(line) is not None

    wanted = text.casefold()
    return lambda line: wanted in line.casefold()
