"""What the benchmarks print: the machine, tables in Markdown, and how far the targets are met."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.rounds import Result

PEERS = ("transitions", "python-statemachine", "sismic", "PyYAML")


@dataclass(frozen=True)
class Target:
    """A figure to reach.

    Attributes:
        what: the sentence.
        wanted: the figure.
        reached: what was measured.
        at_least: whether more is better.
    """

    what: str
    wanted: float
    reached: float
    at_least: bool = True

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.reached >= self.wanted if self.at_least else self.reached <= self.wanted


def print_machine() -> None:
    """Names the machine, the interpreter and the peers."""
    cores = os.cpu_count() or 1
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"- {_processor()}, {cores} cores, {platform.system()} {platform.machine()}, {python}")
    print(f"- {', '.join(f'{name} {version(name)}' for name in ('flexiflow', *PEERS))}")
    if hasattr(os, "getloadavg"):
        print(f"- {os.getloadavg()[0]:.1f} processes at work in the minute before")


def print_messages(title: str, results: Mapping[str, Result], empty: str, first: str) -> None:
    """Prints a table of messages a second."""
    print_table(
        title,
        ("", "messages/s", "µs/message", f"share of {empty}", f"times as long as {first}"),
        [
            (
                result.name,
                f"{result.rate:,.0f}",
                f"{result.seconds * 1e6:.2f}",
                f"{results[empty].times(result):.4f}",
                f"{result.times(results[first]):.2f}",
            )
            for result in results.values()
        ],
    )


def print_targets(targets: Iterable[Target]) -> None:
    """Prints what was to be reached, what was, and whether that is enough."""
    rows = [
        (
            target.what,
            f"{'at least' if target.at_least else 'at most'} {target.wanted:g}",
            f"{target.reached:,.2f}",
            "yes" if target.met else "no",
        )
        for target in targets
    ]
    print_table("Targets", ("", "wanted", "reached", "met"), rows)


def print_table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table that reads well as text and as Markdown."""
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    print(f"\n### {title}\n")
    for number, line in enumerate(lines):
        cells = [
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print(f"| {' | '.join(cells)} |")
        if number == 0:
            rules = ["-" * (width + (1 if column else 2)) for column, width in enumerate(widths)]
            print(f"|{':|'.join(rules).replace(':', '', 1)}:|")

    sys.stdout.flush()


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if not facts.exists():
        return platform.processor()

    names = [line for line in facts.read_text().splitlines() if line.startswith("model name")]
    return names[0].partition(":")[2].strip() if names else platform.processor()
