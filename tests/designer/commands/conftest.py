"""What the tests of edits share."""

import pytest

from designer.commands.session import EditSession
from designer.document.model import Content, Document
from tests.helpers.contents import order_like


@pytest.fixture
def session() -> EditSession:
    """A session on a small order."""
    return EditSession(Document(order_like()))


@pytest.fixture
def one_step(session: EditSession):
    """Says that exactly one step of that name was done since, and undoes and redoes it."""
    start = session.document.content

    def check(text: str) -> None:
        same_undone_and_redone(session, start, text)

    return check


def same_undone_and_redone(session: EditSession, start: Content, text: str) -> None:
    """One step more, of that name; undone the document equals the start, redone the end."""
    stack = session.undo_stack
    assert stack.count() == 1
    assert stack.undoText() == text
    end = session.document.content
    assert repr(end) != repr(start)
    stack.undo()
    assert repr(session.document.content) == repr(start)
    stack.redo()
    assert repr(session.document.content) == repr(end)
