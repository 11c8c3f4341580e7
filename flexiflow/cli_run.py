"""The command ``run``: a flow, its messages, and its events as lines of JSON."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from flexiflow.cli_messages import iter_input_lines, parse_message
from flexiflow.cli_output import write_line, write_note
from flexiflow.cli_session import Listener, Session, open_session
from flexiflow.clock import Clock, LoopClock, VirtualClock
from flexiflow.json_text import to_json
from flexiflow.scenario import play, read_scenario

__all__ = ["cmd_run"]


async def cmd_run(args: argparse.Namespace) -> None:
    """Runs a flow with a scenario, or with the messages of standard input."""
    scenario = None if args.scenario is None else read_scenario(args.scenario)
    clock: Clock = LoopClock() if scenario is None else VirtualClock()
    async with open_session(
        args.file, clock=clock, imports=not args.no_imports, database=args.state
    ) as session:
        session.listeners.append(_printer(clock))
        if scenario is None:
            await session.begin(go_on=True)
            await _handle_input(session)
        else:
            await session.begin(events=scenario.event_names)
            await play(scenario, session.engine)

        await session.engine.drain()
        _print_summary(session, as_json=args.json)


async def _handle_input(session: Session) -> None:
    if sys.stdin is not None and sys.stdin.isatty():
        write_note("Type messages, one a line; Ctrl-D ends.")

    number = 0
    async for line in iter_input_lines():
        number += 1
        message = parse_message(line, number)
        if message is not None:
            await session.component.handle_message(message)
            await session.engine.drain()


def _printer(clock: Clock) -> Listener:
    begin = clock.now()

    def write(name: str, data: Any) -> None:
        elapsed = round(clock.now() - begin, 6)
        write_line(to_json({"time": elapsed, "event": name, "data": data}))

    return write


def _print_summary(session: Session, *, as_json: bool) -> None:
    component = session.component
    if as_json:
        facts = {
            "component": component.name,
            "state": component.state_name,
            "context": component.context,
            "events": session.events,
        }
        write_line(to_json({"summary": facts}))
    else:
        write_note(f"{component.name} is in {component.state_name} after {session.events} events")
