"""Replaces a file as a whole: whoever reads it finds the old text or the new one, never half.

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

__all__ = ["replace_text"]


def replace_text(path: str | Path, text: str, *, make_folder: bool = True) -> None:
    """Writes ``text`` as UTF-8 in place of the file at ``path``, or as a new one.

    A link is followed and stays one; owner and permissions of an existing file stay. When anything
    fails, the old file is untouched and nothing is left behind.

    Args:
        path: the file.
        text: all of its new content.
        make_folder: makes missing parent folders.

    Raises:
        OSError: the disk or its permissions refuse, or something stands there that is no file.
        UnicodeEncodeError: the text holds half of a surrogate pair.
    """
    target, data = Path(os.path.realpath(path)), text.encode()
    if make_folder:
        target.parent.mkdir(parents=True, exist_ok=True)
    old = _status_of(target)
    # Of one length whatever the target is called: beside a very long name there is room for it.
    temporary = target.with_name(f".flexiflow-{secrets.token_hex(8)}.tmp")
    try:
        _write_durably(temporary, data, old)
        os.replace(temporary, target)  # noqa: PTH105 - the very call that is atomic
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()

        raise

    _sync_folder(target.parent)


def _status_of(path: Path) -> os.stat_result | None:
    """What is at ``path`` now; raises OSError when it is no file that may be written."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None

    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EISDIR, "It is a folder or a device", str(path))

    if not os.access(path, os.W_OK):
        raise OSError(errno.EACCES, "It is read only", str(path))

    return status


def _write_durably(path: Path, data: bytes, old: os.stat_result | None) -> None:
    with path.open("xb") as file:
        if old is not None:
            _keep_owner_and_mode(path, old)

        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _keep_owner_and_mode(path: Path, old: os.stat_result) -> None:
    new = path.stat()
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with contextlib.suppress(OSError):  # only the owner's own groups, unless one is root
            os.chown(path, old.st_uid, old.st_gid)

    path.chmod(stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    """Makes the folder remember the new file, where the system lets a folder be flushed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
