"""Writes down what happens in a run: rows of the log, snapshots, and what the next frame shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from designer.run.event_log import EventLog
from designer.run.event_text import changes_text
from designer.run.pacing import Pacing
from designer.run.plain import plain_copy, plain_mapping
from designer.run.snapshots import SnapshotStore
from flexiflow.component import AsyncComponent
from flexiflow.logger import _correlation_id
from flexiflow.snapshot import ComponentSnapshot

__all__ = ["Recorder"]

_CHANGED: Final = "state.changed"
_HANDLED: Final = "component.message.handled"
_RESTORED: Final = "component.restored"


class Recorder:
    """The observer of a run's bus. It only puts things where others find them, and is quick.

    Args:
        component: the component that the run shows.
        run_id: tells the snapshots of this run from those of others.
        log: gets a row for each event.
        store: gets a snapshot for each change of the component's state.
        pacing: says when the run has to pause.
        on_event: called after each event.
    """

    def __init__(
        self,
        component: AsyncComponent,
        *,
        run_id: str,
        log: EventLog,
        store: SnapshotStore,
        pacing: Pacing,
        on_event: Callable[[], None],
    ) -> None:
        self._component = component
        self._run_id = run_id
        self._log = log
        self._store = store
        self._pacing = pacing
        self._on_event = on_event
        self._context, self._size = plain_mapping(component.context)
        self.visits: Counter[str] = Counter({component.state_name: 1})
        self.taken: tuple[str, int] | None = None

    def observe(self, event: str, data: Any) -> Awaitable[None] | None:
        """Writes an event down; returns a pause to be made when it is time for one."""
        payload: Mapping[str, Any] = data if isinstance(data, dict) else {"data": data}
        note = ""
        if event in (_CHANGED, _HANDLED, _RESTORED) and self._is_about_component(payload):
            note = self._note(event, payload)
        self._log.append(event, payload, correlation_id=_correlation_id.get(), note=note)
        self._on_event()
        return self._pacing.breathe() if self._pacing.due else None

    def _is_about_component(self, payload: Mapping[str, Any]) -> bool:
        return payload.get("component") == self._component.name

    def _note(self, event: str, payload: Mapping[str, Any]) -> str:
        """What became of the component's data; a change of state is stored besides."""
        before = self._context
        self._context, self._size = plain_mapping(self._component.context)
        transition = self._component.last_transition
        self.taken = (transition.pack, transition.index) if transition is not None else None
        if event == _RESTORED:
            return ""
        if event == _CHANGED:
            self._store_state(str(payload["from_state"]), str(payload["to_state"]))
        return changes_text(before, self._context)

    def _store_state(self, from_state: str, to_state: str) -> None:
        self.visits[to_state] += 1
        about = {"from_state": from_state, "run": self._run_id, "cause": _correlation_id.get()}
        snapshot = ComponentSnapshot(
            self._component.name,
            to_state,
            plain_copy(self._component.rules),
            about,
            self._context,
        )
        self._store.put(snapshot, datetime.now(UTC), self._size)
