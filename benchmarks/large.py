"""Loading a flow of 5,000 states and 10,000 transitions, next to a bare YAML loader and to peers.

Ours has named guards on half of its transitions, an entry action and a description in each state;
what peers load has the same states and transitions and nothing else, which suits them.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import yaml
from sismic.interpreter import Interpreter
from sismic.io import import_from_yaml
from statemachine.io import load
from transitions.extensions.asyncio import AsyncMachine

from benchmarks.loading import bare, pack_text
from benchmarks.peers import Model
from benchmarks.rounds import Result
from flexiflow.component_loader import load_component
from flexiflow.expressions import compile_expression
from flexiflow.packfile import parse_pack

BARE = "bare yaml.load, CSafeLoader, garbage collector off"
AS_IT_IS = "bare yaml.load, CSafeLoader"
PARSED = "FlexiFlow, read and checked"
READY = "FlexiFlow, a component ready to run"


@dataclass(frozen=True)
class Loading:
    """One way to load the flow.

    Attributes:
        name: how tables call it.
        prepare: gives what is loaded; not measured.
        work: loads that.
    """

    name: str
    prepare: Callable[[], Any]
    work: Callable[[Any], object]


class Ours:
    """Our pack as text and as a file, under a new name each time it is asked for.

    Packs that are equal share their classes, and equal expressions their code: without a new name
    the second loading would be less than a whole one.
    """

    def __init__(self, states: int, folder: Path) -> None:
        self._text = pack_text(states)
        self._path = folder / "generated.pack.yaml"
        self._numbers = count()

    def text(self) -> str:
        """The pack."""
        compile_expression.cache_clear()
        return self._text.replace("pack: generated", f"pack: generated_{next(self._numbers)}", 1)

    def path(self) -> Path:
        """The pack's file."""
        self._path.write_text(self.text(), encoding="utf-8")
        return self._path


def plain_transitions(states: int) -> list[tuple[str, str, str]]:
    """From, message, to: two out of each state, as in our pack."""
    return [
        (f"State{n % states}", f"message_{n % 37}", f"State{(n * 7 + 1) % states}")
        for n in range(2 * states)
    ]


def transitions_text(states: int) -> str:
    """States and transitions as transitions takes them."""
    rows = [
        {"trigger": message, "source": source, "dest": target}
        for source, message, target in plain_transitions(states)
    ]
    return yaml.safe_dump({"states": [f"State{n}" for n in range(states)], "transitions": rows})


def statemachine_text(states: int) -> str:
    """A chart of python-statemachine."""
    by_state: dict[str, dict[str, Any]] = {f"State{n}": {"transitions": []} for n in range(states)}
    by_state["State0"]["initial"] = True
    for source, message, target in plain_transitions(states):
        by_state[source]["transitions"].append({"event": message, "target": target})

    return yaml.safe_dump({"name": "generated", "states": by_state})


def sismic_text(states: int) -> str:
    """A statechart of sismic."""
    by_state: dict[str, list[dict[str, str]]] = {f"State{n}": [] for n in range(states)}
    for source, message, target in plain_transitions(states):
        by_state[source].append({"event": message, "target": target})

    children = [{"name": name, "transitions": rows} for name, rows in by_state.items()]
    root = {"name": "root", "initial": "State0", "states": children}
    return yaml.safe_dump({"statechart": {"name": "generated", "root state": root}})


def load_transitions(text: str) -> object:
    """A model that can run."""
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    machine = AsyncMachine(Model(), initial="State0", auto_transitions=False, **data)
    return machine.models[0], machine


def load_statemachine(text: str) -> object:
    """A machine that can run."""
    return load(text, format="yaml")()


def load_sismic(text: str) -> object:
    """An interpreter that can run."""
    return Interpreter(import_from_yaml(text))


def loadings(states: int, folder: Path) -> list[Loading]:
    """All ways; the peers' texts are made here."""
    ours = Ours(states, folder)
    peers = (
        ("transitions, its mapping from YAML", transitions_text(states), load_transitions),
        ("python-statemachine, YAML", statemachine_text(states), load_statemachine),
        ("sismic, YAML", sismic_text(states), load_sismic),
    )
    return [
        Loading(BARE, ours.text, bare),
        Loading(AS_IT_IS, ours.text, partial(yaml.load, Loader=yaml.CSafeLoader)),
        Loading(PARSED, ours.text, parse_pack),
        Loading(READY, ours.path, load_component),
        *(Loading(name, partial(str, text), work) for name, text, work in peers),
    ]


def measure(states: int, rounds: int) -> list[tuple[Result, int]]:
    """Seconds of each way, in turns, and the bytes that what it gives takes."""
    with TemporaryDirectory() as folder:
        ways = loadings(states, Path(folder))
        taken = [[seconds_of(way) for way in ways] for _ in range(rounds)]
        return [
            (Result(way.name, tuple(row[at] for row in taken)), bytes_of(way))
            for at, way in enumerate(ways)
        ]


def seconds_of(way: Loading) -> float:
    """Seconds of the processor for loading once; letting go of it is not counted."""
    what = way.prepare()
    gc.collect()
    begin = process_time()
    loaded = way.work(what)
    seconds = process_time() - begin
    del loaded
    return seconds


def bytes_of(way: Loading) -> int:
    """Bytes that what is loaded takes in memory."""
    what = way.prepare()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    loaded = way.work(what)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    del loaded
    return used
