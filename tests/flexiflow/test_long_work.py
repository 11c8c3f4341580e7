"""Files that make one message much work: the event loop goes on, and guards have an end."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from flexiflow import pauses, transitions
from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.event_manager import AsyncEventManager
from flexiflow.testing import capture_events

MANY = 20


class Items(list[int]):
    """A list that counts how often it is looked through, and may take its time."""

    looks = 0
    seconds = 0.0

    def __iter__(self) -> Iterator[int]:
        self.looks += 1
        end = time.thread_time() + self.seconds
        while time.thread_time() < end:
            pass

        return super().__iter__()


def guarded(*guards: str) -> AsyncComponent:
    """A component with so many transitions for one message, the last one without a guard."""
    to_b = [{"from": "A", "message": "x", "to": "B", "guard": guard} for guard in guards]
    last = {"from": "A", "message": "x", "to": "C"}
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None, "B": None, "C": None},
            "transitions": [*to_b, last],
        }
    )
    component.event_bus = AsyncEventManager()
    return component


@pytest.mark.parametrize("started", [False, True])
async def test_guards_that_take_too_long_together_come_to_an_end(
    monkeypatch: pytest.MonkeyPatch, started: bool
) -> None:
    """One of them tells so; none of the others is tried, and no transition is taken."""
    monkeypatch.setattr(transitions, "LONGEST_CHOICE", 0.005)
    component = guarded(*(f"{number} in message.items" for number in range(1, 1_000)))
    if started:
        await component.start()

    items = Items([0])
    items.seconds = 0.001
    async with capture_events(component.event_bus, ["guard.failed"]) as events:
        await component.handle_message({"type": "x", "items": items})

    (failure,) = events.of("guard.failed")
    assert failure["error"].startswith("The guards take too long")
    assert failure["why"]
    assert failure["fix"]
    assert component.state_name == "A"
    assert items.looks < 200


async def test_time_that_passes_elsewhere_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other things changes nothing about what a guard says."""
    monkeypatch.setattr(transitions, "monotonic", iter(range(0, 1_000_000, 60)).__next__)
    component = guarded(*(f"message.n == {number}" for number in range(MANY)))
    await component.handle_message({"type": "x", "n": MANY - 1})
    assert component.state_name == "B"


@pytest.mark.parametrize("guards", [transitions._FEW - 1, 500])
@pytest.mark.parametrize("last", [False, True])
async def test_guards_that_do_not_take_long_are_all_tried(guards: int, last: bool) -> None:
    """However many there are."""
    component = guarded(*(f"message.n == {number}" for number in range(guards)))
    async with capture_events(component.event_bus, ["guard.failed"]) as events:
        await component.handle_message({"type": "x", "n": guards if last else guards - 1})

    assert component.state_name == ("C" if last else "B")
    assert not events


@contextmanager
def counted_turns(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """What comes about of turns of the event loop while pauses are due at once."""
    monkeypatch.setattr(pauses, "LONGEST_STRETCH", 0.0)
    turns = [0]
    loop = asyncio.get_running_loop()

    def tick() -> None:
        nonlocal handle
        turns[0] += 1
        handle = loop.call_soon(tick)

    handle = loop.call_soon(tick)
    yield turns
    handle.cancel()


MANY_VALUES = {f"k{number}": "message.n + 1" for number in range(MANY)}


@pytest.mark.parametrize(
    "actions",
    [
        [{"set": {"k": "message.n + 1"}}] * MANY,
        [{"set": {"k": "message.missing"}}] * MANY,
        [{"set": MANY_VALUES}],
        [{"emit": {"event": "told", "data": MANY_VALUES}}],
        [{"send": {"type": "sent", "data": MANY_VALUES}}],
    ],
    ids=["actions", "failing actions", "values kept", "values emitted", "values sent"],
)
@pytest.mark.parametrize("place", ["do", "entry"])
async def test_others_get_a_turn_between_actions_and_values(
    actions: list[Any], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where they take long."""
    taken: dict[str, Any] = {"from": "A", "message": "x", "to": "B"}
    entered: dict[str, Any] = {place: actions}
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None, "B": entered if place == "entry" else None},
            "transitions": [taken | (entered if place == "do" else {})],
        }
    )
    component.event_bus = AsyncEventManager()
    await component.start()
    names = ["told", "component.message.ignored"]
    async with capture_events(component.event_bus, names) as events:
        with counted_turns(monkeypatch) as turns:
            await component.handle_message({"type": "x", "n": 1})

    assert turns[0] >= MANY - 2
    assert component.state_name == "B"
    assert all(len(data.get("message", data)) >= MANY for _, data in events)
    if "set" in actions[0] and "message.missing" not in actions[0]["set"].values():
        assert set(component.context.values()) == {2}


async def test_others_get_a_turn_between_queued_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where these take long."""
    component = AsyncComponent("c")
    await component.start()
    for _ in range(MANY):
        component.post({"type": "x"})

    with counted_turns(monkeypatch) as turns:
        await component.settled()

    assert turns[0] >= MANY - 2


async def test_cancelling_in_a_pause_loses_no_entry_action(monkeypatch: pytest.MonkeyPatch) -> None:
    """The state has changed, so what is left of entering it is done."""
    entry = [{"set": {f"k{number}": 1}} for number in range(MANY)]
    component = load_component(
        {
            "pack": "p",
            "states": {"A": None, "B": {"entry": entry}},
            "transitions": [{"from": "A", "message": "x", "to": "B"}],
        }
    )
    await component.start()
    monkeypatch.setattr(pauses, "LONGEST_STRETCH", 0.0)
    caller = asyncio.ensure_future(component.handle_message({"type": "x"}))
    for _ in range(MANY // 2):
        await asyncio.sleep(0)

    caller.cancel()
    await asyncio.wait([caller])
    await component.settled()
    assert len(component.context) == MANY
