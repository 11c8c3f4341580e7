"""What saving a flow raises."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from flexiflow.errors import ErrorContext, FlexiFlowError

__all__ = ["ChangedOnDiskError", "CommentsWouldBeLostError", "FileInTheWayError", "SaveError"]


class SaveError(FlexiFlowError):
    """A file could not be saved; what was there before still is."""


class CommentsWouldBeLostError(SaveError):
    """Saving would drop comments that somebody wrote; nothing was saved.

    Attributes:
        paths: the files with comments.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)
        super().__init__(
            f"Saving would lose the comments in {_names(self.paths)}",
            why="Saving writes these files anew, without comments.",
            fix="Save under another name, or say that the comments may go.",
            context=ErrorContext({"paths": [str(path) for path in self.paths]}),
        )


class ChangedOnDiskError(SaveError):
    """A file is not as it was when it was read; nothing was saved.

    Attributes:
        paths: the files that somebody else changed.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)
        super().__init__(
            f"Somebody else changed {_names(self.paths)}",
            why="Saving would undo what was changed there since it was opened.",
            fix="Open it again, save under another name, or say that your version counts.",
            context=ErrorContext({"paths": [str(path) for path in self.paths]}),
        )


class FileInTheWayError(SaveError):
    """Where a pack of the flow would be written there is another file; nothing was saved.

    Attributes:
        paths: the files that are there.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)
        super().__init__(
            f"There is another {_names(self.paths)} already",
            why="The flow's packs go beside it, and would take its place.",
            fix="Save into another folder, or say that it may be replaced.",
            context=ErrorContext({"paths": [str(path) for path in self.paths]}),
        )


def _names(paths: tuple[Path, ...]) -> str:
    return " and ".join(path.name for path in paths)
