"""A shown canvas to work on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.canvas.scene import FlowScene
from designer.canvas.view import FlowView
from designer.commands.session import EditSession
from designer.document.model import Content, Document
from designer.host.theme import LIGHT
from tests.helpers.canvas_driver import CanvasDriver
from tests.helpers.contents import content_of


@dataclass
class Canvases:
    """Opens canvases and closes them again."""

    qtbot: QtBot
    views: list[FlowView] = field(default_factory=list)

    def scene(self, content: Content) -> FlowScene:
        scene = FlowScene(EditSession(Document(content)), LIGHT)
        scene.animations = False
        return scene

    def open(self, content: Content) -> CanvasDriver:
        view = FlowView(self.scene(content))
        self.views.append(view)
        view.resize(1000, 700)
        with self.qtbot.waitExposed(view):
            view.show()
        view.activateWindow()
        assert QTest.qWaitForWindowActive(view)
        view.fit()
        driver = CanvasDriver(view)
        driver.focus()
        return driver

    def close(self) -> None:
        for view in self.views:
            scene = view.flow_scene
            view.dispose()
            scene.dispose()
            view.close()
            view.deleteLater()


@pytest.fixture
def canvases(qtbot: QtBot) -> Iterator[Canvases]:
    opened = Canvases(qtbot)
    yield opened
    opened.close()


@pytest.fixture
def open_canvas(canvases: Canvases) -> Callable[[Content], CanvasDriver]:
    return canvases.open


@pytest.fixture
def canvas(open_canvas: Callable[[Content], CanvasDriver]) -> CanvasDriver:
    """Three states in a row, two arrows: Cart -submit-> Paying -confirm-> Paid."""
    arrows = [("Cart", "submit", "Paying"), ("Paying", "confirm", "Paid")]
    return open_canvas(content_of("Cart Paying Paid", arrows, initial="Cart", final="Paid"))
