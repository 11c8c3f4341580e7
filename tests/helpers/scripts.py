"""Components whose messages say what is to be done."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from flexiflow.component import AsyncComponent
from flexiflow.state_machine import State, StateMachine

__all__ = ["Script", "fails", "message", "pair", "sends", "whole", "yields"]


class Script(State):
    """Does what ``do`` in the message says, and writes down when it begins and ends."""

    def __init__(self, log: list[Any]) -> None:
        self.log = log

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        name = message["type"]
        self.log.append(f"{name} begins")
        try:
            if (do := message.get("do")) is not None:
                await do(component)
        finally:
            self.log.append(f"{name} ends")

        return message.get("move", False), Script(self.log)


def message(name: str, do: Any = None, **fields: Any) -> dict[str, Any]:
    """A message with something to do."""
    return {"type": name, "do": do, **fields}


def whole(*names: str) -> list[str]:
    """The log of messages that were handled one after the other."""
    return [f"{name} {what}" for name in names for what in ("begins", "ends")]


def sends(*messages: dict[str, Any]) -> Callable[[AsyncComponent], Awaitable[None]]:
    """Sends messages to the component from inside."""

    async def send(component: AsyncComponent) -> None:
        for each in messages:
            await component.handle_message(each)

    return send


async def yields(_component: Any) -> None:
    """Lets other code run for a while."""
    for _ in range(3):
        await asyncio.sleep(0)


async def fails(_component: Any) -> None:
    """Fails after a while."""
    await asyncio.sleep(0)
    raise RuntimeError("broken")


def pair(log: list[Any]) -> tuple[AsyncComponent, AsyncComponent]:
    """Two components that do what their messages say."""
    return (
        AsyncComponent("one", state_machine=StateMachine(Script(log))),
        AsyncComponent("two", state_machine=StateMachine(Script(log))),
    )
