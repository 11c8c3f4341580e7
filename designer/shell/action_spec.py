"""What a line of the table of actions says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

__all__ = ["ActionSpec", "CanvasKey", "Scope", "When"]


class When(Enum):
    """What has to be so for an action to be of use."""

    #: Always.
    ALWAYS = auto()
    #: A flow is open.
    PAGE = auto()
    #: There is an edit to take back.
    UNDO = auto()
    #: There is an edit to make again.
    REDO = auto()
    #: Something on the canvas is selected.
    SELECTION = auto()
    #: A state is selected, or two.
    STATE = auto()
    #: The flow runs or is held.
    ACTIVE = auto()
    #: The flow is held.
    HELD = auto()
    #: The flow names Python code.
    CODE = auto()


class Scope(Enum):
    """Where an action's shortcut acts."""

    #: In the whole window.
    WINDOW = auto()
    #: On the canvas alone, while it has the focus; the canvas reads these keys itself.
    CANVAS = auto()


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing the window can do.

    Attributes:
        id: its name in code, such as ``file.open``.
        text: its name in menus; ``...`` at its end says that it asks something first.
        menu: the menu or submenu it is in; "" for none.
        shortcuts: its keys, the first of which is shown.
        icon: the name of a file in ``resources/icons``.
        tip: one sentence more than the text says, for the palette and for hovering.
        checkable: it is on or off.
        group: only one of the checkable actions of a group is on.
        when: what it needs.
        scope: where its keys act.
        gap: a line is drawn above it in its menu.
    """

    id: str
    text: str
    menu: str = ""
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    group: str = ""
    when: When = When.PAGE
    scope: Scope = Scope.WINDOW
    gap: bool = False

    @property
    def name(self) -> str:
        """The text without the dots."""
        return self.text.removesuffix("...")


@dataclass(frozen=True, slots=True)
class CanvasKey:
    """Something the canvas does with keys or the mouse, beyond the actions; for the sheet."""

    keys: str
    text: str
