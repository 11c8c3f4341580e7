"""The filter above the event log: words, chips for the usual events, a menu for the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from designer.host.theme import SPACE
from designer.run.event_filter import EventFilter
from designer.run.event_text import LOG_EVENT, short_name
from designer.shell.docks.elided_label import ElidedLabel
from designer.shell.docks.scroll_row import ScrollRow

__all__ = ["CHIPS", "EventFilterBar"]

#: The events with a chip of their own; whether each is shown at first. A log record of the
#: engine mostly repeats an event: warnings show in any case.
CHIPS: Final = {
    "state.changed": True,
    "component.message.received": True,
    "component.message.ignored": True,
    "event.handler.failed": True,
    LOG_EVENT: False,
}

#: Wide enough for what the field says while it is empty.
FIELD_WIDTH: Final = 34 * SPACE

_ALL_COMPONENTS: Final = "All components"


class EventFilterBar(QWidget):
    """Composes an :class:`EventFilter`; has room for a status and for further controls.

    Signals:
        filter_changed(object): the filter as it is now.
    """

    filter_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[str, QPushButton] = {}
        self._others: dict[str, QAction] = {}
        self.text = QLineEdit()
        self.text.setPlaceholderText("Text or /regex/")
        self.text.setClearButtonEnabled(True)
        self.text.setAccessibleName("Filter events by text or regular expression")
        self.text.setFixedWidth(FIELD_WIDTH)
        self.text.textChanged.connect(self._on_changed)
        self.components = QComboBox()
        self.components.setAccessibleName("Show events of one component")
        self.components.addItem(_ALL_COMPONENTS, "")
        self.components.hide()
        self.components.currentIndexChanged.connect(self._on_changed)
        self._menu = QMenu(self)
        self._more = QToolButton()
        self._more.setText("More")
        self._more.setToolTip("Show and hide further events")
        self._more.setAccessibleName("Further events")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(self._menu)
        self.status = ElidedLabel()
        self.status.setProperty("role", "caption")
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._fault = QLabel()
        self._fault.setProperty("role", "error")
        self._fault.hide()
        self._lay_out()

    @property
    def filter(self) -> EventFilter:
        """What is to be shown."""
        hidden = {name for name, chip in self._chips.items() if not chip.isChecked()}
        hidden |= {name for name, action in self._others.items() if not action.isChecked()}
        component = str(self.components.currentData() or "")
        return EventFilter(frozenset(hidden), component, self.text.text())

    def chip_for(self, event: str) -> QPushButton:
        """The chip of an event; raises KeyError."""
        return self._chips[event]

    def action_for(self, event: str) -> QAction:
        """The menu entry of an event without a chip; raises KeyError."""
        return self._others[event]

    def add_events(self, names: Iterable[str]) -> None:
        """Offers further events; they are shown until somebody hides them."""
        for name in names:
            if name not in self._chips and name not in self._others:
                action = self._menu.addAction(name)
                action.setCheckable(True)
                action.setChecked(True)
                action.toggled.connect(self._on_changed)
                self._others[name] = action

    def add_components(self, names: Iterable[str]) -> None:
        """Offers further components; with one alone there is nothing to choose."""
        for name in names:
            if name and self.components.findData(name) < 0:
                self.components.addItem(name, name)
        self.components.setVisible(self.components.count() > 2)

    def clear_components(self) -> None:
        """Forgets the components of the flow before."""
        with QSignalBlocker(self.components):
            while self.components.count() > 1:
                self.components.removeItem(1)
        self.components.hide()
        self._on_changed()

    def show_fault(self, fault: str) -> None:
        """Says beneath the field what is wrong with its text; "" for nothing."""
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        self.text.setProperty("invalid", bool(fault))
        self.text.style().polish(self.text)

    def add_widget(self, widget: QWidget) -> None:
        """Puts a control at the right end."""
        self._row.addWidget(widget)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, SPACE)
        column.setSpacing(SPACE)
        self._row = QHBoxLayout()
        self._row.setSpacing(2 * SPACE)
        self._row.addWidget(self.text)
        self._row.addWidget(self.components)
        events = ScrollRow()
        for name, shown in CHIPS.items():
            events.add(self._make_chip(name, shown))
        events.add(self._more)
        self._row.addWidget(events)
        self._row.addWidget(self.status, 1)
        column.addLayout(self._row)
        column.addWidget(self._fault)

    def _make_chip(self, name: str, shown: bool) -> QPushButton:
        chip = QPushButton(short_name(name))
        chip.setProperty("role", "filter")
        chip.setCheckable(True)
        chip.setChecked(shown)
        chip.setToolTip(f"Show {name}")
        chip.setAccessibleName(f"Show {name}")
        chip.toggled.connect(self._on_changed)
        self._chips[name] = chip
        return chip

    def _on_changed(self) -> None:
        self.filter_changed.emit(self.filter)
