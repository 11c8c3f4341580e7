"""One run: an engine with its component, and everything that lives exactly as long."""

from __future__ import annotations

import asyncio
import inspect
import uuid
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from designer.document.model import Content
from designer.exchange.run_places import told_by_own_files
from designer.exchange.writer import run_config
from designer.host.asyncqt import TaskGroupOwner, spawn
from designer.run.background import in_thread
from designer.run.collector import CollectorRelief
from designer.run.errors import NotRunningError
from designer.run.event_log import EventLog
from designer.run.pacing import Pacing
from designer.run.plain import plain_copy
from designer.run.pump import MessagePump
from designer.run.recorder import Recorder
from designer.run.run_bus import RunBus
from designer.run.run_logger import LogRows, RunLogger
from designer.run.snapshots import SnapshotStore
from designer.run.speed import Speed
from flexiflow.clock import LoopClock
from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import PackError
from flexiflow.event_manager import is_own_cancellation
from flexiflow.logger import set_correlation_id
from flexiflow.snapshot import ComponentSnapshot

__all__ = ["LiveRun"]

Message = dict[str, Any]


async def load(content: Content, base_dir: Path, *, trust: bool) -> AsyncComponent:
    """The component that a flow describes, made off the window's thread.

    Raises:
        FlexiFlowError: the flow cannot run.
    """
    build = partial(_build, content, base_dir, trust=trust)
    return await in_thread(build, name="loading a flow")


def _build(content: Content, base_dir: Path, *, trust: bool) -> AsyncComponent:
    try:
        return load_component(run_config(content), base_dir=base_dir, trust=trust)
    except PackError as error:
        raise told_by_own_files(error, content) from error


class LiveRun:
    """A component on an engine of its own, the queue of its messages, and who watches it.

    Args:
        component: what runs.
        log: gets its events.
        store: gets its snapshots; open, and closed by somebody else.
        speed: how fast time passes.
        on_event: called after each event; has to be quick.
        on_error: called when a state's own code fails.
    """

    def __init__(
        self,
        component: AsyncComponent,
        *,
        log: EventLog,
        store: SnapshotStore,
        speed: Speed,
        on_event: Callable[[], None],
        on_error: Callable[[BaseException], None],
    ) -> None:
        self.component = component
        self.clock = LoopClock()
        self._on_error = on_error
        self._epoch = self.clock.now()
        self._speed = speed
        self._held = False
        self._sent = 0
        self._moved = asyncio.Event()
        self._over = False
        self._waits: set[asyncio.Event] = set()
        self._tasks = TaskGroupOwner("run")
        self._pacing = Pacing(store.room)
        self._pump = MessagePump(self._deliver, self._jump, self._pacing)
        self._relief = CollectorRelief()
        self._rows = LogRows(log)
        self._logger = RunLogger(log)
        self.recorder = Recorder(
            component,
            run_id=uuid.uuid4().hex[:8],
            log=log,
            store=store,
            pacing=self._pacing,
            on_event=on_event,
        )
        self._engine = FlexiFlowEngine(logger=self._logger, clock=self.clock)
        self._engine.event_bus = RunBus(self._logger, self.recorder.observe)
        self.time_by_hand = False

    @property
    def elapsed(self) -> float:
        """Seconds of the run's own time since it started."""
        return self.clock.now() - self._epoch

    @property
    def messages_wait(self) -> bool:
        """Whether something has been sent that has not had its turn, such as while it is held."""
        return self._pump.has_messages or self.component.pending > 0

    # -- lifetime --------------------------------------------------------------------------

    async def start(self) -> None:
        """Registers the component and starts to work; the entry actions come first of all."""
        self._relief.begin()
        self._rows.attach()
        self._set_clock()
        self._epoch = self.clock.now()
        self._pacing.begin()
        await self._engine.register_async(self.component)
        self._main = spawn(self._tasks, self._work(), name="run")

    async def end(self) -> None:
        """Ends the work, whatever is under way, and lets go of everything; nobody waits for it."""
        self._over = True
        try:
            await self._tasks.close()
            await self._engine.stop()
        finally:
            self.clock.pause()
            self._rows.detach()
            self._relief.end()
            self._pump.end()
            for waiting in (self._moved, *self._waits):
                waiting.set()

    async def _work(self) -> None:
        await self._do(self.component.start())
        await self._pump.run()

    # -- messages --------------------------------------------------------------------------

    def send_many(self, messages: Iterable[Message]) -> None:
        """Queues messages."""
        self._pump.send_many(messages)

    async def idle(self) -> None:
        """Waits until nothing is left to be done but wait."""
        await self._pump.idle()

    async def _deliver(self, message: Message) -> None:
        self._sent += 1
        self._moved.set()
        set_correlation_id(f"m{self._sent}")
        await self._do(self.component.handle_message(message))

    async def _do(self, work: Awaitable[None]) -> None:
        """Awaits what may run code of the user's: whatever fails there does not end the run."""
        try:
            await work
        except (Exception, asyncio.CancelledError) as error:
            if is_own_cancellation(error):
                raise
            self._report(error)

    def _report(self, error: BaseException) -> None:
        self._logger.error("%s: %s", type(error).__name__, error)
        self._on_error(error)

    # -- holding ---------------------------------------------------------------------------

    def hold(self) -> None:
        """Lets no message through, and stops time."""
        self._held = True
        self.component.hold()
        self._set_clock()

    def release(self) -> None:
        """Goes on."""
        self._held = False
        self._set_clock()
        self.component.release()
        self._pump.wake()

    async def step(self) -> bool:
        """Lets one waiting message through while held, or else a timer that time is up for.

        Returns:
            Whether there was one.
        """
        while self._pump.has_messages and not self.component.pending and not self._over:
            self._moved.clear()
            await self._moved.wait()  # the next message is on its way into the line
        woken = None
        if not self.component.pending and self._speed is Speed.FASTEST:
            woken = self.clock.fire_next()
        stepped = await self.component.step()
        if inspect.isawaitable(woken):
            await woken
        return stepped

    # -- time ------------------------------------------------------------------------------

    def set_speed(self, speed: Speed) -> None:
        """Lets time pass at another speed."""
        self._speed = speed
        self._set_clock()
        self._pump.wake()

    async def wait(self, seconds: float) -> None:
        """Lets time of the run pass: at once when it runs as fast as possible.

        Raises:
            NotRunningError: the run has ended meanwhile.
        """
        if self._speed is Speed.FASTEST:
            await self.clock.skip(seconds)
        else:
            passed = asyncio.Event()
            self._waits.add(passed)
            timer = self.clock.call_later(seconds, passed.set)
            try:
                await passed.wait()
            finally:
                timer.cancel()
                self._waits.discard(passed)
        await self._engine.drain()
        if self._over:
            raise NotRunningError

    def _set_clock(self) -> None:
        factor = self._speed.factor
        if self._held or factor is None:
            self.clock.pause()
        if factor is not None:
            self.clock.speed = factor
            if not self._held:
                self.clock.resume()

    async def _jump(self) -> bool:
        """Goes to the next timer when nothing else is to be done and time is to take no time."""
        self._moved.set()
        if self._speed is not Speed.FASTEST or self._held or self.time_by_hand:
            return False
        if self.clock.next_due() is None:
            return False
        woken = self.clock.fire_next()
        if inspect.isawaitable(woken):
            await woken
        return True

    # -- changing what runs ----------------------------------------------------------------

    async def restore(self, snapshot: ComponentSnapshot) -> None:
        """Puts the component back into a snapshot's state.

        Raises:
            StateError: the flow has no such state; nothing has changed.
        """
        set_correlation_id("restore")
        await self.component.restore(snapshot)
        self._pump.wake()

    def apply_rules(self, rules: Iterable[Any]) -> None:
        """Replaces the component's rules."""
        self.component.rules[:] = plain_copy(list(rules))
        self._logger.info("%s has %d new rules", self.component.name, len(self.component.rules))
