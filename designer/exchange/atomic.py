"""Saving a text so that the file is always the old one or the new one, never half.

The text goes to a temporary file in the same folder, is brought to the disk, and takes the old
file's place in one step, which file systems promise to do wholly or not at all.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path

from designer.exchange.errors import SaveError
from flexiflow.errors import ErrorContext

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
        data = text.encode("utf-8")
        _replace(Path(os.path.realpath(path)), data)
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


def _replace(path: Path, data: bytes) -> None:
    old = _status_of(path)
    temporary = path.with_name(f".{path.name[:50]}.{secrets.token_hex(6)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

        if old is not None:
            _keep_owner_and_mode(temporary, old)
        os.replace(temporary, path)  # noqa: PTH105 - the very call that is atomic
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise

    _bring_to_disk(path.parent)


def _status_of(path: Path) -> os.stat_result | None:
    """What is at ``path`` now; raises OSError when it is no file that may be written."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None

    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EISDIR, "It is a folder or a device")
    if not os.access(path, os.W_OK):
        raise OSError(errno.EACCES, "It is read only")
    return status


def _keep_owner_and_mode(temporary: Path, old: os.stat_result) -> None:
    new = temporary.stat()
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with contextlib.suppress(OSError):  # only the owner's own groups, unless one is root
            os.chown(temporary, old.st_uid, old.st_gid)
    temporary.chmod(stat.S_IMODE(old.st_mode))


def _bring_to_disk(folder: Path) -> None:
    """Makes the folder remember the new file; some systems cannot, and then it soon does itself."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
