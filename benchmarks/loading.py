"""How fast flows are read and guards evaluated: python benchmarks/loading.py [STATES].

Reading is told as a share of a bare ``yaml.load`` of the same text with libyaml and without the
garbage collector, the fastest that PyYAML can do; all checks and records are part of our time.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import yaml

from flexiflow.component_loader import load_component
from flexiflow.expressions import compile_expression
from flexiflow.packfile import parse_pack

ROUNDS = 5
EVALUATIONS = 200_000

EXPRESSIONS = (
    'message.content == "confirmed"',
    "context.attempts < rules.max_retries",
    "context.attempts + 1",
    '"accepted" in message and message.accepted',
)
DATA: tuple[Any, ...] = (
    {"type": "pay", "content": "confirmed", "accepted": True},
    {"attempts": 1},
    {"max_retries": 3},
    "Paying",
    "shop",
)


def pack_text(states: int) -> str:
    """A pack of so many states and twice as many transitions, half of them guarded."""
    rows = ["pack: generated", "guards:"]
    rows += [f"  g{n}: context.a{n} < rules.r{n} and message.amount >= {n}" for n in range(50)]
    rows += ["context: {" + ", ".join(f"a{n}: {n}" for n in range(50)) + "}", "states:"]
    for n in range(states):
        rows += [f"  State{n}:", f"    description: The state number {n} of many.", "    entry:"]
        rows += [f"      - set: {{a{n % 50}: context.a{n % 50} + 1}}"]

    rows.append("transitions:")
    for n in range(2 * states):
        rows += [f"  - from: State{n % states}", f"    message: message_{n % 37}"]
        rows += [f"    to: State{(n * 7 + 1) % states}"] + [f"    guard: g{n % 50}"] * (n % 2)

    return "\n".join(rows) + "\n"


def best(work: Callable[[], object]) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)

    return min(times)


def bare(text: str) -> object:
    """What PyYAML does at its best."""
    gc.disable()
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    finally:
        gc.enable()


def main(states: int) -> None:
    """Prints one line for each measurement."""
    text = pack_text(states)
    base = best(lambda: bare(text))
    print(f"{states} states, {2 * states} transitions, {text.count(chr(10))} lines")
    print(f"bare yaml.load        {base * 1000:8.0f} ms")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.pack.yaml"
        path.write_text(text, encoding="utf-8")
        for name, work in (
            ("parse_pack", lambda: parse_pack(text)),
            ("load_component", lambda: load_component(path)),
        ):
            seconds = best(work)
            print(f"{name:21} {seconds * 1000:8.0f} ms  {seconds / base:.2f} of it")

    for expression in EXPRESSIONS:
        function = compile_expression(expression).function

        def evaluate(function: Callable[..., Any] = function) -> None:
            for _ in range(EVALUATIONS):
                function(*DATA)

        print(f"{best(evaluate) / EVALUATIONS * 1e6:.3f} us  {expression}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
