"""Parts of a form that come and go."""

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.shell.panels.field import reveal, show_words, words


@pytest.fixture
def form(qtbot):
    """A shown form."""
    widget = QWidget()
    QVBoxLayout(widget)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_words_are_no_window_of_their_own(qapp):
    """Before they have a place in a form they are not shown, and take no focus."""
    assert not words("Something is wrong.", "error").isVisible()


def test_words_show_with_the_form_they_are_put_in(form):
    """A form that is made with words shows them."""
    form.hide()
    label = words("Something is wrong.", "error")
    form.layout().addWidget(label)
    form.show()

    assert label.isVisible()


def test_words_come_and_go_in_a_form(form):
    """No words, no label."""
    label = words("", "error")
    form.layout().addWidget(label)
    show_words(label, "Wrong.")
    assert label.isVisible()

    show_words(label, "")
    assert not label.isVisible()


def test_a_widget_without_a_parent_can_be_hidden(qapp):
    """And is then not shown with its form."""
    label = QLabel("text")
    reveal(label, shown=False)

    assert label.isHidden()
