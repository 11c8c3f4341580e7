"""Runs a flow live in the window without a person: a scenario is played and pictured."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from designer.exchange.atomic import write_atomic
from designer.run.event_export import json_lines
from designer.run.scenario import play_scenario
from designer.run.speed import Speed
from designer.shell.main_window import MainWindow
from designer.shell.page import FlowPage
from designer.shell.run_meaning import code_in
from flexiflow.errors import ConfigError, FlexiFlowError
from flexiflow.scenario import Scenario, read_scenario

__all__ = ["PlayOptions", "play_in_window"]

#: A frame of the run and what the docks gather before they show it; then the picture is taken.
SETTLE_S = 0.3


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """What is played and what is kept of it.

    Attributes:
        flow: the flow; the one that the scenario names when None.
        scenario: the scenario.
        screenshot: where the picture of the window goes, taken while the flow still runs.
        events: where the events go, as JSON Lines.
        snapshots: the database that gets every change of state; a temporary one when None.
        size: width and height of the window, in px.
    """

    flow: Path | None
    scenario: Path
    screenshot: Path | None = None
    events: Path | None = None
    snapshots: Path | None = None
    size: tuple[int, int] = (1440, 900)


async def play_in_window(options: PlayOptions, window: MainWindow) -> int:
    """Plays the scenario; returns 0, or 1 after saying on stderr what is not as expected."""
    window.resize(*options.size)
    try:
        await _play(options, window)
    except FlexiFlowError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


async def _play(options: PlayOptions, window: MainWindow) -> None:
    scenario = read_scenario(options.scenario)
    flow = options.flow or scenario.flow_path
    if flow is None:
        raise ConfigError(
            "No flow is named",
            why="Neither the command nor the scenario says which flow to play.",
            fix="Write the flow's file at the end of the command.",
        )
    page = await window.files.load_page(flow)
    _check_trust(page, window)
    # A picture of the same moment is the same picture.
    page.scene.animations = False
    window.runs.set_speed(Speed.FASTEST)
    await page.run.start(
        page.document.content,
        name=page.title,
        base_dir=page.base_dir,
        database=options.snapshots,
        trust=bool(code_in(page.document.content)),
        speed=Speed.FASTEST,
    )
    try:
        await _perform(scenario, page)
    finally:
        await _keep(options, page, window)


async def _perform(scenario: Scenario, page: FlowPage) -> None:
    await play_scenario(page.run, scenario)


async def _keep(options: PlayOptions, page: FlowPage, window: MainWindow) -> None:
    """Writes what was asked for, also of a play that ended with a difference."""
    await page.run.store.flush()
    await asyncio.sleep(SETTLE_S)
    page.scene.settle()
    if options.events is not None:
        text = json_lines(page.run.log.iter_entries())
        await asyncio.to_thread(write_atomic, options.events, text)
    if options.screenshot is not None and not window.grab().save(str(options.screenshot), "PNG"):
        raise ConfigError(
            f"The screenshot was not written to {options.screenshot}",
            why="The folder is missing or may not be written to.",
            fix="Choose another place for --screenshot.",
        )


def _check_trust(page: FlowPage, window: MainWindow) -> None:
    code = code_in(page.document.content)
    if code and not window.services.trust.is_trusted(page.base_dir):
        raise ConfigError(
            f"The flow names Python code: {', '.join(code)}",
            why=f"Nothing is imported from {page.base_dir} until somebody trusts it.",
            fix="Open the flow in the designer, run it, and trust its folder.",
        )
