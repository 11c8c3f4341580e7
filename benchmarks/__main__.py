"""Everything in one run: python -m benchmarks [--quick] [--only PART] [--into README]."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Collection
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from benchmarks import crowd, large, messages
from benchmarks.report import Target, print_machine, print_messages, print_table, print_targets

PARTS = ("messages", "crowd", "large")
FEW, MANY = 1_000, 100_000
BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    heavy_rounds: int
    components: int
    states: int


WHOLE = Size(rounds=9, heavy_rounds=3, components=10_000, states=5_000)
QUICK = Size(rounds=3, heavy_rounds=1, components=1_000, states=500)


async def measure_messages(size: Size) -> list[Target]:
    """Prints messages a second."""
    plain = await messages.unobserved(size.rounds)
    empty, ours = plain[messages.EMPTY], plain[messages.BUILTIN]
    print_messages("Three messages round, nobody observes", plain, messages.EMPTY, messages.BUILTIN)
    watched = await messages.observed_by_two(size.rounds)
    print_messages("Three messages round, two observers", watched, messages.EMPTY, messages.BUILTIN)
    door = await messages.guarded(size.rounds)
    print_messages("A guarded flow", door, messages.EMPTY, messages.YAML)
    yaml = door[messages.YAML]
    seen = watched[messages.BUILTIN]
    return [
        Target(
            "unobserved, times the straightforward design",
            3,
            plain[messages.STRAIGHTFORWARD].times(ours),
        ),
        Target("unobserved, share of an empty coroutine", 0.27, empty.times(ours)),
        Target(
            "observed, times the straightforward design",
            3,
            watched[messages.STRAIGHTFORWARD].times(seen),
        ),
        Target("observed, share of an empty coroutine", 0.14, watched[messages.EMPTY].times(seen)),
        Target("guarded YAML, times transitions", 20, door["transitions"].times(yaml)),
        Target(
            "guarded YAML, times python-statemachine", 60, door["python-statemachine"].times(yaml)
        ),
        Target("guarded YAML, share of Python states", 0.7, door[messages.PYTHON].times(yaml)),
    ]


async def measure_crowd(size: Size) -> list[Target]:
    """Prints what many components take."""
    results = await crowd.measure(size.components, size.heavy_rounds)
    print_table(
        f"{size.components:,} components",
        (
            "",
            "µs to make one",
            "µs for the first message",
            "µs/message",
            "messages/s",
            "bytes each",
        ),
        [
            (
                result.name,
                f"{result.making * 1e6:.1f}",
                f"{result.beginning * 1e6:.1f}",
                f"{result.handling * 1e6:.2f}",
                f"{1 / result.handling:,.0f}",
                f"{result.size:,.0f}",
            )
            for result in results
        ],
    )
    few, many = await crowd.unsubscribing(FEW), await crowd.unsubscribing(MANY)
    print(f"\nUnsubscribing one of {FEW:,}: {few * 1e6:.2f} µs; of {MANY:,}: {many * 1e6:.2f} µs.")
    largest = max(result.size for result in results if result.name in {crowd.BUILTIN, crowd.YAML})
    return [
        Target("KiB a component", 3, largest / 1024, at_least=False),
        Target(
            f"unsubscribing among {MANY:,}, times as long as among {FEW:,}",
            2,
            many / few,
            at_least=False,
        ),
    ]


def measure_large(size: Size) -> list[Target]:
    """Prints what loading a large flow takes."""
    results = large.measure(size.states, size.heavy_rounds)
    by_name = {result.name: result for result, _ in results}
    bare = by_name[large.BARE]
    print_table(
        f"Loading {size.states:,} states and {2 * size.states:,} transitions",
        ("", "ms", "times bare YAML", "MiB kept"),
        [
            (
                result.name,
                f"{result.seconds * 1000:,.0f}",
                f"{result.times(bare):.2f}",
                f"{kept / 2**20:.1f}",
            )
            for result, kept in results
        ],
    )
    wanted = 1.5
    return [
        Target(f"{name}, times bare YAML", wanted, by_name[name].times(bare), at_least=False)
        for name in (large.PARSED, large.READY)
    ]


class Tee(StringIO):
    """Keeps what is printed, and prints it."""

    def write(self, text: str) -> int:
        """Writes it twice."""
        sys.__stdout__.write(text)  # type: ignore[union-attr]  # this program has one
        return super().write(text)


def put_into(path: Path, results: str) -> None:
    """Puts results into a file, in place of those that stand between the two marks there."""
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    path.write_text(f"{before}{begin}\n{results}{end}{after}", encoding="utf-8")


async def measure(parts: Collection[str], size: Size) -> None:
    """Measures and prints."""
    print_machine()
    targets: list[Target] = []
    if "messages" in parts:
        targets += await measure_messages(size)

    if "crowd" in parts:
        targets += await measure_crowd(size)

    if "large" in parts:
        targets += measure_large(size)

    print_targets(targets)


def main() -> None:
    """Measures what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything, few rounds")
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    parser.add_argument("--into", type=Path, metavar="README", help="put the results in there too")
    arguments = parser.parse_args()
    logging.getLogger("transitions").setLevel(logging.WARNING)
    parts = (arguments.only,) if arguments.only else PARTS
    with redirect_stdout(Tee()) as printed:
        asyncio.run(measure(parts, QUICK if arguments.quick else WHOLE))

    if arguments.into:
        put_into(arguments.into, printed.getvalue())


if __name__ == "__main__":
    main()
