"""Asking for a file, awaited."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from designer.host.asyncqt import next_emission

__all__ = ["choose_to_export", "choose_to_open", "choose_to_save"]

FILTERS = "Flows (*.yaml *.yml);;All files (*)"


async def choose_to_open(parent: QWidget, folder: Path) -> tuple[Path, ...]:
    """The files a person wants to open; empty when none."""
    dialog = QFileDialog(parent, "Open a flow", str(folder), FILTERS)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return await _chosen(dialog)


async def choose_to_save(parent: QWidget, suggestion: Path) -> Path | None:
    """The file a person wants to write; None when none. The dialog asks before replacing one."""
    dialog = QFileDialog(parent, "Save the flow as", str(suggestion.parent), FILTERS)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("yaml")
    dialog.selectFile(suggestion.name)
    paths = await _chosen(dialog)
    return paths[0] if paths else None


async def choose_to_export(parent: QWidget, name: str, filters: str) -> Path | None:
    """The file a person wants something exported to; None when none.

    Args:
        parent: the window or dock that asks.
        name: suggested; its ending is the one that is added.
        filters: the kinds of file, as Qt writes them.
    """
    dialog = QFileDialog(parent, "Export the rows shown", name, filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix[1:])
    paths = await _chosen(dialog)
    return paths[0] if paths else None


async def _chosen(dialog: QFileDialog) -> tuple[Path, ...]:
    try:
        dialog.open()
        (result,) = await next_emission(dialog.finished)
        if result != QFileDialog.DialogCode.Accepted.value:
            return ()
        return tuple(Path(name) for name in dialog.selectedFiles())
    finally:
        dialog.close()
        dialog.deleteLater()
