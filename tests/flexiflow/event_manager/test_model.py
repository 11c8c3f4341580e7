"""The event bus beside a plain model of it."""

import asyncio

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from flexiflow.event_manager import AsyncEventManager, SubscriptionHandle
from tests.helpers.buses import writer


class BusModel(RuleBasedStateMachine):
    """The bus against a list that is sorted for each event."""

    def __init__(self) -> None:
        super().__init__()
        self.bus = AsyncEventManager()
        self.calls: list[int] = []
        self.model: list[tuple[int, int, str, str, SubscriptionHandle]] = []
        self.number = 0

    @rule(
        event=st.sampled_from("ab"),
        name=st.sampled_from("xyz"),
        priority=st.integers(1, 5),
        filtered=st.booleans(),
    )
    def subscribe(self, event: str, name: str, priority: int, filtered: bool) -> None:
        self.number += 1
        handler = writer(self.calls, self.number)
        filter_fn = (lambda _name, _data: True) if filtered else None
        handle = asyncio.run(self.bus.subscribe(event, name, handler, priority, filter_fn))
        self.model.append((priority, self.number, event, name, handle))

    @rule(index=st.integers(0, 100))
    def unsubscribe(self, index: int) -> None:
        if self.model:
            entry = self.model.pop(index % len(self.model))
            assert self.bus.unsubscribe(entry[4]) is True
            assert self.bus.unsubscribe(entry[4]) is False

    @rule(name=st.sampled_from("xyz"))
    def unsubscribe_all(self, name: str) -> None:
        left = [entry for entry in self.model if entry[3] != name]
        assert self.bus.unsubscribe_all(name) == len(self.model) - len(left)
        self.model = left

    @rule(event=st.sampled_from("ab"), delivery=st.sampled_from(["sequential", "concurrent"]))
    def publish(self, event: str, delivery: str) -> None:
        self.calls.clear()
        asyncio.run(self.bus.publish(event, delivery=delivery))
        expected = sorted(entry for entry in self.model if entry[2] == event)
        assert self.calls == [entry[1] for entry in expected]


TestBusModel = BusModel.TestCase
TestBusModel.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
