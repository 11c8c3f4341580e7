"""The colours of the window."""

import re
import sys
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from designer.host.resources import resource_path
from designer.host.theme import (
    DARK,
    LABEL_PX,
    LIGHT,
    STATE_NAME_PX,
    label_font,
    mono_font,
    palette,
    state_name_font,
    style_sheet,
)

WORDS = ("text", "muted", "accent_text", "ok_text", "warning_text", "error_text")
GROUNDS = (
    "canvas",
    "surface",
    "raised",
    "state_fill",
    "label_pill",
    "accent_soft",
    "ok_soft",
    "warning_soft",
    "error_soft",
)
BUTTONS = (("on_accent", "accent"), ("on_run", "run_fill"))
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def luminance(color: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio as WCAG 2 defines it."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@THEMES
@pytest.mark.parametrize(("word", "ground"), [*product(WORDS, GROUNDS), *BUTTONS])
def test_words_can_be_read_on_every_ground(theme, word, ground):
    """Every colour of words has a contrast of at least 4.5:1 on every background."""
    assert contrast(getattr(theme, word), getattr(theme, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize("line", ["transition", "accent", "ok", "warning", "error"])
def test_lines_can_be_seen_on_the_canvas(theme, line):
    """What is drawn has a contrast of at least 3:1 on the canvas and in a state."""
    assert contrast(getattr(theme, line), theme.canvas) >= 3
    assert contrast(getattr(theme, line), theme.state_fill) >= 3


@THEMES
def test_the_palette_is_the_themes(qapp, theme):
    """Fusion draws text and background in the theme's colours."""
    colors = palette(theme)

    assert colors.color(QPalette.ColorRole.Window) == theme.surface
    assert colors.color(QPalette.ColorRole.Text) == theme.text
    assert colors.color(QPalette.ColorRole.PlaceholderText) == theme.muted


@THEMES
def test_the_style_sheet_has_every_value_filled_in(qapp, theme):
    """No name is left, and every picture it names is there."""
    sheet = style_sheet(theme)

    assert "$" not in sheet
    for name in re.findall(r'url\("([^"]+)"\)', sheet):
        assert name.startswith(resource_path(f"themes/{theme.name}").as_posix())
        assert resource_path(f"themes/{theme.name}/{name.rsplit('/', 1)[1]}").is_file()


@THEMES
def test_pictures_of_the_style_sheet_have_the_themes_colours(theme):
    """The small pictures cannot be tinted, so they are written in the theme's colours."""
    for path in resource_path(f"themes/{theme.name}").glob("*.svg"):
        color = theme.on_accent if path.stem.endswith("on-accent") else theme.muted
        assert f'stroke="{color.name().upper()}"' in path.read_text()


@THEMES
@pytest.mark.parametrize("enabled", [True, False], ids=["enabled", "disabled"])
@pytest.mark.parametrize("check", list(Qt.CheckState), ids=lambda check: check.name)
def test_a_box_shows_whether_it_is_checked(qtbot, theme, enabled, check):
    """Also one that cannot be changed now, and one that stands for several that differ."""
    box = QCheckBox()
    qtbot.addWidget(box)
    box.setStyleSheet(style_sheet(theme))
    box.setTristate(True)
    box.setCheckState(check)
    box.setEnabled(enabled)
    box.resize(box.sizeHint())

    option = QStyleOptionButton()
    box.initStyleOption(option)
    indicator = QStyle.SubElement.SE_CheckBoxIndicator
    place = box.style().subElementRect(indicator, option, box)
    image = box.grab(place.adjusted(3, 3, -3, -3)).toImage()
    colors = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    ground = max(set(map(QColor.rgb, colors)), key=[color.rgb() for color in colors].count)
    marks = [color for color in colors if contrast(color, QColor(ground)) >= 3]

    assert bool(marks) == (check is not Qt.CheckState.Unchecked)


def test_fonts_have_their_sizes(qapp):
    """Names of states, labels and fixed-width text have the sizes of the theme."""
    assert state_name_font().pixelSize() == STATE_NAME_PX
    assert label_font().pixelSize() == LABEL_PX
    assert mono_font(9).pixelSize() == 9


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere fonts do not come by fontconfig")
def test_tests_draw_with_fonts_of_their_own(qapp) -> None:
    """What lies where depends on the width of texts, and that on no machine's fonts."""
    assert QFontInfo(label_font()).family() == "DejaVu Sans"
    assert QFontInfo(mono_font()).family() == "DejaVu Sans Mono"
