"""Saving a text so that the file is always the old one or the new one, with errors for a person."""

from __future__ import annotations

import errno
from pathlib import Path

from designer.exchange.errors import SaveError
from flexiflow.errors import ErrorContext
from flexiflow.extras.atomic_file import replace_text

__all__ = ["write_atomic"]

_FIXES = {
    errno.ENOSPC: "Free some space, or save it elsewhere.",
    errno.EDQUOT: "Free some space, or save it elsewhere.",
    errno.EACCES: "Save it elsewhere, or allow writing there.",
    errno.EPERM: "Save it elsewhere, or allow writing there.",
    errno.EROFS: "Save it elsewhere: this disk is read only.",
    errno.ENOENT: "Make the folder first, or save it elsewhere.",
    errno.EISDIR: "Choose a name that is no folder.",
}


def write_atomic(path: Path, text: str) -> None:
    """Writes ``text`` as UTF-8, keeping the file's permissions and following symbolic links.

    Raises:
        SaveError: the disk is full, writing is not allowed, or the text is not of Unicode; the old
            file is untouched and nothing is left beside it.
    """
    try:
        replace_text(path, text, make_folder=False)
    except UnicodeEncodeError as error:
        raise SaveError(
            f"{path.name} cannot be saved",
            why=f"It holds half a character ({error.object[error.start]!r}), which no file can.",
            fix="Remove that character.",
            context=ErrorContext({"path": str(path)}),
        ) from error
    except OSError as error:
        raise SaveError(
            f"{path.name} cannot be saved",
            why=f"{error.strerror or error}.",
            fix=_FIXES.get(error.errno or 0, "Try again, or save it elsewhere."),
            context=ErrorContext({"path": str(path)}),
        ) from error
