"""A label that ends in an ellipsis."""

from PySide6.QtCore import Qt

from designer.shell.docks.elided_label import ElidedLabel


def test_words_without_room_end_in_an_ellipsis(qtbot):
    """Half a word says nothing; with room for it, all is shown."""
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("15 of 20 rows shown")
    label.setAlignment(Qt.AlignmentFlag.AlignRight)
    label.resize(60, 20)
    label.show()
    assert label.shown_text.endswith("…")
    assert label.fontMetrics().horizontalAdvance(label.shown_text) <= 60
    assert not label.grab().isNull()

    label.resize(400, 20)

    assert label.shown_text == label.text() == "15 of 20 rows shown"


def test_it_takes_the_room_that_is_left(qtbot):
    """Long words make nothing wider."""
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("x" * 1000)
    assert label.sizePolicy().horizontalPolicy() is label.sizePolicy().Policy.Ignored
