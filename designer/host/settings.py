"""What the designer remembers between two starts: a typed view of an INI file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import Enum
from pathlib import Path

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

__all__ = ["MAX_RECENT", "Settings", "ThemeChoice", "data_folder", "settings_folder"]

MAX_RECENT = 10


class ThemeChoice(Enum):
    """Which appearance the user wants."""

    #: Light or dark as the system says.
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def settings_folder() -> Path:
    """Where settings belong here; ``FLEXIFLOW_DESIGNER_HOME`` in the environment overrides it."""
    if override := os.environ.get("FLEXIFLOW_DESIGNER_HOME"):
        return Path(override)
    return Path(platformdirs.user_config_dir("flexiflow-designer", appauthor=False))


def data_folder() -> Path:
    """Where the program keeps data of its own here; the same variable overrides it."""
    if override := os.environ.get("FLEXIFLOW_DESIGNER_HOME"):
        return Path(override)
    return Path(platformdirs.user_data_dir("flexiflow-designer", appauthor=False))


class Settings:
    """The remembered choices. Reading never fails: what is missing or damaged is its default.

    Args:
        folder: where ``designer.ini`` lies; :func:`settings_folder` when not given.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or settings_folder()) / "designer.ini"
        self._store = QSettings(str(self.path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark, or as the system says."""
        try:
            return ThemeChoice(self._store.value("window/theme", ThemeChoice.SYSTEM.value))
        except ValueError:
            return ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("window/theme", choice.value)

    @property
    def geometry(self) -> bytes:
        """Where the window stood, as Qt writes it; empty at the first start."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: bytes) -> None:
        self._store.setValue("window/geometry", QByteArray(value))

    @property
    def layout(self) -> bytes:
        """How docks and toolbars stood, as Qt writes it; empty at the first start."""
        return self._bytes("window/layout")

    @layout.setter
    def layout(self, value: bytes) -> None:
        self._store.setValue("window/layout", QByteArray(value))

    @property
    def recent_files(self) -> tuple[Path, ...]:
        """The files opened or saved last, newest first."""
        return self._paths("files/recent")

    def add_recent_file(self, path: Path) -> None:
        """Puts the file on top of the recent ones."""
        resolved = path.resolve()
        others = [known for known in self.recent_files if known != resolved]
        self._set_paths("files/recent", [resolved, *others][:MAX_RECENT])

    def remove_recent_file(self, path: Path) -> None:
        """Forgets a recent file, such as one that is no longer there."""
        self._set_paths("files/recent", [known for known in self.recent_files if known != path])

    @property
    def last_folder(self) -> Path:
        """Where the last file was opened or saved; the home folder at first."""
        recent = self.recent_files
        if recent and recent[0].parent.is_dir():
            return recent[0].parent
        return Path.home()

    @property
    def trusted_folders(self) -> tuple[Path, ...]:
        """The folders whose files may name Python code that is then run."""
        return self._paths("trust/folders")

    @trusted_folders.setter
    def trusted_folders(self, folders: Iterable[Path]) -> None:
        self._set_paths("trust/folders", folders)

    def save(self) -> bool:
        """Writes to disk now; False when that was not possible."""
        self._store.sync()
        return self._store.status() == QSettings.Status.NoError

    def _bytes(self, key: str) -> bytes:
        value = self._store.value(key)
        return bytes(value.data()) if isinstance(value, QByteArray) else b""

    def _paths(self, key: str) -> tuple[Path, ...]:
        value = self._store.value(key, [])
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list):
            return ()
        return tuple(Path(text) for text in texts if isinstance(text, str) and text)

    def _set_paths(self, key: str, paths: Iterable[Path]) -> None:
        self._store.setValue(key, [str(path) for path in paths])
