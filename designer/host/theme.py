"""Colours, sizes and fonts of the whole window, light and dark, in one place."""

from __future__ import annotations

import dataclasses
import string
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

from designer.host.resources import resource_path

__all__ = [
    "CAPTION_PX",
    "DARK",
    "FIELD_RADIUS",
    "GRID",
    "HALO_ALPHA",
    "ICON_PX",
    "LABEL_PX",
    "LIGHT",
    "LINE_ACTIVE",
    "LINE_STATE",
    "LINE_TAKEN",
    "LINE_TRANSITION",
    "MOTION_MS",
    "ROW_HEIGHT",
    "SPACE",
    "STATE_NAME_PX",
    "STATE_RADIUS",
    "TEXT_PX",
    "Theme",
    "caption_font",
    "label_font",
    "mono_font",
    "palette",
    "state_name_font",
    "style_sheet",
    "text_font",
]

#: All gaps are multiples of this, in px.
SPACE = 4
#: Distance of the dots behind the canvas, in px.
GRID = 20

#: Corner radius of a state, and of fields and buttons, in px.
STATE_RADIUS = 8
FIELD_RADIUS = 6

#: Sizes of text, in px: the interface, names of states, labels and log rows, captions.
TEXT_PX = 12
STATE_NAME_PX = 13
LABEL_PX = 11
CAPTION_PX = 10

#: Widths of lines, in px: a state's border, a transition, what is selected or active, the
#: transition just taken.
LINE_STATE = 1.2
LINE_TRANSITION = 1.5
LINE_ACTIVE = 2.0
LINE_TAKEN = 2.6

#: Opacity of the halo around what is selected or active, 0 to 255 (15 %).
HALO_ALPHA = 38

ICON_PX = 18
ROW_HEIGHT = 25
#: How long a movement lasts, in milliseconds; none when the system asks for less motion.
MOTION_MS = 160


@dataclass(frozen=True)
class Theme:
    """The colours of one appearance.

    Each colour says what it is for. The ``*_text`` ones are for words: they keep a contrast of
    4.5:1 on every background listed here; the brighter colour of the same name is for shapes.
    Never change a colour in place: the two themes are shared.
    """

    name: str
    dark: bool

    canvas: QColor
    grid: QColor
    surface: QColor
    raised: QColor
    border: QColor
    #: A field's or button's border under the pointer.
    border_strong: QColor

    text: QColor
    muted: QColor

    accent: QColor
    accent_soft: QColor
    accent_text: QColor
    #: Words on a fill of ``accent``.
    on_accent: QColor

    ok: QColor
    ok_soft: QColor
    ok_text: QColor
    #: The one filled button, and its words.
    run_fill: QColor
    on_run: QColor

    warning: QColor
    warning_soft: QColor
    warning_text: QColor

    error: QColor
    error_soft: QColor
    error_text: QColor

    state_fill: QColor
    state_border: QColor
    transition: QColor
    label_pill: QColor


def _theme(name: str, *, dark: bool, **colors: str) -> Theme:
    return Theme(name=name, dark=dark, **{key: QColor(value) for key, value in colors.items()})


LIGHT = _theme(
    "light",
    dark=False,
    canvas="#F6F7F9",
    grid="#DDE2EA",
    surface="#FFFFFF",
    raised="#FBFCFD",
    border="#DCE1E9",
    border_strong="#B6C0CF",
    text="#1B2430",
    muted="#5F697E",
    accent="#3563E9",
    accent_soft="#E8EEFE",
    accent_text="#2F5BDD",
    on_accent="#FFFFFF",
    ok="#17915E",
    ok_soft="#E2F5EC",
    ok_text="#127A4E",
    run_fill="#127A4E",
    on_run="#FFFFFF",
    warning="#B76E00",
    warning_soft="#FFF3DC",
    warning_text="#945800",
    error="#CF3636",
    error_soft="#FDECEC",
    error_text="#C22F2F",
    state_fill="#FFFFFF",
    state_border="#B6C0CF",
    transition="#6B778C",
    label_pill="#EDF1F7",
)

DARK = _theme(
    "dark",
    dark=True,
    canvas="#12161C",
    grid="#252C37",
    surface="#1A1F27",
    raised="#1F252F",
    border="#2C3440",
    border_strong="#4A5669",
    text="#E7EBF2",
    muted="#94A0B3",
    accent="#7AA2FF",
    accent_soft="#22304F",
    accent_text="#7AA2FF",
    on_accent="#0E1420",
    ok="#43D093",
    ok_soft="#173629",
    ok_text="#43D093",
    run_fill="#43D093",
    on_run="#0B1712",
    warning="#F2B450",
    warning_soft="#3A2E16",
    warning_text="#F2B450",
    error="#FF7272",
    error_soft="#3D2023",
    error_text="#FF7272",
    state_fill="#232A35",
    state_border="#4A5669",
    transition="#8C98AC",
    label_pill="#2A323E",
)


def palette(theme: Theme) -> QPalette:
    """The palette that makes Fusion draw everything in the theme's colours."""
    roles = {
        QPalette.ColorRole.Window: theme.surface,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.surface,
        QPalette.ColorRole.AlternateBase: theme.raised,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.error_text,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent_soft,
        QPalette.ColorRole.HighlightedText: theme.text,
        QPalette.ColorRole.Link: theme.accent_text,
        QPalette.ColorRole.LinkVisited: theme.accent_text,
        QPalette.ColorRole.Accent: theme.accent,
        QPalette.ColorRole.Light: theme.raised,
        QPalette.ColorRole.Midlight: theme.border,
        QPalette.ColorRole.Mid: theme.border,
        QPalette.ColorRole.Dark: theme.border_strong,
        QPalette.ColorRole.Shadow: theme.border_strong,
    }
    result = QPalette()
    for role, color in roles.items():
        result.setColor(role, color)

    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.HighlightedText,
    ):
        result.setColor(QPalette.ColorGroup.Disabled, role, disabled_text(theme))
    return result


def disabled_text(theme: Theme) -> QColor:
    """Words and icons of what cannot be used now: half way between muted and the surface."""
    return mix(theme.muted, theme.surface, 0.45)


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """The first colour with a share (0 to 1) of the second in it."""
    return QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * share,
        first.greenF() + (second.greenF() - first.greenF()) * share,
        first.blueF() + (second.blueF() - first.blueF()) * share,
    )


def style_sheet(theme: Theme) -> str:
    """The style sheet ``resources/themes/designer.qss`` with the theme's values filled in."""
    template = string.Template(resource_path("themes/designer.qss").read_text(encoding="utf-8"))
    colors = {
        item.name: value.name()
        for item in dataclasses.fields(theme)
        if isinstance(value := getattr(theme, item.name), QColor)
    }
    return template.substitute(
        colors,
        disabled=disabled_text(theme).name(),
        hover=mix(theme.surface, theme.label_pill, 0.75).name(),
        pressed=mix(theme.label_pill, theme.border, 0.5).name(),
        run_hover=mix(theme.run_fill, theme.on_run, 0.08).name(),
        text_px=TEXT_PX,
        label_px=LABEL_PX,
        caption_px=CAPTION_PX,
        field_radius=FIELD_RADIUS,
        images=resource_path(f"themes/{theme.name}").as_posix(),
    )


def text_font() -> QFont:
    """The system's font at the size of the interface."""
    return _sized(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont), TEXT_PX)


def state_name_font() -> QFont:
    """The semibold font of the names of states."""
    font = _sized(text_font(), STATE_NAME_PX)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def label_font() -> QFont:
    """The font of labels on transitions and rows of the log."""
    return _sized(text_font(), LABEL_PX)


def caption_font() -> QFont:
    """The font of the smallest words: descriptions in states, counts."""
    return _sized(text_font(), CAPTION_PX)


def mono_font(px: int = TEXT_PX) -> QFont:
    """The system's fixed-width font, for expressions, times and YAML."""
    return _sized(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont), px)


def _sized(font: QFont, px: int) -> QFont:
    result = QFont(font)
    result.setPixelSize(px)
    return result
