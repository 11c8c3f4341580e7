"""What waits for a component, and how much of it a flow may set off."""

import asyncio
from typing import Any

import pytest

from flexiflow import timers, waiting
from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.errors import StateError
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import State, StateMachine
from flexiflow.testing import ManualClock, capture_events
from tests.helpers.slow_component import PATIENCE, check_answers, slow

LOOP = {
    "pack": "loop",
    "states": {"A": None, "B": {"entry": [{"send": {"type": "again"}}]}},
    "transitions": [
        {"from": "A", "message": "go", "to": "B"},
        {"from": "B", "message": "again", "to": "B"},
    ],
}


async def test_a_flow_that_sends_to_itself_for_ever_lets_others_run() -> None:
    """A time-out works, and so does stopping."""
    component = load_component(LOOP)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(component.handle_message({"type": "go"}), 0.05)

    assert component.under_way
    await asyncio.wait_for(component.stop(), PATIENCE)
    assert not component.under_way


async def test_a_flow_that_sends_to_itself_for_ever_is_told_when_it_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The action that sends one too many fails, and the outermost call returns."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 1_000)
    component = load_component(LOOP)
    component.event_bus = AsyncEventManager()
    async with capture_events(component.event_bus, ["state.changed", "action.failed"]) as events:
        await asyncio.wait_for(component.handle_message({"type": "go"}), PATIENCE)

    assert len(events.of("state.changed")) == 1_001
    (failure,) = events.of("action.failed")
    assert "Too many messages for component 'loop'" in failure["error"]
    await check_answers(component)


async def test_what_is_set_off_grows_no_further_than_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two for each one: without a limit, the memory would be full before anything ends."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 1_000)
    twice = [{"send": {"type": "x"}}, {"send": {"type": "x"}}]
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None},
            "transitions": [{"from": "A", "message": "x", "do": twice}],
        }
    )
    component.event_bus = AsyncEventManager()
    async with capture_events(component.event_bus, ["component.message.handled"]) as events:
        await asyncio.wait_for(component.handle_message({"type": "x"}), PATIENCE)

    assert len(events.of("component.message.handled")) == 1_001


async def test_what_is_set_off_slowly_grows_no_further_than_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However much time passes, there is an end to what waits."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 50)
    monkeypatch.setattr(waiting, "_AT_A_STRETCH", 0.0)
    twice = [{"send": {"type": "x"}}, {"send": {"type": "x"}}]
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None},
            "transitions": [{"from": "A", "message": "x", "do": twice}],
        }
    )
    component.event_bus = bus = AsyncEventManager()
    most, failed = [], asyncio.Event()

    async def look(_data: Any) -> None:
        most.append(component.pending)

    async def fail(_data: Any) -> None:
        if len(most) > 500:
            failed.set()

    await bus.subscribe("component.message.handled", "test", look)
    await bus.subscribe("action.failed", "test", fail)
    handling = asyncio.ensure_future(component.handle_message({"type": "x"}))
    await asyncio.wait_for(failed.wait(), PATIENCE)
    await component.stop()
    await asyncio.wait([handling])
    assert max(most) <= 2 * 50


async def test_large_messages_that_are_set_off_have_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each sends two that are as large as can be."""
    monkeypatch.setattr(waiting, "MAX_SENT_SIZE", 20_000)
    send = {"send": {"type": "x", "data": {"text": "context.text + '!'"}}}
    component = load_component(
        {
            "pack": "p",
            "context": {"text": "x" * 2_000},
            "states": {"A": None},
            "transitions": [{"from": "A", "message": "x", "do": [send, send]}],
        }
    )
    component.event_bus = AsyncEventManager()
    async with capture_events(component.event_bus, ["component.message.handled"]) as events:
        await asyncio.wait_for(component.handle_message({"type": "x"}), PATIENCE)
        first = len(events)
        await asyncio.wait_for(component.handle_message({"type": "x"}), PATIENCE)

    assert first == 1 + 20_000 // 2_006, "each has a key and a text of 2,001 characters"
    assert len(events) == 2 * first


@pytest.mark.parametrize(("most", "size"), [(5, 1_000_000), (1_000, 10_030)])
async def test_messages_that_wait_for_their_time_have_an_end(
    monkeypatch: pytest.MonkeyPatch, most: int, size: int
) -> None:
    """By number as by size; when some have come, there is room again."""
    monkeypatch.setattr(timers, "MAX_SET_OFF", most)
    monkeypatch.setattr(timers, "MAX_SENT_SIZE", size)
    send = {"send": {"type": "y", "data": {"text": "context.text"}, "after": "1s"}}
    component = load_component(
        {
            "pack": "p",
            "context": {"text": "x" * 2_000},
            "states": {"A": None},
            "transitions": [{"from": "A", "message": "x", "do": [send]}],
        }
    )
    component.clock = clock = ManualClock()
    component.event_bus = AsyncEventManager()
    names = ["action.failed", "component.message.ignored"]
    async with capture_events(component.event_bus, names) as events:
        for _ in range(7):
            await component.handle_message({"type": "x"})

        assert [event for event, _ in events] == ["action.failed"] * 2
        await clock.advance(1)
        await component.handle_message({"type": "x"})

    assert [event for event, _ in events[2:]] == ["component.message.ignored"] * 5
    await component.stop()


async def test_who_sends_to_itself_slowly_may_do_so_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only so many at a stretch are an endless loop."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 10)
    monkeypatch.setattr(waiting, "_AT_A_STRETCH", 0.0)
    seen = []

    class Clock(State):
        async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
            seen.append(message)
            if len(seen) < 50:
                component.post({"type": "tick"})

            return False, self

    component = AsyncComponent("c", state_machine=StateMachine(Clock()))
    await component.handle_message({"type": "tick"})
    assert len(seen) == 50


async def test_nobody_can_post_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who posts is told when too many wait, and those are handled."""
    monkeypatch.setattr(waiting, "MAX_SET_OFF", 100)
    component = slow()
    await component.start()
    component.hold()
    for _ in range(100):
        component.post({"type": "x"})

    with pytest.raises(StateError, match="Too many messages for component 'slow'"):
        component.post({"type": "x"})

    assert component.pending == 100
    component.release()
    await component.settled()
    assert component.pending == 0
