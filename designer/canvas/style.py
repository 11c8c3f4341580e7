"""What the canvas draws with: the theme's colours, its fonts, and how wide words are in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from designer.host.theme import Theme, caption_font, label_font, state_name_font

__all__ = ["CanvasStyle", "Detail", "Ink", "TextRole", "TextWidths", "detail_for"]


class TextRole(Enum):
    """What words are for, which decides their font."""

    NAME = "name"
    CAPTION = "caption"
    LABEL = "label"


class Detail(Enum):
    """How much is drawn at a zoom: what nobody could read is left out."""

    FULL = 3
    #: Names and labels, without the small lines.
    NAMES = 2
    #: Names of states alone.
    COARSE = 1
    #: Boxes and lines.
    BOXES = 0


class TextWidths(Protocol):
    """Tells how wide a text is, in px; all that sizes depend on."""

    def width(self, role: TextRole, text: str) -> float:
        """The width of one line of text."""
        ...


def detail_for(zoom: float) -> Detail:
    """How much detail a zoom (1.0 is 100 %) can show."""
    if zoom >= 0.5:
        return Detail.FULL
    if zoom >= 0.38:
        return Detail.NAMES
    return Detail.COARSE if zoom >= 0.28 else Detail.BOXES


class CanvasStyle:
    """A theme with the fonts of the canvas; widths are measured once a text.

    Attributes:
        theme: the colours.
        fonts: the font of each role, without hinting: letters keep their distances at any zoom.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.fonts = {
            TextRole.NAME: _scalable(state_name_font()),
            TextRole.CAPTION: _scalable(caption_font()),
            TextRole.LABEL: _scalable(label_font()),
        }
        self._metrics = {role: QFontMetricsF(font) for role, font in self.fonts.items()}
        self._widths: dict[tuple[TextRole, str], float] = {}

    def width(self, role: TextRole, text: str) -> float:
        """The width of one line of text in the role's font, in px."""
        found = self._widths.get((role, text))
        if found is None:
            found = self._metrics[role].horizontalAdvance(text)
            self._widths[role, text] = found
        return found

    def elided(self, role: TextRole, text: str, width: float) -> str:
        """The text, shortened with an ellipsis where it is wider than that."""
        if self.width(role, text) <= width:
            return text
        return self._metrics[role].elidedText(text, Qt.TextElideMode.ElideRight, width)


@dataclass(frozen=True, slots=True)
class Ink:
    """What a painting function draws with: the painter, the style, and how much detail shows."""

    painter: QPainter
    style: CanvasStyle
    detail: Detail = Detail.FULL

    @property
    def theme(self) -> Theme:
        """The style's colours."""
        return self.style.theme


def _scalable(font: QFont) -> QFont:
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return font
