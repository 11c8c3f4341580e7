"""Docks beside a page, and the Properties dock to type into."""

import pytest

from designer.host.theme import LIGHT
from designer.shell.docks.properties import PropertiesDock
from tests.helpers.contents import order_like
from tests.helpers.desk import Desk
from tests.helpers.page_double import PageDouble


@pytest.fixture
def page_for(qtbot):
    """Shows a dock, bound to a page of a content; lets go of everything in the end."""
    made = []

    def show(dock, content, *size) -> PageDouble:
        page = PageDouble(content)
        qtbot.addWidget(dock)
        dock.resize(*size)
        dock.bind(page.as_page())
        dock.show()
        qtbot.waitExposed(dock)
        dock.activateWindow()
        made.append((page, dock))
        return page

    yield show
    for page, dock in made:
        dock.bind(None)
        page.dispose()


@pytest.fixture
def desk_for(page_for):
    """Makes a desk for a content."""

    def make(content) -> Desk:
        dock = PropertiesDock(LIGHT)
        return Desk(page_for(dock, content, 300, 700), dock)

    return make


@pytest.fixture
def desk(desk_for) -> Desk:
    return desk_for(order_like())
