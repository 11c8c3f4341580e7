"""Movement on the canvas: states glide, a taken line fades, an active state pulses."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation

from designer.host.theme import MOTION_MS

__all__ = ["Motion"]

FLASH_MS = 700
PULSE_MS = 1600
#: Lines taken faster than this one after the other are shown without a flash.
FASTEST_FLASH_S = 0.15

Step = Callable[[float], None]


class Motion(QObject):
    """Owns the animations of one scene; each tells a share from 0 to 1.

    Attributes:
        enabled: off, every movement is at its end at once.
    """

    def __init__(self, *, glide: Step, flash: Step, pulse: Step, parent: QObject) -> None:
        super().__init__(parent)
        self.enabled = True
        self._last_flash = 0.0
        self._glide = self._animation(MOTION_MS, glide)
        self._flash = self._animation(FLASH_MS, flash)
        self._pulse = self._animation(PULSE_MS, pulse)
        self._pulse.setLoopCount(-1)
        self._pulse.setEasingCurve(QEasingCurve.Type.Linear)

    @property
    def gliding(self) -> bool:
        """Whether states are on their way."""
        return self._glide.state() == QVariantAnimation.State.Running

    @property
    def pulsing(self) -> bool:
        """Whether the active state's halo moves."""
        return self._pulse.state() == QVariantAnimation.State.Running

    def glide(self) -> bool:
        """Starts the way from 0 to 1; False when nothing may move."""
        self._glide.stop()
        if self.enabled:
            self._glide.start()
        return self.enabled

    def finish_glide(self) -> None:
        """Brings a running glide to its end."""
        if self.gliding:
            self._glide.setCurrentTime(MOTION_MS)

    def flash(self) -> bool:
        """Starts the fading of a taken line; False when it came too fast or nothing may move."""
        now = time.monotonic()
        rushed = now - self._last_flash < FASTEST_FLASH_S
        self._last_flash = now
        self._flash.stop()
        if rushed or not self.enabled:
            return False
        self._flash.start()
        return True

    def set_pulsing(self, on: bool) -> None:
        """Starts or stops the pulse of the active state."""
        wanted = on and self.enabled
        if wanted and not self.pulsing:
            self._pulse.start()
        elif not wanted:
            self._pulse.stop()

    def stop(self) -> None:
        """Stops everything, with a glide brought to its end."""
        self.finish_glide()
        for animation in (self._glide, self._flash, self._pulse):
            animation.stop()

    def _animation(self, duration: int, step: Step) -> QVariantAnimation:
        animation = QVariantAnimation(self)
        animation.setStartValue(0.0)
        animation.setEndValue(1.0)
        animation.setDuration(duration)
        animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        animation.valueChanged.connect(step)
        return animation
