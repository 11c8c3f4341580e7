"""What the program is, and which version of it and of what it stands on."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from designer.host.theme import SPACE
from flexiflow.version import __version__

__all__ = ["AboutDialog"]


class AboutDialog(QDialog):
    """Name, versions and licences."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About FlexiFlow Designer")
        self.setAccessibleName("About FlexiFlow Designer")
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * SPACE, 6 * SPACE, 6 * SPACE, 4 * SPACE)
        column.setSpacing(2 * SPACE)
        lines = (
            ("FlexiFlow Designer", "heading"),
            (f"Version {__version__}", "muted"),
            ("Draws a state flow, edits its rules, and runs it on the engine itself.", ""),
            (f"Python {platform.python_version()}, Qt {qVersion()}", "caption"),
            ("MIT licence. Icons: Lucide, ISC licence.", "caption"),
        )
        for text, role in lines:
            label = QLabel(text)
            label.setProperty("role", role)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        close = QPushButton("Close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column.addSpacing(2 * SPACE)
        column.addLayout(row)
