"""What the program says of itself."""

from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton

from designer.shell.dialogs.about import AboutDialog
from flexiflow.version import __version__


def test_about_tells_the_version(qtbot):
    """Of itself and of what it stands on; one button closes it."""
    window = QMainWindow()
    qtbot.addWidget(window)
    dialog = AboutDialog(window)
    dialog.open()
    texts = " ".join(label.text() for label in dialog.findChildren(QLabel))

    assert __version__ in texts
    assert "Qt 6" in texts
    with qtbot.waitSignal(dialog.finished):
        dialog.findChild(QPushButton).click()
