"""A component that takes its time, and how long a test waits for it."""

import asyncio
from typing import Any

from flexiflow.component import AsyncComponent
from flexiflow.state_machine import State, StateMachine

__all__ = ["PATIENCE", "Slow", "check_answers", "slow"]

PATIENCE = 20.0
"""In seconds: what hangs hangs longer."""


class Slow(State):
    """Takes its time, and moves on."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        await asyncio.sleep(message.get("seconds", 0))
        return True, Slow()


def slow() -> AsyncComponent:
    """A component that takes its time."""
    return AsyncComponent("slow", state_machine=StateMachine(Slow()))


async def check_answers(component: AsyncComponent) -> None:
    """The component handles a message."""
    await asyncio.wait_for(component.handle_message({"type": "still there?"}), PATIENCE)
    assert not component.under_way
