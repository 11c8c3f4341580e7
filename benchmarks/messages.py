"""How many messages a second: the plain round, unobserved and observed, and the guarded door."""

from __future__ import annotations

from benchmarks import peers
from benchmarks.flows import Shut as ShutByHand
from benchmarks.flows import (
    Waiting,
    bare_observed,
    bare_transition,
    builtin,
    component_with,
    declared,
    observed,
    only_events,
    plainly_designed,
)
from benchmarks.rounds import Contender, Result, race

EMPTY = "an empty coroutine"
BUILTIN = "FlexiFlow, builtin states"
PYTHON = "FlexiFlow, Python states"
YAML = "FlexiFlow, YAML pack"
STRAIGHTFORWARD = "straightforward design, Python states"


async def unobserved(rounds: int) -> dict[str, Result]:
    """Nobody listens."""
    return await race_beside_empty(
        [
            bare_transition("a transition, no engine"),
            component_with(BUILTIN, builtin()),
            component_with(PYTHON, Waiting()),
            plainly_designed(STRAIGHTFORWARD, observers=False),
            peers.transitions_round(),
            await peers.statemachine_round(),
            peers.sismic_round(),
        ],
        rounds,
    )


async def observed_by_two(rounds: int) -> dict[str, Result]:
    """Two subscribers: one hears of each message, one of each change of state."""
    return await race_beside_empty(
        [
            only_events("two payloads and two calls, no engine"),
            bare_observed("a transition, two payloads and two calls, no engine"),
            await observed(BUILTIN, builtin()),
            await observed(PYTHON, Waiting()),
            await observed(BUILTIN + ", subscribers that await", builtin(), waits=True),
            plainly_designed(STRAIGHTFORWARD, observers=True),
            peers.transitions_round(observers=True),
            await peers.statemachine_round(observers=True),
            peers.sismic_round(observers=True),
        ],
        rounds,
    )


async def guarded(rounds: int) -> dict[str, Result]:
    """Two of three transitions have a guard."""
    return await race_beside_empty(
        [
            declared(YAML),
            component_with(PYTHON, ShutByHand()),
            peers.transitions_door(),
            await peers.statemachine_door(),
            await peers.statemachine_chart(),
            peers.sismic_door(),
        ],
        rounds,
    )


async def race_beside_empty(contenders: list[Contender], rounds: int) -> dict[str, Result]:
    """Measures them beside a loop that awaits nothing; by name."""
    bare = Contender(EMPTY, _empty, contenders[0].messages, state=None)
    return {result.name: result for result in await race([bare, *contenders], rounds)}


async def _empty(_message: object) -> None:
    """What Python itself takes for a message."""
