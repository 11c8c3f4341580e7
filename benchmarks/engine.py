"""How fast one component handles messages, without peers: python -m benchmarks.engine [ROUNDS].

Messages per second, and as a share of a loop that awaits an empty coroutine as often: what
remains of the speed of Python itself, on any machine. Some seconds, for whoever tunes the engine.
"""

from __future__ import annotations

import asyncio
import sys

from benchmarks.flows import Shut, Waiting, builtin, component_with, declared, observed
from benchmarks.messages import EMPTY, race_beside_empty


async def main(rounds: int) -> None:
    """Prints a line per case."""
    contenders = [
        component_with("builtin states", builtin()),
        component_with("Python states", Waiting()),
        await observed("builtin states, 2 subscribers", builtin()),
        await observed("Python states, 2 subscribers", Waiting()),
        await observed("builtin states, 2 subscribers that await", builtin(), waits=True),
        component_with("guarded flow, Python states", Shut()),
        declared("guarded flow, YAML pack"),
    ]
    results = await race_beside_empty(contenders, rounds)
    for result in results.values():
        share = results[EMPTY].times(result)
        print(f"{result.name:<42} {result.rate:>12,.0f} /s   {share:.3f} of {EMPTY}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
