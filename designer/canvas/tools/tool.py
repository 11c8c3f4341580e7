"""What a gesture is: something that starts, follows the hand, and is committed or cancelled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from designer.document.elements import Point

if TYPE_CHECKING:
    from designer.canvas.desk import Desk  # which holds the tool at work

__all__ = ["Pointer", "Tool"]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the hand is, and what it holds down.

    Attributes:
        at: in the drawing.
        on_view: in the view, in px of the screen.
    """

    at: Point
    on_view: QPoint
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def adds(self) -> bool:
        """Whether Shift or Ctrl asks to add to the selection."""
        wanted = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        return bool(self.modifiers & wanted)

    @property
    def free(self) -> bool:
        """Whether Alt suspends snapping."""
        return bool(self.modifiers & Qt.KeyboardModifier.AltModifier)


class Tool(ABC):
    """One gesture: the desk calls ``start``, then ``move`` often, then ``commit`` or ``cancel``.

    Until ``commit`` nothing is pushed; after ``cancel`` everything looks as before ``start``.

    Attributes:
        desk: what it works on.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @abstractmethod
    def start(self, pointer: Pointer) -> None:
        """The gesture begins here."""

    @abstractmethod
    def move(self, pointer: Pointer) -> None:
        """The hand is here now."""

    @abstractmethod
    def commit(self, pointer: Pointer) -> None:
        """The gesture ends here, and its edit is made."""

    @abstractmethod
    def cancel(self) -> None:
        """The gesture ends, and leaves nothing."""

    def abandon(self) -> None:
        """The document changed under the gesture, which ends and undoes nothing."""
        self.cancel()

    def view_changed(self) -> None:  # noqa: B027 (most gestures need not know)
        """The view was scrolled or zoomed under the gesture."""

    @property
    def reaches(self) -> bool:
        """Whether the view moves along when the hand comes to its edge."""
        return False

    @property
    def keeps_hand(self) -> bool:
        """Whether the gesture waits for the keyboard, so that a press outside ends it."""
        return False
