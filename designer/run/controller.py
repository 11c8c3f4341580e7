"""Runs a flow on the engine, in the window's own event loop."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from designer.document.model import Content
from designer.host.asyncqt import TaskGroupOwner, spawn
from designer.run.errors import NotRunningError, RunningError
from designer.run.event_log import DEFAULT_CAPACITY, EventLog
from designer.run.frames import FrameTimer, RunFrame
from designer.run.live_run import LiveRun, load
from designer.run.snapshots import SnapshotStore
from designer.run.speed import Speed
from flexiflow.errors import FlexiFlowError
from flexiflow.safe_text import safe_repr

__all__ = ["RunController", "RunFrame", "RunPhase", "Speed"]

#: Different errors that are announced in a run.
_MOST_TOLD: Final = 20


class RunPhase(Enum):
    """Where a run is in its life."""

    #: There is none.
    IDLE = "idle"
    #: The flow is being loaded.
    STARTING = "starting"
    #: Messages are handled as they come.
    RUNNING = "running"
    #: Messages wait, and time stands still.
    PAUSED = "paused"
    #: The engine is being taken down.
    STOPPING = "stopping"


class RunController(QObject):
    """The run of one flow: at most one at a time.

    Signals:
        phase_changed(object): the RunPhase it is in now.
        failed(object): an exception: a state's code failed, or snapshots cannot be stored. The
            run goes on. The same words are not said twice in a run.
        frame(object): a RunFrame, while something happens, and at most once every 33 ms.

    Attributes:
        log: the events of the run, or of the last one.
        store: the snapshots.
        tasks: owns what others do for this run in the background, such as reading a list.
    """

    phase_changed = Signal(object)
    failed = Signal(object)
    frame = Signal(object)

    def __init__(self, parent: QObject | None = None, *, rows: int = DEFAULT_CAPACITY) -> None:
        super().__init__(parent)
        self.log = EventLog(rows)
        self.store = SnapshotStore(self)
        self.tasks = TaskGroupOwner("run: background")
        self._ends = TaskGroupOwner("run: stopping")
        self._ending: asyncio.Task[None] | None = None
        self._started = asyncio.Event()
        self._phase = RunPhase.IDLE
        self._run: LiveRun | None = None
        self._content: Content | None = None
        self._folder: Path | None = None
        self._told: set[str] = set()
        self._frames = FrameTimer(self)
        self._frames.due.connect(self._on_frame_due)
        self.store.failed.connect(self._tell)

    # -- state -----------------------------------------------------------------------------

    @property
    def phase(self) -> RunPhase:
        """Where the run is in its life."""
        return self._phase

    @property
    def active(self) -> bool:
        """Whether messages can be sent: it runs or is paused."""
        return self._phase in (RunPhase.RUNNING, RunPhase.PAUSED)

    @property
    def content(self) -> Content | None:
        """The flow as it was when the run started; None without a run."""
        return self._content

    @property
    def state_key(self) -> str | None:
        """The key of the state the component is in; None without a run."""
        return self._run.component.state_name if self._run is not None else None

    @property
    def context(self) -> Mapping[str, Any]:
        """The component's data; empty without a run."""
        return dict(self._run.component.context) if self._run is not None else {}

    @property
    def elapsed(self) -> float:
        """Seconds of the run's own time since it started; 0 without a run."""
        return self._run.elapsed if self._run is not None else 0.0

    @property
    def component_names(self) -> tuple[str, ...]:
        """The names of the components that run."""
        return (self._run.component.name,) if self._run is not None else ()

    @property
    def live(self) -> LiveRun:
        """The run itself; raises NotRunningError."""
        if self._run is None or not self.active:
            raise NotRunningError
        return self._run

    # -- lifetime --------------------------------------------------------------------------

    async def start(
        self,
        content: Content,
        *,
        name: str,
        base_dir: Path,
        database: Path | None = None,
        trust: bool = False,
        speed: Speed = Speed.REAL,
    ) -> None:
        """Starts a run; being cancelled leaves nothing of it.

        Args:
            content: the flow as it is now.
            name: what the flow is called; names the database of one that was never saved.
            base_dir: the folder that paths in the flow are relative to.
            database: where snapshots are stored; None for a temporary folder.
            trust: whether Python code that the flow names may be imported.
            speed: how fast time passes.

        Raises:
            RunningError: there is a run already.
            FlexiFlowError: the flow cannot run.
        """
        if self._phase is not RunPhase.IDLE:
            raise RunningError
        self._started.clear()
        self._set_phase(RunPhase.STARTING)
        try:
            component = await load(content, base_dir, trust=trust)
            self.log.clear()
            self._told.clear()
            self.store.open(database if database is not None else self._temporary(name))
            self._run = LiveRun(
                component,
                log=self.log,
                store=self.store,
                speed=speed,
                on_event=self._frames.request,
                on_error=self._tell,
            )
            self._content = content
            await self._run.start()
        except BaseException:
            await self._finish()
            raise
        else:
            self._set_phase(RunPhase.RUNNING)
            self._frames.request()
        finally:
            self._started.set()

    async def stop(self) -> None:
        """Ends the run, whatever it does; without a run, nothing happens.

        Being cancelled does not keep the run from ending.
        """
        if self._phase is RunPhase.STARTING:
            await self._started.wait()
        if self.active:
            self._set_phase(RunPhase.STOPPING)
        if self._phase is RunPhase.STOPPING:
            await self._finish()

    async def close(self) -> None:
        """Ends the run and everything in the background; the controller is of no use afterwards."""
        await self.stop()
        await self.tasks.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    # -- while it runs ---------------------------------------------------------------------

    def pause(self) -> None:
        """Holds the engine: messages and timers wait, and time stands still."""
        if self._phase is RunPhase.RUNNING and self._run is not None:
            self._run.hold()
            self._set_phase(RunPhase.PAUSED)

    def resume(self) -> None:
        """Goes on where it was paused."""
        if self._phase is RunPhase.PAUSED and self._run is not None:
            self._run.release()
            self._set_phase(RunPhase.RUNNING)

    async def step(self) -> bool:
        """While paused, lets one message or due timer through; returns whether there was one."""
        if self._phase is not RunPhase.PAUSED or self._run is None:
            return False
        return await self._run.step()

    def send(self, message: Mapping[str, Any]) -> None:
        """Queues a message and returns at once.

        Raises:
            NotRunningError: there is no run.
        """
        self.send_many((dict(message),))

    def send_many(self, messages: Iterable[dict[str, Any]]) -> None:
        """Queues many messages and returns at once; each is taken when it is its turn.

        Raises:
            NotRunningError: there is no run.
        """
        self.live.send_many(messages)

    async def idle(self) -> None:
        """Waits until all messages have been handled, and, as fast as possible, all timers too."""
        await self.live.idle()

    async def restore(self, snapshot_id: int) -> None:
        """Puts the running component back into a stored state.

        Raises:
            NotRunningError: there is no run.
            FlexiFlowError: the snapshot cannot be read, or the flow has no such state.
        """
        run = self.live
        snapshot = await self.store.load(snapshot_id)
        if run is self._run:
            await run.restore(snapshot)

    def apply_rules(self, rules: Iterable[Any]) -> None:
        """Replaces the rules of the running component; without a run, nothing happens."""
        if self._run is not None:
            self._run.apply_rules(rules)

    def set_speed(self, speed: Speed) -> None:
        """Lets time pass at another speed; without a run, nothing happens."""
        if self._run is not None:
            self._run.set_speed(speed)

    # -- inside ----------------------------------------------------------------------------

    def _set_phase(self, phase: RunPhase) -> None:
        if phase is not self._phase:
            self._phase = phase
            self.phase_changed.emit(phase)

    async def _finish(self) -> None:
        """Takes the run down in a task of its own, which ends also when nobody waits any more."""
        if self._ending is None:
            self._ending = spawn(self._ends, self._take_down(), name="stopping a run")
        await asyncio.shield(self._ending)

    async def _take_down(self) -> None:
        try:
            if self._run is not None:
                await self._run.end()
        finally:
            try:
                await self.store.close()
            finally:
                self._frames.flush()
                self._run = None
                self._content = None
                self._ending = None
                self._set_phase(RunPhase.IDLE)

    def _temporary(self, name: str) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="flexiflow-"))
        letters = "".join(sign if sign.isalnum() else "_" for sign in name)[:60] or "flow"
        return self._folder / f"{letters}.snapshots.db"

    def _on_frame_due(self) -> None:
        if self._run is None:
            return
        recorder = self._run.recorder
        self.frame.emit(
            RunFrame(
                active=self._run.component.state_name,
                taken=recorder.taken,
                visits=dict(recorder.visits),
                events=self.log.total - self.log.base,
                dropped=self.log.dropped,
            )
        )

    def _tell(self, error: BaseException) -> None:
        """Announces an error, once; every one of them is a row of the log in any case."""
        words = error.what if isinstance(error, FlexiFlowError) else safe_repr(error)
        if words not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(words)
            self.failed.emit(error)
