"""How fast time passes in a run."""

from __future__ import annotations

from enum import Enum

__all__ = ["Speed"]


class Speed(Enum):
    """How long a run's timers take."""

    #: As long as they say.
    REAL = "real"
    #: A tenth of that.
    TENFOLD = "tenfold"
    #: No time: while no message waits, the clock jumps to the next timer.
    FASTEST = "fastest"

    @property
    def factor(self) -> float | None:
        """Seconds of the run in one real second; None where time moves by jumps alone."""
        return _FACTORS[self]


_FACTORS = {Speed.REAL: 1.0, Speed.TENFOLD: 10.0, Speed.FASTEST: None}
