"""Restoring and stopping, whatever is under way or waits."""

import asyncio
import gc
from typing import Any

import pytest

from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.errors import StateError
from flexiflow.event_manager import AsyncEventManager
from flexiflow.state_machine import StateMachine
from flexiflow.testing import capture_events
from tests.helpers.scripts import Script, message, sends, whole, yields


class Shot:
    """What a component is restored from."""

    current_state = "InitialState"
    rules: list[Any] = []
    context: dict[str, Any] = {}


async def test_restore_goes_before_all_that_waits(
    component: AsyncComponent, bus: AsyncEventManager, log: list[Any]
) -> None:
    """The current message is finished, the restored state gets the next one."""
    release = asyncio.Event()

    async def waits(_component: Any) -> None:
        await release.wait()

    callers = [
        asyncio.create_task(component.handle_message(message("a", waits))),
        asyncio.create_task(component.handle_message({"type": "start"})),
    ]
    await asyncio.sleep(0)
    restoring = asyncio.create_task(component.restore(Shot()))
    await yields(None)
    release.set()
    await restoring
    await asyncio.gather(*callers)
    assert log == whole("a")
    assert component.state_name == "AwaitingConfirmation"


async def test_restore_works_while_held(component: AsyncComponent, log: list[Any]) -> None:
    """Held messages stay held."""
    component.hold()
    caller = asyncio.create_task(component.handle_message({"type": "start"}))
    await asyncio.sleep(0)
    await component.restore(Shot())
    assert component.state_name == "InitialState"
    assert component.pending == 1
    component.release()
    await caller
    assert component.state_name == "AwaitingConfirmation"


async def test_restore_does_not_wait_for_held_messages_from_inside(
    component: AsyncComponent, log: list[Any]
) -> None:
    """A message that was sent from inside and is held does not hold up restoring."""
    component.hold()
    caller = asyncio.create_task(component.handle_message(message("a", sends(message("b")))))
    await asyncio.sleep(0)
    await component.step()
    await asyncio.wait_for(component.restore(Shot()), 5)
    assert component.pending == 1
    component.release()
    await caller


async def test_restore_from_inside_follows_the_current_message(
    component: AsyncComponent, log: list[Any]
) -> None:
    """It is queued like a message."""

    async def restores(component: AsyncComponent) -> None:
        await component.restore(Shot())
        log.append("asked")

    await component.handle_message(message("a", restores))
    assert log == ["a begins", "asked", "a ends"]
    assert component.state_name == "InitialState"


async def test_stop_tells_waiting_callers(component: AsyncComponent, log: list[Any]) -> None:
    """They get an error instead of waiting for ever."""
    component.hold()
    caller = asyncio.create_task(component.handle_message(message("a")))
    component.post(message("b"))
    await asyncio.sleep(0)
    await component.stop()
    with pytest.raises(StateError, match="Component 'c' was stopped"):
        await caller

    assert component.pending == 0
    component.release()
    await component.handle_message(message("c"))
    assert log == whole("c")


async def test_stop_ends_the_components_own_task(component: AsyncComponent, log: list[Any]) -> None:
    """Posted work under way is cancelled, what follows is dropped, nothing is left behind."""
    before = asyncio.all_tasks()

    async def forever(_component: Any) -> None:
        await asyncio.sleep(60)

    component.post(message("a", forever))
    component.post(message("b"))
    await yields(None)
    await component.stop()
    assert log == whole("a")
    assert asyncio.all_tasks() == before


async def test_stop_lets_a_caller_finish_its_message(
    component: AsyncComponent, log: list[Any]
) -> None:
    """A message that runs in its caller's task is the caller's affair."""
    caller = asyncio.create_task(component.handle_message(message("a", yields)))
    await asyncio.sleep(0)
    await component.stop()
    await caller
    assert log == whole("a")


async def test_stop_drops_what_an_outer_caller_waits_for(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Its own message was handled, so it just returns."""
    component.hold()
    caller = asyncio.create_task(component.handle_message(message("a", sends(message("b")))))
    await asyncio.sleep(0)
    await component.step()
    await component.stop()
    await caller
    assert log == whole("a")


async def test_stop_from_inside_does_not_wait_for_itself(
    component: AsyncComponent, log: list[Any]
) -> None:
    """Neither in a caller's task nor in the component's own."""

    async def stops(component: AsyncComponent) -> None:
        await component.stop()

    await component.handle_message(message("a", stops))
    component.post(message("b", stops))
    await component.settled()
    assert log == whole("a", "b")


async def test_a_loop_that_ends_takes_the_components_task_along(log: list[Any]) -> None:
    """When every task is cancelled, callers go on and posted work is given up."""
    component = AsyncComponent("c", state_machine=StateMachine(Script(log)))

    async def forever(_component: Any) -> None:
        await asyncio.sleep(60)

    component.post(message("a", forever))
    component.post(message("b"))
    waiting = asyncio.create_task(component.handle_message(message("c")))
    await yields(None)
    worker = component._worker
    assert worker is not None
    worker.cancel()
    await waiting
    assert log == whole("a", "c")


def test_a_component_outlives_its_loop(log: list[Any]) -> None:
    """A loop that ends in the middle of posted work leaves a component that works."""
    component = AsyncComponent("c", state_machine=StateMachine(Script(log)))

    async def forever(_component: Any) -> None:
        await asyncio.sleep(60)

    async def leave() -> None:
        component.post(message("a", forever))
        component.post(message("b"))
        await yields(None)

    asyncio.run(leave())
    asyncio.run(component.handle_message(message("c")))
    assert log == whole("a", "c")


def test_an_interrupt_in_posted_work_leaves_a_component_that_works(
    log: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Ctrl+C ends the loop, not the component; asyncio logs the task that it came through."""
    component = AsyncComponent("c", state_machine=StateMachine(Script(log)))

    async def interrupts(_component: Any) -> None:
        raise KeyboardInterrupt

    async def leave() -> None:
        component.post(message("a", interrupts))
        await component.settled()

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(leave())

    gc.collect()
    asyncio.run(component.handle_message(message("c")))
    assert log == whole("a", "c")
    assert all(record.name == "asyncio" for record in caplog.records)


async def test_a_turn_that_is_thrown_away_elsewhere_ends(
    component: AsyncComponent, log: list[Any]
) -> None:
    """A coroutine that is closed in another context than its own gives its turn back."""
    turn = component.handle_message(message("a", yields))

    async def begin() -> None:
        turn.send(None)

    await asyncio.create_task(begin())
    assert component.under_way
    turn.close()
    assert not component.under_way
    await component.handle_message(message("b"))
    assert log == whole("a", "b")


class Snapshot(Shot):
    """One of a certain state."""

    def __init__(self, current_state: str) -> None:
        self.current_state = current_state


async def test_the_last_of_several_restorations_counts(component: AsyncComponent) -> None:
    """They are done in order of arrival, before all else that waits."""
    begun = asyncio.ensure_future(component.handle_message(message("a", yields)))
    await asyncio.sleep(0)
    names = ["ErrorHandling", "AwaitingConfirmation", "ProcessingRequest"]
    await asyncio.gather(*(component.restore(Snapshot(name)) for name in names), begun)
    assert component.state_name == "ProcessingRequest"


async def test_a_change_that_was_cut_short_is_finished_before_restoring() -> None:
    """What is left of it changes nothing that has been restored."""
    component = load_component(
        {
            "pack": "p",
            "states": {
                "A": None,
                "B": {"entry": [{"call": f"{__name__}:yields_long"}, {"set": {"entered": True}}]},
            },
            "transitions": [{"from": "A", "message": "go", "to": "B"}],
        }
    )
    component.event_bus = AsyncEventManager()
    async with capture_events(component.event_bus) as events:
        caller = asyncio.ensure_future(component.handle_message({"type": "go"}))
        await asyncio.sleep(0)
        restoring = asyncio.ensure_future(component.restore(Snapshot("A")))
        await asyncio.sleep(0)
        caller.cancel()
        await restoring

    assert component.context == {}
    names = ["component.message.received", "state.changed", "component.restored"]
    assert [name for name, _ in events] == names


async def yields_long(_component: Any, _message: Any) -> None:
    """Goes on until it is cancelled."""
    await asyncio.sleep(60)
