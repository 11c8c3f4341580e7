"""Which theme the application wears: the user's choice, or what the system says."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from designer.host.settings import ThemeChoice
from designer.host.theme import DARK, LIGHT, Theme, palette, style_sheet, text_font

__all__ = ["Appearance"]


class Appearance(QObject):
    """Puts a theme on the application and follows the system's light and dark.

    Signals:
        theme_changed(object): the application wears another Theme now.
    """

    theme_changed = Signal(object)

    def __init__(self, application: QApplication, choice: ThemeChoice) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._theme = self._wanted()
        application.setStyle("Fusion")
        application.setFont(text_font())
        self._apply()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    @property
    def theme(self) -> Theme:
        """The theme worn now."""
        return self._theme

    @property
    def choice(self) -> ThemeChoice:
        """What the user wants."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Wears what the user wants from now on."""
        self._choice = choice
        self._follow()

    def dispose(self) -> None:
        """Follows the system no longer."""
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._on_system_changed)

    def _on_system_changed(self) -> None:
        self._follow()

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted is not self._theme:
            self._theme = wanted
            self._apply()
            self.theme_changed.emit(wanted)

    def _wanted(self) -> Theme:
        if self._choice is not ThemeChoice.SYSTEM:
            return DARK if self._choice is ThemeChoice.DARK else LIGHT
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if dark else LIGHT

    def _apply(self) -> None:
        self._application.setPalette(palette(self._theme))
        self._application.setStyleSheet(style_sheet(self._theme))
