"""Which folders may bring Python code: a dotted path in a file is code, and code needs trust."""

from __future__ import annotations

from pathlib import Path

from designer.host.settings import Settings

__all__ = ["TrustStore"]


class TrustStore:
    """The folders the user trusts, remembered and revocable. A folder covers those inside it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def folders(self) -> tuple[Path, ...]:
        """The trusted folders, in the order they were trusted."""
        return self._settings.trusted_folders

    def is_trusted(self, folder: Path) -> bool:
        """Whether code named by files of this folder may be imported."""
        resolved = folder.resolve()
        return any(known == resolved or known in resolved.parents for known in self.folders)

    def trust(self, folder: Path) -> None:
        """Trusts the folder and all inside it, from now on and in later sessions."""
        if not self.is_trusted(folder):
            self._settings.trusted_folders = (*self.folders, folder.resolve())
            self._settings.save()

    def revoke(self, folder: Path) -> None:
        """Takes the trust back from the folder and from every folder that covered it."""
        resolved = folder.resolve()
        self._settings.trusted_folders = tuple(
            known for known in self.folders if known != resolved and known not in resolved.parents
        )
        self._settings.save()
