"""Turns beside plain models of them."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from flexiflow.component import AsyncComponent
from flexiflow.state_machine import StateMachine
from tests.helpers.scripts import Script, message, sends, whole


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_mix_is_handled_like_by_a_model(data: st.DataObject) -> None:
    """Callers in order, each with what it sends from inside right after it."""
    counter = iter(range(1000))

    def draw_message(depth: int) -> dict[str, Any]:
        inner = [] if depth == 0 else data.draw(st.lists(st.just(depth - 1), max_size=2))
        messages = [draw_message(below) for below in inner]
        pause = data.draw(st.integers(0, 2))

        async def do(component: AsyncComponent) -> None:
            for each in messages:
                for _ in range(pause):
                    await asyncio.sleep(0)

                await component.handle_message(each)

        return message(f"m{next(counter)}", do, inner=messages)

    tops = [draw_message(2) for _ in range(data.draw(st.integers(1, 4)))]
    log: list[Any] = []

    async def run() -> None:
        component = AsyncComponent("c", state_machine=StateMachine(Script(log)))
        await asyncio.gather(*(component.handle_message(top) for top in tops))

    asyncio.run(run())
    expected: list[str] = []
    for top in tops:
        queue = [top]
        while queue:
            current = queue.pop(0)
            expected += whole(current["type"])
            queue += current["inner"]

    assert log == expected


class StepModel(RuleBasedStateMachine):
    """Holding, stepping and releasing against two lists: from inside, and in line."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.log: list[Any] = []
        self.component = AsyncComponent("c", state_machine=StateMachine(Script(self.log)))
        self.callers: list[asyncio.Task[None]] = []
        self.inner: list[dict[str, Any]] = []
        self.line: list[dict[str, Any]] = []
        self.expected: list[str] = []
        self.held = False
        self.number = 0

    def settle(self) -> None:
        """Lets the component do what it may."""

        async def pause() -> None:
            await self.component.settled()
            for _ in range(3):
                await asyncio.sleep(0)

            await self.component.settled()

        self.loop.run_until_complete(pause())

    def take(self) -> None:
        """What the component does with the next message."""
        queue = self.inner or self.line
        if queue:
            current = queue.pop(0)
            self.expected += whole(current["type"])
            self.inner += current["inner"]

    def new(self, count: int) -> dict[str, Any]:
        self.number += 1
        name = f"m{self.number}"
        inner = [message(f"{name}.{index}", inner=[]) for index in range(count)]
        return message(name, sends(*inner), inner=inner)

    @rule(count=st.integers(0, 2), by=st.sampled_from(["post", "caller"]))
    def send(self, count: int, by: str) -> None:
        sent = self.new(count)
        if by == "caller":
            self.callers.append(self.loop.create_task(self.component.handle_message(sent)))
        else:

            async def post() -> None:
                self.component.post(sent)

            self.loop.run_until_complete(post())

        self.line.append(sent)
        self.settle()
        while not self.held and (self.inner or self.line):
            self.take()

    @rule()
    def hold(self) -> None:
        self.component.hold()
        self.held = True

    @rule()
    def release(self) -> None:
        async def go() -> None:
            self.component.release()

        self.loop.run_until_complete(go())
        self.held = False
        self.settle()
        while self.inner or self.line:
            self.take()

    @rule()
    def step(self) -> None:
        stepped = self.loop.run_until_complete(self.component.step())
        assert stepped == (self.held and bool(self.inner or self.line))
        self.settle()
        if self.held:
            self.take()

    @invariant()
    def looks_alike(self) -> None:
        assert self.log == self.expected
        assert self.component.pending == len(self.inner) + len(self.line)
        assert self.component.held == self.held

    def teardown(self) -> None:
        self.release()
        for caller in self.callers:
            self.loop.run_until_complete(caller)

        self.loop.close()


TestStepModel = StepModel.TestCase
TestStepModel.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
