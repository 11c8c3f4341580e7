"""Movements and their ends."""

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from designer.canvas.motion import Motion


class Watched(QObject):
    """Keeps what each movement told."""

    def __init__(self) -> None:
        super().__init__()
        self.glides: list[float] = []
        self.flashes: list[float] = []
        self.pulses: list[float] = []
        self.motion = Motion(glide=self.glide, flash=self.flash, pulse=self.pulse, parent=self)

    def glide(self, share: float) -> None:
        self.glides.append(share)

    def flash(self, share: float) -> None:
        self.flashes.append(share)

    def pulse(self, share: float) -> None:
        self.pulses.append(share)


@pytest.fixture
def watched(qtbot: QtBot) -> Watched:
    found = Watched()
    yield found
    found.motion.stop()


def test_a_glide_ends_at_its_end(watched: Watched, qtbot: QtBot) -> None:
    """Within a fifth of a second."""
    assert watched.motion.glide()
    qtbot.waitUntil(lambda: not watched.motion.gliding)

    assert watched.glides[-1] == 1.0


def test_a_glide_can_be_brought_to_its_end(watched: Watched) -> None:
    """For the edit that comes in between."""
    watched.motion.glide()
    watched.motion.finish_glide()

    assert watched.glides[-1] == 1.0
    assert not watched.motion.gliding


def test_nothing_starts_while_nothing_may_move(watched: Watched) -> None:
    """What the system asks for."""
    watched.motion.enabled = False
    watched.motion.set_pulsing(True)

    assert not watched.motion.glide()
    assert not watched.motion.flash()
    assert not watched.motion.pulsing


def test_flashes_too_fast_to_be_seen_are_left_out(watched: Watched) -> None:
    """The second of two in a row."""
    assert watched.motion.flash()
    assert not watched.motion.flash()


def test_a_pulse_goes_on_until_it_is_stopped(watched: Watched, qtbot: QtBot) -> None:
    """And starts only once."""
    watched.motion.set_pulsing(True)
    watched.motion.set_pulsing(True)
    qtbot.waitUntil(lambda: len(watched.pulses) > 3)
    watched.motion.set_pulsing(False)

    assert not watched.motion.pulsing
