"""Scenarios: messages, time and expectations in a YAML file, played against a running flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flexiflow.errors import ExpectationError
from flexiflow.pack_fields import check_keys, check_plain, duration_field, mapping_field, text_field
from flexiflow.problem_report import ProblemReport
from flexiflow.scenario_player import EngineTarget, ScenarioTarget, play
from flexiflow.scenario_steps import ExpectStep, SendStep, Step, WaitStep
from flexiflow.yaml_places import Places, Way
from flexiflow.yaml_source import begin_report, read_text

__all__ = [
    "EngineTarget",
    "ExpectStep",
    "ExpectationError",
    "Scenario",
    "ScenarioTarget",
    "SendStep",
    "Step",
    "WaitStep",
    "parse_scenario",
    "play",
    "read_scenario",
]

SCENARIO_KEYS = ("scenario", "flow", "seed", "steps")
SEND_KEYS = ("send", "to")
WAIT_KEYS = ("wait",)
EXPECT_KEYS = ("expect", "to")
EXPECTED_KEYS = ("state", "context", "events")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario.

    Attributes:
        name: what it shows.
        flow: the flow it is written for, as the file names it.
        seed: for everything random.
        steps: what happens, in order.
        path: the file it comes from.
    """

    name: str
    flow: str | None = None
    seed: int | None = None
    steps: tuple[Step, ...] = ()
    path: str | None = field(default=None, compare=False)

    @property
    def flow_path(self) -> Path | None:
        """The flow's file; a relative one begins where the scenario lies."""
        if self.flow is None:
            return None

        return Path(self.flow) if self.path is None else Path(self.path).parent / self.flow

    @property
    def event_names(self) -> frozenset[str]:
        """The events that its expectations name."""
        expected = (step.events for step in self.steps if isinstance(step, ExpectStep))
        return frozenset(name for events in expected for name in events or ())


def read_scenario(path: str | Path) -> Scenario:
    """The scenario of a file.

    Raises:
        PackError: the file cannot be read, or says something that it may not.
    """
    return parse_scenario(read_text(path), path)


def parse_scenario(text: str, path: str | Path | None = None) -> Scenario:
    """The scenario that a YAML text writes down.

    Raises:
        PackError: all problems of the text.
    """
    name = None if path is None else str(path)
    data, report = begin_report(text, name)
    scenario = _Reader(report, Places(text)).scenario(data, name)
    report.raise_if_any()
    return scenario


class _Reader:
    """Reads one scenario; problems go to the report."""

    def __init__(self, report: ProblemReport, places: Places) -> None:
        self.report = report
        self.places = places

    def scenario(self, data: Any, path: str | None) -> Scenario:
        """The whole file."""
        if not isinstance(data, dict):
            self.report.add(
                (),
                "A scenario has to be a mapping",
                why="A scenario names itself and lists its steps.",
                fix="Begin it with 'scenario: what it shows' and 'steps:'.",
            )
            return Scenario("")

        check_keys(data, SCENARIO_KEYS, "a scenario", (), self.report)
        example = "scenario: what it shows"
        name = text_field(data, "scenario", (), self.report, owner="A scenario", example=example)
        seed = data.get("seed")
        if seed is not None and type(seed) is not int:
            self.report.add_type(("seed",), "seed", "a whole number", seed)
            seed = None

        flow = text_field(data, "flow", (), self.report)
        return Scenario(name or "", flow or None, seed, self._steps(data), path)

    def _steps(self, data: dict[Any, Any]) -> tuple[Step, ...]:
        steps = data.get("steps")
        if steps is None:
            self.report.add_missing((), "steps", "A scenario", "steps: [{send: start}]")
            return ()

        if not isinstance(steps, list):
            self.report.add_type(("steps",), "steps", "a list", steps)
            return ()

        read = (self._step(step, ("steps", index)) for index, step in enumerate(steps))
        return tuple(step for step in read if step is not None)

    def _step(self, data: Any, way: Way) -> Step | None:
        kinds = (
            [kind for kind in ("send", "wait", "expect") if kind in data]
            if isinstance(data, dict)
            else []
        )
        if len(kinds) != 1:
            self.report.add(
                way,
                "A step is a mapping with one of 'send', 'wait' and 'expect'",
                why="Each step does one thing.",
                fix="Write each as an entry of its own, like - send: start",
            )
            return None

        line = self.places.find(way).line
        match kinds[0]:
            case "send":
                check_keys(data, SEND_KEYS, "a 'send' step", way, self.report)
                return self._send(data, way, line)
            case "wait":
                check_keys(data, WAIT_KEYS, "a 'wait' step", way, self.report)
                return self._wait(data, way, line)
            case _:
                check_keys(data, EXPECT_KEYS, "an 'expect' step", way, self.report)
                return self._expect(data, way, line)

    def _send(self, data: dict[Any, Any], way: Way, line: int) -> Step | None:
        to = text_field(data, "to", way, self.report) or None
        value = data["send"]
        if isinstance(value, dict):
            example = "type: my_message"
            text_field(
                value, "type", (*way, "send"), self.report, owner="A message", example=example
            )
            check_plain(value, (*way, "send"), self.report)
            return SendStep(value, to, line)

        kind = text_field(data, "send", way, self.report, owner="A 'send' step", example="send: go")
        return None if kind is None else SendStep({"type": kind}, to, line)

    def _wait(self, data: dict[Any, Any], way: Way, line: int) -> Step | None:
        if data["wait"] is None:
            self.report.add_missing(way, "wait", "A 'wait' step", "wait: 30s")
            return None

        seconds = duration_field(data, "wait", way, self.report)
        return None if seconds is None else WaitStep(seconds, line)

    def _expect(self, data: dict[Any, Any], way: Way, line: int) -> Step | None:
        to = text_field(data, "to", way, self.report) or None
        value = data["expect"]
        below = (*way, "expect")
        if not isinstance(value, dict) or not value:
            self.report.add_type(below, "expect", f"a mapping of {_EXPECTED_WORDS}", value)
            return None

        check_keys(value, EXPECTED_KEYS, "an 'expect' step", below, self.report)
        state = text_field(value, "state", below, self.report)
        context = None
        if value.get("context") is not None:
            context = mapping_field(value, "context", below, self.report)

        return ExpectStep(state or None, context, self._events(value, below), to, line)

    def _events(self, data: Mapping[Any, Any], way: Way) -> tuple[str, ...] | None:
        events = data.get("events")
        if events is None:
            return None

        if not isinstance(events, list):
            self.report.add_type((*way, "events"), "events", "a list", events)
            return None

        for index, name in enumerate(events):
            if type(name) is not str:
                self.report.add_type((*way, "events", index), "event", "text", name)

        return tuple(str(name) for name in events)


_EXPECTED_WORDS = "'state', 'context' or 'events'"
