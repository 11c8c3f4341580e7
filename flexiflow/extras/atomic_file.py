"""Replaces a file as a whole: whoever reads it finds the old text or the new one, never half."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

__all__ = ["replace_text"]


def replace_text(path: str | Path, text: str) -> None:
    """Writes ``text`` as UTF-8 beside the target, flushes it to the disk and puts it in its place.

    Missing parent folders are made. A link is followed and stays one; the permissions of an
    existing file stay. When anything fails, the old file is untouched and nothing is left behind.

    Raises:
        OSError: the disk or its permissions refuse.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    # Of one length whatever the target is called: beside a very long name there is room for it.
    temporary = target.with_name(f".flexiflow-{secrets.token_hex(8)}.tmp")
    try:
        _write_durably(temporary, text.encode(), _mode_of(target))
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()

        raise

    _sync_folder(target.parent)


def _write_durably(path: Path, data: bytes, mode: int | None) -> None:
    # Opened with the usual mode, so that the umask decides as it does for any new file.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        if mode is not None:
            os.chmod(path, mode)  # noqa: PTH101 - Path.chmod is the same, after a detour

        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _mode_of(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


def _sync_folder(folder: Path) -> None:
    """Makes the new name durable where the system lets a folder be flushed (Windows does not)."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
