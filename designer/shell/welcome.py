"""The first page: new flow, open, recent files, and examples that open with one click."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from designer.host.resources import icon
from designer.host.theme import ICON_PX, SPACE, Theme

__all__ = ["WelcomePage"]

#: What the examples that come along are about, by file name.
EXAMPLE_TEXTS = {
    "order.yaml": "A web shop's order, from the cart to the door",
    "tcp.pack.yaml": "A TCP connection, as RFC 9293 has it",
    "bgp.pack.yaml": "A BGP session between two routers",
    "dhcp_client.pack.yaml": "A computer asks for its address",
    "http2_stream.pack.yaml": "One stream of an HTTP/2 connection",
}


class WelcomePage(QScrollArea):
    """What the window shows while no flow is open.

    Signals:
        new_wanted(): a new flow.
        open_wanted(): a file, to be asked for.
        file_chosen(object): this file (a Path).
        example_chosen(object): this example (a Path).
        example_run_wanted(object): this example, and to run it at once.
    """

    new_wanted = Signal()
    open_wanted = Signal()
    file_chosen = Signal(object)
    example_chosen = Signal(object)
    example_run_wanted = Signal(object)

    def __init__(
        self, theme: Theme, examples: Iterable[Path], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Welcome")
        self.setWidgetResizable(True)
        self._theme = theme
        self._examples = tuple(examples)
        self._recent = QVBoxLayout()
        self._tinted: list[tuple[QPushButton, str]] = []
        self.setWidget(self._build())
        self.set_theme(theme)
        self.set_recent(())

    def set_recent(self, paths: Iterable[Path]) -> None:
        """Shows these as the recent files."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()

        known = list(paths)
        for path in known:
            button = _link(path.name, str(path))
            button.clicked.connect(partial(self._choose_file, path))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self._recent.addWidget(_caption(_folder_text(path)))
        if not known:
            label = QLabel("Files you open or save are listed here.")
            label.setProperty("role", "muted")
            label.setWordWrap(True)
            self._recent.addWidget(label)

    def set_theme(self, theme: Theme) -> None:
        """Draws in the theme's colours."""
        self._theme = theme
        for button, name in self._tinted:
            color = theme.on_accent if button.property("role") == "primary" else None
            button.setIcon(icon(name, theme, color))

    def _choose_file(self, path: Path, *_: object) -> None:
        self.file_chosen.emit(path)

    def _choose_example(self, path: Path, *_: object) -> None:
        self.example_chosen.emit(path)

    def _run_example(self, path: Path, *_: object) -> None:
        self.example_run_wanted.emit(path)

    def _build(self) -> QWidget:
        page = QWidget()
        page.setAccessibleName("Welcome")
        middle = QVBoxLayout()
        middle.setSpacing(2 * SPACE)
        heading = QLabel("FlexiFlow Designer")
        heading.setProperty("role", "heading")
        intro = QLabel(
            "Draw a state flow, edit its rules, and run it on the real engine, in this window."
        )
        intro.setProperty("role", "muted")
        intro.setWordWrap(True)
        middle.addWidget(heading)
        middle.addWidget(intro)
        middle.addSpacing(3 * SPACE)
        middle.addLayout(self._buttons())
        middle.addSpacing(5 * SPACE)
        middle.addLayout(self._lists())

        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(middle, 4)
        row.addStretch(1)
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)
        return page

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        new = self._button("New flow", "file-plus", "primary")
        new.clicked.connect(self.new_wanted)
        self.setFocusProxy(new)
        existing = self._button("Open...", "folder-open", "")
        existing.clicked.connect(self.open_wanted)
        row.addWidget(new)
        row.addWidget(existing)
        row.addStretch(1)
        return row

    def _button(self, text: str, picture: str, role: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", role)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        self._tinted.append((button, picture))
        return button

    def _lists(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10 * SPACE)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        examples = QVBoxLayout()
        for column in (examples, self._recent):
            column.setSpacing(2)
        for path in self._examples:
            examples.addLayout(self._example(path))
            examples.addWidget(_caption(EXAMPLE_TEXTS.get(path.name, "")))
        for number, (title, column) in enumerate(
            (("Examples", examples), ("Recent", self._recent))
        ):
            label = QLabel(title)
            label.setProperty("role", "title")
            grid.addWidget(label, 0, number)
            grid.addLayout(column, 1, number, Qt.AlignmentFlag.AlignTop)
        return grid

    def _example(self, path: Path) -> QHBoxLayout:
        """A line with the example's name, which opens it, and a button that runs it as well."""
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        name = _link(path.name, f"Open the example {path.name}")
        name.clicked.connect(partial(self._choose_example, path))
        run = _link("Run", f"Open the example {path.name} and run it")
        run.setAccessibleName(f"Run {path.name}")
        run.clicked.connect(partial(self._run_example, path))
        row.addWidget(name)
        row.addStretch(1)
        row.addWidget(run)
        return row


def _link(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "link")
    button.setToolTip(tip)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def _caption(text: str) -> QLabel:
    """What stands beneath a link, in line with its words."""
    label = QLabel(text)
    label.setProperty("role", "caption")
    label.setContentsMargins(5, 0, 0, SPACE)
    return label


def _folder_text(path: Path) -> str:
    folder = path.parent
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
