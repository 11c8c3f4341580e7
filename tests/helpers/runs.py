"""Flows that run, and runs of them, for tests of what shows a run."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from designer.document.model import Content
from designer.exchange.reader import open_flow
from designer.run.controller import RunController, Speed
from designer.run.event_text import LOG_EVENT

__all__ = [
    "CONFIG",
    "LIGHTS",
    "PINGPONG",
    "SWITCH",
    "RunWatch",
    "events_of",
    "flow_in",
    "order_flow",
    "running",
    "states_stored_in",
    "summaries_of",
]

#: A lamp with a guard that reads a rule and a field, an internal transition, an event and a timer.
LIGHTS = """
pack: lights
guards: {bright_enough: message.level >= rules.least}
context: {switched: 0}
states:
  Dark:
  Lit:
    entry:
      - set: {switched: context.switched + 1}
      - emit: {event: lamp.lit, data: {times: context.switched}}
  Broken: {final: true}
transitions:
  - {from: Dark, message: switch, to: Lit, guard: bright_enough}
  - {from: Lit, message: switch, to: Dark}
  - {from: Lit, message: dim, do: [{set: {level: message.level}}]}
  - {from: Lit, message: hit, to: Broken}
  - {from: Lit, after: 1h, to: Dark}
"""

CONFIG = """
name: lamp
packs: [lights.pack.yaml]
initial_state: Dark
rules: [{least: 1}]
"""


#: A pack with a guard and an action, that does as little as can be with each message.
PINGPONG = """
pack: pingpong
context: {rounds: 0}
states:
  Ping:
    entry: [{set: {rounds: context.rounds + 1}}]
  Pong:
transitions:
  - {from: Ping, message: hit, to: Pong, guard: context.rounds >= 0}
  - {from: Pong, message: hit, to: Ping}
"""

#: A message that lights the lamp.
SWITCH = {"type": "switch", "level": 5}


def flow_in(folder: Path, pack: str = LIGHTS, config: str = CONFIG) -> Content:
    """Writes a config with a pack into a folder and opens it."""
    (folder / "lights.pack.yaml").write_text(pack)
    path = folder / "lamp.yaml"
    path.write_text(config)
    return open_flow(path).content


def order_flow() -> Content:
    """The order flow that comes along."""
    return open_flow(Path(__file__).parents[2] / "resources/examples/order.yaml").content


class RunWatch:
    """Writes down what a run announces."""

    def __init__(self, run: RunController) -> None:
        self.phases: list[str] = []
        self.errors: list[BaseException] = []
        self.frames: list[object] = []
        run.phase_changed.connect(self._on_phase)
        run.failed.connect(self.errors.append)
        run.frame.connect(self.frames.append)

    def _on_phase(self, phase: object) -> None:
        self.phases.append(getattr(phase, "value", ""))


@asynccontextmanager
async def running(
    content: Content, folder: Path, *, speed: Speed = Speed.REAL, rows: int = 100_000
) -> AsyncIterator[RunController]:
    """A run of a flow, with its snapshots in the folder; ended at the end."""
    run = RunController(rows=rows)
    try:
        await run.start(
            content, name="lamp", base_dir=folder, database=folder / "lamp.db", speed=speed
        )
        yield run
    finally:
        await run.close()


def events_of(run: RunController) -> list[str]:
    """The names of the events, log records left out."""
    return [row.event for row in run.log.rows_since() if row.event != LOG_EVENT]


def summaries_of(run: RunController, event: str) -> list[str]:
    """The summaries of the rows of an event."""
    return [row.summary for row in run.log.rows_since() if row.event == event]


def states_stored_in(path: Path) -> list[str]:
    """The states in a database, oldest first."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT json_extract(snapshot_json, '$.current_state') FROM flexiflow_snapshots ORDER BY id"
    ).fetchall()
    connection.close()
    return [row[0] for row in rows]
