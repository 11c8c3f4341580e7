"""What an edit raises when it may not be."""

from __future__ import annotations

__all__ = ["EditError"]


class EditError(Exception):
    """An edit that may not be; the document is as it was.

    Attributes:
        what: one sentence for the person who tried, to be shown beneath a field or in passing.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
