"""The table of actions as Qt's: one QAction each, wired, enabled and tinted in one place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from designer.host.resources import icon
from designer.host.theme import Theme
from designer.shell.action_spec import ActionSpec, Scope, When
from designer.shell.actions import ACTIONS

__all__ = ["ActionSet", "key_text", "key_texts"]


def key_texts(spec: ActionSpec) -> list[str]:
    """The shortcuts of an action, as the system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return [QKeySequence(keys).toString(native) for keys in spec.shortcuts]


def key_text(spec: ActionSpec) -> str:
    """The shortcut to show for an action; "" for none."""
    return next(iter(key_texts(spec)), "")


class ActionSet:
    """The actions of one window, by id.

    Args:
        window: owns the actions and gives their shortcuts a place to act.
        theme: the colour of the icons.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        self._window = window
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {spec.id: self._build(spec) for spec in ACTIONS}
        self.set_theme(theme)
        self.set_available(())

    def action_for(self, action_id: str) -> QAction:
        """The action of that id; raises KeyError."""
        return self._actions[action_id]

    def iter_specs(self) -> Iterator[tuple[ActionSpec, QAction]]:
        """Every line of the table with its action."""
        for spec in ACTIONS:
            yield spec, self._actions[spec.id]

    def connect(self, handlers: Mapping[str, Callable[..., Any]]) -> None:
        """Lets each handler be called when its action is triggered; checkable ones get a bool."""
        for action_id, handler in handlers.items():
            self._actions[action_id].triggered.connect(handler)

    def set_available(self, facts: Collection[When]) -> None:
        """Enables what is of use while exactly these things are so."""
        for spec, action in self.iter_specs():
            action.setEnabled(spec.when is When.ALWAYS or spec.when in facts)

    def set_checked(self, action_id: str, checked: bool) -> None:
        """Shows an action as on or off, which calls no handler."""
        self._actions[action_id].setChecked(checked)

    def set_text(self, action_id: str, text: str) -> None:
        """Names an action anew, such as after the edit it would undo."""
        action = self._actions[action_id]
        if action.iconText() == text and action.text() == text:
            return

        spec = next(spec for spec in ACTIONS if spec.id == action_id)
        action.setText(_menu_text(spec, text))
        action.setIconText(text)
        action.setToolTip(_tool_tip(spec, text))

    def set_theme(self, theme: Theme) -> None:
        """Draws the icons in the theme's text colour, and that of the filled button in its own."""
        for spec, action in self.iter_specs():
            if spec.icon:
                color = theme.on_run if spec.id == "run.start" else None
                action.setIcon(icon(spec.icon, theme, color))

    def _build(self, spec: ActionSpec) -> QAction:
        action = QAction(self._window)
        action.setObjectName(spec.id)
        action.setText(_menu_text(spec, spec.text))
        action.setIconText(spec.name)
        action.setToolTip(_tool_tip(spec, spec.name))
        action.setCheckable(spec.checkable)
        # Only the toolbar shows icons; menus stay a plain column of words.
        action.setIconVisibleInMenu(False)
        if spec.scope is Scope.WINDOW:
            action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
        if spec.group:
            self._group_for(spec.group).addAction(action)
        self._window.addAction(action)
        return action

    def _group_for(self, name: str) -> QActionGroup:
        if name not in self._groups:
            self._groups[name] = QActionGroup(self._window)
        return self._groups[name]


def _menu_text(spec: ActionSpec, text: str) -> str:
    """What a menu shows: keys of the canvas stand beside the text, since no QAction binds them."""
    if spec.scope is Scope.CANVAS and spec.shortcuts:
        return f"{text}\t{key_text(spec)}"
    return text


def _tool_tip(spec: ActionSpec, text: str) -> str:
    keys = key_text(spec)
    first = f"{text}  ({keys})" if keys else text
    return f"{first}\n{spec.tip}" if spec.tip else first
