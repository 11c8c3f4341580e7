"""The fields of the forms."""

import pytest
from PySide6.QtWidgets import QComboBox

from designer.host.theme import DARK, LIGHT, style_sheet
from designer.shell.panels.editors import LineEditor, TextEditor


def first_column(field, theme):
    """Where a field's words begin, in px from its left edge."""
    field.setStyleSheet(style_sheet(theme))
    field.resize(200, field.sizeHint().height())
    image = field.grab().toImage()
    ground = image.pixelColor(image.width() // 2, image.height() // 2).lightnessF()
    return min(
        x
        for x in range(3, image.width() // 4)
        for y in range(3, image.height() - 3)
        if abs(image.pixelColor(x, y).lightnessF() - ground) > 0.4
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_begin_at_one_line_in_every_kind_of_field(qtbot, theme):
    """One below the other in a form, they would else look a little off."""
    line, text, choice = LineEditor(), TextEditor(1, enter_confirms=True), QComboBox()
    for field in (line, text, choice):
        qtbot.addWidget(field)
    line.setText("IIII")
    text.setPlainText("IIII")
    choice.addItem("IIII")

    assert len({first_column(field, theme) for field in (line, text, choice)}) == 1


def test_an_empty_box_is_as_high_as_what_it_says(qtbot):
    """Half a line of an example would be seen else."""
    box = TextEditor(1, enter_confirms=True)
    qtbot.addWidget(box)
    box.setStyleSheet(style_sheet(LIGHT))
    box.setPlaceholderText("such as  may_retry: context.attempts < 3")
    box.resize(180, 30)
    box.show()
    qtbot.waitExposed(box)
    empty = box.height()

    box.setPlainText("short")

    assert empty >= box.height() + box.fontMetrics().lineSpacing() - 1
