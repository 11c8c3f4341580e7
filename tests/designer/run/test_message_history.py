"""The messages sent so far."""

from designer.run.message_history import MessageHistory, message_line


def test_arrow_keys_go_back_and_forth():
    """From the newest to the oldest and back."""
    history = MessageHistory()
    assert history.older() is None
    for kind in ("a", "b", "c"):
        history.add({"type": kind})

    back = [history.older() for _ in range(4)]
    forth = [history.newer() for _ in range(3)]

    assert back == [{"type": "c"}, {"type": "b"}, {"type": "a"}, None]
    assert forth == [{"type": "b"}, {"type": "c"}, None]


def test_sending_begins_at_the_newest_again():
    """However far back one had gone."""
    history = MessageHistory()
    history.add({"type": "a"})
    history.add({"type": "b"})
    history.older()
    history.older()

    history.add({"type": "c"})

    assert history.older() == {"type": "c"}


def test_the_same_message_in_a_row_stands_there_once():
    """Sending it a hundred times does not bury the others."""
    history = MessageHistory()

    assert history.add({"type": "a"})
    assert not history.add({"type": "a"})

    assert history.messages == ({"type": "a"},)


def test_old_messages_are_forgotten():
    """A history is bounded."""
    history = MessageHistory()
    for number in range(500):
        history.add({"type": "a", "n": number})

    assert len(history.messages) == 100
    assert history.messages[0]["n"] == 499


def test_a_message_is_told_in_a_line():
    """Its type first."""
    assert message_line({"type": "pay", "amount": 3}) == "pay  amount: 3"
