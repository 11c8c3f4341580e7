"""The messages sent so far, to be sent again."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, Final

from designer.run.event_text import summary_of

__all__ = ["MessageHistory", "message_line"]

_MOST: Final = 100

Message = Mapping[str, Any]


def message_line(message: Message) -> str:
    """A message in one line."""
    return summary_of("component.message.received", {"message": message})


class MessageHistory:
    """The newest messages sent, and a place among them that arrow keys move."""

    def __init__(self) -> None:
        self._messages: deque[Message] = deque(maxlen=_MOST)
        self._place = 0

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages, newest first; one sent several times in a row stands there once."""
        return tuple(reversed(self._messages))

    def add(self, message: Message) -> bool:
        """Remembers a message that was sent; False when it is the newest already."""
        self._place = 0
        if self._messages and self._messages[-1] == message:
            return False
        self._messages.append(message)
        return True

    def older(self) -> Message | None:
        """One step back; None at the end."""
        return self._go(self._place + 1)

    def newer(self) -> Message | None:
        """One step forth; None when there is nothing newer."""
        return self._go(self._place - 1)

    def _go(self, place: int) -> Message | None:
        if not 1 <= place <= len(self._messages):
            return None
        self._place = place
        return self._messages[-place]
