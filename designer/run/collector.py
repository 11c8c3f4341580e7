"""Keeps Python's garbage collector from stopping a busy window."""

from __future__ import annotations

import gc

__all__ = ["CollectorRelief"]


class CollectorRelief:
    """While a run works, the collector leaves alone what was there before.

    A run makes objects at a rate that brings on a full collection several times a second, and each
    goes through everything the program holds: some 40 ms, in which no window is painted. Objects
    that were there before are the greater part, and nothing of a run. When the last run ends,
    they are given back.
    """

    _runs = 0

    def __init__(self) -> None:
        self._held = False

    def begin(self) -> None:
        """Sets aside all objects there are."""
        if not self._held:
            self._held = True
            CollectorRelief._runs += 1
            gc.freeze()

    def end(self) -> None:
        """Gives them back, unless another run goes on."""
        if self._held:
            self._held = False
            CollectorRelief._runs -= 1
            if not CollectorRelief._runs:
                gc.unfreeze()
