"""Components that send to each other neither block nor mix their turns."""

import asyncio
from typing import Any

from flexiflow.component import AsyncComponent
from flexiflow.state_machine import StateMachine
from tests.helpers.scripts import Script, message, pair, whole, yields


async def test_a_message_may_come_back_through_another_component(log: list[Any]) -> None:
    """One sends to two, two sends to one: that is from inside one."""
    one, two = pair(log)

    async def back(_component: Any) -> None:
        await one.handle_message(message("c"))

    async def forth(_component: Any) -> None:
        await two.handle_message(message("b", back))

    await asyncio.wait_for(one.handle_message(message("a", forth)), 5)
    assert log == ["a begins", *whole("b"), "a ends", *whole("c")]


async def test_two_components_that_send_to_each_other_do_not_block(log: list[Any]) -> None:
    """When both wait for the other's turn, one of them goes on."""
    one, two = pair(log)
    both = asyncio.Barrier(2)

    def crosses(other: AsyncComponent, name: str) -> Any:
        async def cross(_component: Any) -> None:
            await both.wait()
            await other.handle_message(message(name))

        return cross

    await asyncio.wait_for(
        asyncio.gather(
            one.handle_message(message("a", crosses(two, "to two"))),
            two.handle_message(message("b", crosses(one, "to one"))),
        ),
        5,
    )
    await asyncio.gather(one.settled(), two.settled())
    assert sorted(log) == sorted(whole("a", "b", "to one", "to two"))


async def test_a_ring_of_components_does_not_block(log: list[Any]) -> None:
    """Nor when the ring is longer, and tasks are in between."""
    ring = [AsyncComponent(str(n), state_machine=StateMachine(Script(log))) for n in range(4)]
    all_in = asyncio.Barrier(4)

    def crosses(number: int) -> Any:
        async def cross(_component: Any) -> None:
            await all_in.wait()
            target = ring[(number + 1) % 4]
            await asyncio.wait_for(target.handle_message(message(f"from {number}")), 5)

        return cross

    await asyncio.gather(
        *(
            ring[number].handle_message(message(f"m{number}", crosses(number)))
            for number in range(4)
        )
    )
    await asyncio.gather(*(component.settled() for component in ring))
    assert len(log) == 16


async def test_waiting_behind_a_slow_component_is_no_ring(log: list[Any]) -> None:
    """A caller inside another component waits for its turn like anybody."""
    one, two = pair(log)
    release = asyncio.Event()

    async def waits(_component: Any) -> None:
        await release.wait()

    async def forth(_component: Any) -> None:
        await two.handle_message(message("b"))
        log.append("b returned")

    slow = asyncio.create_task(two.handle_message(message("slow", waits)))
    await asyncio.sleep(0)
    caller = asyncio.create_task(one.handle_message(message("a", forth)))
    await yields(None)
    assert "b begins" not in log
    release.set()
    await asyncio.gather(slow, caller)
    assert log.index("b ends") < log.index("b returned")


class NoTruth:
    """Comparing it gives nothing that is true or false, as with arrays."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> Any:
        raise ValueError("neither true nor false")


async def test_waiting_for_several_components_compares_none_of_them(log: list[Any]) -> None:
    """Nor their data."""
    others = [AsyncComponent("c", [NoTruth()], StateMachine(state)) for state in [Script(log)] * 2]
    callers = [
        asyncio.ensure_future(other.handle_message(message(name, yields)))
        for other, name in zip(others, "ab", strict=True)
    ]
    await asyncio.sleep(0)

    async def ask(_component: Any) -> None:
        await asyncio.gather(*(other.handle_message(message("x")) for other in reversed(others)))

    outer = AsyncComponent("outer", state_machine=StateMachine(Script(log)))
    await outer.handle_message(message("asks", ask))
    await asyncio.gather(*callers)
    assert log[-5:] == [*whole("x", "x"), "asks ends"]
