"""The event log of a run: a ring of rows that costs the engine next to nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from designer.run.event_text import Level, component_of, level_of, state_of, summary_of
from designer.run.plain import Frozen, freeze, thaw

__all__ = ["DEFAULT_CAPACITY", "Entry", "EventLog", "EventRow", "row_of"]

#: Rows kept until the oldest are let go.
DEFAULT_CAPACITY: Final = 100_000

Entry = tuple[int, float, str, Frozen, str, str]
"""A row as the ring keeps it: number, time, event, frozen payload, correlation id, note.

It is read far less often than it is written, so what can be worked out later is.
"""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One row of the event log.

    Attributes:
        number: counts all rows of the run, from 0; never reused.
        time: seconds since the epoch.
        event: the bus event's name, or ``log`` for a log record.
        component: the component it speaks of; "" for none.
        summary: one line.
        payload: the event's data; of a log record ``logger``, ``levelno`` and ``message``.
        level: how much it matters.
        correlation_id: shared by everything one message caused; "-" for none.
        state: key of the state it speaks of, or None.
    """

    number: int
    time: float
    event: str
    component: str
    summary: str
    payload: Mapping[str, Any]
    level: Level
    correlation_id: str
    state: str | None


def row_of(entry: Entry) -> EventRow:
    """The row that a ring's entry stands for."""
    number, moment, event, frozen, correlation_id, note = entry
    payload = thaw(frozen)
    return EventRow(
        number=number,
        time=moment,
        event=event,
        component=component_of(payload),
        summary=summary_of(event, payload, note),
        payload=payload,
        level=level_of(event, payload),
        correlation_id=correlation_id,
        state=state_of(event, payload),
    )


class EventLog:
    """The newest rows of a run, at most ``capacity`` of them.

    Appending takes constant time and tells nobody: readers look at :attr:`total`, once a frame.
    """

    def __init__(
        self, capacity: int = DEFAULT_CAPACITY, *, clock: Callable[[], float] = time.time
    ) -> None:
        if capacity < 1:
            raise ValueError("an event log keeps at least one row")
        self.capacity = capacity
        self._clock = clock
        self._ring: list[Entry] = []
        self._total = 0
        self._base = 0
        self._names: dict[str, None] = {}

    def __len__(self) -> int:
        """Rows kept."""
        return len(self._ring)

    @property
    def total(self) -> int:
        """Rows ever appended; also the number the next row gets."""
        return self._total

    @property
    def first(self) -> int:
        """Number of the oldest row kept."""
        return self._total - len(self._ring)

    @property
    def base(self) -> int:
        """Number of the first row after the log was last cleared."""
        return self._base

    @property
    def dropped(self) -> int:
        """Rows let go for want of room since the log was last cleared."""
        return self.first - self._base

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all events so far, in order of their first row."""
        return tuple(self._names)

    def append(
        self, event: str, payload: Mapping[str, Any], *, correlation_id: str = "-", note: str = ""
    ) -> None:
        """Adds a row; what becomes of the payload afterwards does not change it."""
        number = self._total
        self._names[event] = None
        entry = (number, self._clock(), event, freeze(payload), correlation_id, note)
        if len(self._ring) < self.capacity:
            self._ring.append(entry)
        else:
            self._ring[(number - self._base) % self.capacity] = entry
        self._total = number + 1

    def clear(self) -> None:
        """Forgets all rows; their numbers are not used again."""
        self._ring = []
        self._base = self._total

    def iter_entries(self, start: int = 0) -> Iterator[Entry]:
        """The entries from number ``start`` on that are still kept, oldest first.

        A row let go while this runs is left out.
        """
        number = max(start, self.first)
        while number < self._total:
            number = max(number, self.first)
            yield self._ring[(number - self._base) % self.capacity]
            number += 1

    def rows_since(self, start: int = 0) -> list[EventRow]:
        """The rows from number ``start`` on that are still kept, oldest first."""
        return [row_of(entry) for entry in self.iter_entries(start)]
