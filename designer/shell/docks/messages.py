"""The Messages dock: messages are composed here and sent to the running flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from designer.document.model import Content
from designer.host.theme import SPACE, Theme
from designer.run.message_history import MessageHistory, message_line
from designer.shell.docks.dock import Dock
from designer.shell.docks.message_chips import MessageChips
from designer.shell.docks.message_form import MessageForm
from designer.shell.run_map import RunMap

if TYPE_CHECKING:
    from designer.shell.page import FlowPage

__all__ = ["MessagesDock"]

_EMPTY: Final = (
    "Messages drive a running flow. Open a flow, then start a run (F5) to send messages."
)
_NO_RUN: Final = "Start a run (F5) to send messages."
_SHOWN_SENT: Final = 50


class MessagesDock(Dock):
    """Sends messages to the run of the current flow."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Messages", "messages", theme)
        self.chips = MessageChips()
        self.form = MessageForm()
        self.sent = QListWidget()
        self.sent.setAccessibleName("Messages sent, newest first")
        self.sent.setToolTip("Enter puts a message back into the form")
        self._history = MessageHistory()
        self._map: RunMap | None = None
        self._types: tuple[str, ...] = ()
        self._state: str | None = None
        self.set_body(self._make_body(), empty=_EMPTY)
        self.form.sent.connect(self._on_sent)
        self.form.type_changed.connect(self._on_type)
        self.form.older_wanted.connect(self._on_older)
        self.form.newer_wanted.connect(self._on_newer)
        self.chips.chosen.connect(self._on_chip)
        self.sent.itemActivated.connect(self._on_sent_chosen)

    # -- the current flow ------------------------------------------------------------------

    def wire(self, page: FlowPage) -> None:
        """Offers the messages of the page's run."""
        page.run.phase_changed.connect(self._on_phase)
        page.run.frame.connect(self._on_frame)
        page.message_wanted.connect(self.compose)
        self._on_phase()

    def unwire(self, page: FlowPage) -> None:
        """Stops following the page."""
        page.run.phase_changed.disconnect(self._on_phase)
        page.run.frame.disconnect(self._on_frame)
        page.message_wanted.disconnect(self.compose)
        self._map = None

    def compose(self, kind: str, fields: tuple[str, ...] = ()) -> None:
        """Begins a message of that type: the cursor goes to the first field it lacks."""
        self.form.set_type(kind)
        if fields:
            self.form.set_rows(fields)
        self.form.focus_first_gap()

    def focus_form(self) -> None:
        """Puts the cursor into the type."""
        self.form.type.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- following the run -----------------------------------------------------------------

    def _on_phase(self) -> None:
        page = self.page
        if page is None:
            return
        running = page.run.active and page.run.content is not None
        self.set_empty(None if running else _NO_RUN)
        if not running or page.run.content is None:
            self._map = None
            return
        if self._map is None or self._map.content is not page.run.content:
            self._map = RunMap(page.run.content)
            self._types = _types_in(page.run.content)
            self._state = None
        self._follow(page.run.state_key)

    def _on_frame(self) -> None:
        if self.page is not None and self._map is not None:
            self._follow(self.page.run.state_key)

    def _follow(self, state: str | None) -> None:
        """Another state takes other messages."""
        if self._map is None or state == self._state:
            return
        self._state = state
        possible = self._possible()
        self.chips.set_types(possible, state or "")
        others = (kind for kind in self._types if kind not in possible)
        self.form.set_types((*possible, *others))
        self._on_type(self.form.type.currentText())

    def _possible(self) -> tuple[str, ...]:
        """The types that the active state takes, in the order of its transitions."""
        return tuple(dict.fromkeys(kind for _, kind in self._iter_possible()))

    def _iter_possible(self) -> list[tuple[str, str]]:
        if self._map is None:
            return []
        ids = self._map.possible_ids(self._map.find_state_id(self._state))
        return [
            (transition.id, transition.message)
            for transition in self._map.content.transitions
            if transition.id in ids and transition.message is not None
        ]

    def _fields_for(self, kind: str) -> tuple[str, ...]:
        """What the flow reads of such a message: in this state, or else in any."""
        if self._map is None:
            return ()
        ids = [id_ for id_, possible in self._iter_possible() if possible == kind]
        if not ids:
            ids = [item.id for item in self._map.content.transitions if item.message == kind]
        fields: dict[str, None] = {}
        for id_ in ids:
            fields.update(dict.fromkeys(self._map.fields_for(id_)))
        return tuple(fields)

    # -- sending ---------------------------------------------------------------------------

    def _on_type(self, kind: str) -> None:
        self.form.set_rows(self._fields_for(kind.strip()))

    def _on_chip(self, kind: str) -> None:
        """What needs nothing else is sent at once."""
        if self._fields_for(kind):
            self.compose(kind)
        else:
            self._send({"type": kind}, 1)

    def _on_sent(self, message: dict[str, Any], count: int) -> None:
        self._send(message, count)

    def _send(self, message: dict[str, Any], count: int) -> None:
        if self.page is None or not self.page.run.active:
            return
        if count == 1:
            self.page.run.send(message)
        else:
            self.page.run.send_many(dict(message) for _ in range(count))
        if self._history.add(dict(message)):
            self._show_sent(message)

    def _show_sent(self, message: Mapping[str, Any]) -> None:
        item = QListWidgetItem(message_line(message))
        item.setData(Qt.ItemDataRole.UserRole, dict(message))
        self.sent.insertItem(0, item)
        while self.sent.count() > _SHOWN_SENT:
            self.sent.takeItem(self.sent.count() - 1)

    # -- sending again ---------------------------------------------------------------------

    def _on_older(self) -> None:
        self._recall(self._history.older())

    def _on_newer(self) -> None:
        self._recall(self._history.newer())

    def _on_sent_chosen(self, item: QListWidgetItem) -> None:
        self._recall(item.data(Qt.ItemDataRole.UserRole))
        self.focus_form()

    def _recall(self, message: Mapping[str, Any] | None) -> None:
        if message is not None:
            self.form.show_message(message)

    # -- widgets ---------------------------------------------------------------------------

    def _make_body(self) -> QWidget:
        caption = QLabel("Sent")
        caption.setProperty("role", "caption")
        caption.setBuddy(self.sent)
        past = QVBoxLayout()
        past.setSpacing(SPACE)
        past.addWidget(caption)
        past.addWidget(self.sent, 1)
        lower = QHBoxLayout()
        lower.setSpacing(4 * SPACE)
        lower.addWidget(self.form, 3)
        lower.addLayout(past, 1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self.chips)
        column.addLayout(lower, 1)
        return body


def _types_in(content: Content) -> tuple[str, ...]:
    """The types of all messages that a flow takes anywhere, by name."""
    return tuple(sorted({item.message for item in content.transitions if item.message is not None}))
