"""Files that come along."""

import pytest
from PySide6.QtGui import QColor, QIcon

from designer.host.resources import example_flows, icon, resource_path, svg_pixmap
from designer.host.theme import DARK, LIGHT


def test_a_resource_has_a_path():
    """The licence of the icons comes along."""
    assert resource_path("icons/LICENSE").is_file()


def test_a_missing_resource_is_named():
    """A wrong name says which and where."""
    with pytest.raises(FileNotFoundError, match=r"icons/nothing\.svg"):
        resource_path("icons/nothing.svg")


def test_examples_are_flows_that_can_be_opened_alone():
    """The order config stands for its pack; scenarios are no flows."""
    names = [path.name for path in example_flows()]

    assert names[0] == "order.yaml"
    assert "order.pack.yaml" not in names
    assert "tcp.pack.yaml" in names
    assert not [name for name in names if "scenario" in name]


def test_an_icon_has_the_themes_colour(qapp):
    """The middle of the stop square's line is drawn in the text colour."""
    for theme in (LIGHT, DARK):
        image = icon("square", theme).pixmap(18).toImage()
        colors = {
            image.pixelColor(x, 9).rgb() for x in range(18) if image.pixelColor(x, 9).alpha() == 255
        }
        assert theme.text.rgb() in colors


def test_a_disabled_icon_is_paler(qapp):
    """What cannot be used looks so."""
    normal = icon("square", LIGHT).pixmap(18, QIcon.Mode.Normal)
    disabled = icon("square", LIGHT).pixmap(18, QIcon.Mode.Disabled)

    assert normal.toImage() != disabled.toImage()


def test_an_icon_can_have_a_colour_of_its_own(qapp):
    """The filled button's icon is in the colour of its words."""
    image = icon("square", LIGHT, QColor("#ff0000")).pixmap(18).toImage()

    assert QColor("#ff0000").rgb() in {image.pixelColor(x, 9).rgb() for x in range(18)}


def test_a_picture_is_sharp_on_a_fine_screen(qapp):
    """Twice the pixels for the same size."""
    picture = svg_pixmap("search", "#000000", 18, 2)

    assert picture.width() == 36
    assert picture.deviceIndependentSize().width() == 18
