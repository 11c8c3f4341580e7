"""Callers that come, send from inside, fail and are cancelled in any mix, many at once."""

import asyncio
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from flexiflow.component import AsyncComponent
from flexiflow.errors import StateError
from flexiflow.event_manager import AsyncEventManager
from flexiflow.snapshot import ComponentSnapshot
from flexiflow.state_machine import State, StateMachine, StateRegistry

PAUSES = st.integers(0, 3)
PATIENCE = 20.0


class StormError(Exception):
    """Raised by a state, and by an observer."""


class Working(State):
    """Pauses, sends and fails as its message says, and tells when it is not alone."""

    storm: Any

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        storm = self.storm
        storm.begin(message["number"])
        try:
            await storm.pause(message["pauses"])
            for inner in message["inner"]:
                await component.handle_message(storm.message(*inner))

            await storm.pause(message["pauses"])
            if message["fails"]:
                raise StormError
        finally:
            storm.end(message["number"])

        return True, type(self)()


class SlowToStart(AsyncComponent):
    """Takes a while to start, and sends itself a message then."""

    storm: Any

    async def _ensure_started(self) -> None:
        is_first = not self._started
        await super()._ensure_started()
        if is_first:
            await self.storm.begin_slowly()


class Storm(RuleBasedStateMachine):
    """One component, and everybody at once."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda _loop, _context: None)  # posted messages may fail
        self.bus = AsyncEventManager()
        self.component = self.new_component()
        self.urgent: list[asyncio.Task[None]] = []
        self.callers: dict[int, asyncio.Task[None]] = {}
        self.posted: set[int] = set()
        self.handled: list[int] = []
        self.active: int | None = None
        self.met: list[Any] = []
        self.number = 0
        self.stopped = False
        self.run(self.bus.subscribe("component.message.received", "c", self.observe))
        self.run(self.bus.subscribe("state.changed", "c", self.observe))

    def new_component(self) -> SlowToStart:
        """One that has not started yet."""
        working = type("Working", (Working,), {"storm": self})
        registry = StateRegistry()
        registry.register("Working", working)
        machine = StateMachine(working(), registry)
        component = SlowToStart("c", state_machine=machine, event_bus=self.bus)
        component.storm = self
        return component

    def run(self, work: Any) -> Any:
        """Lets the loop do it."""
        return self.loop.run_until_complete(asyncio.wait_for(work, PATIENCE))

    async def pause(self, turns: int) -> None:
        """Lets others run."""
        for _ in range(turns):
            await asyncio.sleep(0)

    async def begin_slowly(self) -> None:
        """What comes before the first message."""
        await self.pause(2)
        message = self.message(1, (), fails=False)
        self.posted.add(message["number"])
        self.component.post(message)
        await self.pause(2)

    async def observe(self, data: Any) -> None:
        """Takes a while, and fails now and then."""
        await asyncio.sleep(0)
        if self.number % 7 == 3:
            raise StormError

    def message(self, pauses: int, inner: Any, fails: bool) -> dict[str, Any]:
        """A message with a number of its own."""
        self.number += 1
        return {"number": self.number, "pauses": pauses, "inner": inner, "fails": fails}

    def begin(self, number: int) -> None:
        """Notes who begins, and who was at it."""
        if self.active is not None:
            self.met.append((self.active, number))

        self.active = number
        self.handled.append(number)

    def end(self, number: int) -> None:
        """Notes who ends."""
        if self.active != number:
            self.met.append((self.active, number))

        self.active = None

    @rule(
        pauses=PAUSES,
        inner=st.lists(st.tuples(PAUSES, st.just(()), st.booleans()), max_size=2),
        fails=st.booleans(),
    )
    def call(self, pauses: int, inner: Any, fails: bool) -> None:
        """Somebody waits for a message to be handled."""
        message = self.message(pauses, inner, fails)
        task = self.loop.create_task(self.component.handle_message(message))
        self.callers[message["number"]] = task

    @rule(pauses=PAUSES, fails=st.booleans())
    def post(self, pauses: int, fails: bool) -> None:
        """Nobody waits for a message."""
        message = self.message(pauses, (), fails)
        self.posted.add(message["number"])

        async def post() -> None:
            self.component.post(message)

        self.run(post())

    @rule(restores=st.booleans())
    def call_urgently(self, restores: bool) -> None:
        """Somebody starts it, or restores a snapshot, before all that waits."""
        snapshot = ComponentSnapshot("c", "Working", [], {})
        call = self.component.restore(snapshot) if restores else self.component.start()
        self.urgent.append(self.loop.create_task(call))

    @rule(turns=st.integers(1, 8))
    def let_run(self, turns: int) -> None:
        """The loop turns."""
        self.run(self.pause(turns))

    @rule(chosen=st.sets(st.integers(0, 9), max_size=6))
    def cancel(self, chosen: set[int]) -> None:
        """Some of the last callers are cancelled, all in one turn of the loop."""
        last = list(self.callers)[-10:]
        for place in chosen:
            if place < len(last):
                self.callers[last[place]].cancel()

    @rule()
    def hold(self) -> None:
        """Nothing is let through any more."""
        self.component.hold()

    @rule()
    def release(self) -> None:
        """Everything is let through again."""

        async def release() -> None:
            self.component.release()

        self.run(release())

    @rule()
    def stop(self) -> None:
        """All that waits is dropped."""
        self.stopped = True
        self.run(self.component.stop())

    @rule()
    def calm_down(self) -> None:
        """Everybody is served, with nobody else to set things going again."""
        self.release()
        everybody = [*self.callers.values(), *self.urgent]
        self.run(asyncio.wait(everybody) if everybody else asyncio.sleep(0))
        self.run(self.component.settled())
        assert not self.component.under_way
        assert self.component.pending == 0

    @rule(turns=st.integers(1, 4))
    def begin_anew(self, turns: int) -> None:
        """The next message is a component's first."""
        self.calm_down()
        self.component = self.new_component()
        self.call(0, (), fails=False)
        self.let_run(turns)

    @invariant()
    def nobody_meets(self) -> None:
        """One message is finished before the next one begins."""
        assert not self.met

    def teardown(self) -> None:
        """In the end everybody is served, in order, and the component is free."""
        try:
            self.calm_down()
            self.run(self.component.handle_message(self.message(0, (), fails=False)))
            self.check_what_was_handled()
        finally:
            self.loop.close()

    def check_what_was_handled(self) -> None:
        """Callers' messages in order of arrival, once each unless cancelled or dropped."""
        assert len(set(self.handled)) == len(self.handled)
        ordered = [number for number in self.handled if number in self.callers]
        assert ordered == sorted(ordered)
        for number, task in self.callers.items():
            if task.cancelled():
                continue

            error = task.exception()
            was_dropped = isinstance(error, StateError)
            assert error is None or was_dropped or isinstance(error, StormError)
            assert (number in self.handled) is not was_dropped

        if not self.stopped and not any(task.cancelled() for task in self.callers.values()):
            assert self.posted <= set(self.handled)


TestStorm = Storm.TestCase
TestStorm.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
