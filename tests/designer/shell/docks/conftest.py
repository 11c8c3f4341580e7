"""A Properties dock to type into."""

import pytest

from designer.host.theme import LIGHT
from designer.shell.docks.properties import PropertiesDock
from tests.helpers.contents import order_like
from tests.helpers.desk import Desk
from tests.helpers.page_double import PageDouble


@pytest.fixture
def desk_for(qtbot):
    """Makes a desk for a content; lets go of everything in the end."""
    made = []

    def make(content) -> Desk:
        page, dock = PageDouble(content), PropertiesDock(LIGHT)
        qtbot.addWidget(dock)
        dock.resize(300, 700)
        dock.bind(page.as_page())
        dock.show()
        qtbot.waitExposed(dock)
        dock.activateWindow()
        made.append((page, dock))
        return Desk(page, dock)

    yield make
    for page, dock in made:
        dock.bind(None)
        page.dispose()


@pytest.fixture
def desk(desk_for) -> Desk:
    return desk_for(order_like())
