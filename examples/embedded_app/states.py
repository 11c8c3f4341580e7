"""The states of a job: idle, processing, complete, failed."""

# ruff: noqa: ARG002 - these states look at the message alone

from __future__ import annotations

from typing import Any

from flexiflow.state_machine import Message, State


class Idle(State):
    """Waits for a job."""

    async def handle_message(self, message: Message, component: Any) -> tuple[bool, State]:
        if message.get("type") == "start_job":
            return True, Processing()

        return False, self


class Processing(State):
    """Works on a job."""

    async def handle_message(self, message: Message, component: Any) -> tuple[bool, State]:
        match message.get("type"):
            case "complete":
                return True, Complete()
            case "fail":
                return True, Failed()
            case "cancel":
                return True, Idle()
            case _:
                return False, self


class Complete(State):
    """The job is done."""

    async def handle_message(self, message: Message, component: Any) -> tuple[bool, State]:
        if message.get("type") == "reset":
            return True, Idle()

        return False, self


class Failed(State):
    """The job went wrong."""

    async def handle_message(self, message: Message, component: Any) -> tuple[bool, State]:
        match message.get("type"):
            case "retry":
                return True, Processing()
            case "reset":
                return True, Idle()
            case _:
                return False, self
