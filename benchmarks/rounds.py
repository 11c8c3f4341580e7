"""Measures contenders in turns: what else the machine does meanwhile falls on all of them alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any

BUDGET = 0.1
"""Seconds that one contender works in one round."""

Send = Callable[[Any], Awaitable[object]]


class WrongWayError(Exception):
    """A contender does not do what it is measured for."""


@dataclass(frozen=True)
class Contender:
    """Something that handles messages.

    Attributes:
        name: how tables call it.
        send: hands it one message and returns when that is handled.
        messages: they lead round once and back to where it began, each to another state.
        state: gives the state that it is in; ``None`` where there is none.
        keep: what has to live as long as it does.
    """

    name: str
    send: Send
    messages: Sequence[Any]
    state: Callable[[], object] | None
    keep: object = None


@dataclass(frozen=True)
class Result:
    """What one contender needed in each round, in seconds a piece."""

    name: str
    rounds: tuple[float, ...]

    @property
    def seconds(self) -> float:
        """The median."""
        return median(self.rounds)

    @property
    def rate(self) -> float:
        """So many a second."""
        return 1 / self.seconds

    def times(self, other: Result) -> float:
        """How many times as long as another it takes: the median of what each round says."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(mine / theirs for mine, theirs in pairs)


async def send_round(contender: Contender, times: int) -> float:
    """Sends all messages so many times; the seconds of the processor that it took."""
    send, messages = contender.send, contender.messages
    begin = process_time()
    for _ in range(times):
        for message in messages:
            await send(message)

    return process_time() - begin


async def check(contender: Contender) -> None:
    """Looks that each message leads to another state, and the last one back to the first.

    Raises:
        WrongWayError: they do not.
    """
    if contender.state is None:
        return

    first = before = contender.state()
    for message in contender.messages:
        await contender.send(message)
        after = contender.state()
        if after == before:
            raise WrongWayError(f"{contender.name}: {message} does not lead out of {before}")

        before = after

    if before != first:
        raise WrongWayError(f"{contender.name}: ends in {before} instead of {first}")


async def race(contenders: Sequence[Contender], rounds: int) -> list[Result]:
    """Measures all of them in every round, each round beginning with another one."""
    times: list[int] = []
    for contender in contenders:
        await check(contender)
        times.append(await _times_for_budget(contender))

    taken: list[list[float]] = [[] for _ in contenders]
    for number in range(rounds):
        for place in range(len(contenders)):
            at = (place + number) % len(contenders)
            seconds = await send_round(contenders[at], times[at])
            taken[at].append(seconds / times[at] / len(contenders[at].messages))

    return [
        Result(contender.name, tuple(row)) for contender, row in zip(contenders, taken, strict=True)
    ]


async def _times_for_budget(contender: Contender) -> int:
    times = 1
    while (seconds := await send_round(contender, times)) < BUDGET / 4:
        times *= 2

    return max(1, round(times * BUDGET / seconds))
